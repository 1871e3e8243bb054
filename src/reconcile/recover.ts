import { specFaults } from '#src/api/validate.ts';
import { isOurs } from '#src/domain/decide.ts';
import type { InventoryEntry } from '#src/domain/inventory.ts';
import { isOfLogs, merge } from '#src/domain/inventory.ts';
import { about, kinds } from '#src/domain/kinds.ts';
import { plan } from '#src/domain/plan.ts';
import type { Kind, ResourceRef } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { factsWithoutReading } from './facts.ts';
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
  const sought = kinds.filter((kind) => isSought(pass, kind)).map((kind) => find(pass, kind));
  const found = await Promise.all([...sought, ...namedBySpec(pass).map((ref) => findOne(pass, ref))]);
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

/**
 * Of a monitor that is deleted, whose spec is not planned again: what is found by the names in the spec only, such as a
 * written `create.name`, or a filter of a log group. Log data and its masking are not looked for: they may stay.
 */
function namedBySpec(pass: Pass): readonly ResourceRef[] {
  const { spec, metadata } = pass.monitor;
  if (metadata.deletionTimestamp === undefined || specFaults(spec).length > 0) return [];
  return plan(spec, factsWithoutReading(pass))
    .resources.map(({ resource: { kind, name } }) => ({ kind, name }))
    .filter((ref) => ref.kind !== 'InvocationLogging' && ref.kind !== 'LoggingBucket' && !isOfLogs(ref));
}

type Found = { readonly refs: readonly ResourceRef[] } | Result;

function find(pass: Pass, kind: Kind): Promise<Found> {
  return unlessRefused(
    pass,
    { kind, name: '*' },
    async () => (await handlerOf(pass, kind).find?.(pass.owner, pass.signal)) ?? [],
  );
}

/** None, if it is not ours. */
function findOne(pass: Pass, ref: ResourceRef): Promise<Found> {
  return unlessRefused(pass, ref, async () => {
    const observed = await handlerOf(pass, ref.kind).observe(ref, 'Always', pass.signal);
    if (observed === undefined || !isOurs(ref, observed, pass.owner, pass.place)) return [];
    return [{ ...ref, ...(observed.id !== undefined && { id: observed.id }) }];
  });
}

async function unlessRefused(
  pass: Pass,
  ref: ResourceRef,
  look: () => Promise<readonly ResourceRef[]>,
): Promise<Found> {
  try {
    return { refs: await look() };
  } catch (error) {
    rethrowIfOver(pass, error);
    const { kind, name } = ref;
    return { ref, part: about[kind].part, path: `${kind}/${name}`, state: 'Waiting', trouble: troubleOf(error) };
  }
}
