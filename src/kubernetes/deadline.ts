import type { Clock } from './clock.ts';

/** A limit in time, joined with the caller's wish to stop. */
export interface Deadline {
  /** Aborts at the limit, or when the caller's signal does. */
  readonly signal: AbortSignal;
  /** Whether the limit, rather than the caller, ended it. */
  readonly expired: boolean;
  readonly leftMs: number;
  /** Must be called once done: the timer would live on. */
  clear(): void;
}

export function deadline(clock: Clock, ms: number, signal?: AbortSignal): Deadline {
  const limit = new AbortController();
  const at = clock.monotonic() + ms;
  const cancel = clock.setTimeout(() => limit.abort(), ms);
  return {
    signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    get expired() {
      return limit.signal.aborted;
    },
    get leftMs() {
      return Math.max(at - clock.monotonic(), 0);
    },
    clear: cancel,
  };
}

/** Rejects with the signal's reason as soon as it aborts; whatever `promise` does later is ignored. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
