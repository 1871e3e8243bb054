import type { InventoryEntry } from '#src/domain/inventory.ts';
import { isAttached, leftovers } from '#src/domain/inventory.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import { splitOnGroup } from '#src/domain/names.ts';
import type { Plan } from '#src/domain/plan.ts';
import { isOfKind } from '#src/domain/plan.ts';
import type { ResourceRef } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';
import { act } from './act.ts';
import { enforceLogging } from './enforce-logging.ts';
import { isLate } from './lateness.ts';
import { removeUnderClaim } from './leave-sink.ts';
import type { Pass } from './pass.ts';
import { withObstacles } from './preflight.ts';
import { kept, remove } from './remove.ts';
import type { Scene } from './scene.ts';
import { isOnClaim } from './scene.ts';
import { holdSink } from './sink-claim.ts';
import { split } from './split.ts';

/** Order in a slice: masking, logging, deletes, then alarms, dashboards and queries. */
export async function enforce(
  pass: Pass,
  scene: Scene,
  inventory: readonly InventoryEntry[],
): Promise<readonly Result[]> {
  const [shared, own] = split(scene.looked, ({ planned }) => isOnClaim(planned));
  const [now, last] = split(
    leftovers(inventory, scene.plan),
    (ref) => ref.kind !== 'AnomalyDetector' && !isPerhapsWatched(ref, scene.plan),
  );
  const late = isLate(pass);
  const held = scene.sink && (await holdSink(pass, scene.sink, []));
  // AWS takes a few filters for each log group: those that left the spec make room.
  const [attached, others] = split(now, isAttached);
  const [fed, freeing] = split(attached, (ref) => isStillFed(pass, scene, ref));
  const freed = await remove(pass, freeing, 'Pruning');
  const logging = await enforceLogging(pass, scene, shared);
  const hasMoved = logging.some(({ ref, state }) => ref.kind === 'InvocationLogging' && state === 'InSync');
  const left = hasMoved ? await remove(pass, fed, 'Pruning') : fed.map(kept);
  const removed = await removeUnderClaim(pass, others, 'Pruning', late);
  const acted = await act(pass, own);
  if (held !== undefined) await holdSink(pass, held, acted);
  const results = [...freed, ...left, ...logging, ...removed, ...acted, ...(await remove(pass, last, 'Pruning'))];
  return withObstacles(results, scene.plan, scene.obstacles);
}

/** What stands on a group that Bedrock delivers to goes on there until Bedrock delivers to the one that is declared. */
function isStillFed({ monitor }: Pass, { usable }: Scene, { name }: ResourceRef): boolean {
  const group = usable?.ownership === 'Ours' ? logGroupOf(usable.live) : undefined;
  if (group === undefined || group === monitor.spec.invocationLogging?.cloudWatchLogs?.logGroup.name) return false;
  return splitOnGroup(name).logGroup === group;
}

/** An alarm that left the spec may still be named by a composite: AWS has that one changed first. */
function isPerhapsWatched(ref: ResourceRef, { resources }: Plan): boolean {
  const isChild = ref.kind === 'MetricAlarm' || ref.kind === 'LogAlarm' || ref.kind === 'CompositeAlarm';
  const isReplaced = resources.some(({ resource }) => resource.name === ref.name);
  return isChild && !isReplaced && resources.some((one) => isOfKind(one, 'CompositeAlarm'));
}
