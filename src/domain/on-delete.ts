import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { InventoryEntry } from './inventory.ts';
import { isKnown } from './inventory.ts';
import type { Mode } from './mode.ts';
import { deletionOf, loggingDeletion } from './policies.ts';

type OnDelete = NonNullable<BedrockMonitorStatus['onDelete']>;

/** The bound of `status.onDelete.retains`. */
const RETAINS_LIMIT = 20;

/** What deleting the monitor now would do, from what it owns. In a mode that writes nothing all of it stays. */
export function onDelete(
  monitor: BedrockMonitor,
  mode: Mode,
  inventory: readonly InventoryEntry[],
  logging: BedrockMonitorStatus['invocationLogging'],
): OnDelete {
  const goes = (entry: InventoryEntry) =>
    mode === 'Enforce' && isKnown(entry) && deletionOf(monitor.spec, entry.kind) === 'Delete';
  const retains = inventory.filter((entry) => !goes(entry)).map(({ kind, name }) => `${kind}/${name}`);
  const omitted = retains.length - RETAINS_LIMIT;
  const { namespace, name } = monitor.metadata;
  const holds = logging?.claimedBy === `${namespace}/${name}` && logging.state === 'Enabled';
  return {
    deletes: inventory.length - retains.length,
    ...(retains.length > 0 && { retains: retains.slice(0, RETAINS_LIMIT) }),
    ...(omitted > 0 && { retainsOmitted: omitted }),
    ...(holds && { invocationLogging: mode === 'Enforce' ? farewellOf(monitor, logging?.saved) : 'Retain' }),
  };
}

/** Restoring nothing is switching off; what is not known any more cannot be restored. */
function farewellOf({ spec }: BedrockMonitor, saved: string | undefined): 'Restore' | 'Disable' | 'Retain' {
  const policy = loggingDeletion(spec);
  if (policy !== 'Restore' || saved === undefined) return policy;
  return saved === 'none' ? 'Disable' : saved === 'unknown' ? 'Retain' : 'Restore';
}
