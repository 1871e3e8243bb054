import { annotations } from '#src/api/annotations.ts';
import type { Farewell } from '#src/domain/outcome.ts';
import type { Preview } from '#src/domain/preview.ts';
import { digestOf, previewOf } from '#src/domain/preview.ts';
import type { Result } from '#src/domain/result.ts';
import { refKey } from '#src/domain/result.ts';
import { loggingRef } from './ground.ts';
import type { Pass } from './pass.ts';

/** A plan that a person let be done. */
export interface Approval {
  readonly hash: string;
  /** Of the spec that was planned: an edit makes another plan, even where fewer changes are left of it. */
  readonly generation: number;
  /** Its changes; nothing else is written. */
  readonly digests: ReadonlySet<string>;
}

/**
 * The approval that lets this plan be done: the annotation names its hash, or named the plan that this one is the rest
 * of. Undefined: there is none. With `--dry-run-all` none counts.
 */
export function approvalOf(pass: Pass, preview: Preview): Approval | undefined {
  const { monitor, ports, mode, owner } = pass;
  const { generation = 0 } = monitor.metadata;
  const wanted = monitor.metadata.annotations?.[annotations.approvePlan];
  // Nothing is left of what was approved: the same change again is another plan.
  if (preview.hash === undefined) ports.memory.approve(owner.uid, undefined);
  if (mode !== 'Plan' || ports.settings.dryRunAll || wanted === undefined || preview.hash === undefined)
    return undefined;
  if (wanted === preview.hash) {
    const approval = { hash: wanted, generation, digests: preview.digests };
    ports.memory.approve(owner.uid, approval);
    return approval;
  }
  const before = ports.memory.approved(owner.uid);
  const isSame = before?.hash === wanted && before.generation === generation;
  const isRest = isSame && [...preview.digests].every((one) => before.digests.has(one));
  return isRest ? before : undefined;
}

/** What an approved plan has left to do; with nothing left the approval is used up. */
export function remainder(
  { monitor, ports, owner }: Pass,
  rehearsal: { readonly results: readonly Result[] },
  approval: Approval,
  done: { readonly results: readonly Result[]; readonly letGo?: Farewell },
): Preview {
  const ended = new Set(
    done.results.filter(({ state }) => state === 'InSync' || state === 'Gone').map(({ ref }) => refKey(ref)),
  );
  if (done.letGo?.done) ended.add(refKey(loggingRef));
  const left = [...rehearsal.results, ...done.results.filter((one) => isOwed(one, rehearsal.results))].filter(
    ({ would, ref }) => would !== undefined && !ended.has(refKey(ref)),
  );
  const { uid, generation = 0 } = monitor.metadata;
  const preview = previewOf(left, { uid, generation, lastApplied: approval.hash });
  if (preview.hash === undefined) ports.memory.approve(owner.uid, undefined);
  return preview;
}

/** What the pass itself undid, and the plan did not list. */
function isOwed({ would, ref }: Result, rehearsed: readonly Result[]): boolean {
  return would !== undefined && !rehearsed.some((one) => one.would !== undefined && refKey(one.ref) === refKey(ref));
}

/** Lets a change be made as part of the plan that is being done: in later passes, and in this one with what it answers. */
export function includeInApproval({ ports, owner }: Pass, approval: Approval, change: Result): Approval {
  const wider = { ...approval, digests: new Set([...approval.digests, digestOf(change)]) };
  ports.memory.approve(owner.uid, wider);
  return wider;
}

/** Whether a change may be made in this pass: every one where no approval is asked for. */
export function isApproved(pass: Pass, change: Pick<Result, 'would' | 'ref' | 'content' | 'changes'>): boolean {
  return pass.approval === undefined || pass.approval.digests.has(digestOf(change));
}
