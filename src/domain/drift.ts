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

/** What is reported and not put right: drift under Report, in Observe, or given up as contended. */
export function driftStatus(results: readonly Result[], before: DriftStatus | undefined, nowMs: number): DriftStatus {
  const fields = results.flatMap((result) => (isDrift(result) ? fieldsOf(result) : []));
  const shown = fields.slice(0, FIELDS_LIMIT).map(({ path, from, to }) => {
    const since = before?.fields?.find((one) => one.path === path)?.since ?? isoSeconds(nowMs);
    return { path, ...(from !== undefined && { from }), ...(to !== undefined && { to }), since };
  });
  return { count: fields.length, ...(shown.length > 0 && { fields: shown }) };
}

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

function fieldsOf(result: Result): { path: string; from: string | undefined; to: string | undefined }[] {
  if (result.would === 'Create') return [{ path: result.path, from: undefined, to: shownValue('present') }];
  if (result.would === 'Delete') return [{ path: result.path, from: shownValue('present'), to: undefined }];
  return (result.changes ?? []).map((change) => ({
    path: fieldPath(result, change),
    from: shownValue(change.from),
    to: shownValue(change.to),
  }));
}
