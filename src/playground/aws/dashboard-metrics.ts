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
  requireText,
  size,
  unknownMembers,
} from './dashboard-message.ts';
import { isObject, list, number, object, text } from './members.ts';

const views = ['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'];
/** Those of the API reference, and some that the console's source view has. */
const members =
  'accountId annotations legend liveData metrics period region sparkline stacked stat table timezone title view yAxis labels setPeriodToTimeRange trend singleValueFullPrecision'.split(
    ' ',
  );
const options = 'accountId color expression id label period region searchAccount stat visible yAxis'.split(' ');

/** A metric widget: "Properties of a Metric Widget Object" of the CloudWatch API reference. */
export function checkMetricWidget(properties: JsonObject, path: string): Findings {
  const metrics = list(properties, 'metrics');
  const alarms = list(object(properties, 'annotations'), 'alarms');
  if ((metrics === undefined) === (alarms === undefined)) {
    return errors([at(path, 'Should have either property "metrics" or an alarm annotation')]);
  }
  const axis = object(object(properties, 'yAxis'), 'left') ?? {};
  return joined([
    errors(
      requireText(properties, 'region', path),
      oneOf(properties, 'view', views, path),
      text(properties, 'view') === 'gauge' && (number(axis, 'min') === undefined || number(axis, 'max') === undefined)
        ? [at(`${path}/yAxis/left`, 'Should have min and max for the view gauge')]
        : [],
      period(properties, path),
      accountID(properties, path),
      size(properties, 'metrics', 0, 500, path),
      (alarms ?? []).length > 1 ? [at(`${path}/annotations/alarms`, 'Should NOT have more than 1 items')] : [],
      oneOf(object(properties, 'legend') ?? {}, 'position', ['right', 'bottom', 'hidden'], `${path}/legend`),
      insights(metrics ?? [], path),
      repeatedIDs(metrics ?? [], path),
    ),
    ...(metrics ?? []).map((metric, index) => checkMetric(metric, index, `${path}/metrics/${index}`)),
    unknownMembers(properties, members, path),
  ]);
}

/** How many metrics and expressions a widget has. */
export function metricCount(properties: JsonObject | undefined): number {
  return list(properties, 'metrics')?.length ?? 0;
}

/** A metric is an array of strings, names and values of dimensions in turn, and then perhaps an object of options. */
function checkMetric(metric: Json, index: number, path: string): Findings {
  if (!Array.isArray(metric)) return errors([at(path, 'Should be array')]);
  const last: Json | undefined = metric.at(-1);
  const rendering = isObject(last) ? last : {};
  const names: readonly Json[] = isObject(last) ? metric.slice(0, -1) : metric;
  return joined([
    errors(checkNames(names, text(rendering, 'expression') !== undefined, index, path)),
    errors(
      accountID(rendering, path),
      period(rendering, path),
      oneOf(rendering, 'yAxis', ['left', 'right'], path),
      rendering['id'] === undefined || /^[a-z]\w*$/.test(text(rendering, 'id') ?? '')
        ? []
        : [at(`${path}/id`, 'Should start with a lowercase letter, and hold letters, digits and _')],
      (text(rendering, 'expression') ?? '').length > 2048
        ? [at(`${path}/expression`, 'Should NOT be longer than 2048 characters')]
        : [],
    ),
    unknownMembers(rendering, options, path),
  ]);
}

function checkNames(
  names: readonly Json[],
  isExpression: boolean,
  index: number,
  path: string,
): readonly DashboardMessage[] {
  const wrong = names.findIndex((name) => typeof name !== 'string');
  if (wrong >= 0) return [at(`${path}/${wrong}`, "Invalid metric field type, only 'String' type is allowed")];
  if (isExpression) return names.length > 0 ? [at(path, 'Should NOT have more than 1 items')] : [];
  if (names.length < 2 || names.length % 2 !== 0) {
    return [at(path, `Should NOT have ${names.length < 2 ? 'fewer than 2' : `more than ${names.length - 1}`} items`)];
  }
  if (names.length > 2 + 2 * 30) return [at(path, 'Should NOT have more than 30 dimensions')];
  return index === 0 && names.includes('.') ? [at(path, 'The first metric has none above it that . could repeat')] : [];
}

/** At most one Metrics Insights query. */
function insights(metrics: readonly Json[], path: string): readonly DashboardMessage[] {
  const queries = metrics.filter((metric) => /^\s*SELECT\s/i.test(expressionOf(metric)));
  return queries.length > 1 ? [at(`${path}/metrics`, 'Should NOT have more than 1 Metrics Insights query')] : [];
}

function repeatedIDs(metrics: readonly Json[], path: string): readonly DashboardMessage[] {
  const ids = metrics.map((metric) => textOption(metric, 'id'));
  return ids.flatMap((id, index) =>
    id !== '' && ids.indexOf(id) !== index ? [at(`${path}/metrics/${index}/id`, `Duplicate id ${id}`)] : [],
  );
}

function expressionOf(metric: Json): string {
  return textOption(metric, 'expression');
}

function textOption(metric: Json, member: string): string {
  const last: Json | undefined = Array.isArray(metric) ? metric.at(-1) : undefined;
  return (isObject(last) ? text(last, member) : undefined) ?? '';
}
