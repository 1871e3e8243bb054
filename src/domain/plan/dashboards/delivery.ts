import { type Block, row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { type Curve, graph, overall } from './metric-graph.ts';
import type { Draw, Subject } from './subject.ts';
import { regionVariable } from './variables.ts';

/**
 * Whether records arrive: Bedrock's six delivery metrics, which it counts over all models together, beside the calls and
 * what the log group took in. Calls to the bedrock-mantle endpoint are neither logged nor counted here.
 */
export const delivery: Draw = (subject) => ({
  rows: [
    row(
      6,
      destination('Records to CloudWatch Logs', 'ModelInvocationLogsCloudWatchDelivery', subject),
      destination('Records to S3', 'ModelInvocationLogsS3Delivery', subject),
      destination('Large bodies to S3', 'ModelInvocationLargeDataS3Delivery', subject),
    ),
    row(
      6,
      overall('Invocations', [{ metric: 'Invocations', statistic: 'Sum', label: 'Invocations' }], subject),
      takenIn(subject),
      logWidget('Records in the log', dashboardQueries.recordsOverTime, subject.logGroup, subject, 'timeSeries'),
    ),
    row(6, logWidget('Records by model and operation', dashboardQueries.recordsByOperation, subject.logGroup, subject)),
  ],
  variables: [regionVariable(subject)],
});

/** The metrics of one destination, without their outcome. */
type Destination =
  | 'ModelInvocationLogsCloudWatchDelivery'
  | 'ModelInvocationLogsS3Delivery'
  | 'ModelInvocationLargeDataS3Delivery';

function destination(title: string, metric: Destination, subject: Subject): Block {
  const curves: readonly Curve[] = [
    { metric: `${metric}Success`, statistic: 'Sum', label: 'Delivered' },
    { metric: `${metric}Failure`, statistic: 'Sum', label: 'Failed' },
  ];
  return overall(title, curves, subject);
}

function takenIn(subject: Subject): Block | undefined {
  const { logGroup } = subject;
  if (logGroup === undefined) return undefined;
  const metric = ['AWS/Logs', 'IncomingBytes', 'LogGroupName', logGroup, { label: 'Bytes' }];
  return graph('Bytes that the log group takes in', [metric], subject, { stat: 'Sum' });
}
