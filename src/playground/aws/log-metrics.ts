import type { JsonObject } from '#src/domain/json.ts';
import { parseFilterPattern, valueIn } from './filter-pattern.ts';
import { parseSelector } from './json-pattern.ts';
import { masked } from './masking.ts';
import { number, object, objects, stringMap, text } from './members.ts';
import { recordMetric } from './metrics.ts';
import type { LogEvent, LogGroup, MetricFilter, Region } from './state.ts';

/** "might disable a metric filter if it generates 1,000 different name/value pairs … within one hour": here it does. */
const PAIRS_LIMIT = 1000;
const PAIRS_WINDOW_MS = 60 * 60 * 1000;

/** What the filters of a group make of an event that it has just taken in: they see its masked text, and later ones only. */
export function filterEvent(region: Region, group: LogGroup, event: LogEvent): void {
  if (group.metricFilters.size + group.subscriptionFilters.size === 0) return;
  const message = masked(event);
  for (const filter of group.metricFilters.values()) publish(region, filter, message, event);
  for (const { configuration, delivered } of group.subscriptionFilters.values())
    if (parseFilterPattern(text(configuration, 'filterPattern') ?? '').matches(message)) delivered.push(message);
}

function publish(region: Region, filter: MetricFilter, message: string, event: LogEvent): void {
  if (filter.disabled) return;
  const [transformation] = objects(filter.configuration, 'metricTransformations');
  if (transformation === undefined) return;
  const metric = {
    namespace: text(transformation, 'metricNamespace') ?? '',
    name: text(transformation, 'metricName') ?? '',
    timestamp: event.timestamp,
  };
  if (!parseFilterPattern(text(filter.configuration, 'filterPattern') ?? '').matches(message)) {
    const value = number(transformation, 'defaultValue');
    if (value !== undefined) recordMetric(region, { ...metric, value });
    return;
  }
  const value = valueOf(text(transformation, 'metricValue') ?? '', message);
  const dimensions = dimensionsOf(transformation, message);
  if (value === undefined || dimensions === undefined) return;
  recordMetric(region, { ...metric, dimensions, value });
  count(filter, dimensions, event.ingestionTime);
}

/** Too many metrics cost too much: AWS ends it, and says so nowhere. */
function count(filter: MetricFilter, dimensions: Readonly<Record<string, string>>, now: number): void {
  for (const [name, value] of Object.entries(dimensions)) filter.combinations.set(`${name}=${value}`, now);
  for (const [pair, at] of filter.combinations) if (at + PAIRS_WINDOW_MS <= now) filter.combinations.delete(pair);
  if (filter.combinations.size >= PAIRS_LIMIT) filter.disabled = true;
}

function valueOf(metricValue: string, message: string): number | undefined {
  const found = metricValue.startsWith('$.') ? valueIn(message, parseSelector(metricValue)) : Number(metricValue);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** Undefined: one of them is not in the event, and so there is no data point. */
function dimensionsOf(transformation: JsonObject, message: string): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [name, selector] of Object.entries(stringMap(object(transformation, 'dimensions')))) {
    const value = selector.startsWith('$.') ? valueIn(message, parseSelector(selector)) : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    found[name] = String(value);
  }
  return found;
}
