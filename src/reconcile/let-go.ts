import { id, tellsOurs, withoutHolder } from '#src/domain/claim.ts';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { LoggingConfiguration } from '#src/domain/logging-configuration.ts';
import { destinationsOf, parseConfiguration, sameConfiguration, sameWhole } from '#src/domain/logging-configuration.ts';
import type { Farewell } from '#src/domain/outcome.ts';
import { planInvocationLogging } from '#src/domain/plan/invocation-logging.ts';
import { isOfKind } from '#src/domain/plan.ts';
import { loggingDeletion } from '#src/domain/policies.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { knownTrouble } from '#src/domain/result.ts';
import { factsWithoutReading } from './facts.ts';
import type { Ground } from './ground.ts';
import { heldBefore, isTrouble, loggingRef, loggingResource, observeLogging, survey } from './ground.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import type { HeldClaim } from './ports.ts';
import { priorOf } from './prior.ts';
import { HAND_OVER_MS, nameOf, singleton } from './stand.ts';

/**
 * Lets go of invocation logging, because the monitor is deleted or no longer asks; undefined: it does not hold it. The
 * claim is asked for whatever the status says: it is the claim that tells who holds it. `late`: a hand-over is not
 * waited for any longer.
 */
export async function leaveLogging(pass: Pass, late: boolean): Promise<Farewell | undefined> {
  const at = singleton(pass, 'invocation-logging');
  const me = id(pass.owner);
  const held = await pass.ports.claims.read(at, pass.signal);
  if (held?.claim.holder !== me && pass.monitor.status?.invocationLogging?.claimedBy !== me) return undefined;
  const ground = await survey(pass);
  if (isTrouble(ground)) return { done: false, trouble: ground };
  try {
    return await letGo(pass, await reclaimed(pass, ground), late);
  } catch (error) {
    rethrowIfOver(pass, error);
    const trouble = knownTrouble(error);
    if (trouble === undefined) throw error;
    return { done: false, trouble };
  }
}

/** What letting go would do, for a mode that writes nothing; undefined: the monitor does not hold the claim, or asks. */
export async function rehearseLeaving(pass: Pass, hold: Trouble): Promise<Result | undefined> {
  if (pass.monitor.spec.invocationLogging !== undefined) return undefined;
  const at = singleton(pass, 'invocation-logging');
  const held = await pass.ports.claims.read(at, pass.signal);
  if (held?.claim.holder !== id(pass.owner)) return undefined;
  const ground = await survey(pass);
  const head = { ref: loggingRef, part: 'Logging', path: 'invocationLogging', state: 'Differs' } as const;
  if (isTrouble(ground)) return { ...head, trouble: ground };
  const isAwaited = pass.ports.neighbours.rivals(pass.owner, at).length > 0;
  return { ...head, trouble: hold, would: isAwaited ? 'Release' : undoing(pass, ground).would };
}

/**
 * The Lease is gone, or does not say any more what we wrote, but AWS holds what this monitor's spec says and the status
 * of this very monitor says that it held the claim: the claim is made anew from the copy in the status, so that what
 * was there before can still be restored.
 */
async function reclaimed(pass: Pass, ground: Ground): Promise<Ground> {
  const { owner, monitor, ports, signal } = pass;
  const { holder = id(owner) } = ground.held?.claim ?? {};
  if (tellsOurs(ground.held?.claim) || holder !== id(owner)) return ground;
  if (ground.live === undefined || !heldBefore(pass)) return ground;
  const wanted = planInvocationLogging(monitor.spec, factsWithoutReading(pass)).resources?.find((one) =>
    isOfKind(one, 'InvocationLogging'),
  );
  if (wanted === undefined || !sameConfiguration(ground.live, wanted.resource.configuration)) return ground;
  const claim = {
    holder: id(owner),
    holderUID: owner.uid,
    acquireTime: new Date(ports.clock.now()).toISOString(),
    previous: priorOf(pass, ground),
    intended: JSON.stringify(ground.live),
  };
  const held = await ports.claims.write(ground.at, claim, ground.held, signal);
  return { ...ground, held, ownership: 'Ours' };
}

/**
 * What somebody changed after us is not touched. Where another monitor waits, the holder is emptied and ours stays in
 * AWS until that one has replaced it: no gap. Where nobody took it in time, or waits any more, it is taken back: what
 * we wrote is not left behind without anybody to answer for it.
 */
async function letGo(pass: Pass, ground: Ground, late: boolean): Promise<Farewell> {
  const { held, at } = ground;
  if (held === undefined) return done(ground.live === undefined ? '' : leftAlone(ground));
  const { holder } = held.claim;
  const mine = holder === id(pass.owner);
  // Whoever holds the claim answers for what is in AWS, whatever keeps them from replacing it.
  if (holder !== undefined && !mine) return isReplaced(ground) || late ? done('') : handing(holder, pass);
  const [next] = pass.ports.neighbours.rivals(pass.owner, at);
  // What was taken back has no holder's uid: it is not handed over once more.
  const takenBack = mine && held.claim.holderUID === undefined;
  if (next !== undefined && !(late && (takenBack || !mine))) {
    if (mine) await pass.ports.claims.write(at, withoutHolder(held.claim), held, pass.signal);
    return ground.ownership === 'Ours'
      ? handing(id(next), pass)
      : done(ground.live === undefined ? '' : leftAlone(ground));
  }
  const own = mine ? held : await takeBack(pass, ground, held);
  const message = await undo(pass, ground);
  await pass.ports.claims.remove(at, own, pass.signal);
  return done(message);
}

function isReplaced({ ownership, live, held }: Ground): boolean {
  return ownership !== 'Ours' || sameConfiguration(live, parseConfiguration(held?.claim.intended));
}

function takeBack(pass: Pass, { at }: Ground, held: HeldClaim): Promise<HeldClaim> {
  return pass.ports.claims.write(at, { ...held.claim, holder: id(pass.owner) }, held, pass.signal);
}

/** What becomes of the configuration where nobody takes it over: as `deletionPolicy` says, and only if it is ours. */
function undoing(pass: Pass, ground: Ground): Undoing {
  const { live, ownership } = ground;
  const previous = priorOf(pass, ground);
  const policy = loggingDeletion(pass.monitor.spec);
  const saved = parseConfiguration(previous);
  // What we switched off ourselves, because masking failed, was never given up: what was there before is put back.
  const isOff = live === undefined && ground.held?.claim.intended === 'none';
  if (live === undefined && !(isOff && policy === 'Restore' && saved !== undefined))
    return { would: 'Release', message: '' };
  if (policy === 'Restore' && saved !== undefined && sameWhole(live, saved))
    return {
      would: 'Release',
      message: 'the invocation logging configuration in AWS is the one that was there before',
    };
  if (ownership !== 'Ours' && !isOff) return { would: 'Release', message: leftAlone(ground) };
  if (policy === 'Retain')
    return { would: 'Release', message: 'the invocation logging configuration stays in AWS, as deletionPolicy says' };
  if (policy === 'Disable')
    return { would: 'Disable', message: 'invocation logging was switched off, as deletionPolicy says' };
  if (previous === 'none')
    return { would: 'Disable', message: 'invocation logging was switched off: there was none before this monitor' };
  if (saved === undefined) {
    const message =
      'the invocation logging configuration stays in AWS: what was there before this monitor is not known any more';
    return { would: 'Release', message };
  }
  return {
    would: 'Restore',
    saved,
    message: 'the invocation logging configuration that was there before was put back',
  };
}

interface Undoing {
  readonly would: 'Restore' | 'Disable' | 'Release';
  readonly saved?: LoggingConfiguration;
  readonly message: string;
}

/** Does it, and says what was done. */
async function undo(pass: Pass, ground: Ground): Promise<string> {
  const { would, saved, message } = undoing(pass, ground);
  if (would === 'Release') return message;
  const before = await observeLogging(pass);
  if (!sameConfiguration(before?.resource.configuration, ground.live)) {
    throw new Waiting(
      'ConcurrentChange',
      'the invocation logging configuration changed in AWS while it was being removed',
      { retryAfterMs: 1_000 },
    );
  }
  if (saved !== undefined) await restore(pass, saved);
  else if (before !== undefined) await pass.handlers.InvocationLogging.delete(loggingRef, before, pass.signal);
  return message;
}

/** Puts the saved body as it was read. What AWS refuses is said by the member that it refuses. */
async function restore(pass: Pass, saved: LoggingConfiguration): Promise<void> {
  try {
    // As if over nothing: no member of ours is carried over into it.
    await pass.handlers.InvocationLogging.apply(loggingResource(saved), undefined, pass.signal);
  } catch (error) {
    const trouble = knownTrouble(error);
    if (trouble === undefined) throw error;
    const message = `the invocation logging configuration that was there before this monitor cannot be put back, because of its ${memberOf(trouble, saved)}; mend that, or set deletionPolicy.invocationLogging to Disable or Retain: ${trouble.message}`;
    if (trouble.kind === 'stall') throw new Stalled(trouble.reason, message, { cause: error });
    throw new Waiting(trouble.reason, message, {
      cause: error,
      ...(trouble.retryAfterMs !== undefined && { retryAfterMs: trouble.retryAfterMs }),
    });
  }
}

/** The member of a saved configuration that a refusal is about. */
function memberOf({ reason, message }: Trouble, { s3Config, cloudWatchConfig }: LoggingConfiguration): string {
  if (reason === 'RoleNotUsable') return 'cloudWatchConfig.roleArn or cloudWatchConfig.logGroupName';
  if (reason === 'AccessDenied' && message.includes('iam:PassRole')) return 'cloudWatchConfig.roleArn';
  if (reason !== 'BucketNotUsable') return 'loggingConfig';
  return [
    ...(s3Config === undefined ? [] : ['s3Config.bucketName']),
    ...(cloudWatchConfig === undefined ? [] : ['cloudWatchConfig.largeDataDeliveryS3Config.bucketName']),
  ].join(' or ');
}

function handing(to: string, pass: Pass): Farewell {
  const message = `invocation logging is being handed over to ${nameOf(to, pass)}`;
  return { done: false, trouble: { kind: 'wait', reason: 'Progressing', message, retryAfterMs: HAND_OVER_MS } };
}

function done(message: string): Farewell {
  return { done: true, message };
}

function leftAlone({ live, held }: Ground): string {
  const why = held === undefined ? 'is not known to be ours (its claim is gone)' : 'is not the one this monitor wrote';
  return `the invocation logging configuration in AWS (to ${destinationsOf(live).join(' and ') || 'nowhere'}) ${why}, so it is left as it is`;
}
