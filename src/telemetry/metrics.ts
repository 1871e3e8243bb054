import type { MetricDefinition, MetricRegistry } from './registry.ts';

/** Calls take milliseconds to seconds; what is slower ran into its time-out. */
const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the operator measures of its own work, beside the metrics of its Kubernetes runtime. */
export const operatorMetrics = {
  controller_runtime_terminal_reconcile_errors_total: counter(
    'Passes that ended in a stall: a person must act.',
    'controller',
  ),
  bedrockmonitor_aws_calls_total: counter(
    'Calls to AWS, each attempt counted, by what came of it.',
    'service',
    'operation',
    'outcome',
  ),
  bedrockmonitor_aws_call_duration_seconds: {
    type: 'histogram',
    help: 'Time from sending a call to AWS to its answer.',
    labels: ['service', 'operation'],
    buckets: CALL_SECONDS,
  },
  bedrockmonitor_drift_corrected_total: counter(
    'AWS resources that were changed or removed in AWS and put right.',
    'kind',
  ),
  bedrockmonitor_monitors: gauge('BedrockMonitors by their Ready condition.', 'ready', 'reason'),
  bedrockmonitor_build_info: gauge('Always 1; the release and the Node.js that run.', 'version', 'node'),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type OperatorMetric = keyof typeof operatorMetrics;

/** What is known of one monitor's Ready condition. */
export interface Readiness {
  /** `True`, `False` or `Unknown`. */
  readonly ready: string;
  readonly reason: string;
}

/**
 * Counts monitors for `bedrockmonitor_monitors`. Reasons outside `known` count as `Other`: a status can hold any word,
 * and each would be a series for ever.
 */
export function countMonitors(
  monitors: Iterable<Readiness>,
  known: ReadonlySet<string>,
): readonly { readonly labels: { readonly ready: string; readonly reason: string }; readonly value: number }[] {
  const counts = new Map<string, { labels: { ready: string; reason: string }; value: number }>();
  for (const { ready, reason } of monitors) {
    const labels = {
      ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
      reason: known.has(reason) ? reason : 'Other',
    };
    const key = `${labels.ready}/${labels.reason}`;
    const count = counts.get(key) ?? { labels, value: 0 };
    count.value += 1;
    counts.set(key, count);
  }
  return [...counts.values()];
}

/** What the series that must be there before anything happens depend on. */
export interface StartingSeries {
  readonly version: string;
  readonly controller: string;
  /** AWS kinds that drift can be corrected of. */
  readonly kinds: readonly string[];
  readonly awsOperations: readonly { readonly service: string; readonly operation: string }[];
}

/** Makes every series of a counter exist at 0, so that `increase()` sees the first event. */
export function startSeries(registry: MetricRegistry<OperatorMetric>, series: StartingSeries): void {
  registry.set('bedrockmonitor_build_info', { version: series.version, node: process.versions.node }, 1);
  registry.add('controller_runtime_terminal_reconcile_errors_total', { controller: series.controller }, 0);
  for (const kind of series.kinds) registry.add('bedrockmonitor_drift_corrected_total', { kind }, 0);
  for (const { service, operation } of series.awsOperations) {
    registry.add('bedrockmonitor_aws_calls_total', { service, operation, outcome: 'Succeeded' }, 0);
  }
}

function counter(help: string, ...labels: readonly string[]): MetricDefinition {
  return { type: 'counter', help, labels };
}

function gauge(help: string, ...labels: readonly string[]): MetricDefinition {
  return { type: 'gauge', help, labels };
}
