import type { Planned } from './plan.ts';
import type { Change } from './resource.ts';

/**
 * Whether `driftPolicy.ignore` leaves a changed field to others. A pattern is part/entry/field, as plan and drift
 * print it; `*` is one segment; a pattern covers whatever is below it. The model of an alarm or detector that was made per
 * model may be left out: `alarms/latency/threshold` is that of every model.
 */
export function isIgnored(patterns: readonly string[], planned: Planned, change: Change): boolean {
  const head = planned.path.split('/');
  const { kind } = planned.resource;
  const perModel = (kind === 'MetricAlarm' || kind === 'AnomalyDetector') && head.length > 2;
  const heads = perModel ? [head, head.slice(0, 2)] : [head];
  return patterns.some((pattern) => heads.some((one) => covers(pattern.split('/'), one, change.path)));
}

/** The path of a field as plan and drift print it. */
export function fieldPath(planned: Pick<Planned, 'path'>, change: Change): string {
  return change.path === '' ? planned.path : `${planned.path}/${change.path}`;
}

function covers(pattern: readonly string[], head: readonly string[], field: string): boolean {
  const above = pattern.slice(0, head.length);
  if (!above.every((segment, index) => segment === '*' || segment === head[index])) return false;
  // A field's name may itself hold slashes, as a tag's key does.
  const below = pattern.slice(head.length).join('/');
  return below === '' || below === '*' || field === below || field.startsWith(`${below}.`);
}
