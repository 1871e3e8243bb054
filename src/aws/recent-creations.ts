import { Waiting } from '#src/domain/failure.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';
import type { Clock } from '#src/reconcile/ports.ts';

/**
 * What this process created a moment ago. AWS's reads are eventually consistent: "absent" soon after our own create
 * is no licence to create again.
 */
export interface RecentCreations {
  created(place: string, ref: ResourceRef): void;
  deleted(place: string, ref: ResourceRef): void;
  /** For a read that found nothing: throws Waiting `Propagating` within 30 s of our own create. */
  absent(place: string, ref: ResourceRef): undefined;
}

const WINDOW_MS = 30_000;

/** One for the process, in monotonic time. */
export function createRecentCreations(clock: Clock): RecentCreations {
  const at = new Map<string, number>();
  const key = (place: string, ref: ResourceRef) => `${place}/${refKey(ref)}`;
  const forgetOld = () => {
    // In order of insertion, so the first recent one ends the search.
    for (const [one, time] of at) {
      if (clock.monotonic() - time < WINDOW_MS) return;
      at.delete(one);
    }
  };
  return {
    created(place, ref) {
      forgetOld();
      at.delete(key(place, ref));
      at.set(key(place, ref), clock.monotonic());
    },
    deleted(place, ref) {
      at.delete(key(place, ref));
    },
    absent(place, ref) {
      forgetOld();
      if (!at.has(key(place, ref))) return undefined;
      throw new Waiting(
        'Propagating',
        `${ref.kind} ${ref.name} was created a moment ago, and AWS does not show it yet`,
        {
          retryAfterMs: 2_000,
        },
      );
    },
  };
}
