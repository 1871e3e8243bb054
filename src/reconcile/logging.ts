import { isDeepStrictEqual } from 'node:util';
import type { Claim } from '#src/domain/claim.ts';
import { id } from '#src/domain/claim.ts';
import { Waiting } from '#src/domain/failure.ts';
import {
  destinationsOf,
  logGroupOf,
  parseConfiguration,
  sameConfiguration,
  unknownModalities,
  wireConfiguration,
} from '#src/domain/logging-configuration.ts';
import type { PlannedOf } from '#src/domain/plan.ts';
import type { InvocationLogging, Observed } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { pending } from './act.ts';
import type { Ground } from './ground.ts';
import { loggingRef, observeLogging } from './ground.ts';
import { isOver, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';

/**
 * Makes the logging configuration what the spec says.
 *
 * Expected flow: 1. nothing to change: done. 2. the claim is written: who holds it, what was there, what is about to
 * be put. 3. AWS is read again; if it moved, the pass is over. 4. Put. 5. AWS is read back.
 *
 * Guarantees: a crash at any point leaves in AWS what the claim calls `written` or `intended`. A configuration that no
 * monitor wrote is never replaced. Logging is pointed at a group only after `masked`.
 *
 * Caveats: AWS has no conditional Put, so a write by others within the last round trip is overwritten.
 */
export async function syncLogging(
  pass: Pass,
  ground: Ground,
  planned: PlannedOf<'InvocationLogging'>,
  masked: Trouble | undefined,
): Promise<Result> {
  const desired = planned.resource;
  const head = { ref: loggingRef, part: planned.part, path: planned.path };
  const { live } = ground;
  if (ground.ownership === 'Foreign') {
    await hold(pass, ground, {});
    return { ...head, state: 'Failed', trouble: foreign(ground) };
  }
  const wire = wireConfiguration(desired.configuration, live);
  const wireText = JSON.stringify(wire);
  const settled = ground.ownership === 'Ours' && sameConfiguration(live, desired.configuration);
  const insisting =
    live !== undefined && unknownModalities(live).length > 0 && ground.held?.claim.intended !== wireText;
  if (settled && !insisting) {
    const { intended } = ground.held?.claim ?? {};
    const told = intended !== undefined && sameConfiguration(parseConfiguration(intended), live);
    await hold(pass, ground, { previous: priorOf(pass, ground), intended: told ? intended : wireText });
    return { ...head, state: 'InSync' };
  }
  if (masked !== undefined) return { ...head, state: 'Waiting', trouble: masked };
  if (isOver(pass)) return { ...head, state: 'Pending', trouble: pending };
  await hold(pass, ground, {
    previous: priorOf(pass, ground),
    ...(ground.ownership === 'Ours' && { written: JSON.stringify(live) }),
    intended: wireText,
  });
  try {
    const before = await observeLogging(pass);
    if (!sameConfiguration(before?.resource.configuration, live)) {
      throw new Waiting(
        'ConcurrentChange',
        'the invocation logging configuration changed in AWS while it was being replaced',
        { retryAfterMs: 1_000 },
      );
    }
    await pass.handlers.InvocationLogging.apply({ ...desired, configuration: wire }, before, pass.signal);
    const after = await observeLogging(pass);
    const changed = {
      action: live === undefined ? 'created' : 'updated',
      changes: changesOf(pass, desired, before),
    } as const;
    if (sameConfiguration(after?.resource.configuration, desired.configuration))
      return { ...head, ...changed, state: 'InSync' };
    return {
      ...head,
      ...changed,
      state: 'Updated',
      trouble: {
        kind: 'wait',
        reason: 'Propagating',
        message: 'the invocation logging configuration was written, and AWS does not show it yet',
      },
    };
  } catch (error) {
    rethrowIfOver(pass, error);
    const trouble = troubleOf(error);
    return { ...head, state: trouble.kind === 'wait' ? 'Waiting' : 'Failed', trouble };
  }
}

/** What `syncLogging` would find, without acting on it: for a suspended monitor. */
export function reportLogging(ground: Ground, planned: PlannedOf<'InvocationLogging'>, onHold: Trouble): Result {
  const desired = planned.resource;
  const head = { ref: loggingRef, part: planned.part, path: planned.path };
  if (ground.ownership === 'Foreign') return { ...head, state: 'Failed', trouble: foreign(ground) };
  const same = ground.ownership === 'Ours' && sameConfiguration(ground.live, desired.configuration);
  return same ? { ...head, state: 'InSync' } : { ...head, state: 'Differs', trouble: onHold };
}

/**
 * Switches logging off where it delivers, by a configuration that we wrote, to this log group. Answers the ground as it
 * is then, or what kept us from it; what others wrote is left alone.
 */
export async function stopLogging(pass: Pass, ground: Ground, group: string): Promise<Ground | Trouble> {
  if (logGroupOf(ground.live) !== group || ground.ownership !== 'Ours') return ground;
  try {
    const now = await observeLogging(pass);
    if (now === undefined || !sameConfiguration(now.resource.configuration, ground.live)) return ground;
    await pass.handlers.InvocationLogging.delete(loggingRef, now, pass.signal);
    return { ...ground, live: undefined, ownership: 'Drifted' };
  } catch (error) {
    rethrowIfOver(pass, error);
    return troubleOf(error);
  }
}

/** Writes the claim if anything in it changes; none at rest. */
async function hold(pass: Pass, ground: Ground, change: Partial<Claim>): Promise<void> {
  const old = ground.held?.claim;
  const mine = old?.holder === id(pass.owner);
  const claim: Claim = {
    ...old,
    ...change,
    holder: id(pass.owner),
    holderUID: pass.owner.uid,
    acquireTime: mine && old.acquireTime ? old.acquireTime : new Date(pass.ports.clock.now()).toISOString(),
  };
  if (!isDeepStrictEqual(old, claim)) await pass.ports.claims.write(ground.at, claim, ground.held, pass.signal);
}

function priorOf(pass: Pass, ground: Ground): string {
  const known = ground.held?.claim.previous;
  if (known !== undefined) return known;
  if (ground.ownership === 'None') return 'none';
  return pass.monitor.status?.inventoryUID === pass.owner.uid ? 'none' : 'unknown';
}

function changesOf(pass: Pass, desired: InvocationLogging, observed: Observed<'InvocationLogging'> | undefined) {
  return observed === undefined ? [] : pass.handlers.InvocationLogging.diff(desired, observed);
}

function foreign(ground: Ground): Trouble {
  const { maker } = ground;
  const what = `account ${ground.at.accountID} already logs invocations in ${ground.at.region} to ${destinationsOf(ground.live).join(' and ')}`;
  if (maker !== undefined) {
    return {
      kind: 'stall',
      reason: 'OwnedByAnotherCluster',
      message: `${what}, which belongs to BedrockMonitor ${maker.namespace}/${maker.name} of cluster ${maker.cluster}. AWS has one such configuration per account and Region: remove invocationLogging from this monitor or from that one`,
    };
  }
  return {
    kind: 'stall',
    reason: 'ForeignConfiguration',
    message: `${what}, and no BedrockMonitor set that up, so it is left as it is. Remove it (aws bedrock delete-model-invocation-logging-configuration --region ${ground.at.region}) and this monitor takes over at its next look`,
  };
}
