import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { concludeDeletion } from '#src/domain/conclude-deletion.ts';
import { concludeBlocked } from '#src/domain/conclude-early.ts';
import { isKnown } from '#src/domain/inventory.ts';
import type { Outcome } from '#src/domain/outcome.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { knownTrouble, troubleOf } from '#src/domain/result.ts';
import { isTrouble, survey } from './ground.ts';
import type { LetGo } from './let-go.ts';
import { letGo } from './let-go.ts';
import { rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import { beginPass } from './pass.ts';
import type { Lane, Ports } from './ports.ts';
import { inventoryOf } from './recover.ts';
import { remove, retained } from './remove.ts';

/** Lets a blocked deletion go: what is in AWS stays, and an Event lists it. */
export const forceOrphan = 'bedrockmonitor.io/force-orphan';

/**
 * Takes leave of a monitor that is being deleted, from its inventory and never from its spec: logging is let go, then
 * alarms, dashboards and queries are deleted. Log groups, their data and their masking stay.
 *
 * Guarantees: absent is success. What does not carry our mark is not deleted. A suspended monitor leaves AWS as it is.
 * After the deadline the status says what blocks, and how to force it.
 */
export async function finalize(
  monitor: BedrockMonitor,
  ports: Ports,
  lane: Lane,
  signal: AbortSignal,
): Promise<Outcome> {
  const now = ports.clock.now();
  const stays = (monitor.status?.inventory ?? []).filter(isKnown).map(retained);
  const forced = monitor.metadata.annotations?.[forceOrphan] === 'true';
  if (monitor.spec.suspend === true || forced) return concludeDeletion({ monitor, now, results: stays, release: true });
  const late = now - Date.parse(monitor.metadata.deletionTimestamp ?? '') >= ports.settings.deletionDeadlineMs;
  let pass: Pass;
  try {
    pass = await beginPass(monitor, ports, lane, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return late
      ? concludeDeletion({ monitor, now, results: [], blockedBy: troubleOf(error), late, release: false })
      : concludeBlocked(monitor, troubleOf(error), now);
  }
  const gone = await leaveLogging(pass, late);
  const { inventory, failures } = await inventoryOf(pass);
  const results = [...failures, ...(await remove(pass, inventory.filter(isKnown)))];
  const blockedBy = firstBlock(gone, results);
  return concludeDeletion({
    monitor,
    now,
    results,
    ...(gone !== undefined && !isTrouble(gone) && { letGo: gone }),
    ...(blockedBy !== undefined && { blockedBy }),
    ...(late && { late }),
    release: blockedBy === undefined,
  });
}

/** The claim is asked for whatever the status says: it is the claim that tells who holds it. */
async function leaveLogging(pass: Pass, late: boolean): Promise<LetGo | Trouble | undefined> {
  const at = { accountID: pass.place.accountID, region: pass.place.region };
  const me = `${pass.owner.namespace}/${pass.owner.name}`;
  const held = await pass.ports.claims.read(at, pass.signal);
  if (held?.claim.holder !== me && pass.monitor.status?.invocationLogging?.claimedBy !== me) return undefined;
  const ground = await survey(pass);
  if (isTrouble(ground)) return ground;
  try {
    return await letGo(pass, ground, late);
  } catch (error) {
    rethrowIfOver(pass, error);
    const trouble = knownTrouble(error);
    if (trouble === undefined) throw error;
    return trouble;
  }
}

/** What the finalizer still waits for. */
function firstBlock(gone: LetGo | Trouble | undefined, results: readonly Result[]): Trouble | undefined {
  if (gone !== undefined && isTrouble(gone)) return gone;
  if (gone?.done === false) return { kind: 'wait', reason: 'Progressing', message: gone.message, retryAfterMs: 2_000 };
  return results.find((result) => result.state !== 'Gone')?.trouble;
}
