import { reasonNames, reasons } from '#src/api/reasons.ts';
import type { Condition } from '#src/api/v1alpha1.ts';
import type { Change } from './resource.ts';
import type { Result } from './result.ts';
import { refKey } from './result.ts';

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

/** One Event each for what was put right, deleted, left in AWS, or let go. `wasInSync`: the part was, at this generation. */
export function deeds(results: readonly Result[], wasInSync: (result: Result) => boolean): readonly News[] {
  return results.flatMap((result): News[] => {
    const what = refKey(result.ref);
    switch (result.action) {
      case 'updated':
        if (!wasInSync(result)) return [];
        return [
          {
            type: 'Warning',
            reason: 'DriftCorrected',
            action: 'Update',
            note: `${what} was changed in AWS and put back: ${describe(result.changes ?? [])}`,
          },
        ];
      case 'created':
        if (!wasInSync(result)) return [];
        return [
          {
            type: 'Warning',
            reason: 'DriftCorrected',
            action: 'Create',
            note: `${what} was gone from AWS and made again`,
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
  });
}

/** Fields with from and to, long values cut. */
function describe(changes: readonly Change[]): string {
  const shown = changes.slice(0, 5).map(({ path, from, to }) => `${path} from ${show(from)} to ${show(to)}`);
  return [...shown, ...(changes.length > shown.length ? [`and ${changes.length - shown.length} more`] : [])].join(', ');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 128 ? text : `${text.slice(0, 127)}…`;
}

/** What became of the logging configuration when the claim was let go. */
export function loggingNews(message: string): News {
  return { type: 'Normal', reason: 'LoggingReleased', action: 'Release', note: message };
}
