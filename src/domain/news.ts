import { reasonNames, reasons } from '#src/api/reasons.ts';
import type { BedrockMonitorStatus, Condition } from '#src/api/v1alpha1.ts';
import { shorten } from './conditions.ts';
import type { Json } from './json.ts';
import type { Change } from './resource.ts';
import type { Result } from './result.ts';
import { refKey } from './result.ts';
import { shownValue } from './shown-value.ts';

type PlanStatus = NonNullable<BedrockMonitorStatus['plan']>;

/** An Event to be: best effort, never the only place where something is said. */
export interface News {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/**
 * One Event per condition that came to be True, or ceased to be; while it is not, one for every new stall. Waiting is
 * no news: what is waited for today is something else tomorrow.
 */
export function transitions(before: readonly Condition[], after: readonly Condition[]): readonly News[] {
  return after.flatMap((now): News[] => {
    if (now.type === 'Reconciling' || now.type === 'Stalled') return [];
    // AWS was not looked at, and Ready says why.
    if (now.status === 'Unknown') return [];
    const then = before.find(({ type }) => type === now.type);
    const stall = stalls.has(now.reason);
    const flipped = (then?.status === 'True') !== (now.status === 'True');
    const stalledAnew = now.status !== 'True' && stall && then?.reason !== now.reason;
    if (!flipped && !stalledAnew) return [];
    return [
      { type: stall ? 'Warning' : 'Normal', reason: now.reason, action: now.type, note: `${now.type}: ${now.message}` },
    ];
  });
}

const stalls: ReadonlySet<string> = new Set(reasonNames.filter((name) => reasons[name].kind === 'stall'));

/** One Event each for what was put right, adopted, deleted, left in AWS, or let go; and for data that is lost by it. */
export function deeds(results: readonly Result[]): readonly News[] {
  return results.flatMap((result) => [...losses(result), ...deedOf(result)]);
}

/** Said whoever wanted it: what expires is gone for good. */
function losses({ ref, action, changes = [] }: Result): readonly News[] {
  const lossy = changes.filter(({ losesData }) => losesData === true);
  if (lossy.length === 0 || (action !== 'updated' && action !== 'adopted')) return [];
  const note = `${refKey(ref)} keeps data for a shorter time, and AWS deletes what is older: ${describe(lossy)}`;
  return [{ type: 'Warning', reason: 'DataLoss', action: 'Update', note }];
}

function deedOf(result: Result): readonly News[] {
  const what = refKey(result.ref);
  switch (result.action) {
    case 'updated':
      if (result.drifted !== true) return [];
      return [
        {
          type: 'Warning',
          reason: 'DriftCorrected',
          action: 'Update',
          note: `${what} was changed in AWS and put back: ${describe(result.changes ?? [])}`,
        },
      ];
    case 'created':
      if (result.drifted !== true) return [];
      return [
        {
          type: 'Warning',
          reason: 'DriftCorrected',
          action: 'Create',
          note: `${what} was gone from AWS and made again`,
        },
      ];
    case 'adopted':
      return [
        {
          type: 'Normal',
          reason: result.ref.kind === 'InvocationLogging' ? 'TakenOver' : 'Adopted',
          action: 'Adopt',
          note: `${what} existed in AWS and was taken over, as adoptionPolicy allows: ${describe(result.changes ?? []) || 'nothing in it changed'}`,
        },
      ];
    case 'deleted':
      return [{ type: 'Normal', reason: 'Deleted', action: 'Delete', note: `${what} was deleted in AWS` }];
    case 'retained':
      return [
        {
          type: 'Normal',
          reason: 'Retained',
          action: 'Release',
          note: `${what} stays in AWS, and this monitor does not look after it any more`,
        },
      ];
    case 'released':
      return [
        {
          type: 'Warning',
          reason: 'Released',
          action: 'Release',
          note: `${what} does not carry this monitor's mark any more and was not deleted`,
        },
      ];
    case undefined:
      return [];
    default:
      return result.action satisfies never;
  }
}

/** Fields with from and to, long values cut. */
function describe(changes: readonly Change[]): string {
  const shown = changes.slice(0, 5).map(({ path, from, to }) => `${path} from ${show(from)} to ${show(to)}`);
  return [...shown, ...(changes.length > shown.length ? [`and ${changes.length - shown.length} more`] : [])].join(', ');
}

function show(value: Json | undefined): string {
  return shownValue(value) ?? 'nothing';
}

/** One Event for a new plan, and one when the plan that was approved is done. */
export function planNews(before: PlanStatus | undefined, now: PlanStatus | undefined): readonly News[] {
  if (now === undefined) return [];
  const { hash, lastApplied, changes = [] } = now;
  const isDone = hash === undefined && lastApplied !== undefined && before?.hash !== undefined;
  if (isDone)
    return [
      { type: 'Normal', reason: 'PlanApplied', action: 'Plan', note: `plan ${lastApplied} was approved and is done` },
    ];
  if (hash === undefined || hash === before?.hash) return [];
  const named = changes.slice(0, 10).map(({ action, kind, name }) => `${action} ${kind} ${name}`);
  const lossy = changes.filter(({ fields = [] }) => fields.some(({ losesData }) => losesData === true));
  const more = now.create + now.update + now.delete - named.length;
  const note = `plan ${hash}: ${now.create} to create, ${now.update} to update, ${now.delete} to delete: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}${lossy.length > 0 ? `; data is lost of ${lossy.map(({ kind, name }) => `${kind} ${name}`).join(', ')}` : ''}`;
  return [{ type: 'Normal', reason: 'Planned', action: 'Plan', note: shorten(note) }];
}

/** What became of the logging configuration when the claim was let go. */
export function loggingNews(message: string): News {
  return { type: 'Normal', reason: 'LoggingReleased', action: 'Release', note: message };
}
