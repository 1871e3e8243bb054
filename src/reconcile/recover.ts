import type { InventoryEntry } from '#src/domain/inventory.ts';
import { merge } from '#src/domain/inventory.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import type { Pass } from './pass.ts';

/**
 * What we own. A monitor whose status was lost, restored or made for another uid is looked up in AWS first, by the
 * names it would have given; what is found is no licence, the mark is read before anything is done to it.
 */
export async function inventoryOf(pass: Pass): Promise<readonly InventoryEntry[]> {
  const { status, metadata } = pass.monitor;
  const recorded = status?.inventory ?? [];
  if (status?.inventory !== undefined && status.inventoryUID === metadata.uid) return recorded;
  const finders = Object.values(pass.handlers).map((handler) => handler.find?.(pass.owner, pass.signal) ?? []);
  const found: readonly ResourceRef[] = (await Promise.all(finders)).flat();
  return merge(recorded, found);
}
