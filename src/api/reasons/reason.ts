/**
 * What a reason asks of people and of the operator.
 * - `ok`: the condition is True.
 * - `note`: True, and worth reading.
 * - `wait`: Reconciling=True. Retried with backoff; nobody need act.
 * - `stall`: Stalled=True. Somebody must act; looked at again after a minute, doubling to the resync interval, at once
 *   when the spec, the claim or the credentials list changes, and cleared without help once it is mended.
 * - `held`: False by the user's own wish.
 */
type ReasonKind = 'ok' | 'note' | 'wait' | 'stall' | 'held';

/** One word of the API: the same in conditions, Events, logs and metrics. */
export interface ReasonText {
  readonly kind: ReasonKind;
  /** What has happened. */
  readonly means: string;
  /** How it ends: what somebody must do, or what the operator does by itself. */
  readonly heals: string;
  /** For a stall that is treated as a wait at first: how long. AWS needs about so long to know a new permission. */
  readonly waitsFirst?: '2 minutes';
}
