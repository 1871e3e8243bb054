import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '#src/domain/plan.ts';
import type { Resource, ResourceRef } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';

/**
 * What this process remembers of its own passes. Nothing rests on it but the choice of words and the length of a wait:
 * a new process does the same, with less to go by.
 */
export interface Memory {
  /** Monotonic milliseconds when the process began: what an earlier one did may not be visible in AWS yet. */
  readonly startedAt: number;
  /** The resources of a monitor that are wanted otherwise than by the last pass: a change of these is no drift. */
  wantedAnew(uid: string, plan: Plan): ReadonlySet<string>;
  /** The resource was deleted by us: its absence needs no second look. */
  deleted(uid: string, ref: ResourceRef): void;
  wasDeleted(uid: string, ref: ResourceRef): boolean;
  /** The monitor is gone. */
  forget(uid: string): void;
}

export function createMemory(startedAt: number): Memory {
  const wanted = new Map<string, ReadonlyMap<string, Resource>>();
  const deleted = new Map<string, Set<string>>();
  return {
    startedAt,
    wantedAnew(uid, plan) {
      const now = new Map(plan.resources.map(({ resource }) => [refKey(resource), resource]));
      const before = wanted.get(uid);
      wanted.set(uid, now);
      if (before === undefined) return new Set();
      return new Set([...now.keys()].filter((key) => !isDeepStrictEqual(before.get(key), now.get(key))));
    },
    deleted(uid, ref) {
      deleted.set(uid, (deleted.get(uid) ?? new Set()).add(refKey(ref)));
    },
    wasDeleted: (uid, ref) => deleted.get(uid)?.has(refKey(ref)) ?? false,
    forget(uid) {
      wanted.delete(uid);
      deleted.delete(uid);
    },
  };
}
