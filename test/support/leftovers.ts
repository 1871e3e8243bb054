import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { features } from '#src/domain/plan/types.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { surround, surroundingAccess, surroundings } from './arbitrary/surroundings.ts';
import type { World } from './world.ts';
import { ACCOUNT, createWorld, REGION } from './world.ts';

const deleting = {
  deletionPolicy: { default: 'Delete', dataProtection: 'Delete', logGroup: 'Delete', invocationLogging: 'Disable' },
} as const;

/** What a monitor leaves behind that is deleted with everything: AWS before and after, the monitor, and the claims. */
export async function leftoversOf(spec: BedrockMonitorSpec) {
  const world = await createWorld({ settings: { features: new Set(features) } });
  try {
    surround(world.aws, world.clock.now());
    world.access = surroundingAccess;
    const before = whole(world);
    await world.apply('production', { ...spec, ...deleting });
    await world.settle('production');
    await world.clock.advance(60_000);
    await world.settle('production');
    await world.remove('production');
    const monitor = await world.settle('production');
    const { items } = await world.client.list(leaseResource);
    return { before, after: whole(world), monitor, claims: items.map(({ metadata }) => metadata.name) };
  } finally {
    await world.close();
  }
}

/**
 * Without made buckets and what was delivered, which stay, and models that CloudWatch made by itself and nobody tuned; a
 * policy that is gone is none.
 */
function whole({ aws }: World) {
  const region = aws.account(ACCOUNT).region(REGION);
  for (const [name, { configuration }] of region.anomalyDetectors)
    if (Object.keys(configuration).length === 0) region.anomalyDetectors.delete(name);
  for (const group of region.logGroups.values()) {
    if (group.dataProtectionStatus === 'DELETED') group.dataProtectionStatus = undefined;
    group.streams.clear();
  }
  const theirs: readonly string[] = surroundings.buckets;
  for (const name of aws.world.buckets.keys()) if (!theirs.includes(name)) aws.world.buckets.delete(name);
  for (const { objects } of aws.world.buckets.values()) objects.clear();
  return aws.snapshot();
}
