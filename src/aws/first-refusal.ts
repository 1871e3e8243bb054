import type { Clock } from '#src/reconcile/ports.ts';

/**
 * Since when AWS refuses something, as far as this process saw. IAM needs up to about a minute to spread, so a refusal
 * is patience at first and a person's task later.
 */
export interface FirstRefusals {
  /** Notes a refusal; answers how many milliseconds ago the first one of this run of refusals was. */
  refused(key: string): number;
  /** It was allowed: the next refusal is a first one again. */
  allowed(key: string): void;
}

/** How long a refusal may be IAM's propagation. */
export const PROPAGATION_MS = 120_000;

/** One for the process, in monotonic time. */
export function createFirstRefusals(clock: Clock): FirstRefusals {
  const since = new Map<string, number>();
  return {
    refused(key) {
      const now = clock.monotonic();
      const first = since.get(key) ?? now;
      since.set(key, first);
      return now - first;
    },
    allowed(key) {
      since.delete(key);
    },
  };
}
