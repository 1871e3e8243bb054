import { leaseResource } from '#src/kubernetes/lease.ts';
import type { World } from './world.ts';

/** The Leases of all claims. */
export async function claimNames(world: World): Promise<readonly (string | undefined)[]> {
  return (await world.client.list(leaseResource)).items.map(({ metadata }) => metadata.name);
}
