import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Saying } from './conditions.ts';
import { isoSeconds } from './conditions.ts';
import { fieldPath } from './ignore.ts';
import type { Planned } from './plan.ts';
import type { Change } from './resource.ts';
import type { Result } from './result.ts';
import { shownValue } from './shown-value.ts';

type DriftStatus = NonNullable<BedrockMonitorStatus['drift']>;

/** The bound of `status.drift.fields`. */
const FIELDS_LIMIT = 20;

/**
 * What is reported and not put right: drift under Report, in Observe, or given up as contended. Of a resource that this
 * pass could not judge, or has just written, it is what was reported before: else the next pass would take it for ours.
 */
export function driftStatus(results: readonly Result[], before: DriftStatus | undefined, nowMs: number): DriftStatus {
  const fields = results.flatMap((result) => [
    ...(isDrift(result) ? fieldsOf(result) : []),
    ...(result.reported ?? []).map((change) => shown(result, change)),
    ...(unjudged.has(result.state) && !isDrift(result) ? reportedOf(result, results, before) : []),
  ]);
  const listed = fields.slice(0, FIELDS_LIMIT).map(({ path, from, to }) => {
    const since = before?.fields?.find((one) => one.path === path)?.since ?? isoSeconds(nowMs);
    return { path, ...(from !== undefined && { from }), ...(to !== undefined && { to }), since };
  });
  return { count: fields.length, ...(listed.length > 0 && { fields: listed }) };
}

const unjudged: ReadonlySet<Result['state']> = new Set(['Updated', 'Pending', 'Waiting', 'Failed']);

/** Present while there is drift. */
export function sayDrifted({ count, fields = [] }: DriftStatus): readonly Saying[] {
  if (count === 0) return [];
  const told = fields
    .slice(0, 5)
    .map(({ path, from, to }) => `${path} is ${from ?? 'absent'}, declared ${to ?? 'absent'}`);
  const more = count > told.length ? `, and ${count - told.length} more` : '';
  return [{ type: 'Drifted', status: 'True', reason: 'DriftDetected', message: `${told.join('; ')}${more}` }];
}

/** Those changes that the status reports as drift already, towards the same declared value: no edit made them. */
export function reportedBefore(
  status: BedrockMonitorStatus | undefined,
  planned: Planned,
  changes: readonly Change[],
): readonly Change[] {
  const fields = status?.drift?.fields ?? [];
  return changes.filter((change) => {
    const path = fieldPath(planned, change);
    return fields.some((one) => one.path === path && one.to === shownValue(change.to));
  });
}

function isDrift({ trouble }: Result): boolean {
  return trouble?.reason === 'NotEnforced' || trouble?.reason === 'Contended';
}

interface Shown {
  readonly path: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function fieldsOf(result: Result): readonly Shown[] {
  if (result.would === 'Create') return [{ path: result.path, to: shownValue('present') }];
  if (result.would === 'Delete') return [{ path: result.path, from: shownValue('present') }];
  return (result.changes ?? []).map((change) => shown(result, change));
}

function shown(result: Result, change: Change): Shown {
  return { path: fieldPath(result, change), from: shownValue(change.from), to: shownValue(change.to) };
}

/** Of one path within another (the log group's within that of logging) a field belongs to the longer one. */
function reportedOf({ path }: Result, results: readonly Result[], before: DriftStatus | undefined): readonly Shown[] {
  const within = (field: Shown, head: string) => field.path === head || field.path.startsWith(`${head}/`);
  const longer = results.filter((one) => one.path.startsWith(`${path}/`));
  return (before?.fields ?? []).filter(
    (field) => within(field, path) && !longer.some((one) => within(field, one.path)),
  );
}
