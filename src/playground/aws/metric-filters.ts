import type { JsonObject } from '#src/domain/json.ts';
import {
  array,
  boolean,
  type Constraint,
  check,
  double,
  integer,
  map,
  required,
  string,
  structure,
} from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound } from './errors.ts';
import type { FilterPattern } from './filter-pattern.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { parseSelector } from './json-pattern.ts';
import { groupOf, locked, logGroupARN, logGroupName } from './log-groups.ts';
import { number, object, objects, pick, stringMap, text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';
import type { LogGroup, MetricFilter } from './state.ts';

/** "CloudWatch Logs quotas" and PutMetricFilter. */
const FILTERS_PER_GROUP = 100;
const REGEXES_PER_GROUP = 5;
const DIMENSION_LIMIT = 3;

export const filterName: Constraint = string(1, 512, /^[^:*]*$/);
export const filterPattern: Constraint = string(0, 1024);
const transformation = structure({
  metricName: required(string(0, 255, /^[^:*$]*$/)),
  metricNamespace: required(string(0, 255, /^[^:*$]*$/)),
  metricValue: required(string(0, 100)),
  defaultValue: double(),
  dimensions: map(0, Number.POSITIVE_INFINITY, string(0, 255), string(0, 255)),
  unit: string(),
});

const putMetricFilter = locked({
  service: 'logs',
  name: 'PutMetricFilter',
  mutates: true,
  permissions: (input, scope) => onGroup('PutMetricFilter', input, scope),
  run(input, scope) {
    check(
      input,
      {
        logGroupName: required(logGroupName),
        filterName: required(filterName),
        filterPattern: required(filterPattern),
        metricTransformations: required(array(1, 1, transformation)),
        applyOnTransformedLogs: boolean(),
        fieldSelectionCriteria: string(0, 2000),
        emitSystemFieldDimensions: array(0, 2, string()),
      },
      invalidParameter,
    );
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    requireStandard(group, 'Metric filters');
    const name = text(input, 'filterName') ?? '';
    checkTransformation(objects(input, 'metricTransformations')[0] ?? {});
    checkPattern(text(input, 'filterPattern') ?? '', group, name);
    if (!group.metricFilters.has(name) && group.metricFilters.size >= FILTERS_PER_GROUP)
      throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
    scope.changing(group.metricFilters, name);
    // A full replace, which also switches on what AWS had switched off.
    group.metricFilters.set(name, {
      name,
      configuration: pick(input, members),
      creationTime: group.metricFilters.get(name)?.creationTime ?? scope.now,
      combinations: new Map(),
      disabled: false,
    });
    return {};
  },
});

const members = [
  'filterPattern', 'metricTransformations', 'applyOnTransformedLogs', 'fieldSelectionCriteria',
  'emitSystemFieldDimensions',
]; // biome-ignore format: a list of words

const describeMetricFilters: Operation = {
  service: 'logs',
  name: 'DescribeMetricFilters',
  mutates: false,
  permissions: (input, scope) => onGroup('DescribeMetricFilters', input, scope),
  run(input, scope) {
    check(
      input,
      {
        logGroupName,
        filterNamePrefix: filterName,
        nextToken: string(1),
        limit: integer(1, 50),
        metricName: string(0, 255),
        metricNamespace: string(0, 255),
      },
      invalidParameter,
    );
    const [metric, namespace] = [text(input, 'metricName'), text(input, 'metricNamespace')];
    if ((metric === undefined) !== (namespace === undefined))
      throw invalidParameter('metricName and metricNamespace must be given together.');
    const name = text(input, 'logGroupName');
    const groups = name === undefined ? [...scope.region.logGroups.values()] : [groupOf(name, scope.region)];
    // The prefix counts only where the log group is named.
    const prefix = name === undefined ? '' : (text(input, 'filterNamePrefix') ?? '');
    const found = groups
      .flatMap((group) => [...scope.seen(group.metricFilters).values()].map((filter) => ({ group, filter })))
      .filter(({ filter }) => filter.name.startsWith(prefix))
      .filter(({ filter }) => metric === undefined || publishes(filter, metric, namespace ?? ''))
      .toSorted((a, b) => (a.filter.name < b.filter.name ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'limit') ?? 50, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return {
      // Nothing in the answer tells that AWS has switched a filter off.
      metricFilters: items.map(({ group, filter }) => ({
        filterName: filter.name,
        logGroupName: group.name,
        creationTime: filter.creationTime,
        ...filter.configuration,
      })),
      ...(nextToken !== undefined && { nextToken }),
    };
  },
};

const deleteMetricFilter = locked({
  service: 'logs',
  name: 'DeleteMetricFilter',
  mutates: true,
  permissions: (input, scope) => onGroup('DeleteMetricFilter', input, scope),
  run(input, scope) {
    check(input, { logGroupName: required(logGroupName), filterName: required(filterName) }, invalidParameter);
    const group = groupOf(text(input, 'logGroupName') ?? '', scope.region);
    const name = text(input, 'filterName') ?? '';
    if (!group.metricFilters.has(name)) throw resourceNotFound('The specified metric filter does not exist.');
    scope.changing(group.metricFilters, name);
    group.metricFilters.delete(name);
    return {};
  },
});

const testMetricFilter: Operation = {
  service: 'logs',
  name: 'TestMetricFilter',
  mutates: false,
  permissions: () => [{ action: 'logs:TestMetricFilter', resource: '*' }],
  run(input) {
    check(
      input,
      { filterPattern: required(filterPattern), logEventMessages: required(array(1, 50, string(1))) },
      invalidParameter,
    );
    const pattern = usable(text(input, 'filterPattern') ?? '');
    const messages = texts(input, 'logEventMessages');
    return {
      matches: messages.flatMap((eventMessage, index) =>
        pattern.matches(eventMessage) ? [{ eventNumber: index + 1, eventMessage, extractedValues: {} }] : [],
      ),
    };
  },
};

export const metricFilterOperations: readonly Operation[] = [
  putMetricFilter,
  describeMetricFilters,
  deleteMetricFilter,
  testMetricFilter,
];

/** A feature that only the Standard class has. */
export function requireStandard(group: LogGroup, feature: string): void {
  if (group.logGroupClass === 'STANDARD') return;
  throw new AwsError(
    'InvalidOperationException',
    `${feature} are not supported for log groups of the class ${group.logGroupClass}.`,
  );
}

/** Refuses a pattern, and the regular expression that is one too many for the group: its filters share five. */
export function checkPattern(pattern: string, group: LogGroup, replacing: string): void {
  const { regexes } = usable(pattern);
  const others = [...group.metricFilters.values(), ...group.subscriptionFilters.values()]
    .filter(({ name }) => name !== replacing)
    .reduce((sum, one) => sum + usable(text(one.configuration, 'filterPattern') ?? '').regexes, 0);
  if (regexes > 0 && others + regexes > REGEXES_PER_GROUP)
    throw new AwsError('LimitExceededException', `A log group can have ${REGEXES_PER_GROUP} regular expressions.`);
}

/** Throws InvalidParameterException as AWS does for what is no pattern. */
export function usable(pattern: string): FilterPattern {
  try {
    return parseFilterPattern(pattern);
  } catch (error) {
    throw invalidParameter(`Invalid filter pattern: ${error instanceof Error ? error.message : ''}`);
  }
}

/** What is needed on the log group that the call names, or on all of them. */
export function onGroup(name: string, input: JsonObject, scope: Scope) {
  return [{ action: `logs:${name}`, resource: logGroupARN(scope, text(input, 'logGroupName') ?? '*') }];
}

function checkTransformation(one: JsonObject): void {
  const dimensions = Object.entries(stringMap(object(one, 'dimensions')));
  if (dimensions.length > DIMENSION_LIMIT)
    throw invalidParameter(`A metric filter can have at most ${DIMENSION_LIMIT} dimensions.`);
  if (dimensions.length > 0 && one['defaultValue'] !== undefined)
    throw invalidParameter(
      'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
    );
  for (const [key, value] of dimensions) {
    if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(key) || key.startsWith(':'))
      throw invalidParameter(`Invalid dimension name: ${key}`);
    requireSelector(value);
  }
  const value = text(one, 'metricValue') ?? '';
  if (value.startsWith('$')) requireSelector(value);
  else if (value === '' || Number.isNaN(Number(value))) throw invalidParameter(`Invalid metric value: ${value}`);
}

function requireSelector(value: string): void {
  // `$status` names a column of a space-delimited pattern.
  if (/^\$\w+$/.test(value)) return;
  try {
    parseSelector(value);
  } catch (error) {
    throw invalidParameter(`Invalid metric transformation: ${error instanceof Error ? error.message : ''}`);
  }
}

function publishes(filter: MetricFilter, metric: string, namespace: string): boolean {
  return objects(filter.configuration, 'metricTransformations').some(
    (one) => text(one, 'metricName') === metric && text(one, 'metricNamespace') === namespace,
  );
}
