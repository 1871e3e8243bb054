import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { concludeDeletion } from '#src/domain/conclude-deletion.ts';
import { concludeBlocked } from '#src/domain/conclude-early.ts';
import { isKnown } from '#src/domain/inventory.ts';
import type { Farewell, Outcome } from '#src/domain/outcome.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { leaveLogging } from './let-go.ts';
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
    ...(gone !== undefined && { letGo: gone }),
    ...(blockedBy !== undefined && { blockedBy }),
    ...(late && { late }),
    release: blockedBy === undefined,
  });
}

/** What the finalizer still waits for. */
function firstBlock(gone: Farewell | undefined, results: readonly Result[]): Trouble | undefined {
  if (gone?.done === false) return gone.trouble;
  return results.find((result) => result.state !== 'Gone')?.trouble;
}
