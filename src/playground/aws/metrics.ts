import type { Region } from './state.ts';

/** One data point of a metric. */
export interface MetricPoint {
  readonly namespace: string;
  readonly name: string;
  /** Default: none. */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Clock milliseconds. */
  readonly timestamp: number;
  readonly value: number;
}

/** All points of one metric: a namespace, a name and one value for each of its dimensions. */
export interface MetricSeries {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** In order of arrival. */
  readonly points: { readonly timestamp: number; readonly value: number }[];
  /** Clock milliseconds of the earliest and latest point that ever came. */
  firstAt: number;
  lastAt: number;
}

const DAY_MS = 86_400_000;
/** Points of a minute are kept so long ("Metrics retention", CloudWatch user guide). */
const RETENTION_MS = 15 * DAY_MS;
/** "It might take up to 15 minutes after the first point" (ListMetrics, CloudWatch API reference): here it always does. */
const LISTED_AFTER_MS = 15 * 60_000;
/** "ListMetrics doesn't return metrics that haven't had data in the past two weeks" (the same page). */
const FORGOTTEN_AFTER_MS = 14 * DAY_MS;

/** Takes a data point, as whoever publishes metrics does: Bedrock, CloudWatch Logs, metric filters, a test. */
export function recordMetric(region: Region, point: MetricPoint): void {
  const { namespace, name, dimensions = {}, timestamp, value } = point;
  const key = seriesKey(namespace, name, dimensions);
  const known = region.metrics.get(key);
  const series = known ?? {
    namespace,
    name,
    dimensions: { ...dimensions },
    points: [],
    firstAt: timestamp,
    lastAt: timestamp,
  };
  if (known === undefined) region.metrics.set(key, series);
  series.points.push({ timestamp, value });
  series.firstAt = Math.min(series.firstAt, timestamp);
  series.lastAt = Math.max(series.lastAt, timestamp);
  const expired = series.points.findIndex((one) => one.timestamp >= series.lastAt - RETENTION_MS);
  if (expired > 0) series.points.splice(0, expired);
}

/** The metrics that ListMetrics knows at this time. */
export function listedMetrics(region: Region, now: number): readonly MetricSeries[] {
  return [...region.metrics.values()].filter(
    ({ firstAt, lastAt }) => firstAt + LISTED_AFTER_MS <= now && lastAt + FORGOTTEN_AFTER_MS > now,
  );
}

/** The points of exactly this metric: one with more dimensions is another. */
export function pointsOf(region: Region, metric: Omit<MetricPoint, 'timestamp' | 'value'>): MetricSeries['points'] {
  return region.metrics.get(seriesKey(metric.namespace, metric.name, metric.dimensions ?? {}))?.points ?? [];
}

function seriesKey(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
