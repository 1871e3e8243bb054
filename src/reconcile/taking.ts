import { isOfAllRegions } from '#src/domain/kinds.ts';
import type { Place } from '#src/domain/owner.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';

/**
 * Names in AWS that a monitor of this process is about to make its own. AWS creates over what another has made a moment
 * ago, and shows it only later: of two monitors that find a name free in the same moment, one may write.
 */
export interface Taking {
  /** False: another monitor takes it, or did so too recently for AWS to show it. Else it is taken until `took`. */
  take(uid: string, place: Place, ref: ResourceRef, nowMs: number): boolean;
  /** AWS has answered, whatever it said: by `SHOWN_MS` later a read tells whose it is. Monotonic milliseconds. */
  took(uid: string, place: Place, ref: ResourceRef, nowMs: number): void;
  /** The monitor is gone. */
  forget(uid: string): void;
}

/** By then AWS shows a write. */
export const SHOWN_MS = 30_000;

export function createTaking(): Taking {
  const taken = new Map<string, { readonly uid: string; readonly untilMs: number }>();
  const forgetOld = (nowMs: number) => {
    // In order of insertion, so the first that still counts ends the search.
    for (const [key, { untilMs }] of taken) {
      if (untilMs > nowMs) return;
      taken.delete(key);
    }
  };
  const put = (key: string, uid: string, untilMs: number) => {
    taken.delete(key);
    taken.set(key, { uid, untilMs });
  };
  return {
    take(uid, place, ref, nowMs) {
      forgetOld(nowMs);
      const key = keyOf(place, ref);
      const other = taken.get(key);
      if (other !== undefined && other.uid !== uid && other.untilMs > nowMs) return false;
      put(key, uid, Number.POSITIVE_INFINITY);
      return true;
    },
    took: (uid, place, ref, nowMs) => put(keyOf(place, ref), uid, nowMs + SHOWN_MS),
    forget(uid) {
      for (const [key, one] of taken) if (one.uid === uid) taken.delete(key);
    },
  };
}

function keyOf({ accountID, region }: Place, ref: ResourceRef): string {
  return `${accountID}/${isOfAllRegions(ref.kind) ? '' : region}/${refKey(ref)}`;
}
