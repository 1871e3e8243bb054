import { id } from '#src/domain/claim.ts';
import { Waiting } from '#src/domain/failure.ts';
import { destinationsOf, parseConfiguration, sameConfiguration } from '#src/domain/logging-configuration.ts';
import type { Farewell } from '#src/domain/outcome.ts';
import { knownTrouble } from '#src/domain/result.ts';
import type { Ground } from './ground.ts';
import { isTrouble, loggingRef, observeLogging, survey } from './ground.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import type { HeldClaim } from './ports.ts';

/** How often a hand-over is looked at: nothing tells the one that lets go when the other has replaced it. */
const HAND_OVER_MS = 5_000;

/**
 * Lets go of invocation logging, because the monitor is deleted or no longer asks; undefined: it does not hold it. The
 * claim is asked for whatever the status says: it is the claim that tells who holds it. `late`: a hand-over is not
 * waited for any longer.
 */
export async function leaveLogging(pass: Pass, late: boolean): Promise<Farewell | undefined> {
  const at = { accountID: pass.place.accountID, region: pass.place.region };
  const me = id(pass.owner);
  const held = await pass.ports.claims.read(at, pass.signal);
  if (held?.claim.holder !== me && pass.monitor.status?.invocationLogging?.claimedBy !== me) return undefined;
  const ground = await survey(pass);
  if (isTrouble(ground)) return { done: false, trouble: ground };
  try {
    return await letGo(pass, ground, late);
  } catch (error) {
    rethrowIfOver(pass, error);
    const trouble = knownTrouble(error);
    if (trouble === undefined) throw error;
    return { done: false, trouble };
  }
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
  if (holder !== undefined && !mine) return isReplaced(ground) || late ? done('') : handing(holder);
  const [next] = pass.ports.neighbours.rivals(pass.owner, at);
  if (next !== undefined && (mine || !late)) {
    if (mine) await empty(pass, ground, held);
    return ground.ownership === 'Ours' ? handing(id(next)) : done(leftAlone(ground));
  }
  const own = mine ? held : await takeBack(pass, ground, held);
  const message = await undo(pass, ground);
  await pass.ports.claims.remove(at, own, pass.signal);
  return done(message);
}

function isReplaced({ ownership, live, held }: Ground): boolean {
  return ownership !== 'Ours' || sameConfiguration(live, parseConfiguration(held?.claim.intended));
}

async function empty(pass: Pass, { at }: Ground, held: HeldClaim): Promise<void> {
  const { holder: _, holderUID: __, acquireTime: ___, ...rest } = held.claim;
  await pass.ports.claims.write(at, rest, held, pass.signal);
}

function takeBack(pass: Pass, { at }: Ground, held: HeldClaim): Promise<HeldClaim> {
  return pass.ports.claims.write(at, { ...held.claim, holder: id(pass.owner) }, held, pass.signal);
}

/** Puts back what was there before us, and says what was done. */
async function undo(pass: Pass, ground: Ground): Promise<string> {
  const { live, held } = ground;
  if (live === undefined) return '';
  if (ground.ownership !== 'Ours') return leftAlone(ground);
  const { previous } = held?.claim ?? {};
  const restored = parseConfiguration(previous);
  if (previous !== 'none' && restored === undefined)
    return 'the invocation logging configuration stays in AWS: what was there before this monitor is not known any more';
  const before = await observeLogging(pass);
  if (before === undefined || !sameConfiguration(before.resource.configuration, live)) {
    throw new Waiting(
      'ConcurrentChange',
      'the invocation logging configuration changed in AWS while it was being removed',
      { retryAfterMs: 1_000 },
    );
  }
  if (restored === undefined) {
    await pass.handlers.InvocationLogging.delete(loggingRef, before, pass.signal);
    return 'invocation logging was switched off: there was none before this monitor';
  }
  await pass.handlers.InvocationLogging.apply(
    { kind: 'InvocationLogging', name: 'invocation-logging', configuration: restored },
    before,
    pass.signal,
  );
  return 'the invocation logging configuration that was there before was put back';
}

function handing(to: string): Farewell {
  const message = `invocation logging is being handed over to BedrockMonitor ${to}`;
  return { done: false, trouble: { kind: 'wait', reason: 'Progressing', message, retryAfterMs: HAND_OVER_MS } };
}

function done(message: string): Farewell {
  return { done: true, message };
}

function leftAlone({ live, held }: Ground): string {
  const why = held === undefined ? 'is not known to be ours (its claim is gone)' : 'is not the one this monitor wrote';
  return `the invocation logging configuration in AWS (to ${destinationsOf(live).join(' and ') || 'nowhere'}) ${why}, so it is left as it is`;
}
