import { leaseResource } from '#src/kubernetes/lease.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { World } from './world.ts';

/** AWS whole, and of the monitor what does not depend on when and how often. */
export async function endOf(world: World) {
  const leases = await world.client.list(leaseResource);
  const { items } = await world.client.list(monitors);
  return {
    aws: world.aws.snapshot(),
    monitors: items.map(({ metadata, status }) => ({
      name: metadata.name,
      conditions: status?.conditions?.map(({ type, status, reason }) => ({ type, status, reason })),
      inventory: status?.inventory?.map(({ kind, name }) => `${kind}/${name}`).sort(),
    })),
    claims: leases.items.map(({ metadata, spec }) => [metadata.name, spec?.holderIdentity]),
  };
}
