import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { News } from './news.ts';
import type { Trouble } from './result.ts';

/** What happens to the monitor next. */
export type Next =
  /** The slice is used up: at once, with the same priority. */
  | { readonly kind: 'continue' }
  /** Somebody else must finish first: after this long, else with backoff. */
  | { readonly kind: 'retry'; readonly afterMs?: number }
  /** A person must act: after a minute, doubling to the resync interval. */
  | { readonly kind: 'stalled' }
  /** In sync for the first time at this generation, by reads that may lag behind a write: once more in half a minute. */
  | { readonly kind: 'confirm' }
  /** In sync, or held back: at the next resync, or `withinMs` if that is sooner. */
  | { readonly kind: 'resync'; readonly withinMs?: number }
  /** Nothing more, ever: the finalizer may go. */
  | { readonly kind: 'release' };

/** One pass's result: one status, one next step, and the Events that follow from what changed. */
export interface Outcome {
  /** As last written in this pass: the base of the final write. */
  readonly monitor: BedrockMonitor;
  readonly status: BedrockMonitorStatus;
  readonly next: Next;
  readonly events: readonly News[];
}

/** How letting go of the claim went: with a message for an Event, empty where there is nothing to tell. */
export type Farewell =
  | { readonly done: true; readonly message: string }
  | { readonly done: false; readonly trouble: Trouble };

/** What the troubles of a pass ask for. `fresh`: the monitor was not in sync before it. */
export function nextOf(troubles: readonly Trouble[], fresh = false): Next {
  const waits = troubles.filter(({ kind }) => kind === 'wait');
  if (waits.some(({ reason, retryAfterMs }) => reason === 'Progressing' && retryAfterMs === 0))
    return { kind: 'continue' };
  if (waits.length > 0) {
    const delays = waits.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]));
    return delays.length > 0 ? { kind: 'retry', afterMs: Math.min(...delays) } : { kind: 'retry' };
  }
  if (troubles.some(({ kind }) => kind === 'stall')) return { kind: 'stalled' };
  return fresh && troubles.length === 0 ? { kind: 'confirm' } : { kind: 'resync' };
}
