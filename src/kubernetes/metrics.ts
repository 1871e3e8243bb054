/** Where measurements go. Names and labels are those of `metricDefinitions`; times are in seconds, as Prometheus has them. */
export interface Metrics {
  /** Adds to a counter; default 1. 0 makes the series exist. */
  add(name: MetricName, labels: Labels, by?: number): void;
  /** Sets a gauge. */
  set(name: MetricName, labels: Labels, value: number): void;
  /** Records in a histogram. */
  observe(name: MetricName, labels: Labels, value: number): void;
}

export type Labels = Readonly<Record<string, string>>;

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Histograms only: upper bounds. */
  readonly buckets?: readonly number[];
}

const latencies = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const waits = [0.001, 0.01, 0.1, 1, 5, 10, 30, 60, 300, 900, 3600];

/** Names as controller-runtime and client-go have them, so that their dashboards and alerts fit. */
export const metricDefinitions = {
  controller_runtime_reconcile_total: counter('Passes, by result.', ['controller', 'result']),
  controller_runtime_reconcile_errors_total: counter('Passes that failed.', ['controller']),
  controller_runtime_reconcile_panics_total: counter('Passes that threw what is no Error.', ['controller']),
  controller_runtime_reconcile_timeouts_total: counter('Passes told to stop at their time limit.', ['controller']),
  controller_runtime_reconcile_time_seconds: histogram('Length of a pass.', ['controller'], latencies),
  controller_runtime_max_concurrent_reconciles: gauge('Workers.', ['controller']),
  controller_runtime_active_workers: gauge('Workers that are in a pass.', ['controller']),
  workqueue_depth: gauge('Keys that wait for a worker.', ['name', 'controller', 'priority']),
  workqueue_adds_total: counter('Keys added.', ['name', 'controller']),
  workqueue_retries_total: counter('Keys added again after a failure.', ['name', 'controller']),
  workqueue_queue_duration_seconds: histogram('Wait for a worker.', ['name', 'controller'], waits),
  workqueue_work_duration_seconds: histogram('Work on a key.', ['name', 'controller'], latencies),
  workqueue_unfinished_work_seconds: gauge('Work under way, summed.', ['name', 'controller']),
  workqueue_longest_running_processor_seconds: gauge('Age of the oldest pass under way.', ['name', 'controller']),
  leader_election_master_status: gauge('1 where this process leads.', ['name']),
  rest_client_requests_total: counter('Requests to the API server.', ['code', 'method', 'host']),
  rest_client_request_duration_seconds: histogram('Time to the answer.', ['verb', 'host'], latencies),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metricDefinitions;

/** For tests and tools. */
export const noMetrics: Metrics = { add() {}, set() {}, observe() {} };

function counter(help: string, labels: readonly string[]): MetricDefinition {
  return { type: 'counter', help, labels };
}

function gauge(help: string, labels: readonly string[]): MetricDefinition {
  return { type: 'gauge', help, labels };
}

function histogram(help: string, labels: readonly string[], buckets: readonly number[]): MetricDefinition {
  return { type: 'histogram', help, labels, buckets };
}
