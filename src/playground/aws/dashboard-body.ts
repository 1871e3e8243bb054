import type { Json, JsonObject } from '#src/domain/json.ts';
import { isObject, list, number, object, text } from './members.ts';

/** A DashboardValidationMessage. */
interface Message extends JsonObject {
  readonly DataPath: string;
  readonly Message: string;
}

const widgetTypes = ['metric', 'text', 'log', 'alarm', 'explorer'];
const metricViews = ['timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'];
const logViews = ['table', 'timeSeries', 'bar', 'pie'];

/**
 * What PutDashboard says about a body: errors refuse it, warnings come with success. Source: "Dashboard body structure
 * and syntax" of the CloudWatch API reference, and the wording of refusals seen in public deployments.
 */
export function dashboardMessages(body: string): {
  readonly errors: readonly Message[];
  readonly warnings: readonly Message[];
} {
  const parsed = parse(body);
  if (!isObject(parsed)) {
    return { errors: [at('', 'The field DashboardBody must be a valid JSON object')], warnings: [] };
  }
  const widgets = list(parsed, 'widgets');
  if (widgets === undefined) return { errors: [at('/', 'Should have required property "widgets"')], warnings: [] };
  const errors = [
    ...(widgets.length > 500 ? [at('/widgets', 'Should NOT have more than 500 items')] : []),
    ...topLevel(parsed),
    ...widgets.flatMap((widget, index) => checkWidget(widget, `/widgets/${index}`)),
  ];
  const known = ['widgets', 'start', 'end', 'periodOverride', 'variables'];
  const warnings = Object.keys(parsed)
    .filter((member) => !known.includes(member))
    .map((member) => at(`/${member}`, 'Should NOT have additional properties'));
  const unplaced = widgets.flatMap((widget, index) =>
    isObject(widget) && widget['x'] !== undefined && widget['y'] === undefined
      ? [at(`/widgets/${index}`, 'Should have property y when property x is present')]
      : [],
  );
  return { errors, warnings: [...warnings, ...unplaced] };
}

function topLevel(body: JsonObject): readonly Message[] {
  const override = body['periodOverride'];
  return [
    ...(override !== undefined && override !== 'auto' && override !== 'inherit'
      ? [at('/periodOverride', 'Should be equal to one of the allowed values: auto, inherit')]
      : []),
    ...((list(body, 'variables') ?? []).length > 25 ? [at('/variables', 'Should NOT have more than 25 items')] : []),
    ...(body['end'] !== undefined && body['start'] === undefined
      ? [at('/', 'Should have property start when property end is present')]
      : []),
  ];
}

function checkWidget(widget: Json, path: string): readonly Message[] {
  if (!isObject(widget)) return [at(path, 'Should be object')];
  const type = text(widget, 'type');
  if (type === undefined || !widgetTypes.includes(type)) {
    return [at(`${path}/type`, `Should be equal to one of the allowed values: ${widgetTypes.join(', ')}`)];
  }
  const properties = object(widget, 'properties');
  return [
    ...range(widget, 'x', 0, 23, path),
    ...range(widget, 'y', 0, Number.POSITIVE_INFINITY, path),
    ...range(widget, 'width', 1, 24, path),
    ...range(widget, 'height', 1, 1000, path),
    ...((number(widget, 'x') ?? 0) + (number(widget, 'width') ?? 6) > 24
      ? [at(path, 'Should have x and width of at most 24 together')]
      : []),
    ...(properties === undefined
      ? [at(path, 'Should have required property "properties"')]
      : checkProperties(type, properties, `${path}/properties`)),
  ];
}

function checkProperties(type: string, properties: JsonObject, path: string): readonly Message[] {
  if (type === 'text') return requireText(properties, 'markdown', path);
  if (type === 'alarm') return list(properties, 'alarms') ? [] : [at(path, 'Should have required property "alarms"')];
  if (type === 'log') {
    return [
      ...requireText(properties, 'region', path),
      ...requireText(properties, 'query', path),
      ...view(properties, logViews, path),
    ];
  }
  return type === 'metric' ? checkMetricWidget(properties, path) : [];
}

function checkMetricWidget(properties: JsonObject, path: string): readonly Message[] {
  const metrics = list(properties, 'metrics');
  const alarms = list(object(properties, 'annotations'), 'alarms');
  if ((metrics === undefined) === (alarms === undefined)) {
    return [at(path, 'Should have either property "metrics" or an alarm annotation')];
  }
  const axis = object(object(properties, 'yAxis'), 'left') ?? {};
  return [
    ...requireText(properties, 'region', path),
    ...view(properties, metricViews, path),
    ...(text(properties, 'view') === 'gauge' && (number(axis, 'min') === undefined || number(axis, 'max') === undefined)
      ? [at(`${path}/yAxis/left`, 'Should have min and max for the view gauge')]
      : []),
    ...((metrics ?? []).length > 500 ? [at(`${path}/metrics`, 'Should NOT have more than 500 items')] : []),
    ...(metrics ?? []).flatMap((metric, index) => checkMetric(metric, `${path}/metrics/${index}`)),
  ];
}

/** A metric is an array of strings, names and values of dimensions in turn, and then perhaps an object of options. */
function checkMetric(metric: Json, path: string): readonly Message[] {
  if (!Array.isArray(metric)) return [at(path, 'Should be array')];
  const last: Json | undefined = metric.at(-1);
  const options = isObject(last) ? last : undefined;
  const names: readonly Json[] = options ? metric.slice(0, -1) : metric;
  const wrong = names.findIndex((name) => typeof name !== 'string');
  if (wrong >= 0) return [at(`${path}/${wrong}`, "Invalid metric field type, only 'String' type is allowed")];
  if (options && text(options, 'expression') !== undefined) {
    return names.length > 0 ? [at(path, 'Should NOT have more than 1 items')] : [];
  }
  if (names.length < 2 || names.length % 2 !== 0) {
    return [at(path, `Should NOT have ${names.length < 2 ? 'fewer than 2' : `more than ${names.length - 1}`} items`)];
  }
  return names.length > 2 + 2 * 30 ? [at(path, 'Should NOT have more than 30 dimensions')] : [];
}

function view(properties: JsonObject, allowed: readonly string[], path: string): readonly Message[] {
  const given = properties['view'];
  return given === undefined || (typeof given === 'string' && allowed.includes(given))
    ? []
    : [at(`${path}/view`, `Should be equal to one of the allowed values: ${allowed.join(', ')}`)];
}

function range(widget: JsonObject, member: string, min: number, max: number, path: string): readonly Message[] {
  const value = widget[member];
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) return [at(`${path}/${member}`, 'Should be integer')];
  if (value < min) return [at(`${path}/${member}`, `Should be >= ${min}`)];
  return value > max ? [at(`${path}/${member}`, `Should be <= ${max}`)] : [];
}

function requireText(properties: JsonObject, member: string, path: string): readonly Message[] {
  return text(properties, member) === undefined ? [at(path, `Should have required property "${member}"`)] : [];
}

function at(DataPath: string, Message: string): Message {
  return { DataPath, Message };
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
