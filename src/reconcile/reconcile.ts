import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { conclude } from '#src/domain/conclude.ts';
import { concludeBlocked } from '#src/domain/conclude-early.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import type { Farewell, Outcome } from '#src/domain/outcome.ts';
import type { Fact, Plan, Planned } from '#src/domain/plan.ts';
import { isOfKind, plan } from '#src/domain/plan.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { troubleOf } from '#src/domain/result.ts';
import { report } from './act.ts';
import { checkpoint, foreseen, withinRoom } from './checkpoint.ts';
import { enforce } from './enforce.ts';
import { finalize } from './finalize.ts';
import type { Ground } from './ground.ts';
import { conflict, isTrouble, observeLogging, rebuilt, survey } from './ground.ts';
import { leaveLogging } from './let-go.ts';
import { reportLogging } from './logging.ts';
import { view } from './logging-view.ts';
import type { Looked } from './observe.ts';
import { lookAtAll, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import { beginPass } from './pass.ts';
import type { Lane, Ports } from './ports.ts';
import type { Recovered } from './recover.ts';
import { inventoryOf } from './recover.ts';

/**
 * One pass over one monitor: gather facts, plan, observe, decide, act, conclude.
 *
 * Guarantees: AWS is written only for what differs and is ours; every reference is persisted before its resource is
 * created; one part that fails does not hold up the others; what is said to be in sync was read back.
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
    return concludeBlocked(monitor, troubleOf(error), ports.clock.now());
  }
  const found = await gather(pass);
  const ground = await groundOf(pass, found.plan);
  const blocked = ground && (isTrouble(ground) ? ground : conflict(ground));
  const looked = withinRoom(found.inventory, await lookAround(pass, found, blocked));
  const suspended = monitor.spec.suspend === true;
  const latest = suspended ? monitor : await checkpoint(pass, looked, found);
  const inventory = suspended ? found.inventory : foreseen(found.inventory, looked);
  const usable = ground === undefined || isTrouble(ground) || blocked !== undefined ? undefined : ground;
  const results = suspended
    ? [...looked.map((one) => report(one, onHold)), ...reportedLogging(found.plan, usable)]
    : await enforce(pass, found.plan, usable, looked, inventory);
  const gone = suspended ? undefined : await letGoUnasked(pass);
  const logging = ground && (await view(pass, ground, results));
  return conclude({
    monitor: latest,
    now: ports.clock.now(),
    identity: pass.identity,
    fresh: pass.fresh,
    plan: found.plan,
    wantedAnew: ports.memory.wantedAnew(pass.owner.uid, found.plan),
    results: [...found.failures, ...results],
    inventory,
    recovered: found.failures.length === 0,
    ...(logging !== undefined && { logging }),
    ...(gone !== undefined && { letGo: gone }),
  });
}

interface Found extends Recovered {
  readonly plan: Plan;
}

async function gather(pass: Pass): Promise<Found> {
  const { monitor, owner, place, access } = pass;
  const facts = { owner, place, actionARNs: access.actionARNs, deliveredLogGroup: await deliveredLogGroup(pass) };
  return { plan: plan(monitor.spec, facts), ...(await inventoryOf(pass)) };
}

/** Only monitors without a log group of their own ask whom Bedrock delivers to. */
async function deliveredLogGroup(pass: Pass): Promise<Fact<string | undefined>> {
  const { invocationLogging, savedQueries, dashboards } = pass.monitor.spec;
  const needed = (savedQueries?.length ?? 0) + (dashboards?.length ?? 0) > 0;
  if (invocationLogging?.cloudWatchLogs !== undefined || !needed) return { known: undefined };
  try {
    return { known: logGroupOf((await observeLogging(pass))?.resource.configuration) };
  } catch (error) {
    rethrowIfOver(pass, error);
    const { kind, reason, message } = troubleOf(error);
    return { unknown: message, ...(kind === 'stall' && { reason }) };
  }
}

async function groundOf(pass: Pass, planned: Plan): Promise<Ground | Trouble | undefined> {
  if (pass.monitor.spec.invocationLogging === undefined) return undefined;
  const ground = await survey(pass);
  const logging = planned.resources.find((one) => isOfKind(one, 'InvocationLogging'));
  return logging === undefined || isTrouble(ground) ? ground : rebuilt(pass, ground, logging.resource);
}

/** A monitor without the claim does not even read the log group and its policy: they are another's. */
async function lookAround(pass: Pass, found: Found, blocked: Trouble | undefined): Promise<readonly Looked[]> {
  const shared = (one: Planned) => one.part === 'DataProtection' || one.part === 'Logging';
  const known = new Set(found.inventory.map((entry) => `${entry.kind}/${entry.name}`));
  const looked = (belongs: (one: Planned) => boolean) => lookAtAll(pass, found.plan.resources.filter(belongs), known);
  if (blocked === undefined) return looked((one) => !isOfKind(one, 'InvocationLogging'));
  const own = await looked((one) => !shared(one));
  return [...found.plan.resources.filter(shared).map((planned) => ({ planned, trouble: blocked })), ...own];
}

/** A monitor that no longer asks for logging, but still holds the claim, lets it go; in time, like a deletion. */
async function letGoUnasked(pass: Pass): Promise<Farewell | undefined> {
  const { monitor, ports } = pass;
  if (monitor.spec.invocationLogging !== undefined) return undefined;
  const since = monitor.status?.conditions?.find(({ type }) => type === 'Reconciling')?.lastTransitionTime;
  const waitedMs = since === undefined ? 0 : ports.clock.now() - Date.parse(since);
  return leaveLogging(pass, waitedMs >= ports.settings.deletionDeadlineMs);
}

function reportedLogging(planned: Plan, ground: Ground | undefined): readonly Result[] {
  const logging = planned.resources.find((one) => isOfKind(one, 'InvocationLogging'));
  return logging === undefined || ground === undefined ? [] : [reportLogging(ground, logging, onHold)];
}

const onHold: Trouble = {
  kind: 'held',
  reason: 'Suspended',
  message: 'changes wait until suspend is removed',
};
