import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { InventoryEntry } from './inventory.ts';
import { isKnown, isOfLogs } from './inventory.ts';
import { logGroupOf, parseConfiguration } from './logging-configuration.ts';
import type { Mode } from './mode.ts';
import type { Feature } from './plan/types.ts';
import { loggingDeletion, staysInAWS } from './policies.ts';

type OnDelete = NonNullable<BedrockMonitorStatus['onDelete']>;

/** The bound of `status.onDelete.retains`. */
const RETAINS_LIMIT = 20;

/**
 * What deleting the monitor now would do, from what it owns. In a mode that writes nothing all of it stays, and so does
 * a logging configuration that others `changed`. `features`: without the one that made it a role stays.
 */
export function onDelete(
  monitor: BedrockMonitor,
  mode: Mode,
  inventory: readonly InventoryEntry[],
  logging: BedrockMonitorStatus['invocationLogging'],
  features: ReadonlySet<Feature>,
  changed = false,
): OnDelete {
  const { spec, metadata } = monitor;
  const holds = logging?.claimedBy === `${metadata.namespace}/${metadata.name}` && logging.state === 'Enabled';
  const isLeft = mode !== 'Enforce' || changed;
  const farewell = !holds ? undefined : isLeft ? 'Retain' : farewellOf(monitor, logging.saved);
  const receiving = deliveredAfter(farewell, logging);
  const goes = (entry: InventoryEntry) => {
    if (mode !== 'Enforce' || !isKnown(entry) || staysInAWS(spec, entry, false)) return false;
    // The configuration that stays is delivered to with the role.
    if (entry.kind === 'LoggingRole' && (farewell === 'Retain' || !features.has('LoggingRole'))) return false;
    return !isOfLogs(entry) || entry.name !== receiving;
  };
  const groups = new Set(inventory.filter((one) => one.kind === 'LogGroup' && goes(one)).map(({ name }) => name));
  // A masking policy goes with its group.
  const stays = (one: InventoryEntry) => !goes(one) && !(one.kind === 'DataProtectionPolicy' && groups.has(one.name));
  const retains = inventory.filter(stays).map(({ kind, name }) => `${kind}/${name}`);
  const omitted = retains.length - RETAINS_LIMIT;
  return {
    deletes: inventory.length - retains.length,
    ...(retains.length > 0 && { retains: retains.slice(0, RETAINS_LIMIT) }),
    ...(omitted > 0 && { retainsOmitted: omitted }),
    ...(farewell !== undefined && { invocationLogging: farewell }),
  };
}

/** The log group that Bedrock delivers to once logging is let go: neither it nor its masking goes. */
function deliveredAfter(
  farewell: OnDelete['invocationLogging'],
  logging: BedrockMonitorStatus['invocationLogging'],
): string | undefined {
  if (farewell === 'Disable') return undefined;
  return farewell === 'Restore' ? logGroupOf(parseConfiguration(logging?.saved)) : logging?.logGroupName;
}

/** Restoring nothing is switching off; what is not known any more cannot be restored. */
function farewellOf({ spec }: BedrockMonitor, saved: string | undefined): 'Restore' | 'Disable' | 'Retain' {
  const policy = loggingDeletion(spec);
  if (policy !== 'Restore' || saved === undefined) return policy;
  return saved === 'none' ? 'Disable' : saved === 'unknown' ? 'Retain' : 'Restore';
}
