import type { Clock } from '#src/reconcile/ports.ts';
import { PROPAGATION_MS } from './first-refusal.ts';

/**
 * What Bedrock uses and this process made or changed a moment ago: a role takes up to about a minute to be seen by
 * other services. What is refused meanwhile is no reason to call a person.
 */
export interface RecentChanges {
  /** `what` is the ARN of a role, or `bucket NAME`. */
  changed(what: string): void;
  isRecent(what: string): boolean;
}

/** One for the process, in monotonic time. */
export function createRecentChanges(clock: Clock): RecentChanges {
  const at = new Map<string, number>();
  return {
    changed(what) {
      for (const [one, time] of at) if (clock.monotonic() - time >= PROPAGATION_MS) at.delete(one);
      at.set(what, clock.monotonic());
    },
    isRecent(what) {
      const time = at.get(what);
      return time !== undefined && clock.monotonic() - time < PROPAGATION_MS;
    },
  };
}
