import { row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { byModel, type Curve, ofChosenModel } from './metric-graph.ts';
import { latencyCurves } from './overview.ts';
import type { Draw } from './subject.ts';
import { modelVariable, regionVariable } from './variables.ts';

const firstTokenCurves: readonly Curve[] = latencyCurves.map((curve) => ({ ...curve, metric: 'TimeToFirstToken' }));

/** How long answers take, the usual one and the slowest, until the first token and until the last, and which they were. */
export const latency: Draw = (subject) => ({
  rows: [
    row(
      6,
      byModel('Latency by model (p50, ms)', 'InvocationLatency', 'p50', subject),
      byModel('Latency by model (p99, ms)', 'InvocationLatency', 'p99', subject),
    ),
    row(
      6,
      byModel('Time to first token by model (p50, ms)', 'TimeToFirstToken', 'p50', subject),
      byModel('Time to first token by model (p99, ms)', 'TimeToFirstToken', 'p99', subject),
    ),
    row(
      6,
      byModel('Output tokens per invocation by model', 'OutputTokenCount', 'Average', subject),
      logWidget('Slowest invocations', dashboardQueries.slowestInvocations, subject.logGroup, subject),
    ),
    row(
      6,
      ofChosenModel('Latency (ms)', latencyCurves, subject),
      ofChosenModel('Time to first token (ms)', firstTokenCurves, subject),
    ),
  ],
  variables: [regionVariable(subject), modelVariable(subject)],
});
