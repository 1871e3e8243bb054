import { isOurs } from '#src/domain/decide.ts';
import { isRetained } from '#src/domain/inventory.ts';
import type { Part } from '#src/domain/plan.ts';
import type { Kind, ResourceRef } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import { CHUNK, pending } from './act.ts';
import { handlerOf, isOver, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';

/** Reads lag behind writes: only this long after the process began is what an earlier one made sure to be seen. */
const SETTLED_MS = 30_000;

export const partOf: Record<Kind, Part> = {
  LogGroup: 'Logging',
  DataProtectionPolicy: 'DataProtection',
  InvocationLogging: 'Logging',
  MetricAlarm: 'Alarms',
  Dashboard: 'Dashboards',
  QueryDefinition: 'Queries',
};

/**
 * Takes leave of resources: logs and their masking stay; all else is deleted, if it is ours. Absent is success, once
 * the read can be relied upon; without our mark a resource is let go, untouched. One that fails does not hold up the
 * others. Those of a chunk go together, so that the handlers batch.
 */
export async function remove(pass: Pass, refs: readonly ResourceRef[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < refs.length; start += CHUNK) {
    const chunk = refs.slice(start, start + CHUNK);
    results.push(...(await Promise.all(chunk.map((ref) => removeOne(pass, ref)))));
  }
  return results;
}

export function retained(ref: ResourceRef): Result {
  return { ...base(ref), state: 'Gone', action: 'retained' };
}

async function removeOne(pass: Pass, ref: ResourceRef): Promise<Result> {
  if (isRetained(ref)) return retained(ref);
  const head = base(ref);
  if (isOver(pass)) return { ...head, state: 'Deleting', trouble: pending };
  const handler = handlerOf(pass, ref.kind);
  try {
    const observed = await handler.observe(ref, 'Always', pass.signal);
    if (observed === undefined) return unseen(pass, ref);
    if (!isOurs(ref, observed, pass.owner, pass.place)) return { ...head, state: 'Gone', action: 'released' };
    await handler.delete(ref, observed, pass.signal);
    pass.ports.memory.deleted(pass.owner.uid, ref);
    const after = await handler.observe(ref, 'IfFree', pass.signal);
    if (after === undefined) return { ...head, state: 'Gone', action: 'deleted' };
    return {
      ...head,
      state: 'Deleting',
      trouble: propagating(`AWS still shows ${refKey(ref)} after its deletion`),
    };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { ...head, state: 'Failed', trouble: troubleOf(error) };
  }
}

function unseen(pass: Pass, ref: ResourceRef): Result {
  const { memory, clock } = pass.ports;
  const unsettledMs = memory.startedAt + SETTLED_MS - clock.monotonic();
  if (unsettledMs <= 0 || memory.wasDeleted(pass.owner.uid, ref)) return { ...base(ref), state: 'Gone' };
  const message = `${ref.kind} ${ref.name} is not seen in AWS; it is looked for again in case it was made a moment ago`;
  return { ...base(ref), state: 'Deleting', trouble: propagating(message, unsettledMs) };
}

/** Absent `retryAfterMs`: with growing patience. */
function propagating(message: string, retryAfterMs?: number): Trouble {
  return { kind: 'wait', reason: 'Propagating', message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function base(ref: ResourceRef): Pick<Result, 'ref' | 'part' | 'path'> {
  return { ref, part: partOf[ref.kind], path: refKey(ref) };
}
