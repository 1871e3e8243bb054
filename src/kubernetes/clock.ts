/** Time as everything here reads it, so that tests own it. */
export interface Clock {
  /** Wall milliseconds since the epoch: for people and for timestamps, never for durations. */
  now(): number;
  /** Milliseconds from an arbitrary start, never backwards: for durations and deadlines. */
  monotonic(): number;
  /** Calls `fn` once after `ms`; the returned function cancels, and is harmless afterwards. */
  setTimeout(fn: () => void, ms: number): () => void;
}

/** Node's timers keep at most a signed 32-bit number of milliseconds; a longer wait would fire at once. */
const maxTimeoutMs = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout(fn, ms) {
    const timer = setTimeout(fn, Math.min(Math.max(ms, 0), maxTimeoutMs));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or as soon as `signal` aborts: the caller looks at the signal. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
