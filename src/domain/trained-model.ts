import { createHash } from 'node:crypto';
import type { AlarmMetric, AnomalyDetector, MetricAlarm } from './resource.ts';

/** What CloudWatch trains a model of anomaly detection on: one series of one metric. */
export type TrainedMetric = Omit<AlarmMetric, 'period'>;

/** How it is trained where nobody says anything (CloudWatch API reference: AnomalyDetectorConfiguration). */
export const untuned = {
  excludedTimeRanges: [],
  timeZone: 'UTC',
  adaptationSpeed: 'NORMAL',
  outlierFilteringStrength: 'MODERATE',
  periodicSpikes: false,
} as const satisfies Omit<AnomalyDetector, 'kind' | 'name' | 'metric'>;

/** The bound of a name in `status.inventory`. */
const LIMIT = 512;

/**
 * AWS gives a model no name: it is known by what it is trained on. Two metrics never come to one name, and a name over
 * the limit ends in the first 16 hex digits of its SHA-256.
 */
export function modelName({ namespace, name, statistic, dimensions, accountID }: TrainedMetric): string {
  const written = Object.entries(dimensions)
    .map(([key, value]) => `${escaped(key)}=${escaped(value)}`)
    .sort();
  const account = accountID === undefined ? [] : [`@${accountID}`];
  const whole = [...[namespace, name, statistic].map(escaped), ...written, ...account].join(' ');
  if (whole.length <= LIMIT) return whole;
  return `${whole.slice(0, LIMIT - 17)}~${createHash('sha256').update(whole).digest('hex').slice(0, 16)}`;
}

/** What narrows a search for the model of that name; empty where the name was cut. */
export function searchOf(modelName: string): { readonly namespace?: string; readonly metric?: string } {
  const [namespace, metric, statistic] = modelName.split(' ');
  if (modelName.length === LIMIT || namespace === undefined || metric === undefined || !statistic) return {};
  return { namespace: decodeURIComponent(namespace), metric: decodeURIComponent(metric) };
}

/** As an account sees a metric: one of its own is written without the account. */
export function seenFrom(account: string | undefined, metric: TrainedMetric): TrainedMetric {
  const { accountID, ...own } = metric;
  return accountID === undefined || accountID === account ? own : metric;
}

/**
 * What the model under the band of an alarm is trained on; undefined for an alarm without a band, or with one over an
 * expression.
 */
export function bandedMetric(
  { metrics = [], thresholdMetricID }: Pick<MetricAlarm, 'metrics' | 'thresholdMetricID'>,
  account: string | undefined,
): TrainedMetric | undefined {
  const band = metrics.find(({ id }) => id === thresholdMetricID)?.expression ?? '';
  const of = /^\s*ANOMALY_DETECTION_BAND\(\s*(?<id>[a-z][A-Za-z0-9_]*)/.exec(band)?.groups?.['id'];
  const metric = metrics.find(({ id }) => id === of)?.metric;
  if (metric === undefined) return undefined;
  const { period: _, ...trained } = metric;
  return seenFrom(account, trained);
}

function escaped(segment: string): string {
  return segment.replaceAll(/[%\s=@]/gu, encodeURIComponent);
}
