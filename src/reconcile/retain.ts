import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { id } from '#src/domain/claim.ts';
import { isKnown } from '#src/domain/inventory.ts';
import { deletionOf, loggingDeletion } from '#src/domain/policies.ts';
import type { Kind, ResourceRef } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';
import type { Ports } from './ports.ts';
import { retained } from './remove.ts';

const kinds: readonly Kind[] = ['LogGroup', 'DataProtectionPolicy', 'MetricAlarm', 'Dashboard', 'QueryDefinition'];
const logging: ResourceRef = { kind: 'InvocationLogging', name: 'invocation-logging' };

/** All that a monitor leaves in AWS where nothing of it is deleted. */
export function everything({ metadata, status }: BedrockMonitor): readonly Result[] {
  const { claimedBy, state } = status?.invocationLogging ?? {};
  const logs = state === 'Enabled' && claimedBy === id(metadata) ? [logging] : [];
  return [...(status?.inventory ?? []).filter(isKnown), ...logs].map(retained);
}

/**
 * Where `deletionPolicy` retains all that the monitor may own, the claim is let go and AWS is not asked: a deletion
 * then needs neither credentials nor permissions. Answers whether that was so.
 */
export async function leaveAll(monitor: BedrockMonitor, ports: Ports, signal: AbortSignal): Promise<boolean> {
  const { spec, metadata, status } = monitor;
  if (kinds.some((kind) => deletionOf(spec, kind) !== 'Retain')) return false;
  if (status?.accountID === undefined) return spec.invocationLogging === undefined;
  const at = { accountID: status.accountID, region: spec.region };
  const held = await ports.claims.read(at, signal);
  if (held?.claim.holder !== id(metadata)) return true;
  if (loggingDeletion(spec) !== 'Retain') return false;
  if (ports.neighbours.rivals(metadata, at).length === 0) {
    await ports.claims.remove(at, held, signal);
    return true;
  }
  // Whoever waits takes it, and what was there before us stays known.
  const { holder: _, holderUID: __, acquireTime: ___, ...rest } = held.claim;
  await ports.claims.write(at, rest, held, signal);
  return true;
}
