import type { Json, JsonObject } from '#src/domain/json.ts';
import {
  accountID,
  at,
  type DashboardMessage,
  errors,
  type Findings,
  joined,
  oneOf,
  period,
  range,
  requireText,
  size,
  unknownMembers,
} from './dashboard-message.ts';
import { checkMetricWidget } from './dashboard-metrics.ts';
import { isObject, list, number, object, objects, text, texts } from './members.ts';

const types = ['metric', 'text', 'log', 'alarm', 'explorer'];
const logMembers = ['accountId', 'queryLanguage', 'query', 'region', 'stacked', 'title', 'view', 'yAxis', 'queryBy'];

/** One widget: "Widgets Array Structure" of the CloudWatch API reference, and its properties by type. */
export function checkWidget(widget: Json, path: string): Findings {
  if (!isObject(widget)) return errors([at(path, 'Should be object')]);
  const type = text(widget, 'type');
  if (type === undefined || !types.includes(type)) {
    return errors([at(`${path}/type`, `Should be equal to one of the allowed values: ${types.join(', ')}`)]);
  }
  const properties = object(widget, 'properties');
  return joined([
    errors(
      range(widget, 'x', 0, 23, path),
      range(widget, 'y', 0, Number.POSITIVE_INFINITY, path),
      range(widget, 'width', 1, 24, path),
      range(widget, 'height', 1, 1000, path),
      (widget['x'] === undefined) === (widget['y'] === undefined)
        ? []
        : [at(path, 'Should have both properties x and y, or neither')],
      (number(widget, 'x') ?? 0) + (number(widget, 'width') ?? 6) > 24
        ? [at(path, 'Should have x and width of at most 24 together')]
        : [],
      properties === undefined ? [at(path, 'Should have required property "properties"')] : [],
    ),
    properties === undefined ? errors() : checkProperties(type, properties, `${path}/properties`),
    unknownMembers(widget, ['type', 'x', 'y', 'width', 'height', 'properties'], path),
  ]);
}

function checkProperties(type: string, properties: JsonObject, path: string): Findings {
  if (type === 'metric') return checkMetricWidget(properties, path);
  if (type === 'log') return checkLog(properties, path);
  if (type === 'alarm') return checkAlarms(properties, path);
  if (type === 'explorer') return checkExplorer(properties, path);
  return joined([
    errors(requireText(properties, 'markdown', path), oneOf(properties, 'background', ['transparent', 'solid'], path)),
    unknownMembers(properties, ['markdown', 'background'], path),
  ]);
}

/** AWS does not run the query before it is shown: without SOURCE it then finds nothing. */
function checkLog(properties: JsonObject, path: string): Findings {
  const sourced = /^\s*SOURCE\s/.test(text(properties, 'query') ?? '');
  return joined([
    errors(
      requireText(properties, 'region', path),
      requireText(properties, 'query', path),
      oneOf(properties, 'view', ['table', 'timeSeries', 'bar', 'pie'], path),
      accountID(properties, path),
    ),
    {
      errors: [],
      warnings:
        sourced || properties['queryLanguage'] !== undefined || properties['query'] === undefined
          ? []
          : [at(`${path}/query`, 'Should start with SOURCE and the name of a log group')],
    },
    unknownMembers(properties, logMembers, path),
  ]);
}

function checkAlarms(properties: JsonObject, path: string): Findings {
  const arns = list(properties, 'alarms');
  if (arns === undefined) return errors([at(path, 'Should have required property "alarms"')]);
  const wrong = arns.findIndex(
    (arn) => typeof arn !== 'string' || !/^arn:[^:]+:cloudwatch:[^:]+:\d{12}:alarm:./.test(arn),
  );
  const states = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];
  return joined([
    errors(
      size(properties, 'alarms', 1, 100, path),
      wrong < 0 ? [] : [at(`${path}/alarms/${wrong}`, 'Should be the ARN of an alarm')],
      oneOf(properties, 'sortBy', ['default', 'stateUpdatedTimestamp', 'timestamp'], path),
      texts(properties, 'states').every((state) => states.includes(state))
        ? []
        : [at(`${path}/states`, `Should be some of: ${states.join(', ')}`)],
    ),
    unknownMembers(properties, ['alarms', 'sortBy', 'states', 'title'], path),
  ]);
}

function checkExplorer(properties: JsonObject, path: string): Findings {
  const metrics = objects(properties, 'metrics');
  const resourceTypes = new Set(metrics.map((metric) => text(metric, 'resourceType')));
  const known = ['aggregateBy', 'labels', 'metrics', 'period', 'splitBy', 'title', 'widgetOptions', 'region'];
  return joined([
    errors(
      size(properties, 'metrics', 1, 100, path),
      metrics.flatMap((metric, index): readonly DashboardMessage[] => [
        ...requireText(metric, 'metricName', `${path}/metrics/${index}`),
        ...requireText(metric, 'resourceType', `${path}/metrics/${index}`),
      ]),
      resourceTypes.size > 1 ? [at(`${path}/metrics`, 'Should have one resourceType for all')] : [],
      list(properties, 'labels') === undefined ? [at(path, 'Should have required property "labels"')] : [],
      objects(properties, 'labels').flatMap((label, index) => requireText(label, 'key', `${path}/labels/${index}`)),
      oneOf(
        object(properties, 'aggregateBy') ?? {},
        'func',
        ['AVG', 'MIN', 'MAX', 'STDDEV', 'SUM'],
        `${path}/aggregateBy`,
      ),
      period(properties, path),
    ),
    unknownMembers(properties, known, path),
  ]);
}
