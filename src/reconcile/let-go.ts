import { id } from '#src/domain/claim.ts';
import { Waiting } from '#src/domain/failure.ts';
import { destinationsOf, parseConfiguration, sameConfiguration } from '#src/domain/logging-configuration.ts';
import type { Ground } from './ground.ts';
import { loggingRef, observeLogging } from './ground.ts';
import type { Pass } from './pass.ts';
import type { HeldClaim } from './ports.ts';

export type LetGo =
  | {
      readonly done: true;
      readonly did: 'nothing' | 'disabled' | 'restored' | 'handed over' | 'left alone';
      readonly message: string;
    }
  | { readonly done: false; readonly message: string };

/**
 * Lets the claim go, because the monitor is deleted or no longer asks. What somebody changed after us is not touched.
 * Where another monitor waits, the holder is emptied and ours stays in AWS until that one has replaced it: no gap. When
 * it is `late`, that is not waited for any longer.
 */
export async function letGo(pass: Pass, ground: Ground, late = false): Promise<LetGo> {
  const me = id(pass.owner);
  const { held, at } = ground;
  if (held === undefined) return { done: true, did: 'nothing', message: '' };
  if (held.claim.holder !== me) {
    const handing = handOver(pass, ground);
    if (handing.done || !late) return handing;
    // Somebody holds the claim and answers for what is in AWS, whatever keeps them from replacing it.
    if (held.claim.holder !== undefined) return { done: true, did: 'handed over', message: '' };
    // Nobody took it: what we wrote is not left behind without anybody to answer for it.
    const retaken = await pass.ports.claims.write(at, { ...held.claim, holder: me }, held, pass.signal);
    return release(pass, { ...ground, held: retaken }, retaken);
  }
  const rivals = pass.ports.neighbours.rivals(pass.owner, at);
  if (rivals.length > 0) {
    const { holder: _, holderUID: __, acquireTime: ___, ...rest } = held.claim;
    await pass.ports.claims.write(at, rest, held, pass.signal);
    if (ground.ownership !== 'Ours') return { done: true, did: 'left alone', message: leftAlone(ground) };
    return {
      done: false,
      message: `invocation logging is being handed over to BedrockMonitor ${id(rivals[0] ?? pass.owner)}`,
    };
  }
  return release(pass, ground, held);
}

async function release(pass: Pass, ground: Ground, held: HeldClaim): Promise<LetGo> {
  const did = await undo(pass, ground);
  await pass.ports.claims.remove(ground.at, held, pass.signal);
  return { done: true, ...did };
}

async function undo(
  pass: Pass,
  ground: Ground,
): Promise<{ did: 'nothing' | 'disabled' | 'restored' | 'left alone'; message: string }> {
  const { live, held } = ground;
  if (live === undefined) return { did: 'nothing', message: '' };
  if (ground.ownership !== 'Ours') return { did: 'left alone', message: leftAlone(ground) };
  const previous = held?.claim.previous;
  if (previous === undefined || previous === 'unknown') {
    return {
      did: 'left alone',
      message:
        'the invocation logging configuration stays in AWS: what was there before this monitor is not known any more',
    };
  }
  const before = await observeLogging(pass);
  if (!sameConfiguration(before?.resource.configuration, live) || before === undefined) {
    throw new Waiting(
      'ConcurrentChange',
      'the invocation logging configuration changed in AWS while it was being removed',
      { retryAfterMs: 1_000 },
    );
  }
  const restored = parseConfiguration(previous);
  if (restored === undefined) {
    await pass.handlers.InvocationLogging.delete(loggingRef, before, pass.signal);
    return { did: 'disabled', message: 'invocation logging was switched off: there was none before this monitor' };
  }
  await pass.handlers.InvocationLogging.apply(
    { kind: 'InvocationLogging', name: 'invocation-logging', configuration: restored },
    before,
    pass.signal,
  );
  return { did: 'restored', message: 'the invocation logging configuration that was there before was put back' };
}

/** We have let go already; done once somebody else's configuration, or an equal one of theirs, is in AWS. */
function handOver(pass: Pass, ground: Ground): LetGo {
  const { held, live } = ground;
  const taken = held?.claim.holder !== undefined && sameConfiguration(live, parseConfiguration(held.claim.intended));
  const waiting = pass.ports.neighbours.rivals(pass.owner, ground.at).length > 0 || held?.claim.holder !== undefined;
  const handing = pass.monitor.status?.invocationLogging?.claimedBy === id(pass.owner) && ground.ownership === 'Ours';
  if (taken || !handing || !waiting) return { done: true, did: 'handed over', message: '' };
  return {
    done: false,
    message: `invocation logging is being handed over to BedrockMonitor ${held?.claim.holder ?? 'that waits for it'}`,
  };
}

function leftAlone(ground: Ground): string {
  return `the invocation logging configuration in AWS (to ${destinationsOf(ground.live).join(' and ') || 'nowhere'}) is not the one this monitor wrote, so it is left as it is`;
}
