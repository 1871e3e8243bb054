import type { Reason } from '#src/api/reasons.ts';
import { Stalled, Waiting } from './failure.ts';
import type { Part } from './plan.ts';
import type { Change, ResourceRef } from './resource.ts';

/** What one pass found out about, or did to, one resource. */
export interface Result {
  readonly ref: ResourceRef;
  readonly part: Part;
  /** As plan, drift and messages name it: `alarms/throttling`. */
  readonly path: string;
  readonly arn?: string;
  readonly state: 'InSync' | 'Updated' | 'Pending' | 'Waiting' | 'Failed' | 'Deleting' | 'Gone' | 'Differs';
  /** Absent where in sync. */
  readonly trouble?: Trouble;
  /** Notes worth reading; the part stays True. */
  readonly notes?: readonly { readonly reason: Reason; readonly message: string }[];
  readonly action?: 'created' | 'updated' | 'deleted' | 'retained' | 'released';
  readonly changes?: readonly Change[];
}

/** Why something is not as declared. `held`: by the user's own wish. */
export interface Trouble {
  readonly kind: 'wait' | 'stall' | 'held';
  readonly reason: Reason;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/**
 * What an error means for the pass. Only `Waiting` and `Stalled` are told apart; any other is somebody's outage or our
 * own bug, and is retried with backoff. The second of the two places that branch on an error's class.
 */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Stalled) return { kind: 'stall', reason: error.reason, message: error.message };
  if (error instanceof Waiting) {
    return {
      kind: 'wait',
      reason: error.reason,
      message: error.message,
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    };
  }
  return { kind: 'wait', reason: 'AWSUnavailable', message: error instanceof Error ? error.message : String(error) };
}

export function refKey(ref: ResourceRef): string {
  return `${ref.kind}/${ref.name}`;
}
