import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Plan } from './plan.ts';
import type { MetricAlarm, MetricFilter, Resource } from './resource.ts';

/** US dollars. A platform that pays other prices says so with `--prices`. */
export interface Prices {
  /** A metric that an alarm watches, for a month. */
  readonly alarmMetric: number;
  readonly compositeAlarm: number;
  readonly dashboard: number;
  /** A metric that a metric filter makes, for a month. */
  readonly customMetric: number;
  /** A thousand calls of the CloudWatch API, or metrics of GetMetricData. */
  readonly thousandCalls: number;
}

/**
 * us-east-1 (CloudWatch pricing). The free tier is the account's, and is not taken off. AWS publishes no price of its
 * own for log alarms, mute rules and metric anomaly detectors: they count as nothing.
 */
export const listPrices: Prices = {
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  customMetric: 0.3,
  thousandCalls: 0.01,
};

/** When the table was read. */
const PRICES_OF = '2026-11-01';

/** A band is watched by three metrics: the metric itself, its upper and its lower bound. */
const BAND_METRICS = 3;
const HOURS_A_MONTH = 730;
/** One DescribeAlarms reads so many. */
const ALARMS_A_CALL = 100;

/**
 * What the planned resources and their supervision cost in a month, at rest. Volume is apart: log ingestion, storage,
 * masking and queries go by what models are asked. Changes only with the plan.
 */
export function estimatedMonthlyCost(
  plan: Plan,
  prices: Prices,
  resyncMs: number,
): NonNullable<BedrockMonitorStatus['estimatedMonthlyCost']> {
  const resources = plan.resources.map(({ resource }) => resource);
  const standing = resources.reduce((sum, one) => sum + priceOf(one, prices, plan.models.length), 0);
  const calls = callsAtRest(resources) * ((HOURS_A_MONTH * 3_600_000) / resyncMs);
  return { amountUSD: (standing + (calls / 1000) * prices.thousandCalls).toFixed(2), pricesOf: PRICES_OF };
}

function priceOf(resource: Resource, prices: Prices, modelsInUse: number): number {
  switch (resource.kind) {
    case 'MetricAlarm':
      return watchedMetrics(resource, modelsInUse) * prices.alarmMetric;
    case 'CompositeAlarm':
      return prices.compositeAlarm;
    case 'Dashboard':
      return prices.dashboard;
    case 'MetricFilter':
      return metricsMade(resource) * prices.customMetric;
    default:
      return 0;
  }
}

/** A metric for each value of its dimension that the pattern names; what it leaves open nobody knows, and counts as one. */
function metricsMade({ dimensions, filterPattern }: MetricFilter): number {
  return Object.keys(dimensions).length === 0 ? 1 : filterPattern.split(' || ').length;
}

/** Alarms are priced by the metrics that they watch; those of a Metrics Insights query by what it matches. */
function watchedMetrics({ metrics }: MetricAlarm, modelsInUse: number): number {
  if (metrics === undefined) return 1;
  const expressions = metrics.map(({ expression = '' }) => expression.trimStart().toUpperCase());
  if (expressions.some((one) => one.startsWith('SELECT'))) return Math.max(1, modelsInUse);
  const watched = metrics.filter(({ metric }) => metric !== undefined).length;
  return expressions.some((one) => one.includes('ANOMALY_DETECTION_BAND')) ? watched * BAND_METRICS : watched;
}

/** CloudWatch calls of one pass over a monitor in sync; those to CloudWatch Logs and Bedrock are free. */
function callsAtRest(resources: readonly Resource[]): number {
  const count = (kinds: readonly Resource['kind'][]) => resources.filter(({ kind }) => kinds.includes(kind)).length;
  const alarms = Math.ceil(count(['MetricAlarm', 'CompositeAlarm', 'LogAlarm']) / ALARMS_A_CALL);
  // Success and failure of each destination are a metric each; most configurations have one destination.
  const deliveries = 2 * count(['InvocationLogging']);
  const detectors = Math.min(1, count(['AnomalyDetector']));
  return alarms + deliveries + detectors + count(['Dashboard', 'AlarmMuteRule']);
}
