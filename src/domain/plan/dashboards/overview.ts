import { alarmStatus } from './alarm-status.ts';
import { row } from './grid.ts';
import { dashboardQueries } from './log-queries.ts';
import { logWidget } from './log-table.ts';
import { byModel, type Curve, ofChosenModel } from './metric-graph.ts';
import type { Draw } from './subject.ts';
import { modelVariable, regionVariable } from './variables.ts';

/** What becomes of the calls. */
export const callCurves: readonly Curve[] = [
  { metric: 'Invocations', statistic: 'Sum', label: 'Invocations' },
  { metric: 'InvocationThrottles', statistic: 'Sum', label: 'Throttles' },
  { metric: 'InvocationServerErrors', statistic: 'Sum', label: 'Server errors' },
  { metric: 'InvocationClientErrors', statistic: 'Sum', label: 'Client errors' },
];

/** How long they take. */
export const latencyCurves: readonly Curve[] = [
  { metric: 'InvocationLatency', statistic: 'p50', label: 'p50' },
  { metric: 'InvocationLatency', statistic: 'p90', label: 'p90' },
  { metric: 'InvocationLatency', statistic: 'p99', label: 'p99' },
];

/**
 * Invocations, latency and tokens by model, and the latest prompts: the dashboard of AWS's post, for one Region. Above
 * them the state of the alarms, below them one model, which the reader chooses.
 */
export const overview: Draw = (subject) => ({
  rows: [
    ...alarmStatus(subject),
    row(
      6,
      byModel('Invocations by model', 'Invocations', 'Sum', subject),
      byModel('Latency by model (p99, ms)', 'InvocationLatency', 'p99', subject),
    ),
    row(
      6,
      byModel('Input tokens by model', 'InputTokenCount', 'Sum', subject),
      byModel('Output tokens by model', 'OutputTokenCount', 'Sum', subject),
    ),
    row(8, logWidget('Latest prompts', dashboardQueries.latestPrompts, subject.logGroup, subject)),
    row(6, ofChosenModel('Calls', callCurves, subject), ofChosenModel('Latency (ms)', latencyCurves, subject)),
  ],
  variables: [regionVariable(subject), modelVariable(subject)],
});
