import type { Reason } from '#src/api/reasons.ts';

/**
 * Somebody else must finish first and nobody need act: `Reconciling=True`, retried with backoff.
 * One of the only two errors that anything may branch on; any other throw means "retry with backoff".
 */
export class Waiting extends Error {
  override readonly name = 'Waiting';
  readonly reason: Reason;
  /** Milliseconds after which another look is worthwhile; absent means the ordinary backoff. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: Reason, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A person must act: `Stalled=True`. Looked at again after a minute, doubling to the resync interval. */
export class Stalled extends Error {
  override readonly name = 'Stalled';
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.reason = reason;
  }
}
