import type { JsonObject } from '#src/domain/json.ts';
import { isObject, object, objects, pick, text } from './members.ts';

/** What a model is trained on: one metric and statistic, or the one series of a list of queries. */
export type Training =
  | { readonly type: 'SINGLE_METRIC'; readonly metric: JsonObject }
  | { readonly type: 'METRIC_MATH'; readonly queries: readonly JsonObject[] };

/** Two requests of one key are about one model. The order of dimensions and of queries does not count. */
export function keyOf(training: Training): string {
  if (training.type === 'METRIC_MATH') {
    const queries = training.queries.map((query) => JSON.stringify(withSortedKeys(query)));
    return `METRIC_MATH ${queries.sort().join(' ')}`;
  }
  const { metric } = training;
  const dimensions = objects(metric, 'Dimensions').map((one) => [text(one, 'Name') ?? '', text(one, 'Value') ?? '']);
  return `SINGLE_METRIC ${JSON.stringify([
    text(metric, 'AccountId') ?? '',
    text(metric, 'Namespace') ?? '',
    text(metric, 'MetricName') ?? '',
    text(metric, 'Stat') ?? '',
    dimensions.map((one) => one.join('=')).sort(),
  ])}`;
}

/** What the band of an alarm rests on; undefined for an alarm without one. `configuration` is that of PutMetricAlarm. */
export function trainingOfBand(configuration: JsonObject): Training | undefined {
  const metrics = objects(configuration, 'Metrics');
  const band = metrics.map((one) => banded(text(one, 'Expression') ?? '')).find((id) => id !== undefined);
  const series = metrics.find((one) => text(one, 'Id') === band);
  if (series === undefined) return undefined;
  const stat = object(series, 'MetricStat');
  if (stat !== undefined) return { type: 'SINGLE_METRIC', metric: singleMetric(stat, text(series, 'AccountId')) };
  const queries = metrics
    .filter((one) => banded(text(one, 'Expression') ?? '') === undefined)
    .map((one) => ({
      ...pick(one, ['Id', 'MetricStat', 'Expression', 'Period', 'AccountId']),
      ReturnData: one === series,
    }));
  return { type: 'METRIC_MATH', queries };
}

function banded(expression: string): string | undefined {
  return /^\s*ANOMALY_DETECTION_BAND\(\s*(?<id>[a-z][A-Za-z0-9_]*)/.exec(expression)?.groups?.['id'];
}

function singleMetric(stat: JsonObject, accountID: string | undefined): JsonObject {
  const { Namespace = '', MetricName = '', Dimensions = [] } = object(stat, 'Metric') ?? {};
  return {
    Namespace,
    MetricName,
    Dimensions,
    Stat: text(stat, 'Stat') ?? '',
    ...(accountID !== undefined && { AccountId: accountID }),
  };
}

function withSortedKeys(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, isObject(inner) ? withSortedKeys(inner) : inner]),
  );
}
