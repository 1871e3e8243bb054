import type { Planned } from './plan.ts';
import type { Kind, ResourceRef } from './resource.ts';
import { refKey } from './result.ts';

/** An entry as the status keeps it: `kind` is a plain string, so that an older operator keeps what a newer one wrote. */
export interface InventoryEntry {
  readonly kind: string;
  readonly name: string;
  readonly id?: string;
}

/** The bound of the list in the CRD. */
export const INVENTORY_LIMIT = 1000;

const kinds = {
  LogGroup: true,
  DataProtectionPolicy: true,
  InvocationLogging: true,
  MetricAlarm: true,
  Dashboard: true,
  QueryDefinition: true,
} as const satisfies Record<Kind, true>;

/** Logs and their masking: they outlive the spec and the monitor that made them, unless `Delete` is written. */
const ofLogs: ReadonlySet<Kind> = new Set(['LogGroup', 'DataProtectionPolicy']);

export function isKnown(entry: InventoryEntry): entry is ResourceRef {
  return Object.hasOwn(kinds, entry.kind);
}

export function isOfLogs(ref: ResourceRef): boolean {
  return ofLogs.has(ref.kind);
}

/** Entries of `inventory` and then those of `more` that it lacks; a newer id wins. */
export function merge(inventory: readonly InventoryEntry[], more: readonly ResourceRef[]): readonly InventoryEntry[] {
  const byKey = new Map(inventory.map((entry) => [`${entry.kind}/${entry.name}`, entry]));
  for (const ref of more) {
    const id = ref.id ?? byKey.get(refKey(ref))?.id;
    byKey.set(refKey(ref), { kind: ref.kind, name: ref.name, ...(id !== undefined && { id }) });
  }
  return [...byKey.values()];
}

/** `inventory` without the named entries. */
export function without(inventory: readonly InventoryEntry[], gone: readonly ResourceRef[]): readonly InventoryEntry[] {
  const keys = new Set(gone.map(refKey));
  return inventory.filter((entry) => !keys.has(`${entry.kind}/${entry.name}`));
}

/** What the spec no longer names. Entries of kinds that this release does not know are left for the one that does. */
export function leftovers(inventory: readonly InventoryEntry[], planned: readonly Planned[]): readonly ResourceRef[] {
  const wanted = new Set(planned.map(({ resource }) => refKey(resource)));
  return inventory.filter(isKnown).filter((entry) => !wanted.has(refKey(entry)));
}
