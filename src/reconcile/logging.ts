import { isDeepStrictEqual } from 'node:util';
import { Waiting } from '#src/domain/failure.ts';
import { reportOnly } from '#src/domain/hold.ts';
import type { LoggingConfiguration } from '#src/domain/logging-configuration.ts';
import {
  logGroupOf,
  parseConfiguration,
  sameConfiguration,
  sameWhole,
  unknownMembers,
  unknownModalities,
  wireConfiguration,
  wireOver,
} from '#src/domain/logging-configuration.ts';
import type { PlannedOf } from '#src/domain/plan.ts';
import { driftOf } from '#src/domain/policies.ts';
import type { Change, InvocationLogging } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { pending } from './act.ts';
import { contended, noteAccepted, noteCorrection } from './contention.ts';
import { foreign } from './foreign.ts';
import type { Ground } from './ground.ts';
import { loggingAsRead, loggingRef, loggingResource, observeLogging } from './ground.ts';
import { isOver, rethrowIfOver, wasInSync } from './observe.ts';
import type { Pass } from './pass.ts';
import { priorOf } from './prior.ts';
import { hold } from './stand.ts';

/**
 * Makes the logging configuration what the spec says.
 *
 * Expected flow: 1. nothing to change: done. 2. the claim is written: who holds it, what was there, what is about to
 * be put. 3. AWS is read again; if it moved, the pass is over. 4. Put. 5. AWS is read back.
 *
 * Guarantees: a crash at any point leaves in AWS what the claim calls `written` or `intended`. A configuration that no
 * monitor wrote is replaced only where the spec says so, and saved whole before. Logging is pointed at a group only
 * where nothing stands against it (`obstacle`): masking that is not in force, a role or a bucket that cannot be used.
 *
 * Caveats: AWS has no conditional Put, so a write by others within the last round trip is overwritten.
 */
export async function syncLogging(
  pass: Pass,
  ground: Ground,
  planned: PlannedOf<'InvocationLogging'>,
  obstacle: Trouble | undefined,
): Promise<Result> {
  const head = headOf(planned);
  const { live } = ground;
  const taking = ground.ownership === 'Foreign';
  const untouchable = foreign(pass, ground);
  if (untouchable !== undefined) {
    await hold(pass, ground, {});
    return { ...head, state: 'Failed', trouble: untouchable };
  }
  const wire = wireOf(planned.resource, ground);
  if (isSettled(ground, planned.resource, wire)) {
    const { intended } = ground.held?.claim ?? {};
    const told = intended !== undefined && sameConfiguration(parseConfiguration(intended), live);
    await hold(pass, ground, { previous: priorOf(pass, ground), intended: told ? intended : JSON.stringify(wire) });
    return { ...head, state: 'InSync' };
  }
  const left = leftAsItIs(pass, ground, planned);
  if (left !== undefined) {
    await hold(pass, ground, {});
    return left;
  }
  if (obstacle !== undefined)
    return { ...head, state: obstacle.kind === 'stall' ? 'Failed' : 'Waiting', trouble: obstacle };
  if (isOver(pass)) return { ...head, state: 'Pending', trouble: pending };
  await hold(pass, ground, {
    previous: taking ? JSON.stringify(live) : priorOf(pass, ground),
    ...(ground.ownership === 'Ours' && { written: JSON.stringify(live) }),
    intended: JSON.stringify(wire),
  });
  const drifted = isDrift(pass, ground, planned);
  if (drifted) noteCorrection(pass, loggingRef);
  else pass.ports.memory.rewrites(pass.owner.uid, loggingRef);
  try {
    const before = await observeLogging(pass);
    // What was saved must be all of what is replaced.
    const same = taking ? sameWhole : sameConfiguration;
    if (!same(before?.resource.configuration, live)) {
      throw new Waiting(
        'ConcurrentChange',
        'the invocation logging configuration changed in AWS while it was being replaced',
        { retryAfterMs: 1_000 },
      );
    }
    await pass.handlers.InvocationLogging.apply(loggingResource(wire), taking ? undefined : before, pass.signal);
    if (drifted) noteAccepted(pass, loggingRef);
    const after = await observeLogging(pass);
    const changed = {
      action: taking ? 'adopted' : live === undefined ? 'created' : 'updated',
      changes: changesOf(pass, wire, before?.resource.configuration),
      ...(drifted && { drifted }),
    } as const;
    if (sameConfiguration(after?.resource.configuration, planned.resource.configuration))
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

/** What `syncLogging` would do, without doing it. */
export function reportLogging(
  pass: Pass,
  ground: Ground,
  planned: PlannedOf<'InvocationLogging'>,
  onHold: Trouble,
): Result {
  const head = headOf(planned);
  const untouchable = foreign(pass, ground);
  if (untouchable !== undefined) return { ...head, state: 'Failed', trouble: untouchable };
  const wire = wireOf(planned.resource, ground);
  if (isSettled(ground, planned.resource, wire)) return { ...head, state: 'InSync' };
  const left = leftAsItIs(pass, ground, planned);
  if (left !== undefined) return left;
  const would = ground.live === undefined ? 'Create' : ground.ownership === 'Foreign' ? 'Adopt' : 'Update';
  const drifted = isDrift(pass, ground, planned);
  const changes = changesOf(pass, wire, ground.live);
  return { ...head, state: 'Differs', trouble: onHold, would, changes, ...(drifted && { drifted }) };
}

/**
 * Switches logging off where it delivers, by a configuration that we wrote, to this log group; one that others changed
 * since is ours to put right, unless the spec only wants it reported. Answers the ground as it is then, or what kept us
 * from it; what others wrote is left alone.
 */
export async function stopLogging(pass: Pass, ground: Ground, group: string): Promise<Ground | Trouble> {
  const { ownership } = ground;
  const corrects = driftOf(pass.monitor.spec, 'InvocationLogging') === 'Correct';
  const mayStop = ownership === 'Ours' || (ownership === 'Drifted' && corrects);
  if (logGroupOf(ground.live) !== group || !mayStop) return ground;
  const { intended, written } = ground.held?.claim ?? {};
  const last =
    ownership === 'Ours' ? JSON.stringify(ground.live) : intended === 'none' ? written : (intended ?? written);
  const told = { previous: priorOf(pass, ground), ...(last !== undefined && { written: last }), intended: 'none' };
  const held = await hold(pass, ground, told);
  try {
    const now = await observeLogging(pass);
    if (now === undefined || !sameConfiguration(now.resource.configuration, ground.live)) return { ...ground, held };
    await pass.handlers.InvocationLogging.delete(loggingRef, now, pass.signal);
    pass.ports.memory.rewrites(pass.owner.uid, loggingRef);
    return { ...ground, held, live: undefined, ownership: 'Drifted', stopped: true };
  } catch (error) {
    rethrowIfOver(pass, error);
    return troubleOf(error);
  }
}

function headOf({ part, path }: PlannedOf<'InvocationLogging'>): Pick<Result, 'ref' | 'part' | 'path'> {
  return { ref: loggingRef, part, path };
}

function wireOf({ configuration }: InvocationLogging, { live, ownership }: Ground): LoggingConfiguration {
  return live !== undefined && ownership === 'Foreign'
    ? wireOver(configuration, live)
    : wireConfiguration(configuration, live);
}

/**
 * Ours, if only by the destination, and as wanted: what others changed may be what the spec leaves to them, or was
 * edited to. A flag that AWS made true by itself is sent as false once; AWS may insist.
 */
function isSettled({ live, ownership, held }: Ground, desired: InvocationLogging, wire: LoggingConfiguration): boolean {
  const insisting =
    live !== undefined && unknownModalities(live).length > 0 && held?.claim.intended !== JSON.stringify(wire);
  const isOurs = ownership === 'Ours' || ownership === 'Drifted';
  return isOurs && sameConfiguration(live, desired.configuration) && !insisting;
}

/**
 * Whether it is the doing of others that AWS is not what it was by this very plan. What we wrote once and others put
 * back is no better.
 */
function isDrift(pass: Pass, { stopped, live }: Ground, planned: PlannedOf<'InvocationLogging'>): boolean {
  if (stopped === true || sameConfiguration(live, planned.resource.configuration)) return false;
  return wasInSync(pass, planned);
}

/** Drift that is not put right: it is only reported, or others make it again and again. */
function leftAsItIs(pass: Pass, ground: Ground, planned: PlannedOf<'InvocationLogging'>): Result | undefined {
  if (!isDrift(pass, ground, planned)) return undefined;
  const reports = driftOf(pass.monitor.spec, 'InvocationLogging') === 'Report';
  const trouble = reports ? reportOnly : contended(pass, loggingRef);
  if (trouble === undefined) return undefined;
  const gone = ground.live === undefined ? ({ would: 'Create' } as const) : {};
  const changes = changesOf(pass, wireOf(planned.resource, ground), ground.live);
  return { ...headOf(planned), state: 'Differs', trouble, drifted: true, changes, ...gone };
}

/** What a Put of this changes, the members that this release does not know included. */
function changesOf(pass: Pass, wire: LoggingConfiguration, live: LoggingConfiguration | undefined): readonly Change[] {
  if (live === undefined) return [];
  const changes = pass.handlers.InvocationLogging.diff(loggingResource(wire), loggingAsRead(live));
  const shown = new Set(changes.map(({ path }) => path));
  const unknown = unknownMembers(live).filter((one) => !shown.has(one) && !isDeepStrictEqual(live[one], wire[one]));
  return [...changes, ...unknown.map((one) => ({ path: one, from: live[one], to: wire[one] }))];
}
