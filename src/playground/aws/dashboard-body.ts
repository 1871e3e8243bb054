import type { Json, JsonObject } from '#src/domain/json.ts';
import {
  at,
  type DashboardMessage,
  errors,
  type Findings,
  joined,
  oneOf,
  size,
  unknownMembers,
} from './dashboard-message.ts';
import { metricCount } from './dashboard-metrics.ts';
import { checkVariables } from './dashboard-variables.ts';
import { checkWidget } from './dashboard-widgets.ts';
import { isObject, list, object, text } from './members.ts';

/** Metrics of all widgets of a dashboard together ("CloudWatch service quotas"). */
const MAX_METRICS = 2500;
const ISO = /^\d{4}-\d{2}-\d{2}T/;

/**
 * What PutDashboard says about a body: errors refuse it, warnings come with success. Source: "Dashboard body structure
 * and syntax" of the CloudWatch API reference, and the wording of refusals seen in public deployments.
 */
export function dashboardMessages(body: string): Findings {
  const parsed = parse(body);
  if (!isObject(parsed)) return errors([at('', 'The field DashboardBody must be a valid JSON object')]);
  const widgets = list(parsed, 'widgets');
  if (widgets === undefined) return errors([at('/', 'Should have required property "widgets"')]);
  return joined([
    errors(size(parsed, 'widgets', 0, 500, ''), topLevel(parsed), tooManyMetrics(widgets)),
    ...widgets.map((widget, index) => checkWidget(widget, `/widgets/${index}`)),
    checkVariables(parsed),
    unknownMembers(parsed, ['widgets', 'start', 'end', 'periodOverride', 'variables'], ''),
  ]);
}

/** A start alone is relative, with an end both are points in time. */
function topLevel(body: JsonObject): readonly DashboardMessage[] {
  const { start, end } = body;
  const from = text(body, 'start') ?? '';
  return [
    ...oneOf(body, 'periodOverride', ['auto', 'inherit'], ''),
    ...(end !== undefined && start === undefined
      ? [at('/', 'Should have property start when property end is present')]
      : []),
    ...(start === undefined || ISO.test(from) || (end === undefined && /^-P(T\d+[MH]|\d+[DWM])$/.test(from))
      ? []
      : [at('/start', 'Should be a time in ISO 8601 format, or without end a duration such as -PT3H')]),
    ...(end === undefined || ISO.test(text(body, 'end') ?? '') ? [] : [at('/end', 'Should be in ISO 8601 format')]),
  ];
}

function tooManyMetrics(widgets: readonly Json[]): readonly DashboardMessage[] {
  const count = widgets.reduce<number>(
    (sum, widget) => sum + (isObject(widget) ? metricCount(object(widget, 'properties')) : 0),
    0,
  );
  return count > MAX_METRICS ? [at('/widgets', `Should NOT have more than ${MAX_METRICS} metrics in all widgets`)] : [];
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
