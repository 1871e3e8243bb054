import { grafted } from '#src/domain/graft.ts';
import { isIgnored } from '#src/domain/ignore.ts';
import type { Plan, Planned } from '#src/domain/plan.ts';
import { isOfKind, plan } from '#src/domain/plan.ts';
import type { Trouble } from '#src/domain/result.ts';
import { refKey } from '#src/domain/result.ts';
import { steppingAside } from '#src/domain/stepping-aside.ts';
import { stillDelivering } from '#src/domain/still-delivering.ts';
import { withinRoom } from './checkpoint.ts';
import { gatherFacts } from './facts.ts';
import type { Ground } from './ground.ts';
import { isTrouble, loggingAsRead, rebuilt, survey } from './ground.ts';
import type { Looked } from './observe.ts';
import { lookAtAll } from './observe.ts';
import type { Pass } from './pass.ts';
import type { Obstacle } from './preflight.ts';
import { obstructed, preflight } from './preflight.ts';
import type { Recovered } from './recover.ts';
import { inventoryOf } from './recover.ts';
import { standForSink } from './sink-claim.ts';
import type { Stand } from './stand.ts';
import { conflict } from './stand.ts';

/** All that a pass knows before it does anything. */
export interface Scene extends Recovered {
  readonly plan: Plan;
  /** Absent: the spec does not ask for logging. */
  readonly ground: Ground | Trouble | undefined;
  /** The same where logging may be touched: it could be read, and no other monitor holds it. */
  readonly usable: Ground | undefined;
  /** Where this monitor stands with the sink, where it may be touched; absent: none is asked for, or another holds it. */
  readonly sink: Stand | undefined;
  /** Every planned resource but the logging configuration, each with a decision. */
  readonly looked: readonly Looked[];
  /** As declared, of what has to be more as long as Bedrock delivers by the configuration that is about to be replaced. */
  readonly afterMove: readonly Planned[];
  readonly obstacles: readonly Obstacle[];
}

/** Gathers facts, plans, observes and decides. No write. */
export async function see(pass: Pass): Promise<Scene> {
  const facts = await gatherFacts(pass);
  const whole = plan(pass.monitor.spec, facts);
  // In two steps, of which a plan that a person approves would have the first only.
  const asWritten = pass.mode === 'Enforce' ? steppingAside(whole, pass.monitor.spec, facts.owned) : whole;
  const recovered = await inventoryOf(pass);
  const ground = await groundOf(pass, asWritten);
  const blocked = ground && (isTrouble(ground) ? ground : conflict(ground, pass));
  const usable = ground === undefined || isTrouble(ground) || blocked !== undefined ? undefined : ground;
  const declared = usable === undefined ? asWritten : whileMoving(pass, asWritten, usable);
  const sink = await standForSink(pass);
  const sinkBlocked = sink && conflict(sink, pass);
  const known = new Set(recovered.inventory.map(refKey));
  const [obstacles, looked] = await Promise.all([
    preflight(pass, declared, usable !== undefined),
    lookAround(pass, declared, known, blocked, sinkBlocked),
  ]);
  return {
    ...recovered,
    plan: usable === undefined ? declared : withTheirFields(pass, declared, usable),
    ground,
    usable,
    sink: sinkBlocked === undefined ? sink : undefined,
    afterMove: asWritten.resources.filter((one) => !declared.resources.includes(one)),
    looked: withinRoom(recovered.inventory, obstructed(looked, obstacles)),
    obstacles,
  };
}

async function groundOf(pass: Pass, planned: Plan): Promise<Ground | Trouble | undefined> {
  if (pass.monitor.spec.invocationLogging === undefined) return undefined;
  const ground = await survey(pass);
  const logging = planned.resources.find((one) => isOfKind(one, 'InvocationLogging'));
  return logging === undefined || isTrouble(ground) ? ground : rebuilt(pass, ground, logging.resource);
}

/** Whether it belongs to the logging configuration that one monitor holds: filters stand on its log group. */
export function isOnClaim({ part }: Planned): boolean {
  return part === 'DataProtection' || part === 'Logging' || part === 'MetricFilters';
}

/** A monitor without the claim does not even read the log group and its policy, or the sink: they are another's. */
async function lookAround(
  pass: Pass,
  { resources }: Plan,
  known: ReadonlySet<string>,
  blocked: Trouble | undefined,
  sinkBlocked: Trouble | undefined,
): Promise<readonly Looked[]> {
  const bars = (one: Planned) => (isOfKind(one, 'Sink') ? sinkBlocked : isOnClaim(one) ? blocked : undefined);
  const barred = resources.flatMap((planned) => {
    const trouble = bars(planned);
    return trouble === undefined ? [] : [{ planned, trouble }];
  });
  const own = resources.filter((one) => bars(one) === undefined && !isOfKind(one, 'InvocationLogging'));
  return [...barred, ...(await lookAtAll(pass, own, known))];
}

/** What others made of a configuration of ours gets nothing by it. */
function whileMoving({ place }: Pass, asWritten: Plan, { live, ownership }: Ground): Plan {
  if (ownership !== 'Ours') return asWritten;
  return { ...asWritten, resources: asWritten.resources.map((one) => stillDelivering(one, live, place)) };
}

/** The logging configuration is not looked at like the others: fields that are left to others are taken here. */
function withTheirFields(pass: Pass, declared: Plan, { live }: Ground): Plan {
  const patterns = pass.monitor.spec.driftPolicy?.ignore ?? [];
  if (live === undefined || patterns.length === 0) return declared;
  const observed = loggingAsRead(live);
  const resources = declared.resources.map((one) => {
    if (!isOfKind(one, 'InvocationLogging')) return one;
    const changes = pass.handlers.InvocationLogging.diff(one.resource, observed);
    return grafted(
      one,
      observed,
      changes.filter((change) => isIgnored(patterns, one, change)),
    );
  });
  return { ...declared, resources };
}
