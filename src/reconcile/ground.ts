import type { Ownership } from '#src/domain/claim.ts';
import { id, ownership, tellsOurs } from '#src/domain/claim.ts';
import type { LoggingConfiguration } from '#src/domain/logging-configuration.ts';
import { logGroupOf, parseConfiguration, sameConfiguration } from '#src/domain/logging-configuration.ts';
import { parseMark } from '#src/domain/names.ts';
import { isUnmanaged } from '#src/domain/policies.ts';
import type { InvocationLogging, Observed, ResourceRef } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import { knownTrouble, troubleOf } from '#src/domain/result.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import type { Stand } from './stand.ts';
import { conflict, stand } from './stand.ts';

export const loggingRef: ResourceRef<'InvocationLogging'> = { kind: 'InvocationLogging', name: 'invocation-logging' };

/** The configuration as a resource, and as one that was read: it carries no mark. */
export function loggingResource(configuration: LoggingConfiguration): InvocationLogging {
  return { kind: 'InvocationLogging', name: 'invocation-logging', configuration };
}
export function loggingAsRead(configuration: LoggingConfiguration): Observed<'InvocationLogging'> {
  return { resource: loggingResource(configuration), mark: { state: 'None' } };
}

/** Where one monitor stands with Bedrock's one logging configuration, as read in this pass. */
export interface Ground extends Stand {
  /** What AWS holds; undefined: none. */
  readonly live: LoggingConfiguration | undefined;
  readonly ownership: Ownership;
  /** Of another cluster: whose log group a foreign configuration delivers to. */
  readonly maker?: Maker;
  /** This pass switched logging off itself. */
  readonly stopped?: true;
}

interface Maker {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** Reads the claim and the live configuration. No write. A configuration that AWS does not let us read is trouble. */
export async function survey(pass: Pass): Promise<Ground | Trouble> {
  const stands = await stand(pass, 'invocation-logging');
  try {
    const live = (await observeLogging(pass))?.resource.configuration;
    return { ...stands, live, ownership: ownership(live, stands.held?.claim) };
  } catch (error) {
    rethrowIfOver(pass, error);
    return troubleOf(error);
  }
}

export function isTrouble(found: object): found is Trouble {
  return 'kind' in found;
}

/**
 * A claim that does not tell what is ours (its Lease is gone, or was edited) is rebuilt: what AWS holds is ours only if
 * it equals what this spec would write and its log group has our mark, and ours but drifted if it has our mark and the
 * status says that we logged. A group with the mark of another living monitor means that that one holds the claim, if
 * no Lease says otherwise. What another cluster logs to is not our drift, though it may share a bucket with ours.
 */
export async function rebuilt(pass: Pass, ground: Ground, desired: InvocationLogging): Promise<Ground | Trouble> {
  const { claim } = ground.held ?? {};
  const told = ground.ownership === 'None' || ground.ownership === 'Ours';
  // Where no claim tells, who logs holds it, and nobody who asked before.
  const isPassedOver = ground.standing.kind === 'Behind' && claim?.holder === undefined && !tellsOurs(claim);
  if (told || (conflict(ground, pass) !== undefined && !isPassedOver)) return ground;
  try {
    const maker = await makerOf(pass, ground);
    if (maker !== undefined && maker.cluster !== pass.owner.cluster) return { ...ground, ownership: 'Foreign', maker };
    if (ground.ownership === 'Drifted') return ground;
    const isMarked = maker !== undefined && id(maker) === id(pass.owner);
    const known = isMarked ? !heldOverForeign(pass, ground) : isMarkless(pass, ground) && heldBefore(pass);
    const mine = isPassedOver ? ({ ...ground, standing: { kind: 'Take' } } as const) : ground;
    if (known && sameConfiguration(ground.live, desired.configuration)) return { ...mine, ownership: 'Ours' };
    if (isMarked) return hasChangedUntold(pass, ground) ? { ...mine, ownership: 'Drifted' } : ground;
    if (maker === undefined || claim?.holder !== undefined) return ground;
    const lives = await pass.ports.neighbours.asks(id(maker), ground.at, pass.signal);
    return lives ? { ...ground, standing: { kind: 'Conflict', holder: id(maker) } } : ground;
  } catch (error) {
    rethrowIfOver(pass, error);
    const trouble = knownTrouble(error);
    if (trouble === undefined) throw error;
    return trouble;
  }
}

/** Delivers to nothing that we mark: there the status must say that it was ours. */
function isMarkless({ monitor }: Pass, { live }: Ground): boolean {
  const group = logGroupOf(live);
  return group === undefined || isUnmanaged(monitor.spec, group);
}

/** Ours, and changed, by the spec or by others, while no claim told so; what was there before us is not. */
function hasChangedUntold(pass: Pass, { held, live }: Ground): boolean {
  if (tellsOurs(held?.claim) || !heldBefore(pass)) return false;
  return !sameConfiguration(parseConfiguration(pass.monitor.status?.invocationLogging?.saved), live);
}

/**
 * What the status of this very monitor says: it held the claim, and what AWS held was its own, as far as it could be
 * read. One that holds it over a foreign configuration never wrote that, whatever its spec says.
 */
export function heldBefore({ monitor, owner }: Pass): boolean {
  const { status } = monitor;
  const { claimedBy, state, saved } = status?.invocationLogging ?? {};
  // Nothing is saved before something is written.
  const wrote = state === 'Enabled' || (state === 'Unknown' && saved !== undefined);
  return status?.inventoryUID === owner.uid && claimedBy === id(owner) && wrote;
}

/**
 * It held the claim, and yet nothing tells that it ever wrote: the log group may have its mark by adoption, and the
 * configuration be somebody's who wanted the same.
 */
function heldOverForeign(pass: Pass, { held }: Ground): boolean {
  const { status } = pass.monitor;
  const watched = status?.inventoryUID === pass.owner.uid && status.invocationLogging !== undefined;
  return (watched || held?.claim.holder === id(pass.owner)) && !heldBefore(pass);
}

export async function observeLogging(pass: Pass): Promise<Observed<'InvocationLogging'> | undefined> {
  return pass.handlers.InvocationLogging.observe(loggingRef, 'IfFree', pass.signal);
}

/** Whose mark the log group has that Bedrock delivers to. */
async function makerOf(pass: Pass, { live }: Ground): Promise<Maker | undefined> {
  const name = logGroupOf(live);
  if (name === undefined) return undefined;
  const observed = await pass.handlers.LogGroup.observe({ kind: 'LogGroup', name }, 'Always', pass.signal);
  return observed?.mark.state === 'Owned' ? parseMark(observed.mark.by) : undefined;
}
