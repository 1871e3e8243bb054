import type { Claimant, Ownership, Standing } from '#src/domain/claim.ts';
import { id, ownership, standing } from '#src/domain/claim.ts';
import { isoSeconds } from '#src/domain/conditions.ts';
import type { LoggingConfiguration } from '#src/domain/logging-configuration.ts';
import { logGroupOf, sameConfiguration } from '#src/domain/logging-configuration.ts';
import { parseMark } from '#src/domain/names.ts';
import type { InvocationLogging, Observed, ResourceRef } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import type { HeldClaim, Singleton } from './ports.ts';

export const loggingRef: ResourceRef<'InvocationLogging'> = { kind: 'InvocationLogging', name: 'invocation-logging' };

/** Where one monitor stands with Bedrock's one logging configuration, as read in this pass. */
export interface Ground {
  readonly at: Singleton;
  readonly held: HeldClaim | undefined;
  readonly standing: Standing;
  /** What AWS holds; undefined: none. */
  readonly live: LoggingConfiguration | undefined;
  readonly ownership: Ownership;
}

/** Reads the claim and the live configuration. No write. A configuration that AWS does not let us read is trouble. */
export async function survey(pass: Pass): Promise<Ground | Trouble> {
  const at = { accountID: pass.place.accountID, region: pass.place.region };
  const held = await pass.ports.claims.read(at, pass.signal);
  const me = claimant(pass);
  const holder = held?.claim.holder;
  const holderAsks =
    holder !== undefined && holder !== id(me) && (await pass.ports.neighbours.asks(holder, at, pass.signal));
  const stands = standing(me, held?.claim, holderAsks, pass.ports.neighbours.rivals(me, at));
  try {
    const live = (await observeLogging(pass))?.resource.configuration;
    return { at, held, standing: stands, live, ownership: ownership(live, held?.claim) };
  } catch (error) {
    rethrowIfOver(pass, error);
    return troubleOf(error);
  }
}

export function isTrouble(found: object): found is Trouble {
  return 'kind' in found;
}

/** What keeps this monitor from touching the log group, its masking and the configuration; undefined: nothing does. */
export function conflict(ground: Ground): Trouble | undefined {
  if (ground.standing.kind !== 'Conflict') return undefined;
  const { holder, since } = ground.standing;
  return {
    kind: 'stall',
    reason: 'Conflict',
    message: `BedrockMonitor ${holder} holds invocation logging of account ${ground.at.accountID} in ${ground.at.region}${since === undefined ? '' : ` since ${isoSeconds(Date.parse(since))}`}. AWS has one such configuration per account and Region: remove invocationLogging (and dataProtection) from this monitor or from that one`,
  };
}

/**
 * A claim whose Lease is gone is rebuilt: what AWS holds is ours only if it equals what this spec would write and its
 * log group has our mark. `previous` is `none` where this monitor is known to have written over nothing, else `unknown`.
 */
export async function rebuilt(pass: Pass, ground: Ground, desired: InvocationLogging): Promise<Ground> {
  const { live } = ground;
  if (ground.held !== undefined || live === undefined || ground.standing.kind === 'Conflict') return ground;
  const group = logGroupOf(live);
  const mark = group === undefined ? undefined : await markOfGroup(pass, group);
  const other = mark === undefined ? undefined : parseMark(mark);
  const ours = other !== undefined && other.cluster === pass.owner.cluster && id(other) === id(pass.owner);
  if (ours && sameConfiguration(live, desired.configuration)) return { ...ground, ownership: 'Ours' };
  const living =
    other !== undefined &&
    !ours &&
    other.cluster === pass.owner.cluster &&
    (await pass.ports.neighbours.asks(id(other), ground.at, pass.signal));
  return living ? { ...ground, standing: { kind: 'Conflict', holder: id(other) } } : ground;
}

export async function observeLogging(pass: Pass): Promise<Observed<'InvocationLogging'> | undefined> {
  return pass.handlers.InvocationLogging.observe(loggingRef, 'IfFree', pass.signal);
}

async function markOfGroup(pass: Pass, group: string): Promise<string | undefined> {
  const observed = await pass.handlers.LogGroup.observe({ kind: 'LogGroup', name: group }, 'Always', pass.signal);
  return observed?.mark.state === 'Owned' ? observed.mark.by : undefined;
}

function claimant(pass: Pass): Claimant {
  const { namespace, name, uid, creationTimestamp } = pass.monitor.metadata;
  return { namespace, name, uid, createdAt: creationTimestamp };
}
