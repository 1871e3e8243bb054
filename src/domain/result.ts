import type { Reason } from '#src/api/reasons.ts';
import { Stalled, Waiting } from './failure.ts';
import type { Part } from './plan.ts';
import type { AlarmState, Change, Resource, ResourceRef } from './resource.ts';

/** What one pass found out about, or did to, one resource. */
export interface Result {
  readonly ref: ResourceRef;
  readonly part: Part;
  /** As plan, drift and messages name it: `alarms/throttling`. */
  readonly path: string;
  readonly arn?: string;
  /** As AWS has it; absent where it was not read back in sync. */
  readonly observed?: Resource;
  readonly state:
    | 'InSync'
    | 'Updated'
    | 'Pending'
    | 'Waiting'
    | 'Failed'
    | 'Deleting'
    | 'Gone'
    | 'Differs'
    | 'Retained';
  /** Of an alarm that was read: its state. */
  readonly alarmState?: AlarmState;
  /** Absent where in sync. */
  readonly trouble?: Trouble;
  /** Of a masking policy: whatever its trouble, it was read to mask at least what is declared. */
  readonly inForce?: true;
  /** It is there and ours, though it could not be changed: what comes after it need not wait. */
  readonly exists?: true;
  /** Notes worth reading; the part stays True. */
  readonly notes?: readonly { readonly reason: Reason; readonly message: string }[];
  readonly action?: 'created' | 'updated' | 'adopted' | 'deleted' | 'retained' | 'released';
  /** What differed was the doing of others: AWS was once read to be what the same plan says. */
  readonly drifted?: true;
  /** Where nothing may be written: what would be done if it might. */
  readonly would?: Would;
  /** Fields that were changed, would be, or are drift. */
  readonly changes?: readonly Change[];
  /** Of what would be made: a hash over all of it. */
  readonly content?: string;
  /** Drift beside these, which is only reported. */
  readonly reported?: readonly Change[];
}

/** As `status.plan.changes[].action` says it. The last three are of the logging configuration that is let go. */
export type Would = 'Create' | 'Update' | 'Adopt' | 'Delete' | 'Restore' | 'Disable' | 'Release';

/** Why something is not as declared. `held`: by the user's own wish. */
export interface Trouble {
  readonly kind: 'wait' | 'stall' | 'held';
  readonly reason: Reason;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** What `Waiting` and `Stalled` mean for the pass; undefined for any other error. */
export function knownTrouble(error: unknown): Trouble | undefined {
  if (error instanceof Stalled) return { kind: 'stall', reason: error.reason, message: error.message };
  if (!(error instanceof Waiting)) return undefined;
  const { reason, message, retryAfterMs } = error;
  return { kind: 'wait', reason, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** As above; any other error is somebody's outage or our own bug, and is retried with backoff. */
export function troubleOf(error: unknown): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  return knownTrouble(error) ?? { kind: 'wait', reason: 'AWSUnavailable', message };
}

/** As messages for machines, keys and `status.onDelete` name a resource. */
export function refKey(ref: { readonly kind: string; readonly name: string }): string {
  return `${ref.kind}/${ref.name}`;
}
