import { notApproved } from '#src/domain/hold.ts';
import { masksAtLeast } from '#src/domain/masking.ts';
import { isInForce } from '#src/domain/masking-status.ts';
import type { Plan, Planned, PlannedOf } from '#src/domain/plan.ts';
import { isOfKind } from '#src/domain/plan.ts';
import type { Result, Trouble } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import { act, failed, report } from './act.ts';
import { includeInApproval, isApproved } from './approval.ts';
import { foreign } from './foreign.ts';
import type { Ground } from './ground.ts';
import { isTrouble } from './ground.ts';
import { reportLogging, stopLogging, syncLogging } from './logging.ts';
import type { Looked } from './observe.ts';
import { look, rethrowIfOver } from './observe.ts';
import type { Pass } from './pass.ts';
import { obstacleToLogging } from './preflight.ts';
import type { Scene } from './scene.ts';
import { split } from './split.ts';
import { waitFor, waitsFor } from './waits-for.ts';

/** The log group, then its masking, then, only once that is in force, the logging configuration. */
export async function enforceLogging(
  pass: Pass,
  { plan, usable: ground, obstacles, afterMove }: Scene,
  looked: readonly Looked[],
): Promise<readonly Result[]> {
  if (ground === undefined) return act(pass, looked);
  const name = pass.monitor.spec.invocationLogging?.cloudWatchLogs?.logGroup.name;
  const logging = plan.resources.find((one) => isOfKind(one, 'InvocationLogging'));
  const [groups, others] = split(looked, ({ planned }) => isOfKind(planned, 'LogGroup'));
  const [policies, further] = split(others, ({ planned }) => isOfKind(planned, 'DataProtectionPolicy'));
  const [policy] = policies;
  // Roles and buckets stand on nothing; filters and the like on the log group and its masking.
  const [attached, made] = split(further, ({ planned }) => planned.after.length > 0);
  const group = groups.find(({ planned }) => planned.resource.name === name);

  // The claim says that it is not ours before the log group gets our mark: one that wanted the same is never taken for ours.
  const refused =
    logging !== undefined && foreign(pass, ground) !== undefined
      ? await syncLogging(pass, ground, logging, undefined)
      : undefined;
  const born = await withoutUnmaskedBirth(pass, ground, group, policy);
  if (isTrouble(born)) return looked.map(({ planned }) => failed(planned, born));
  const groupResults = await act(pass, [...made, ...groups]);
  const ready = group === undefined || exists(group, groupResults);
  const waiting = (planned: Planned) => failed(planned, waitFor({ kind: 'LogGroup', name: name ?? '' }, groupResults));
  const policyResults = policy === undefined ? [] : ready ? await act(pass, [policy]) : [waiting(policy.planned)];
  const unmasked = await unmaskedBecause(pass, plan, policyResults[0]);
  const safe = unmasked === undefined ? born : await failSafe(pass, born, name, policyResults[0]);
  const inForce = unmasked === undefined ? ({ inForce: true } as const) : {};
  const masked = [...groupResults, ...policyResults.map((result) => ({ ...result, ...inForce }))];
  const done = [...masked, ...(await act(pass, attached, masked))];
  if (logging === undefined) return done;
  if (refused !== undefined) return [...done, refused];
  if (isTrouble(safe)) return [...done, failed(logging, safe)];
  const point = async (): Promise<Result> => {
    if (!ready) return waiting(logging);
    const missing = waitsFor(logging, groupResults);
    if (missing !== undefined) return failed(logging, missing);
    // By what was there before this pass switched anything off: putting that back is no change that needs an approval.
    const foreseen = reportLogging(pass, ground, logging, notApproved);
    if (foreseen.would !== undefined && !isApproved(pass, foreseen)) return foreseen;
    return syncLogging(pass, safe, logging, unmasked ?? obstacleToLogging(obstacles));
  };
  const pointed = owed(pass, safe, logging, await point());
  return [...(await moved(pass, afterMove, done, pointed)), pointed];
}

/** Bedrock delivers as declared: what had to be more until then becomes as declared, too. */
async function moved(
  pass: Pass,
  afterMove: readonly Planned[],
  done: readonly Result[],
  { state }: Result,
): Promise<readonly Result[]> {
  if (afterMove.length === 0 || (state !== 'InSync' && state !== 'Updated')) return done;
  const looked = await Promise.all(afterMove.map((one) => look(pass, one, true)));
  const approval = looked.reduce(
    (wider, one) => wider && includeInApproval(pass, wider, report(one, notApproved)),
    pass.approval,
  );
  // Not seen in AWS yet: the next pass does it.
  if (state === 'Updated') return done;
  const acted = await act({ ...pass, ...(approval !== undefined && { approval }) }, looked);
  const results = new Map(acted.map((result) => [refKey(result.ref), result]));
  return done.map((one) => results.get(refKey(one.ref)) ?? one);
}

/** What this pass switched off and could not put back yet is still to be done by the plan that it was part of. */
function owed(pass: Pass, ground: Ground, logging: PlannedOf<'InvocationLogging'>, result: Result): Result {
  if (ground.stopped !== true || pass.approval === undefined || result.state === 'InSync') return result;
  const { would, content } = reportLogging(pass, ground, logging, notApproved);
  if (would === undefined) return result;
  const owing = { ...result, would, ...(content !== undefined && { content }) };
  includeInApproval(pass, pass.approval, owing);
  return owing;
}

/**
 * A log group is born without masking. Where Bedrock already delivers to it, by our configuration, logging is switched
 * off first, so that no event slips in between the two calls.
 */
async function withoutUnmaskedBirth(
  pass: Pass,
  ground: Ground,
  group: Looked | undefined,
  policy: Looked | undefined,
): Promise<Ground | Trouble> {
  const born = group !== undefined && 'decision' in group && group.decision.do === 'create';
  return born && policy !== undefined ? stopLogging(pass, ground, group.planned.resource.name) : ground;
}

/** Why logging may not be pointed at the group yet; undefined: no masking is declared, or it was read back in force. */
async function unmaskedBecause(pass: Pass, plan: Plan, result: Result | undefined): Promise<Trouble | undefined> {
  const policy = plan.resources.find((one) => isOfKind(one, 'DataProtectionPolicy'))?.resource;
  if (policy === undefined) return undefined;
  const because = result?.trouble === undefined ? '' : `: ${result.trouble.message}`;
  const trouble: Trouble = {
    kind: result?.trouble?.kind === 'stall' ? 'stall' : 'wait',
    reason: 'WaitingForMasking',
    message: `logging is not pointed at log group ${policy.name} until its masking policy is in force${because}`,
  };
  try {
    const observed = await pass.handlers.DataProtectionPolicy.observe(policy, 'IfFree', pass.signal);
    return masksAtLeast(policy, observed?.resource) ? undefined : trouble;
  } catch (error) {
    rethrowIfOver(pass, error);
    return { ...trouble, message: `${trouble.message}: ${troubleOf(error).message}` };
  }
}

/** Masking that is refused, or fails for longer than the grace time, switches logging off, unless the spec keeps it. */
async function failSafe(
  pass: Pass,
  ground: Ground,
  group: string | undefined,
  policy: Result | undefined,
): Promise<Ground | Trouble> {
  if (pass.monitor.spec.dataProtection?.onFailure === 'KeepLogging' || group === undefined) return ground;
  const masking = pass.monitor.status?.dataProtection;
  const since = isInForce(masking) === false ? masking?.since : undefined;
  const failingMs = since === undefined ? 0 : pass.ports.clock.now() - Date.parse(since);
  const refused = policy?.trouble?.kind === 'stall';
  return refused || failingMs >= pass.ports.settings.maskingGraceMs ? stopLogging(pass, ground, group) : ground;
}

/** Whether the group is there and ours to log to: read before, or made just now. */
function exists(group: Looked, results: readonly Result[]): boolean {
  if ('trouble' in group || group.decision.do === 'refuse') return false;
  if (group.decision.do === 'hold') return group.decision.observed !== undefined;
  const result = results.find((one) => refKey(one.ref) === refKey(group.planned.resource));
  const isOurs = group.decision.do !== 'create' && group.decision.do !== 'adopt';
  return isOurs || result?.state === 'InSync' || result?.state === 'Updated';
}
