import type { GetMetricDataInput, Metric } from '@aws-sdk/client-cloudwatch';
import type { Delivery } from '#src/domain/delivering.ts';
import type { Traffic } from '#src/reconcile/ports.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';

const BEDROCK = 'AWS/Bedrock';
/** Seconds of one point of the delivery metrics: a window of three hours is 36 of them. */
const PERIOD = 300;

/** Names of the delivery metrics, without Success and Failure (Bedrock user guide: log delivery metrics). */
const deliveryMetric: Readonly<Record<Delivery['destination'], string>> = {
  CloudWatch: 'ModelInvocationLogsCloudWatchDelivery',
  S3: 'ModelInvocationLogsS3Delivery',
  LargeDataS3: 'ModelInvocationLargeDataS3Delivery',
};

/** Bedrock's metrics as CloudWatch has them in one account and Region. */
export function traffic(session: Session): Traffic {
  const list = (
    input: { Namespace: string; MetricName: string; Dimensions?: { Name: string }[] },
    signal: AbortSignal,
  ) =>
    allPages(async (NextToken) => {
      const page = await session.call('cloudwatch:ListMetrics', '*', { ...input, NextToken }, signal);
      return { items: page.Metrics, next: page.NextToken };
    });

  return {
    async models(signal) {
      const input = { Namespace: BEDROCK, MetricName: 'Invocations', Dimensions: [{ Name: 'ModelId' }] };
      const found = await list(input, signal);
      // With further dimensions beside ModelId it is another metric than the alarms watch.
      const models = found.map(dimensionsOf).flatMap(({ ModelId, ...more }) => {
        return ModelId === undefined || Object.keys(more).length > 0 ? [] : [ModelId];
      });
      return [...new Set(models)].sort();
    },
    async findingsDimensions(policyName, signal) {
      const found = (await list({ Namespace: 'AWS/Logs', MetricName: 'LogEventsWithFindings' }, signal)).map(
        dimensionsOf,
      );
      return found.find((one) => Object.values(one).includes(policyName));
    },
    async deliveries(destinations, sinceMs, signal) {
      const end = session.clock.now();
      const queries = destinations.flatMap((destination) => [
        query(destination, 'Success'),
        query(destination, 'Failure'),
      ]);
      const input: GetMetricDataInput = {
        MetricDataQueries: queries,
        StartTime: new Date(end - sinceMs),
        EndTime: new Date(end),
        ScanBy: 'TimestampDescending',
      };
      const results = await allPages(async (NextToken) => {
        const page = await session.call('cloudwatch:GetMetricData', '*', { ...input, NextToken }, signal);
        return { items: page.MetricDataResults, next: page.NextToken };
      });
      const latest = (destination: Delivery['destination'], outcome: 'Success' | 'Failure') =>
        Math.max(
          ...results
            .filter(({ Id }) => Id === idOf(destination, outcome))
            .flatMap(({ Timestamps = [], Values = [] }) =>
              Timestamps.filter((_, index) => (Values[index] ?? 0) > 0).map((time) => time.getTime()),
            ),
        );
      return destinations.flatMap((destination): readonly Delivery[] => {
        const success = latest(destination, 'Success');
        const failure = latest(destination, 'Failure');
        // A period with both counts as failed: some of the latest records are lost.
        return Math.max(success, failure) === -Infinity ? [] : [{ destination, succeeded: success > failure }];
      });
    },
  };
}

function query(destination: Delivery['destination'], outcome: 'Success' | 'Failure') {
  return {
    Id: idOf(destination, outcome),
    MetricStat: {
      Metric: { Namespace: BEDROCK, MetricName: `${deliveryMetric[destination]}${outcome}` },
      Period: PERIOD,
      Stat: 'Sum',
    },
  };
}

/** Begins with a lower-case letter, as CloudWatch wants it. */
function idOf(destination: Delivery['destination'], outcome: string): string {
  return `${destination.toLowerCase()}${outcome}`;
}

function dimensionsOf({ Dimensions = [] }: Metric): Readonly<Record<string, string>> {
  return Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}
