import { holdOf } from '#src/domain/hold.ts';
import { leftovers } from '#src/domain/inventory.ts';
import type { Mode } from '#src/domain/mode.ts';
import { isOfKind } from '#src/domain/plan.ts';
import type { Preview } from '#src/domain/preview.ts';
import { previewOf } from '#src/domain/preview.ts';
import type { Result } from '#src/domain/result.ts';
import { report } from './act.ts';
import { rehearseLeaving } from './let-go.ts';
import { reportLogging } from './logging.ts';
import type { Pass } from './pass.ts';
import { withObstacles } from './preflight.ts';
import { removal } from './remove.ts';
import type { Scene } from './scene.ts';

/** What a pass would do if it might write. */
export interface Rehearsal {
  readonly results: readonly Result[];
  readonly preview: Preview;
}

/** Says what would be done, and does nothing: for the modes Plan and Observe, and during a pause. */
export async function rehearse(pass: Pass, mode: Exclude<Mode, 'Enforce'>, scene: Scene): Promise<Rehearsal> {
  const hold = holdOf(mode);
  const { plan, usable, inventory } = scene;
  const logging = plan.resources.find((one) => isOfKind(one, 'InvocationLogging'));
  const leaving = await rehearseLeaving(pass, hold);
  const results = withObstacles(
    [
      ...scene.looked.map((one) => report(one, hold)),
      ...(logging === undefined || usable === undefined ? [] : [reportLogging(pass, usable, logging, hold)]),
      ...(leaving === undefined ? [] : [leaving]),
      ...(await Promise.all(leftovers(inventory, plan).map((ref) => removal(pass, ref, 'Pruning', hold)))),
    ],
    plan,
    scene.obstacles,
  );
  const { uid, generation = 0 } = pass.monitor.metadata;
  const lastApplied = pass.monitor.status?.plan?.lastApplied;
  return { results, preview: previewOf(results, { uid, generation, lastApplied }) };
}
