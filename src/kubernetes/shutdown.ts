import type { Clock } from './clock.ts';

/** One thing to stop. `leftMs` is what remains of the grace period when its turn comes. */
export interface StopStep {
  readonly name: string;
  stop(leftMs: number): Promise<void>;
}

export interface ShutdownOptions {
  readonly clock: Clock;
  /** For all steps together; Kubernetes kills the process terminationGracePeriodSeconds after SIGTERM. */
  readonly graceMs: number;
  /** A step failed, or was not done when the grace period was over; the next still gets its turn. */
  readonly onProblem?: (step: string, error: unknown) => void;
}

/**
 * Stops everything, one after the other, in the order given: workers first, then the Lease is let go, then caches,
 * events, and the HTTP servers last, as controller-runtime does. A step that hangs does not keep the others from
 * stopping: once the grace period is over each gets one more second.
 */
export async function stopInOrder(steps: readonly StopStep[], options: ShutdownOptions): Promise<void> {
  const { clock, graceMs, onProblem } = options;
  const endsAt = clock.monotonic() + graceMs;
  for (const step of steps) {
    const leftMs = Math.max(endsAt - clock.monotonic(), 1000);
    const late = Promise.withResolvers<void>();
    const cancel = clock.setTimeout(() => late.reject(new Error(`not stopped within ${leftMs} ms`)), leftMs);
    try {
      await Promise.race([step.stop(leftMs), late.promise]);
    } catch (error) {
      onProblem?.(step.name, error);
    } finally {
      cancel();
    }
  }
}
