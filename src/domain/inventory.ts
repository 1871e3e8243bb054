import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { about, isKind } from './kinds.ts';
import type { Plan } from './plan.ts';
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

/** Logs and their masking: they outlive the spec and the monitor that made them, unless `Delete` is written. */
const ofLogs: ReadonlySet<Kind> = new Set(['LogGroup', 'DataProtectionPolicy']);

/** What is attached to a log group, a few of each. */
const attached: ReadonlySet<Kind> = new Set([
  'MetricFilter',
  'SubscriptionFilter',
  'FieldIndexPolicy',
  'LogAnomalyDetector',
]);

/** What others may go on with when the monitor that made it is gone: logs, and what Bedrock delivers with. */
const outliving: ReadonlySet<Kind> = new Set([...ofLogs, 'LoggingRole', 'LoggingBucket']);

export function isKnown(entry: InventoryEntry): entry is ResourceRef {
  return isKind(entry.kind);
}

export function isOfLogs(ref: ResourceRef): boolean {
  return ofLogs.has(ref.kind);
}

export function isAttached(ref: ResourceRef): boolean {
  return attached.has(ref.kind);
}

/** Whether it may outlive the monitor that made it. */
export function outlives(ref: ResourceRef): boolean {
  return outliving.has(ref.kind);
}

/**
 * What the status says that this monitor owns, as `kind/name`: the mark of what AWS cannot mark. Undefined where there is
 * no inventory, or one of another uid.
 */
export function ownedBy({ metadata, status }: BedrockMonitor): ReadonlySet<string> | undefined {
  if (status?.inventory === undefined || status.inventoryUID !== metadata.uid) return undefined;
  return new Set(status.inventory.map(refKey));
}

/** Entries of `inventory` and then those of `more` that it lacks; a newer id wins. */
export function merge(inventory: readonly InventoryEntry[], more: readonly ResourceRef[]): readonly InventoryEntry[] {
  const byKey = new Map(inventory.map((entry) => [refKey(entry), entry]));
  for (const ref of more) {
    const id = ref.id ?? byKey.get(refKey(ref))?.id;
    byKey.set(refKey(ref), { kind: ref.kind, name: ref.name, ...(id !== undefined && { id }) });
  }
  return [...byKey.values()];
}

/** `inventory` without the named entries. */
export function without(inventory: readonly InventoryEntry[], gone: readonly ResourceRef[]): readonly InventoryEntry[] {
  const keys = new Set(gone.map(refKey));
  return inventory.filter((entry) => !keys.has(refKey(entry)));
}

/**
 * What the spec no longer names, but for parts of which the plan is not known. Entries of kinds that this release does
 * not know are left for the one that does.
 */
export function leftovers(inventory: readonly InventoryEntry[], { resources, keep }: Plan): readonly ResourceRef[] {
  const wanted = new Set(resources.map(({ resource }) => refKey(resource)));
  return inventory
    .filter(isKnown)
    .filter((entry) => !wanted.has(refKey(entry)) && !keep.includes(about[entry.kind].part));
}
