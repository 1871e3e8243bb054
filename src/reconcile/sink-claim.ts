import { id } from '#src/domain/claim.ts';
import { parseMark } from '#src/domain/names.ts';
import type { Observed, ResourceRef } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';
import type { Pass } from './pass.ts';
import type { Stand } from './stand.ts';
import { hold, singleton, stand } from './stand.ts';

const sinkRef: ResourceRef<'Sink'> = { kind: 'Sink', name: 'sink' };

/**
 * Where this monitor stands with the sink; undefined: the spec asks for none. A Lease that is gone, or does not tell
 * whose the sink is, does not give it away: the sink's own mark tells who made it, and as long as that one asks it
 * holds the claim, and nobody who asked before. No write.
 */
export async function standForSink(pass: Pass): Promise<Stand | undefined> {
  if (pass.monitor.spec.crossAccount?.sink === undefined) return undefined;
  const found = await stand(pass, 'sink');
  const { standing, held, at } = found;
  if (standing.kind === 'Holder' || standing.kind === 'Conflict' || held?.claim.written !== undefined) return found;
  const maker = await makerOf(pass);
  if (maker === undefined) return found;
  if (maker === id(pass.owner)) return { ...found, standing: { kind: 'Take' } };
  const asks = await pass.ports.neighbours.asks(maker, at, pass.signal);
  return asks ? { ...found, standing: { kind: 'Conflict', holder: maker } } : found;
}

/** The monitor of this cluster that made the sink. What cannot be read now is told when it is looked at. */
async function makerOf(pass: Pass): Promise<string | undefined> {
  try {
    const observed = await pass.handlers.Sink.observe(sinkRef, 'Always', pass.signal);
    const maker = observed?.mark.state === 'Owned' ? parseMark(observed.mark.by) : undefined;
    return maker?.cluster === pass.owner.cluster ? id(maker) : undefined;
  } catch (error) {
    if (pass.signal.aborted) throw error;
    return undefined;
  }
}

/**
 * Takes the claim before the sink is written, whatever else stands against that: who asked first answers for it. Once
 * the sink is known its ARN is in the claim, so that the next holder may go on with it.
 */
export async function holdSink(pass: Pass, found: Stand, results: readonly Result[]): Promise<Stand> {
  const written = results.find(({ ref, state }) => ref.kind === 'Sink' && state === 'InSync')?.arn;
  return { ...found, held: await hold(pass, found, written === undefined ? {} : { written }) };
}

/**
 * Whether a sink that carries the mark of another monitor may be gone on with by this one, which may hold the claim:
 * its maker asks no more, and either held this very sink under the claim, or is gone and was of the same namespace.
 */
export async function isInherited(pass: Pass, { mark, arn }: Observed): Promise<boolean> {
  const maker = mark.state === 'Owned' ? parseMark(mark.by) : undefined;
  if (maker === undefined || maker.cluster !== pass.owner.cluster) return false;
  const { claims, neighbours } = pass.ports;
  const at = singleton(pass, 'sink');
  if (await neighbours.asks(id(maker), at, pass.signal)) return false;
  const held = await claims.read(at, pass.signal);
  if (arn !== undefined && held?.claim.written === arn) return true;
  return maker.namespace === pass.owner.namespace && !(await neighbours.lives(maker, pass.signal));
}

/** Whether it is the sink, and another monitor waits for it: then it is handed over and not deleted. */
export function isAwaited(pass: Pass, { kind }: ResourceRef): boolean {
  return kind === 'Sink' && pass.ports.neighbours.rivals(pass.owner, singleton(pass, 'sink')).length > 0;
}
