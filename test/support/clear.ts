import { leaseResource } from '#src/kubernetes/lease.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { World } from './world.ts';

/** Removes every monitor, whatever holds it, and every claim: for tests that share one Kubernetes API. */
export async function clear({ client }: World): Promise<void> {
  for (const { metadata } of (await client.list(monitors)).items) {
    const at = { namespace: metadata.namespace, name: metadata.name };
    await client.patch(monitors, at, { type: 'merge', body: { metadata: { finalizers: null } } });
    await client.delete(monitors, at).catch(() => undefined);
  }
  for (const { metadata } of (await client.list(leaseResource)).items)
    await client.delete(leaseResource, { namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
}
