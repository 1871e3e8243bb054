import { id, isReadable } from '#src/domain/claim.ts';
import type { LoggingFindings } from '#src/domain/conclude.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import type { Ground } from './ground.ts';
import { isTrouble, observeLogging } from './ground.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';

/** Reads AWS once more where the pass did not leave it in sync. A monitor without the claim says only who has it. */
export async function view(pass: Pass, ground: Ground | Trouble, results: readonly Result[]): Promise<LoggingFindings> {
  const result = results.find(({ ref }) => ref.kind === 'InvocationLogging');
  if (isTrouble(ground)) return { state: 'Unknown', ...keptBefore(pass) };
  if (ground.standing.kind === 'Conflict') return who(ground.standing.holder, pass);
  if (ground.standing.kind === 'Behind') return {};
  try {
    const claimed = await claimOf(pass, ground, result);
    const live =
      result?.state === 'InSync' && result.action === undefined
        ? ground.live
        : (await observeLogging(pass))?.resource.configuration;
    if (live === undefined) return { state: 'Disabled', ...claimed };
    const group = logGroupOf(live);
    const taken = result?.action === 'adopted' && result.state === 'InSync';
    const state = ground.ownership === 'Foreign' && !taken ? 'Foreign' : 'Enabled';
    return { state, ...(group !== undefined && { logGroupName: group }), ...claimed };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { state: 'Unknown', ...keptBefore(pass) };
  }
}

/** Who holds the claim, and what it keeps. The Lease is read again only where this pass may have written it. */
async function claimOf(pass: Pass, { at, held }: Ground, result: Result | undefined): Promise<LoggingFindings> {
  const rests = result?.state === 'InSync' && result.action === undefined && isReadable(held?.claim.previous);
  const mine = held?.claim.holder === id(pass.owner);
  const now = pass.mode !== 'Enforce' || (rests && mine) ? held : await pass.ports.claims.read(at, pass.signal);
  if (now === undefined) return keptBefore(pass);
  const { holder, previous } = now.claim;
  if (holder !== id(pass.owner)) return holder === undefined ? {} : who(holder, pass);
  return { claimedBy: holder, ...(previous !== undefined && { saved: previous }) };
}

/** What the status of this very monitor says: where the Lease is gone, nothing else knows any more what was there before. */
function keptBefore({ monitor, owner }: Pass): LoggingFindings {
  const { inventoryUID, invocationLogging: { claimedBy, saved } = {} } = monitor.status ?? {};
  if (inventoryUID !== owner.uid || claimedBy !== id(owner)) return {};
  return { claimedBy, ...(saved !== undefined && { saved }) };
}

/** Monitors of other namespaces may have to stay nameless. */
function who(holder: string, { owner, ports }: Pass): LoggingFindings {
  const hidden = ports.settings.hideForeignNames && holder.split('/')[0] !== owner.namespace;
  return hidden ? {} : { claimedBy: holder };
}
