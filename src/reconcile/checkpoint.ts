import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { underWay } from '#src/domain/conclude-early.ts';
import type { InventoryEntry } from '#src/domain/inventory.ts';
import { INVENTORY_LIMIT, merge } from '#src/domain/inventory.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import { refKey } from '#src/domain/result.ts';
import { isWriting } from './act.ts';
import type { Looked } from './observe.ts';
import type { Pass } from './pass.ts';
import type { Recovered } from './recover.ts';

/** Persists the finalizer and every reference that is about to be written, before any resource is created. */
export async function checkpoint(pass: Pass, looked: readonly Looked[], found: Recovered): Promise<BedrockMonitor> {
  const { ports, signal, monitor, identity } = pass;
  const held = await ports.records.addFinalizer(monitor, signal);
  const next = foreseen(found.inventory, looked);
  const whole = found.failures.length === 0;
  const recorded = monitor.status?.inventory ?? [];
  const known = monitor.status?.inventoryUID === monitor.metadata.uid || !whole;
  if (known && next.length === recorded.length) return held;
  return ports.records.writeStatus(held, underWay(held, next, whole, identity, ports.clock.now()), signal);
}

/** The inventory with all that is about to be written. */
export function foreseen(inventory: readonly InventoryEntry[], looked: readonly Looked[]): readonly InventoryEntry[] {
  return merge(inventory, looked.flatMap(toWrite));
}

/** What the inventory has no room for waits until deletes have made some. */
export function withinRoom(inventory: readonly InventoryEntry[], looked: readonly Looked[]): readonly Looked[] {
  const known = new Set(inventory.map(refKey));
  let room = INVENTORY_LIMIT - inventory.length;
  return looked.map((one) => {
    if (!toWrite(one).some((ref) => !known.has(refKey(ref)))) return one;
    room -= 1;
    return room >= 0 ? one : { planned: one.planned, trouble: noRoom };
  });
}

const noRoom: Trouble = {
  kind: 'wait',
  reason: 'Progressing',
  message: 'waits until what is no longer declared has been deleted: the inventory is full',
};

/** Ours to write: an update too may find its resource gone when its turn comes. */
function toWrite(looked: Looked): readonly ResourceRef[] {
  if (!('decision' in looked) || !isWriting(looked.decision)) return [];
  const { resource } = looked.planned;
  const { kind, name } = resource;
  const ofOthers = kind === 'InvocationLogging' || (kind === 'LogGroup' && resource.management === 'Unmanaged');
  return ofOthers ? [] : [{ kind, name }];
}
