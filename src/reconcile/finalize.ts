import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { concludeDeletion, inTime } from '#src/domain/conclude-deletion.ts';
import { concludeBlocked } from '#src/domain/conclude-early.ts';
import { isKnown } from '#src/domain/inventory.ts';
import { modeOf } from '#src/domain/mode.ts';
import type { Farewell, Outcome } from '#src/domain/outcome.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { removeUnderClaim } from './leave-sink.ts';
import { leaveLogging } from './let-go.ts';
import type { Pass } from './pass.ts';
import { beginPass } from './pass.ts';
import type { Lane, Ports } from './ports.ts';
import { inventoryOf } from './recover.ts';
import { everything, leaveAll } from './retain.ts';

/**
 * Takes leave of a monitor that is being deleted, from its inventory and never from its spec: logging is let go, then
 * whatever `deletionPolicy` does not retain is deleted.
 *
 * Guarantees: absent is success. What does not carry our mark is not deleted. In a mode that writes nothing AWS stays
 * as it is. Where everything is retained AWS is not even asked. After the deadline the status says what blocks, and how to force it.
 */
export async function finalize(
  monitor: BedrockMonitor,
  ports: Ports,
  lane: Lane,
  signal: AbortSignal,
): Promise<Outcome> {
  const now = ports.clock.now();
  const forced = monitor.metadata.annotations?.[annotations.forceOrphan] === 'true';
  const writes = modeOf(monitor, now, ports.settings.dryRunAll) === 'Enforce';
  if (forced || !writes) return concludeDeletion({ monitor, now, results: everything(monitor), release: true });
  const waitedMs = now - Date.parse(monitor.metadata.deletionTimestamp ?? '');
  const leftMs = Math.max(0, ports.settings.deletionDeadlineMs - waitedMs);
  try {
    return await takeLeave(monitor, ports, lane, now, leftMs, signal);
  } catch (error) {
    // Past the deadline the status says what blocks, be it Kubernetes that does not let us at the claim.
    if (signal.aborted || leftMs > 0) throw error;
    return concludeDeletion({ monitor, now, results: [], blockedBy: troubleOf(error), leftMs, release: false });
  }
}

async function takeLeave(
  monitor: BedrockMonitor,
  ports: Ports,
  lane: Lane,
  now: number,
  leftMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  if (await leaveAll(monitor, ports, signal))
    return concludeDeletion({ monitor, now, results: everything(monitor), release: true });
  let pass: Pass;
  try {
    pass = await beginPass(monitor, ports, lane, signal);
  } catch (error) {
    if (signal.aborted || leftMs === 0) throw error;
    const blocked = concludeBlocked(monitor, troubleOf(error), now, ports.settings);
    return { ...blocked, next: inTime(blocked.next, leftMs) };
  }
  const gone = await leaveLogging(pass, leftMs === 0);
  const { inventory, failures } = await inventoryOf(pass);
  const results = [...failures, ...(await removeUnderClaim(pass, inventory.filter(isKnown), 'Deletion', leftMs === 0))];
  const blockedBy = firstBlock(gone, results);
  return concludeDeletion({
    monitor,
    now,
    results,
    ...(gone !== undefined && { letGo: gone }),
    ...(blockedBy !== undefined && { blockedBy }),
    leftMs,
    release: blockedBy === undefined,
  });
}

/** What the finalizer still waits for. */
function firstBlock(gone: Farewell | undefined, results: readonly Result[]): Trouble | undefined {
  if (gone?.done === false) return gone.trouble;
  return results.find((result) => result.state !== 'Gone' && result.trouble !== undefined)?.trouble;
}
