import type { JsonObject } from '#src/domain/json.ts';
import { array, boolean, check, double, integer, oneOf, required, string, structure } from './constraints.ts';
import { AwsError, validationError } from './errors.ts';
import { flag, number, object, objects, text } from './members.ts';
import { metricDataQuery } from './metric-query-constraints.ts';
import { checkedStatistic, type Datapoint, datapoints, statisticOf } from './metric-statistics.ts';
import { listedMetrics, type MetricSeries, pointsOf } from './metrics.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';

/** ListMetrics answers this many at a time. */
const listPageSize = 500;
/** GetMetricData's most queries and most points of one answer. */
const maxQueries = 500;
const maxDatapoints = 100_800;
const RECENTLY_MS = 3 * 3_600_000;

const listMetrics: Operation = {
  service: 'monitoring',
  name: 'ListMetrics',
  mutates: false,
  permissions: () => [{ action: 'cloudwatch:ListMetrics', resource: '*' }],
  run(input, scope) {
    check(
      input,
      {
        Namespace: string(1, 255, /^[^:].*$/),
        MetricName: string(1, 255),
        Dimensions: array(0, 10, structure({ Name: required(string(1, 255)), Value: string(1, 1024) })),
        NextToken: string(),
        RecentlyActive: oneOf(['PT3H']),
        IncludeLinkedAccounts: boolean(),
        OwningAccount: string(1, 255),
      },
      invalidValue,
    );
    if (flag(input, 'IncludeLinkedAccounts') === true) {
      throw invalidValue('The simulator lists the metrics of one account only: leave IncludeLinkedAccounts out.');
    }
    const recent = text(input, 'RecentlyActive') !== undefined;
    const found = listedMetrics(scope.region, scope.now)
      .filter((series) => isAskedFor(series, input))
      .filter((series) => !recent || series.lastAt + RECENTLY_MS > scope.now)
      .map(described)
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const { items, nextToken } = page(found, listPageSize, text(input, 'NextToken'), () =>
      invalidValue('Invalid NextToken.'),
    );
    return { Metrics: items, ...(nextToken !== undefined && { NextToken: nextToken }) };
  },
};

const getMetricData: Operation = {
  service: 'monitoring',
  name: 'GetMetricData',
  mutates: false,
  permissions: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
  run(input, scope) {
    check(
      input,
      {
        MetricDataQueries: required(array(1, maxQueries, metricDataQuery)),
        StartTime: required(double()),
        EndTime: required(double()),
        NextToken: string(),
        ScanBy: oneOf(['TimestampDescending', 'TimestampAscending']),
        MaxDatapoints: integer(1, maxDatapoints),
      },
      validationError,
    );
    const from = (number(input, 'StartTime') ?? 0) * 1000;
    const to = (number(input, 'EndTime') ?? 0) * 1000;
    if (from >= to) throw validationError('The parameter StartTime must be less than the parameter EndTime.');
    const queries = objects(input, 'MetricDataQueries');
    const ids = queries.map((query) => text(query, 'Id') ?? '');
    if (new Set(ids).size < ids.length) throw validationError('The values of Id in MetricDataQueries must be unique.');
    const ascending = text(input, 'ScanBy') === 'TimestampAscending';
    const answers = queries
      .map((query) => ({ query, points: answer(query, from, to, scope) }))
      .filter(({ query }) => flag(query, 'ReturnData') ?? true)
      .map(({ query, points }) => ({ query, points: ascending ? points : points.toReversed() }));
    return paged(answers, number(input, 'MaxDatapoints') ?? maxDatapoints, text(input, 'NextToken'));
  },
};

export const metricOperations: readonly Operation[] = [listMetrics, getMetricData];

function isAskedFor(series: MetricSeries, input: JsonObject): boolean {
  const namespace = text(input, 'Namespace');
  const name = text(input, 'MetricName');
  return (
    (namespace === undefined || series.namespace === namespace) &&
    (name === undefined || series.name === name) &&
    objects(input, 'Dimensions').every((filter) => {
      const value = series.dimensions[text(filter, 'Name') ?? ''];
      return value !== undefined && value === (text(filter, 'Value') ?? value);
    })
  );
}

function described({ namespace, name, dimensions }: MetricSeries): JsonObject {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

/** In order of time. A metric without points is a metric without points, not an error. */
function answer(query: JsonObject, from: number, to: number, scope: Scope): readonly Datapoint[] {
  const stat = object(query, 'MetricStat');
  const metric = object(stat, 'Metric');
  const id = text(query, 'Id') ?? '';
  if (stat === undefined || metric === undefined) {
    throw validationError(
      `The simulator answers GetMetricData for MetricStat only, and ${id} is an expression: evaluate it in the caller.`,
    );
  }
  if (text(query, 'AccountId') !== undefined && text(query, 'AccountId') !== scope.account.id) {
    throw validationError(`The simulator answers GetMetricData for the metrics of one account only: see ${id}.`);
  }
  const period = number(stat, 'Period') ?? 0;
  if (![1, 5, 10, 20, 30].includes(period) && period % 60 !== 0) {
    throw validationError('Period must be 1, 5, 10, 20, 30 or a multiple of 60');
  }
  const statistic = checkedStatistic(text(stat, 'Stat') ?? '', id);
  const points = pointsOf(scope.region, {
    namespace: text(metric, 'Namespace') ?? '',
    name: text(metric, 'MetricName') ?? '',
    dimensions: Object.fromEntries(
      objects(metric, 'Dimensions').map((one) => [text(one, 'Name') ?? '', text(one, 'Value') ?? '']),
    ),
  });
  return datapoints(points, { from, to, periodMs: period * 1000 }, (values) => statisticOf(statistic, values));
}

/** A page holds so many points in all; a metric whose points go on is PartialData, and Complete with its last ones. */
function paged(
  answers: readonly { readonly query: JsonObject; readonly points: readonly Datapoint[] }[],
  size: number,
  token: string | undefined,
): JsonObject {
  // A metric without points counts for one place, so that it is answered once.
  const flat = answers.flatMap(({ points }, index): { index: number; point: Datapoint | undefined }[] =>
    points.length === 0 ? [{ index, point: undefined }] : points.map((point) => ({ index, point })),
  );
  const { items, nextToken } = page(flat, size, token, () => invalidValue('Invalid NextToken.'));
  const last = items.at(-1);
  const next = last && nextToken !== undefined ? flat[flat.indexOf(last) + 1]?.index : undefined;
  const results = [...Map.groupBy(items, ({ index }) => index)].map(([index, places]): JsonObject => {
    const points = places.flatMap(({ point }) => (point === undefined ? [] : [point]));
    const query = answers[index]?.query ?? {};
    const name = text(object(object(query, 'MetricStat'), 'Metric') ?? {}, 'MetricName') ?? '';
    return {
      Id: text(query, 'Id') ?? '',
      Label: text(query, 'Label') ?? name,
      Timestamps: points.map(({ timestamp }) => timestamp / 1000),
      Values: points.map(({ value }) => value),
      StatusCode: index === next ? 'PartialData' : 'Complete',
    };
  });
  return { MetricDataResults: results, Messages: [], ...(nextToken !== undefined && { NextToken: nextToken }) };
}

function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}
