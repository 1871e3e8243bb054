import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Decision } from '#src/domain/decide.ts';
import { decide, isOurs } from '#src/domain/decide.ts';
import { reportedBefore } from '#src/domain/drift.ts';
import { grafted } from '#src/domain/graft.ts';
import { reportOnly } from '#src/domain/hold.ts';
import { isIgnored } from '#src/domain/ignore.ts';
import { outlives } from '#src/domain/inventory.ts';
import { keepingIdentifiers } from '#src/domain/kept-identifiers.ts';
import { masksAtLeast } from '#src/domain/masking.ts';
import { parseMark } from '#src/domain/names.ts';
import type { Planned } from '#src/domain/plan.ts';
import { adoptionOf, driftOf } from '#src/domain/policies.ts';
import type { Change, Kind, Observed } from '#src/domain/resource.ts';
import type { Trouble } from '#src/domain/result.ts';
import { refKey, troubleOf } from '#src/domain/result.ts';
import { conditionOfPart } from '#src/domain/say.ts';
import { keepingStatements } from '#src/domain/sink-policy.ts';
import { contended } from './contention.ts';
import type { Pass } from './pass.ts';
import type { ResourceHandler } from './ports.ts';
import { isInherited } from './sink-claim.ts';

/** A decision, and the monotonic time of the read that it rests on; or the trouble that kept us from reading. */
export type Looked = Judged | { readonly planned: Planned; readonly trouble: Trouble };

export interface Judged {
  /** As it is to be written: fields that are left to others have AWS's value. */
  readonly planned: Planned;
  readonly decision: Decision;
  readonly at: number;
  /** What differs is the doing of others: the resource was in sync with this very plan before. */
  readonly drifted: boolean;
  /** Fields that others changed and that are reported, beside what is written. */
  readonly reported: readonly Change[];
}

/** Reads every planned resource (the handlers batch) and decides. One that cannot be read does not hold up the others. */
export function lookAtAll(
  pass: Pass,
  planned: readonly Planned[],
  known: ReadonlySet<string>,
): Promise<readonly Looked[]> {
  return Promise.all(planned.map((one) => look(pass, one, pass.fresh || !known.has(refKey(one.resource)))));
}

/** Reads one planned resource and decides. Where there is something to change, the mark is read before it is believed. */
export async function look(pass: Pass, planned: Planned, readMark: boolean): Promise<Looked> {
  const { resource } = planned;
  const handler = handlerOf(pass, resource.kind);
  try {
    const at = pass.ports.clock.monotonic();
    let observed = await handler.observe(resource, readMark ? 'Always' : 'IfFree', pass.signal);
    let seen = differing(pass, planned, observed);
    if (observed?.mark.state === 'Unread' && seen.changes.length > 0) {
      observed = await handler.observe(resource, 'Always', pass.signal);
      seen = differing(pass, planned, observed);
    }
    const { changes, reported, drifted } = seen;
    const terms = {
      adoption: adoptionOf(pass.monitor.spec, resource.kind),
      hideForeignNames: pass.ports.settings.hideForeignNames,
    };
    const decided = decide(seen.planned, observed, changes, pass.owner, pass.place, terms);
    if (decided.do === 'nothing' && reported.length === 0 && observed?.ailing !== undefined)
      return { planned, trouble: { kind: 'stall', ...observed.ailing } };
    const orphan = decided.do === 'refuse' && decided.observed;
    if (!orphan || !(await isOrphan(pass, planned, orphan)))
      return { planned: seen.planned, decision: held(pass, decided, drifted, reported), at, drifted, reported };
    const taken = differing(pass, planned, orphan, true);
    const decision = { do: 'update', planned: taken.planned, observed: orphan, changes: taken.changes } as const;
    return { ...taken, decision: held(pass, decision, taken.drifted, taken.reported), at };
  } catch (error) {
    rethrowIfOver(pass, error);
    return { planned, trouble: troubleOf(error) };
  }
}

/** What differs: to be written, reported only, or left to others without a word. `orphan`: its maker is gone. */
function differing(pass: Pass, declared: Planned, observed: Observed | undefined, orphan = false) {
  const { spec, status } = pass.monitor;
  const planned = keeping(pass, declared, observed, orphan);
  const drifted = wasInSync(pass, declared);
  if (observed === undefined) return { planned, changes: [], reported: [], drifted };
  const all = handlerOf(pass, planned.resource.kind).diff(planned.resource, observed);
  const theirs = all.filter((change) => isIgnored(spec.driftPolicy?.ignore ?? [], planned, change));
  const left = all.filter((change) => !theirs.includes(change));
  const reports = driftOf(spec, planned.resource.kind) === 'Report';
  const reported = !reports ? [] : drifted ? left : reportedBefore(status, planned, left);
  return {
    planned: grafted(planned, observed, [...theirs, ...reported]),
    changes: left.filter((change) => !reported.includes(change)),
    reported,
    drifted,
  };
}

/** What others put into AWS and that goes on beside ours, where we take it over. */
function keeping(pass: Pass, planned: Planned, observed: Observed | undefined, orphan: boolean): Planned {
  return planned.resource.kind === 'Sink'
    ? keepingAdmitted(pass, planned, observed)
    : keepingMasked(pass, planned, observed, orphan);
}

/** A sink of others goes on admitting whom it admitted before. */
function keepingAdmitted(pass: Pass, planned: Planned, observed: Observed | undefined): Planned {
  const { resource } = planned;
  if (resource.kind !== 'Sink' || observed?.resource.kind !== 'Sink') return planned;
  const resourceAsKept = keepingStatements(resource, observed.resource, observed.mark.state === 'Owned');
  return { ...planned, resource: resourceAsKept };
}

/** A masking policy of others goes on masking what it masked before: adopted, or left by a monitor that is gone. */
function keepingMasked(pass: Pass, planned: Planned, observed: Observed | undefined, orphan: boolean): Planned {
  const { resource } = planned;
  if (resource.kind !== 'DataProtectionPolicy' || !isPolicy(observed)) return planned;
  const ours = isOurs(resource, observed, pass.owner, pass.place);
  if (!ours && !orphan && adoptionOf(pass.monitor.spec, resource.kind) === 'Never') return planned;
  if (orphan && masksAtLeast(observed.resource, { ...resource, status: 'ACTIVATED' })) return planned;
  return { ...planned, resource: keepingIdentifiers(resource, observed, ours) };
}

function isPolicy(observed: Observed | undefined): observed is Observed<'DataProtectionPolicy'> {
  return observed?.resource.kind === 'DataProtectionPolicy';
}

/** Whether AWS was once read to be what this very plan says: what differs since is the doing of others. */
export function wasInSync(pass: Pass, planned: Planned): boolean {
  return pass.ports.memory.wasInSync(pass.owner.uid, planned.resource) ?? inSyncByStatus(pass, planned);
}

/** A new process goes by the condition of the part, and by what the status reports of this generation. */
function inSyncByStatus({ monitor }: Pass, planned: Planned): boolean {
  const { status, metadata } = monitor;
  if (status?.inventoryUID !== metadata.uid) return false;
  const condition = status.conditions?.find(({ type }) => type === conditionOfPart[planned.part]);
  if (condition?.observedGeneration !== metadata.generation) return false;
  return condition?.status === 'True' || isReported(status, planned);
}

/** Held back as drift. One that failed, or is still to be written, may differ by an edit too. */
function isReported({ drift, resources }: BedrockMonitorStatus, { path, resource }: Planned): boolean {
  const fields = (drift?.fields ?? []).some((one) => one.path === path || one.path.startsWith(`${path}/`));
  const listed = (resources ?? []).find((one) => one.kind === resource.kind && one.name === resource.name);
  return fields && (listed?.reason === reportOnly.reason || listed?.reason === 'Contended');
}

/** Drift that is not put right: the spec only wants it reported, or others make it again and again. */
function held(pass: Pass, decision: Decision, drifted: boolean, reported: readonly Change[]): Decision {
  const { planned } = decision;
  const { kind } = planned.resource;
  const observed = 'observed' in decision ? { observed: decision.observed } : {};
  if (decision.do === 'nothing' && reported.length > 0)
    return { do: 'hold', planned, ...observed, changes: reported, trouble: reportOnly };
  if (!drifted || (decision.do !== 'update' && decision.do !== 'create')) return decision;
  const changes = decision.do === 'update' ? decision.changes : [];
  if (decision.do === 'create' && driftOf(pass.monitor.spec, kind) === 'Report')
    return { do: 'hold', planned, changes, trouble: reportOnly };
  // Masking is always put back.
  const trouble = kind === 'DataProtectionPolicy' ? undefined : contended(pass, planned.resource);
  return trouble === undefined ? decision : { do: 'hold', planned, ...observed, changes, trouble };
}

/**
 * Log groups and their masking, buckets and roles outlive the monitor that made them. Where that one is gone, another
 * of the same namespace may go on with them; one of another namespace may not, it would see logs that are not its own.
 */
async function isOrphan(pass: Pass, { resource }: Planned, observed: Observed): Promise<boolean> {
  const { mark } = observed;
  if (resource.kind === 'Sink') return isInherited(pass, observed);
  if (!outlives(resource) || mark.state !== 'Owned') return false;
  const { owner, ports, signal } = pass;
  const maker = parseMark(mark.by);
  if (maker === undefined || maker.cluster !== owner.cluster || maker.namespace !== owner.namespace) return false;
  return !(await ports.neighbours.lives(maker, signal));
}

/** The handler of a kind that is only known at run time. The mapped type pairs each kind with its own handler. */
export function handlerOf(pass: Pass, kind: Kind): ResourceHandler<Kind> {
  return pass.handlers[kind];
}

/** An aborted pass is over: whatever was thrown then says nothing about the resource. */
export function rethrowIfOver(pass: Pass, error: unknown): void {
  if (pass.signal.aborted) throw error;
}

/** Nothing more is begun in this slice. */
export function isOver(pass: Pass): boolean {
  return pass.ports.clock.monotonic() >= pass.until;
}
