import type { Clock as ReadClock } from '#src/reconcile/ports.ts';

/** Time as pacing and retries need it: readable, and able to wake them. Tests own it. */
export interface Clock extends ReadClock {
  /** Calls `fn` once after `ms`; the returned function cancels, and is harmless afterwards. */
  setTimeout(fn: () => void, ms: number): () => void;
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
