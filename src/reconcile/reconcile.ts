import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { conclude } from '#src/domain/conclude.ts';
import { concludeBlocked } from '#src/domain/conclude-early.ts';
import { estimatedMonthlyCost } from '#src/domain/cost.ts';
import { notApproved } from '#src/domain/hold.ts';
import type { InventoryEntry } from '#src/domain/inventory.ts';
import { suspendedUntilMs } from '#src/domain/mode.ts';
import type { Farewell, Outcome } from '#src/domain/outcome.ts';
import type { Result } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import { approvalOf, isApproved, remainder } from './approval.ts';
import { checkpoint, foreseen } from './checkpoint.ts';
import { watchDeliveries } from './deliveries.ts';
import { enforce } from './enforce.ts';
import { finalize } from './finalize.ts';
import { isLate } from './lateness.ts';
import { leaveLogging, rehearseLeaving } from './let-go.ts';
import { view } from './logging-view.ts';
import type { Pass } from './pass.ts';
import { beginPass } from './pass.ts';
import type { Lane, Ports } from './ports.ts';
import { rehearse } from './rehearse.ts';
import type { Scene } from './scene.ts';
import { see } from './scene.ts';

/**
 * One pass over one monitor: gather facts, plan, observe, decide, act, conclude.
 *
 * Guarantees: AWS is written only for what differs and is ours, in mode Enforce or by an approved plan; every reference
 * is persisted before its resource is created; one part that fails does not hold up the others; what is said to be in
 * sync was read back.
 *
 * Assumptions: one pass at a time per monitor, and a `monitor` that is not older than our own last write to it.
 *
 * Errors: only a conflicting write to Kubernetes, and the abort of `signal`, are thrown; whatever AWS says becomes a
 * condition.
 */
export async function reconcile(
  monitor: BedrockMonitor,
  ports: Ports,
  lane: Lane,
  signal: AbortSignal,
): Promise<Outcome> {
  if (monitor.metadata.deletionTimestamp !== undefined) return finalize(monitor, ports, lane, signal);
  let pass: Pass;
  try {
    pass = await beginPass(monitor, ports, lane, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return concludeBlocked(monitor, troubleOf(error), ports.clock.now(), ports.settings);
  }
  const scene = await see(pass);
  const { mode } = pass;
  const rehearsal = mode === 'Enforce' ? undefined : await rehearse(pass, mode, scene);
  const approval = rehearsal && approvalOf(pass, rehearsal.preview);
  const acting = approval === undefined ? pass : ({ ...pass, mode: 'Enforce', approval } as const);
  const done: Done =
    rehearsal !== undefined && approval === undefined
      ? { monitor, inventory: scene.inventory, results: rehearsal.results }
      : await perform(acting, scene);
  remember(pass, scene, done.results);
  const logging = scene.ground && (await view(acting, scene.ground, done.results));
  const delivering = logging && (await watchDeliveries(acting, logging, scene.plan));
  const requestedAt = monitor.metadata.annotations?.[annotations.reconcileRequestedAt];
  const pauseEndsMs = suspendedUntilMs(monitor, ports.clock.now());
  return conclude({
    monitor: done.monitor,
    now: ports.clock.now(),
    mode,
    identity: pass.identity,
    fresh: pass.fresh,
    plan: scene.plan,
    results: [...scene.failures, ...done.results],
    inventory: done.inventory,
    cost: estimatedMonthlyCost(scene.plan, ports.settings.prices, ports.settings.resyncMs),
    features: ports.settings.features,
    recovered: scene.failures.length === 0,
    ...(logging !== undefined && { logging }),
    ...(delivering !== undefined && { delivering }),
    ...(done.letGo !== undefined && { letGo: done.letGo }),
    ...(rehearsal !== undefined && {
      preview: approval ? remainder(pass, rehearsal, approval, done) : rehearsal.preview,
    }),
    ...(requestedAt !== undefined && { requestedAt }),
    ...(pauseEndsMs !== undefined && { pauseEndsMs }),
  });
}

interface Done {
  /** As last written. */
  readonly monitor: BedrockMonitor;
  readonly inventory: readonly InventoryEntry[];
  readonly results: readonly Result[];
  readonly letGo?: Farewell;
}

/** Persists what is about to be made, and makes AWS match. */
async function perform(pass: Pass, scene: Scene): Promise<Done> {
  const monitor = await checkpoint(pass, scene.looked, scene);
  const inventory = foreseen(scene.inventory, scene.looked);
  const results = await enforce(pass, scene, inventory);
  const letGo = await letGoUnasked(pass);
  return { monitor, inventory, results, ...(letGo !== undefined && { letGo }) };
}

/** A monitor that no longer asks for logging, but still holds the claim, lets it go; in time, like a deletion. */
async function letGoUnasked(pass: Pass): Promise<Farewell | undefined> {
  if (pass.monitor.spec.invocationLogging !== undefined) return undefined;
  const leaving = pass.approval && (await rehearseLeaving(pass, notApproved));
  if (leaving !== undefined && !isApproved(pass, leaving)) return undefined;
  return leaveLogging(pass, isLate(pass));
}

/** What was in sync, or was and only drifted: by this later passes tell the doing of others from an edit. */
function remember({ ports, owner }: Pass, { plan }: Scene, results: readonly Result[]): void {
  const seen = new Set(
    results
      .filter(({ state, drifted }) => state === 'InSync' || (state === 'Differs' && drifted === true))
      .map(({ ref }) => refKey(ref)),
  );
  const planned = plan.resources.map(({ resource }) => resource);
  ports.memory.sawInSync(
    owner.uid,
    planned.filter((one) => seen.has(refKey(one))),
    planned,
  );
}
