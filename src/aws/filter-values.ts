import type { Metric } from '@aws-sdk/client-cloudwatch';
import type { MetricFilter } from '#src/domain/resource.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';

/** "might disable a metric filter if it generates 1,000 different name/value pairs … within one hour" (PutMetricFilter). */
const DISABLING = 1000;
const COUNTED_EVERY_MS = 3_600_000;

/**
 * Why a metric filter is most likely switched off; undefined: nothing speaks for it. AWS shows nowhere that it has
 * switched one off, only how many metrics the filter has made of late. What was found stays until the filter is put
 * anew: the metrics of a filter that is off are soon no longer recent. What may not be read is not known.
 */
export async function disabledBecause(
  session: Session,
  filter: MetricFilter,
  signal: AbortSignal,
): Promise<string | undefined> {
  const names = Object.keys(filter.dimensions);
  if (names.length === 0) return undefined;
  const { values } = session.logs;
  const now = session.clock.monotonic();
  const known = values.get(filter.name);
  const isDue = known === undefined || (known.count < DISABLING && now - known.atMs >= COUNTED_EVERY_MS);
  const count = isDue ? await countValues(session, filter, signal) : known.count;
  if (isDue) values.set(filter.name, { atMs: now, count });
  if (count < DISABLING) return undefined;
  return `metric filter ${filter.name} made ${count} values of ${names.join(' and ')} within three hours: at 1,000 in an hour CloudWatch Logs switches a filter off, and does not say so. Use dimensions with few values, or a pattern that names the values that count; the edit switches the filter on again`;
}

/** A filter that was put is on, whatever it made before. */
export function forgetValues({ logs, clock }: Session, name: string): void {
  logs.values.set(name, { atMs: clock.monotonic(), count: 0 });
}

async function countValues(session: Session, filter: MetricFilter, signal: AbortSignal): Promise<number> {
  const names = Object.keys(filter.dimensions);
  const input = {
    Namespace: filter.metricNamespace,
    MetricName: filter.metricName,
    Dimensions: names.map((Name) => ({ Name })),
    RecentlyActive: 'PT3H',
  } as const;
  try {
    const metrics = await allPages<Metric>(async (NextToken) => {
      const page = await session.call('cloudwatch:ListMetrics', '*', { ...input, NextToken }, signal);
      return { items: page.Metrics, next: page.NextToken };
    });
    const pairs = metrics.flatMap(({ Dimensions = [] }) => Dimensions.map(({ Name, Value }) => `${Name}=${Value}`));
    return new Set(pairs).size;
  } catch (error) {
    if (signal.aborted) throw error;
    return 0;
  }
}
