import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { id } from '#src/domain/claim.ts';
import { isNotFound } from '#src/kubernetes/api-error.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { claimOf, singletonOf } from '#src/operator/claims.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { KeptClaim } from './left-in-aws.ts';
import type { Selection } from './orphan-options.ts';

/** The selected monitors by namespace and name, and the names of those that are not there. */
export async function findMonitors(
  client: Client,
  selection: Selection,
): Promise<{ readonly found: readonly BedrockMonitor[]; readonly missing: readonly string[] }> {
  if (selection.kind === 'All') {
    const { namespace } = selection;
    try {
      const { items } = await client.list(monitors, namespace === undefined ? {} : { namespace });
      return { found: items.toSorted(byName), missing: [] };
    } catch (error) {
      // The CustomResourceDefinition is gone, and all monitors with it.
      if (isNotFound(error)) return { found: [], missing: [] };
      throw error;
    }
  }
  const found: BedrockMonitor[] = [];
  const missing: string[] = [];
  for (const at of selection.names) {
    try {
      found.push(await client.get(monitors, at));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      missing.push(`${at.namespace}/${at.name}`);
    }
  }
  return { found: found.toSorted(byName), missing };
}

/** The claims in a namespace: all of them, or those that the given monitors hold. None where the namespace is gone. */
export async function readClaims(
  client: Client,
  namespace: string,
  holders?: readonly BedrockMonitor[],
): Promise<readonly KeptClaim[]> {
  const { items } = await client.list(leaseResource, { namespace });
  const names = holders && new Set(holders.map(({ metadata }) => id(metadata)));
  return items
    .toSorted(byName)
    .flatMap((lease) => {
      const at = singletonOf(lease.metadata.name ?? '');
      return at === undefined ? [] : [{ ...at, lease: keyOf(lease), claim: claimOf(lease) }];
    })
    .filter(({ claim: { holder } }) => names === undefined || (holder !== undefined && names.has(holder)));
}

/** By namespace, then name, whatever the language of the machine. */
function byName(a: Parameters<typeof keyOf>[0], b: Parameters<typeof keyOf>[0]): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
