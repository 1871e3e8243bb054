import type { AlarmMetric, MetricQuery } from '../resource.ts';

/** What one alarm watches: one metric; or metric math or a query, of which exactly one member returns data. */
export type Signal = { readonly metric: AlarmMetric } | { readonly metrics: readonly MetricQuery[] };

/** A threshold of so many standard deviations around what CloudWatch expects of the signal. */
export interface Band {
  readonly standardDeviations: number;
}

/** An id that is not taken in a metrics list. */
export function freeID(wanted: string, metrics: readonly MetricQuery[]): string {
  const taken = new Set(metrics.map(({ id }) => id));
  return taken.has(wanted) ? freeID(`${wanted}_`, metrics) : wanted;
}

/** The signal as a metrics list: a metric of another account, and one with a band, AWS takes in no other form. */
export function asMetrics(signal: Signal): readonly MetricQuery[] {
  return 'metrics' in signal ? signal.metrics : [{ id: 'observed', metric: signal.metric, returnData: true }];
}

/** The signal and its band; both return data (Using CloudWatch anomaly detection, CloudWatch user guide). */
export function banded(
  signal: Signal,
  { standardDeviations }: Band,
): { readonly metrics: readonly MetricQuery[]; readonly thresholdMetricID: string } {
  const metrics = asMetrics(signal);
  const observed = metrics.find(({ returnData }) => returnData)?.id ?? '';
  const id = freeID('band', metrics);
  const band: MetricQuery = {
    id,
    expression: `ANOMALY_DETECTION_BAND(${observed}, ${standardDeviations})`,
    label: 'Expected',
    returnData: true,
  };
  return { metrics: [...metrics, band], thresholdMetricID: id };
}
