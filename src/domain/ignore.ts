import type { Planned } from './plan.ts';
import type { Change, Kind } from './resource.ts';

/**
 * Whether `driftPolicy.ignore` leaves a changed field to others. A pattern is part/entry/field, as plan and drift
 * print it; `*` is one segment; a pattern covers whatever is below it. What an entry was multiplied by may be left out:
 * `alarms/latency/threshold` is that of every model, `slos/availability/actionsEnabled` that of all its alarms. Where an
 * alarm changes from a threshold to a band, or back, no pattern holds on to what is of the one form only: AWS takes no
 * alarm of both.
 */
export function isIgnored(patterns: readonly string[], planned: Planned, change: Change): boolean {
  const head = planned.path.split('/');
  const { kind } = planned.resource;
  const multiplied = manifold.has(kind) && head.length > 2;
  const heads = multiplied ? [head, head.slice(0, 2)] : [head];
  const whole = isOfForm(kind, change);
  return patterns.some((pattern) => heads.some((one) => covers(pattern.split('/'), one, change.path, whole)));
}

/** Kinds of which an entry may make several. */
const manifold: ReadonlySet<Kind> = new Set(['MetricAlarm', 'AnomalyDetector', 'CompositeAlarm', 'AlarmMuteRule']);

/** Members of which an alarm has one or the other. */
const forms: ReadonlySet<string> = new Set(['metric', 'metrics', 'threshold', 'thresholdMetricID']);

/** Whether a member comes or goes with the form of an alarm. */
function isOfForm(kind: Kind, { path, from, to }: Change): boolean {
  return kind === 'MetricAlarm' && forms.has(path) && (from === undefined || to === undefined);
}

/** The path of a field as plan and drift print it. */
export function fieldPath(planned: Pick<Planned, 'path'>, change: Change): string {
  return change.path === '' ? planned.path : `${planned.path}/${change.path}`;
}

/** `whole`: only a pattern that leaves the whole entry to others covers the field. */
function covers(pattern: readonly string[], head: readonly string[], field: string, whole: boolean): boolean {
  const above = pattern.slice(0, head.length);
  if (!above.every((segment, index) => segment === '*' || segment === head[index])) return false;
  // A field's name may itself hold slashes, as a tag's key does.
  const below = pattern.slice(head.length).join('/');
  return below === '' || below === '*' || (!whole && (field === below || field.startsWith(`${below}.`)));
}
