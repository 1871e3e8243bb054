import { isDeepStrictEqual } from 'node:util';
import type { Delivery } from '#src/domain/delivering.ts';
import type { Resource, ResourceRef } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';
import type { Approval } from './approval.ts';
import type { Taking } from './taking.ts';
import { createTaking, SHOWN_MS } from './taking.ts';

/**
 * What this process remembers of its own passes. Nothing rests on it but the choice of words and the length of a wait
 * (a new process does the same, with less to go by), and, in `taking`, that its own passes do not overrun one another.
 */
export interface Memory {
  /** Monotonic milliseconds when the process began: what an earlier one did may not be visible in AWS yet. */
  readonly startedAt: number;
  /** AWS was read to be what these planned resources say. What is not planned any more is forgotten. */
  sawInSync(uid: string, seen: readonly Resource[], planned: readonly ResourceRef[]): void;
  /** Whether that was so of the very same planned resource, and nothing else was wanted since; undefined: not known. */
  wasInSync(uid: string, planned: Resource): boolean | undefined;
  /** The resource is written for another reason than drift: what was seen before does not count any more. */
  rewrites(uid: string, ref: ResourceRef): void;
  /** The resource was deleted by us: its absence needs no second look. */
  deleted(uid: string, ref: ResourceRef): void;
  wasDeleted(uid: string, ref: ResourceRef): boolean;
  /**
   * Drift of the resource is put right, at this monotonic time. Written again before AWS has shown it, it is the same
   * correction, unless AWS took the write so long ago that somebody must have undone it. `epoch`: counted anew for
   * another one.
   */
  corrected(uid: string, ref: ResourceRef, epoch: string, atMs: number): void;
  /** AWS took the write of a correction. */
  accepted(uid: string, ref: ResourceRef, atMs: number): void;
  /** How often that was within the hour before `nowMs`. */
  corrections(uid: string, ref: ResourceRef, epoch: string, nowMs: number): number;
  /** The plan that a person approved; undefined: it is done. */
  approve(uid: string, approval: Approval | undefined): void;
  approved(uid: string): Approval | undefined;
  /**
   * The models in use: those `listed` now, and those known `before` (by an earlier call, or by the status) that were
   * missing for less than the grace time. One odd answer of AWS prunes nothing.
   */
  models(uid: string, listed: readonly string[], before: readonly string[], nowMs: number): readonly string[];
  /** When the latest look at deliveries was, and what it saw. */
  readonly deliveries: Map<
    string,
    { readonly atMs: number; readonly subject: string; readonly seen: readonly Delivery[] }
  >;
  /** Names that no two monitors of this process may take in the same moment. */
  readonly taking: Taking;
  /** The monitor is gone. */
  forget(uid: string): void;
}

const HOUR_MS = 3_600_000;

/** A model that CloudWatch lists no more keeps its alarms for so long. CloudWatch itself forgets only after two weeks. */
const MODEL_GRACE_MS = HOUR_MS;

export function createMemory(startedAt: number): Memory {
  const inSync = new Map<string, Map<string, Resource>>();
  const deleted = new Map<string, Set<string>>();
  /** Corrections that AWS has not shown yet, with the time at which it took the write. */
  const unseen = new Map<string, Map<string, number | undefined>>();
  const approvals = new Map<string, Approval>();
  const corrected = new Map<string, Map<string, { readonly epoch: string; readonly at: readonly number[] }>>();
  /** By monitor and model: when it was last listed. */
  const models = new Map<string, ReadonlyMap<string, number>>();
  const deliveries: Memory['deliveries'] = new Map();
  const taking = createTaking();
  return {
    deliveries,
    models(uid, listed, before, nowMs) {
      const known = models.get(uid) ?? new Map(before.map((model) => [model, nowMs]));
      const next = new Map([...known].filter(([, atMs]) => nowMs - atMs < MODEL_GRACE_MS));
      for (const model of listed) next.set(model, nowMs);
      models.set(uid, next);
      return [...next.keys()].sort();
    },
    startedAt,
    taking,
    sawInSync(uid, seen, planned) {
      const keys = new Set(planned.map(refKey));
      const still = [...(inSync.get(uid) ?? [])].filter(([key]) => keys.has(key));
      inSync.set(uid, new Map([...still, ...seen.map((one) => [refKey(one), one] as const)]));
      for (const one of seen) unseen.get(uid)?.delete(refKey(one));
    },
    wasInSync(uid, planned) {
      const seen = inSync.get(uid)?.get(refKey(planned));
      return seen && isDeepStrictEqual(seen, planned);
    },
    rewrites: (uid, ref) => void inSync.get(uid)?.delete(refKey(ref)),
    deleted(uid, ref) {
      deleted.set(uid, (deleted.get(uid) ?? new Set()).add(refKey(ref)));
    },
    wasDeleted: (uid, ref) => deleted.get(uid)?.has(refKey(ref)) ?? false,
    corrected(uid, ref, epoch, atMs) {
      const waiting = unseen.get(uid) ?? new Map<string, number | undefined>();
      const tookMs = waiting.get(refKey(ref));
      if (waiting.has(refKey(ref)) && (tookMs === undefined || atMs - tookMs < SHOWN_MS)) return;
      unseen.set(uid, waiting.set(refKey(ref), undefined));
      const mine = corrected.get(uid) ?? new Map<string, { epoch: string; at: readonly number[] }>();
      const before = mine.get(refKey(ref));
      const at = before?.epoch === epoch ? before.at.filter((one) => atMs - one < HOUR_MS) : [];
      corrected.set(uid, mine.set(refKey(ref), { epoch, at: [...at, atMs] }));
    },
    accepted(uid, ref, atMs) {
      const waiting = unseen.get(uid);
      if (waiting?.has(refKey(ref))) waiting.set(refKey(ref), waiting.get(refKey(ref)) ?? atMs);
    },
    corrections(uid, ref, epoch, nowMs) {
      const found = corrected.get(uid)?.get(refKey(ref));
      return found?.epoch === epoch ? found.at.filter((one) => nowMs - one < HOUR_MS).length : 0;
    },
    approve(uid, approval) {
      if (approval === undefined) approvals.delete(uid);
      else approvals.set(uid, approval);
    },
    approved: (uid) => approvals.get(uid),
    forget(uid) {
      taking.forget(uid);
      models.delete(uid);
      deliveries.delete(uid);
      approvals.delete(uid);
      corrected.delete(uid);
      unseen.delete(uid);
      inSync.delete(uid);
      deleted.delete(uid);
    },
  };
}
