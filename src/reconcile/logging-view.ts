import { id } from '#src/domain/claim.ts';
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
  if (isTrouble(ground)) return { state: 'Unknown' };
  if (ground.standing.kind === 'Conflict') return { claimedBy: ground.standing.holder };
  if (ground.standing.kind === 'Behind') return {};
  const holder = pass.monitor.spec.suspend === true ? ground.held?.claim.holder : id(pass.owner);
  const claimedBy = holder === undefined ? {} : { claimedBy: holder };
  try {
    const live =
      result?.state === 'InSync' && result.action === undefined
        ? ground.live
        : (await observeLogging(pass))?.resource.configuration;
    if (live === undefined) return { state: 'Disabled', ...claimedBy };
    const group = logGroupOf(live);
    const state = ground.ownership === 'Foreign' ? 'Foreign' : 'Enabled';
    return { state, ...(group !== undefined && { logGroupName: group }), ...claimedBy };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { state: 'Unknown', ...claimedBy };
  }
}
