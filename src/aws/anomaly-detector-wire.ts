import type {
  AnomalyDetectorConfiguration,
  Dimension,
  PutAnomalyDetectorInput,
  SingleMetricAnomalyDetector,
  AnomalyDetector as WireDetector,
} from '@aws-sdk/client-cloudwatch';
import { isoSeconds } from '#src/domain/conditions.ts';
import type { AnomalyDetector } from '#src/domain/resource.ts';
import { modelName, seenFrom, type TrainedMetric, untuned } from '#src/domain/trained-model.ts';

/** All settings, since a put replaces all of them. */
export function putInput(desired: AnomalyDetector): PutAnomalyDetectorInput {
  const { adaptationSpeed, outlierFilteringStrength } = desired;
  // AWS's words, which AWS checks.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const words = {
    AdaptationSpeed: adaptationSpeed,
    OutlierFilteringStrength: outlierFilteringStrength,
  } as AnomalyDetectorConfiguration;
  return {
    SingleMetricAnomalyDetector: wireMetric(desired.metric),
    Configuration: {
      ExcludedTimeRanges: desired.excludedTimeRanges.map(({ startTime, endTime }) => ({
        StartTime: new Date(startTime),
        EndTime: new Date(endTime),
      })),
      MetricTimezone: desired.timeZone,
      ...words,
    },
    MetricCharacteristics: { PeriodicSpikes: desired.periodicSpikes },
  };
}

export function wireMetric(metric: TrainedMetric): SingleMetricAnomalyDetector {
  const { namespace, name, dimensions, statistic, accountID } = metric;
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Stat: statistic,
    ...(accountID !== undefined && { AccountId: accountID }),
  };
}

/** A model as planning has it, with AWS's defaults for what the answer leaves out; undefined for one on metric math. */
export function detectorFromWire(wire: WireDetector, account: string | undefined): AnomalyDetector | undefined {
  if (wire.SingleMetricAnomalyDetector === undefined) return undefined;
  const metric = seenFrom(account, metricFromWire(wire.SingleMetricAnomalyDetector));
  const { Configuration: found = {}, MetricCharacteristics } = wire;
  const ranges = (found.ExcludedTimeRanges ?? []).map(({ StartTime, EndTime }) => ({
    startTime: inSeconds(StartTime),
    endTime: inSeconds(EndTime),
  }));
  return {
    kind: 'AnomalyDetector',
    name: modelName(metric),
    metric,
    excludedTimeRanges: ranges.sort((a, b) => (a.startTime + a.endTime < b.startTime + b.endTime ? -1 : 1)),
    timeZone: found.MetricTimezone || untuned.timeZone,
    adaptationSpeed: found.AdaptationSpeed ?? untuned.adaptationSpeed,
    outlierFilteringStrength: found.OutlierFilteringStrength ?? untuned.outlierFilteringStrength,
    periodicSpikes: MetricCharacteristics?.PeriodicSpikes ?? untuned.periodicSpikes,
  };
}

function metricFromWire(wire: SingleMetricAnomalyDetector): TrainedMetric {
  const { Namespace = '', MetricName = '', Stat = '', Dimensions, AccountId } = wire;
  return {
    namespace: Namespace,
    name: MetricName,
    dimensions: dimensionsFromWire(Dimensions),
    statistic: Stat,
    ...(AccountId !== undefined && { accountID: AccountId }),
  };
}

function dimensionsFromWire(dimensions: readonly Dimension[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}

function inSeconds(time: Date | undefined): string {
  return isoSeconds(time?.getTime() ?? 0);
}
