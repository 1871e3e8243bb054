import type { SimulatorClock } from './clock.ts';

/** Resolves after `ms` of clock time; rejects with an AbortError as soon as the signal aborts. */
export function wait(clock: SimulatorClock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted());
      return;
    }
    const abort = () => {
      cancel();
      reject(aborted());
    };
    const cancel = clock.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Never resolves; rejects with an AbortError when the signal aborts. */
export function interrupted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted === true) reject(aborted());
    signal?.addEventListener('abort', () => reject(aborted()), { once: true });
  });
}

/** As an SDK's HTTP handler reports its own time-out: SDKs take a TimeoutError for transient. */
export function timedOut(afterMs: number): Error {
  const error = new Error(`Connection timed out after ${afterMs} ms`);
  error.name = 'TimeoutError';
  return error;
}

function aborted(): Error {
  const error = new Error('Request aborted');
  error.name = 'AbortError';
  return error;
}
