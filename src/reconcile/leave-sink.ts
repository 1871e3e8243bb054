import { id, withoutHolder } from '#src/domain/claim.ts';
import { isOurs } from '#src/domain/decide.ts';
import { staysInAWS } from '#src/domain/policies.ts';
import type { Observed, ResourceRef } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { isApproved } from './approval.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import type { HeldClaim, Singleton } from './ports.ts';
import type { Occasion } from './remove.ts';
import { headOf, remove, retained } from './remove.ts';
import { HAND_OVER_MS, nameOf, singleton } from './stand.ts';

/**
 * `remove`, of a sink under its claim. Where another monitor waits for it, the sink stays, the holder is emptied, and
 * whoever waits goes on with the very same sink: its links hold, and source accounts need not know. Whoever leaves
 * waits for that, until it is `late`: then the sink is taken back and deleted as if nobody waited. Once the sink is
 * gone, or left behind as `deletionPolicy` says, the claim goes too.
 */
export async function removeUnderClaim(
  pass: Pass,
  refs: readonly ResourceRef[],
  occasion: Occasion,
  late: boolean,
): Promise<readonly Result[]> {
  const sink = refs.find(({ kind }) => kind === 'Sink');
  const handed = sink && (await handOver(pass, sink, occasion, late));
  const results = await remove(pass, handed === undefined ? refs : refs.filter((ref) => ref !== sink), occasion);
  const isLeft = sink !== undefined && results.some(({ ref, state }) => ref.kind === 'Sink' && state === 'Gone');
  if (isLeft || (sink === undefined && mayHoldUnseen(pass, occasion))) await release(pass);
  return handed === undefined ? results : [...results, handed];
}

/** It asked for a sink that it never came to own: another's stood in the way. */
function mayHoldUnseen({ monitor: { spec, status } }: Pass, occasion: Occasion): boolean {
  const asks = spec.crossAccount?.sink !== undefined;
  const asked = status?.conditions?.some(({ type }) => type === 'CrossAccountConfigured') === true;
  return occasion === 'Deletion' ? asks : asked && !asks;
}

/** What became of the hand-over; undefined: nobody waits, or the sink is not this monitor's to hand over. */
async function handOver(pass: Pass, sink: ResourceRef, occasion: Occasion, late: boolean): Promise<Result | undefined> {
  if (staysInAWS(pass.monitor.spec, sink, occasion === 'Pruning')) return undefined;
  const { claims, neighbours } = pass.ports;
  const at = singleton(pass, 'sink');
  const held = await claims.read(at, pass.signal);
  const { holder } = held?.claim ?? {};
  const mine = holder === id(pass.owner);
  const [next] = neighbours.rivals(pass.owner, at);
  const heir = holder !== undefined && !mine ? holder : next && id(next);
  if (heir === undefined || (late && (mine || holder === undefined))) return takeBack(pass, at, held);
  if (!isApproved(pass, { ref: sink, would: 'Release' })) return undefined;
  const { observed, failure } = await look(pass, sink);
  if (observed === undefined) return failure;
  if (!isOurs(sink, observed, pass.owner, pass.place) || late) return retained(sink);
  const { arn } = observed;
  const free = held && { ...withoutHolder(held.claim), ...(arn !== undefined && { written: arn }) };
  if (free !== undefined && mine) await claims.write(at, free, held, pass.signal);
  return handing(sink, heir, pass);
}

async function look(
  pass: Pass,
  sink: ResourceRef,
): Promise<{ readonly observed?: Observed | undefined; readonly failure?: Result }> {
  try {
    return { observed: await pass.handlers.Sink.observe({ kind: 'Sink', name: sink.name }, 'Always', pass.signal) };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { failure: { ...headOf(sink), state: 'Failed', trouble: troubleOf(error) } };
  }
}

/** Nobody is to take the sink while it is deleted. */
async function takeBack(pass: Pass, at: Singleton, held: HeldClaim | undefined): Promise<undefined> {
  if (held !== undefined && held.claim.holder === undefined)
    await pass.ports.claims.write(at, { ...held.claim, holder: id(pass.owner) }, held, pass.signal);
  return undefined;
}

async function release(pass: Pass): Promise<void> {
  const at = singleton(pass, 'sink');
  const held = await pass.ports.claims.read(at, pass.signal);
  if (held?.claim.holder === id(pass.owner)) await pass.ports.claims.remove(at, held, pass.signal);
}

function handing(sink: ResourceRef, heir: string, pass: Pass): Result {
  const message = `the sink is being handed over to ${nameOf(heir, pass)}`;
  return {
    ...headOf(sink),
    state: 'Deleting',
    trouble: { kind: 'wait', reason: 'Progressing', message, retryAfterMs: HAND_OVER_MS },
  };
}
