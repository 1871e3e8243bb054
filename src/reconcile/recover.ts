import type { InventoryEntry } from '#src/domain/inventory.ts';
import { merge } from '#src/domain/inventory.ts';
import { about, kinds } from '#src/domain/kinds.ts';
import type { Kind, ResourceRef } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { handlerOf, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';

/** What we own, as far as it is known. */
export interface Recovered {
  readonly inventory: readonly InventoryEntry[];
  /** A kind that AWS did not let us look up: its part is not in sync, and the next pass looks again. */
  readonly failures: readonly Result[];
}

/**
 * What we own. A monitor whose status was lost, restored or made for another uid is looked up in AWS first, by the
 * names it would have given; what is found is no licence, the mark is read before anything is done to it.
 */
export async function inventoryOf(pass: Pass): Promise<Recovered> {
  const { status, metadata } = pass.monitor;
  const recorded = status?.inventory ?? [];
  if (status?.inventory !== undefined && status.inventoryUID === metadata.uid)
    return { inventory: recorded, failures: [] };
  const found = await Promise.all(kinds.filter((kind) => isSought(pass, kind)).map((kind) => find(pass, kind)));
  return {
    inventory: merge(
      recorded,
      found.flatMap((one) => ('refs' in one ? one.refs : [])),
    ),
    failures: found.flatMap((one) => ('refs' in one ? [] : [one])),
  };
}

/**
 * Kinds that are never pruned cannot be found and need not be. What few monitors have, and is slow to list or not even
 * permitted, is looked for only by those that ask for that part.
 */
function isSought({ monitor, handlers, ports }: Pass, kind: Kind): boolean {
  if (handlers[kind].find === undefined) return false;
  if (kind === 'LoggingRole') return ports.settings.features.has('LoggingRole');
  if (kind === 'AlarmMuteRule') return monitor.spec.muteRules !== undefined;
  const { part } = about[kind];
  if (part === 'CrossAccount') return monitor.spec.crossAccount !== undefined;
  if (part === 'Logging' || part === 'MetricFilters') return monitor.spec.invocationLogging !== undefined;
  return true;
}

async function find(pass: Pass, kind: Kind): Promise<{ readonly refs: readonly ResourceRef[] } | Result> {
  try {
    return { refs: (await handlerOf(pass, kind).find?.(pass.owner, pass.signal)) ?? [] };
  } catch (error) {
    rethrowIfOver(pass, error);
    return {
      ref: { kind, name: '*' },
      part: about[kind].part,
      path: `${kind}/*`,
      state: 'Waiting',
      trouble: troubleOf(error),
    };
  }
}
