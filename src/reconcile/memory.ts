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
  /** Drift of the resource was put right, at this monotonic time. `epoch`: counted anew for another one. */
  corrected(uid: string, ref: ResourceRef, epoch: string, atMs: number): void;
  /** How often that was within the hour before `nowMs`. */
  corrections(uid: string, ref: ResourceRef, epoch: string, nowMs: number): number;
  /** The monitor is gone. */
  forget(uid: string): void;
}

const HOUR_MS = 3_600_000;

export function createMemory(startedAt: number): Memory {
  const wanted = new Map<string, ReadonlyMap<string, Resource>>();
  const deleted = new Map<string, Set<string>>();
  const corrected = new Map<string, Map<string, { readonly epoch: string; readonly at: readonly number[] }>>();
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
    corrected(uid, ref, epoch, atMs) {
      const mine = corrected.get(uid) ?? new Map<string, { epoch: string; at: readonly number[] }>();
      const before = mine.get(refKey(ref));
      const at = before?.epoch === epoch ? before.at.filter((one) => atMs - one < HOUR_MS) : [];
      corrected.set(uid, mine.set(refKey(ref), { epoch, at: [...at, atMs] }));
    },
    corrections(uid, ref, epoch, nowMs) {
      const found = corrected.get(uid)?.get(refKey(ref));
      return found?.epoch === epoch ? found.at.filter((one) => nowMs - one < HOUR_MS).length : 0;
    },
    forget(uid) {
      corrected.delete(uid);
      wanted.delete(uid);
      deleted.delete(uid);
    },
  };
}
