import { isOurs } from '#src/domain/decide.ts';
import { notApproved } from '#src/domain/hold.ts';
import { isOfLogs } from '#src/domain/inventory.ts';
import { about } from '#src/domain/kinds.ts';
import { logGroupOf, roleOf } from '#src/domain/logging-configuration.ts';
import { staysInAWS } from '#src/domain/policies.ts';
import { inRemovalOrder } from '#src/domain/removal-order.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import { CHUNK, pending } from './act.ts';
import { isApproved } from './approval.ts';
import { observeLogging } from './ground.ts';
import { handlerOf, isOver, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import { isAwaited } from './sink-claim.ts';

/** Reads lag behind writes: only this long after the process began is what an earlier one made sure to be seen. */
const SETTLED_MS = 30_000;

/** Why a resource is taken leave of: the monitor is deleted, or the spec does not name it any more. */
export type Occasion = 'Deletion' | 'Pruning';

/**
 * Takes leave of resources as `deletionPolicy` says: what is retained stays untouched; all else is deleted, if it is
 * ours. Absent is success, once the read can be relied upon; without our mark a resource is let go, untouched. One
 * that fails does not hold up the others. Those of a chunk go together, so that the handlers batch; what rests on another
 * goes before it.
 */
export async function remove(pass: Pass, refs: readonly ResourceRef[], occasion: Occasion): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const group of inRemovalOrder(refs)) {
    for (let start = 0; start < group.length; start += CHUNK) {
      const chunk = group.slice(start, start + CHUNK);
      results.push(...(await Promise.all(chunk.map((ref) => removeOne(pass, ref, occasion)))));
    }
  }
  return results;
}

/** What `remove` would do, for a mode that writes nothing. */
export async function removal(pass: Pass, ref: ResourceRef, occasion: Occasion, hold: Trouble): Promise<Result> {
  if (stays(pass, ref, occasion)) return kept(ref);
  try {
    if (await isUsed(pass, ref)) return stillInUse(ref, occasion, pass);
  } catch (error) {
    rethrowIfOver(pass, error);
    return { ...headOf(ref), state: 'Failed', trouble: troubleOf(error) };
  }
  return { ...headOf(ref), state: 'Differs', trouble: hold, would: isAwaited(pass, ref) ? 'Release' : 'Delete' };
}

export function retained(ref: ResourceRef): Result {
  return { ...headOf(ref), state: 'Gone', action: 'retained' };
}

/** It stays for now, and goes when it can. */
export function kept(ref: ResourceRef): Result {
  return { ...headOf(ref), state: 'Retained' };
}

/** Without the feature that made it the operator may not touch a role, either. */
function stays({ monitor, ports }: Pass, ref: ResourceRef, occasion: Occasion): boolean {
  if (ref.kind === 'LoggingRole' && !ports.settings.features.has('LoggingRole')) return true;
  return staysInAWS(monitor.spec, ref, occasion === 'Pruning');
}

async function removeOne(pass: Pass, ref: ResourceRef, occasion: Occasion): Promise<Result> {
  if (stays(pass, ref, occasion)) return retained(ref);
  const head = headOf(ref);
  if (!isApproved(pass, { ref, would: 'Delete' })) return removal(pass, ref, occasion, notApproved);
  if (isOver(pass)) return { ...head, state: 'Deleting', trouble: pending };
  const handler = handlerOf(pass, ref.kind);
  try {
    const observed = await handler.observe(ref, 'Always', pass.signal);
    if (observed === undefined) return unseen(pass, ref);
    if (!isOurs(ref, observed, pass.owner, pass.place)) return { ...head, state: 'Gone', action: 'released' };
    if (await isUsed(pass, ref)) return stillInUse(ref, occasion, pass);
    const left = (await handler.delete(ref, observed, pass.signal)) === 'left';
    if (left) return retained(ref);
    pass.ports.memory.deleted(pass.owner.uid, ref);
    const after = await handler.observe(ref, 'IfFree', pass.signal);
    if (after === undefined) return { ...head, state: 'Gone', action: 'deleted' };
    return {
      ...head,
      state: 'Deleting',
      trouble: propagating(`AWS still shows ${ref.kind} ${ref.name} after its deletion`),
    };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { ...head, state: 'Failed', trouble: troubleOf(error) };
  }
}

/**
 * Whether Bedrock delivers to the log group, whoever set that up: then neither it nor its masking may go. Nor may the
 * role that it delivers with.
 */
async function isUsed(pass: Pass, ref: ResourceRef): Promise<boolean> {
  if (!isOfLogs(ref) && ref.kind !== 'LoggingRole') return false;
  const live = (await observeLogging(pass))?.resource.configuration;
  // Names of roles are unique whatever their path.
  return ref.kind === 'LoggingRole' ? roleOf(live)?.split('/').at(-1) === ref.name : logGroupOf(live) === ref.name;
}

/** A monitor that goes cannot wait for it; one that stays says how to do it by hand, and does it once it may. */
function stillInUse(ref: ResourceRef, occasion: Occasion, { place }: Pass): Result {
  if (occasion === 'Deletion') return retained(ref);
  // It goes once the configuration names another; what keeps that from being put says so itself.
  if (ref.kind === 'LoggingRole') return kept(ref);
  const message = `the masking policy of log group ${ref.name} stays although deletionPolicy.dataProtection is Delete: Bedrock delivers to that group. It goes once no logging configuration names the group; by hand: aws logs delete-data-protection-policy --log-group-identifier ${ref.name} --region ${place.region}`;
  return { ...headOf(ref), part: 'Logging', state: 'Retained', notes: [{ reason: 'MaskingRetained', message }] };
}

function unseen(pass: Pass, ref: ResourceRef): Result {
  const { memory, clock } = pass.ports;
  const unsettledMs = memory.startedAt + SETTLED_MS - clock.monotonic();
  if (memory.wasDeleted(pass.owner.uid, ref)) return { ...headOf(ref), state: 'Gone', action: 'deleted' };
  if (unsettledMs <= 0) return { ...headOf(ref), state: 'Gone' };
  const message = `${ref.kind} ${ref.name} is not seen in AWS; it is looked for again in case it was made a moment ago`;
  return { ...headOf(ref), state: 'Deleting', trouble: propagating(message, unsettledMs) };
}

/** Absent `retryAfterMs`: with growing patience. */
function propagating(message: string, retryAfterMs?: number): Trouble {
  return { kind: 'wait', reason: 'Propagating', message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** What every result of a resource that is taken leave of begins with. */
export function headOf(ref: ResourceRef): Pick<Result, 'ref' | 'part' | 'path'> {
  return { ref, part: about[ref.kind].part, path: refKey(ref) };
}
