import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { id, withoutHolder } from '#src/domain/claim.ts';
import { isKnown } from '#src/domain/inventory.ts';
import { loggingDeletion, retainsAll } from '#src/domain/policies.ts';
import type { Result } from '#src/domain/result.ts';
import { loggingRef } from './ground.ts';
import type { Ports, Singleton } from './ports.ts';
import { retained } from './remove.ts';

/** All that a monitor leaves in AWS where nothing of it is deleted. */
export function everything({ metadata, status }: BedrockMonitor): readonly Result[] {
  const { claimedBy, state } = status?.invocationLogging ?? {};
  const logs = state === 'Enabled' && claimedBy === id(metadata) ? [loggingRef] : [];
  return [...(status?.inventory ?? []).filter(isKnown), ...logs].map(retained);
}

/**
 * Where `deletionPolicy` retains all that the monitor may own, the claim is let go and AWS is not asked: a deletion
 * then needs neither credentials nor permissions. Answers whether that was so.
 */
export async function leaveAll(monitor: BedrockMonitor, ports: Ports, signal: AbortSignal): Promise<boolean> {
  const { spec, metadata, status } = monitor;
  if (!retainsAll(spec) || mayDeleteRole(monitor)) return false;
  if (status?.accountID === undefined) return spec.invocationLogging === undefined;
  const place = { accountID: status.accountID, region: spec.region };
  await leaveSink(monitor, place, ports, signal);
  const at = { of: 'invocation-logging', ...place } as const;
  const held = await ports.claims.read(at, signal);
  if (held?.claim.holder !== id(metadata)) return true;
  if (loggingDeletion(spec) !== 'Retain') return false;
  if (ports.neighbours.rivals(metadata, at).length === 0) {
    await ports.claims.remove(at, held, signal);
    return true;
  }
  await ports.claims.write(at, withoutHolder(held.claim), held, signal);
  return true;
}

/** A role that was made, or may have been as far as is known, goes along with logging. */
function mayDeleteRole({ spec, status }: BedrockMonitor): boolean {
  if (loggingDeletion(spec) === 'Retain') return false;
  const { inventory } = status ?? {};
  const asks = spec.invocationLogging?.cloudWatchLogs?.role.create !== undefined;
  return inventory === undefined ? asks : inventory.some(({ kind }) => kind === 'LoggingRole');
}

/** The sink stays, and whoever asks next has the claim. */
async function leaveSink(
  { spec, metadata, status }: BedrockMonitor,
  place: Pick<Singleton, 'accountID' | 'region'>,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const mayHold = spec.crossAccount?.sink !== undefined || status?.inventory?.some(({ kind }) => kind === 'Sink');
  if (mayHold !== true) return;
  const at = { of: 'sink', ...place } as const;
  const held = await ports.claims.read(at, signal);
  if (held?.claim.holder === id(metadata)) await ports.claims.remove(at, held, signal);
}
