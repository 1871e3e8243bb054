import type { Reason } from '#src/api/reasons.ts';
import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { alarmNews, alarmStates } from './alarm-states.ts';
import type { Saying } from './conditions.ts';
import { mergeConditions } from './conditions.ts';
import { driftStatus, sayDrifted } from './drift.ts';
import type { InventoryEntry } from './inventory.ts';
import { merge, without } from './inventory.ts';
import { maskingStatus } from './masking-status.ts';
import type { Mode } from './mode.ts';
import { deeds, loggingNews, planNews, transitions } from './news.ts';
import { onDelete } from './on-delete.ts';
import type { Farewell, Next, Outcome } from './outcome.ts';
import { nextOf } from './outcome.ts';
import type { Feature } from './plan/types.ts';
import type { Part, Plan } from './plan.ts';
import { isUnmanaged } from './policies.ts';
import type { Preview } from './preview.ts';
import type { Result, Trouble } from './result.ts';
import { declaredParts, sayPart, sayProgress, sayReady, saySuspended, troublesOf } from './say.ts';
import { resourceList, summary } from './summaries.ts';

/** The bound of `status.models`. */
const MODELS_LIMIT = 50;

export interface Findings {
  readonly monitor: BedrockMonitor;
  /** Wall time in milliseconds: for lastTransitionTime, lastChanged and since only. */
  readonly now: number;
  /** As declared: an approved plan that is being done leaves it at Plan. */
  readonly mode: Mode;
  readonly identity: { readonly accountID: string; readonly arn: string };
  /** The monitor was not in sync at this generation before. */
  readonly fresh: boolean;
  readonly plan: Plan;
  readonly results: readonly Result[];
  /** Whether the inventory is known to be whole: what a lost status named was looked for in AWS. */
  readonly recovered: boolean;
  /** As checkpointed, before what went away is taken off. */
  readonly inventory: readonly InventoryEntry[];
  readonly logging?: LoggingFindings;
  /** Whether records arrive; absent: another monitor holds the configuration, or logging is off. */
  readonly delivering?: Saying;
  readonly cost: NonNullable<BedrockMonitorStatus['estimatedMonthlyCost']>;
  /** What the operator was started with. */
  readonly features: ReadonlySet<Feature>;
  readonly letGo?: Farewell;
  /** In mode Plan: what is left to do. */
  readonly preview?: Preview;
  /** The value of the annotation reconcile-requested-at. */
  readonly requestedAt?: string;
  /** When the pause ends by itself, in wall milliseconds. */
  readonly pauseEndsMs?: number;
}

export interface LoggingFindings {
  readonly state?: 'Enabled' | 'Disabled' | 'Foreign' | 'Unknown';
  readonly logGroupName?: string;
  readonly claimedBy?: string;
  /** A copy of the claim's `previous`. */
  readonly saved?: string;
}

/** The status after a pass, what comes next, and the Events that follow from the difference. Pure. */
export function conclude(findings: Findings): Outcome {
  const { monitor, now, identity, plan, results } = findings;
  const { generation = 0, uid } = monitor.metadata;
  const before = monitor.status;
  const declared = declaredParts(monitor.spec);
  const said = declared.map((part) => sayPart(part, plan, results));
  const handing = findings.letGo?.done === false ? [findings.letGo.trouble] : [];
  const removing = removalTroubles(declared, results);
  const troubles = [...handing, ...removing, ...declared.flatMap((part) => troublesOf(part, plan, results))];
  const ready = sayReady(handing.length > 0 ? asSayings(handing) : [...said, ...asSayings(removing)]);
  const drift = driftStatus(results, before?.drift, now);
  const conditions = mergeConditions(
    before?.conditions ?? [],
    [
      ready,
      ...said,
      ...(findings.delivering ? [findings.delivering] : []),
      ...sayProgress(troubles),
      ...sayDrifted(drift),
      ...saySuspended(findings.mode),
    ],
    generation,
    now,
  );
  const gone = results.filter((result) => result.state === 'Gone' || isOfOthers(result)).map(({ ref }) => ref);
  const kept = results.filter(({ state }) => state === 'InSync' || state === 'Updated').map(({ ref }) => ref);
  const owned = kept.filter((ref) => ref.kind !== 'InvocationLogging' && !isUnmanaged(monitor.spec, ref.name));
  const inventory = without(merge(findings.inventory, owned), gone);
  const list = resourceList(results, before?.resources ?? [], now);
  const logging = loggingStatus(findings);
  const masking = maskingStatus(findings, before?.dataProtection);
  const alarms = declared.includes('Alarms')
    ? { ...summary('Alarms', plan, results), ...alarmStates(results) }
    : undefined;
  const status: BedrockMonitorStatus = {
    observedGeneration: generation,
    conditions: [...conditions],
    mode: findings.mode,
    ...(findings.requestedAt !== undefined && { lastHandledReconcileAt: findings.requestedAt }),
    accountID: identity.accountID,
    identityARN: identity.arn,
    ...(logging !== undefined && { invocationLogging: logging }),
    ...(masking !== undefined && { dataProtection: masking }),
    ...(alarms !== undefined && { alarms }),
    ...(declared.includes('Dashboards') && { dashboards: summary('Dashboards', plan, results) }),
    ...(declared.includes('Queries') && { savedQueries: summary('Queries', plan, results) }),
    ...(declared.includes('MetricFilters') && { metricFilters: summary('MetricFilters', plan, results) }),
    ...(plan.models.length > 0 && { models: plan.models.slice(0, MODELS_LIMIT) }),
    estimatedMonthlyCost: findings.cost,
    drift,
    ...(findings.mode === 'Plan' && findings.preview !== undefined && { plan: findings.preview.status }),
    onDelete: onDelete(monitor, findings.mode, inventory, logging, findings.features, results.some(isChangedLogging)),
    ...(findings.recovered ? { inventoryUID: uid } : before?.inventoryUID && { inventoryUID: before.inventoryUID }),
    inventory: [...inventory],
    resources: [...list.resources],
    ...(list.omitted > 0 && { resourcesOmitted: list.omitted }),
  };
  return {
    monitor,
    status,
    next: within(nextOf(troubles, findings.fresh), findings),
    events: [
      ...deeds(results),
      ...planNews(before?.plan, status.plan),
      ...(findings.letGo?.done && findings.letGo.message !== '' ? [loggingNews(findings.letGo.message)] : []),
      ...alarmNews(before?.alarms, alarms),
      ...transitions(before?.conditions ?? [], conditions),
    ],
  };
}

/** Drift that is not put right: whoever lets go leaves it. */
function isChangedLogging({ ref, state, drifted }: Result): boolean {
  return ref.kind === 'InvocationLogging' && state === 'Differs' && drifted === true;
}

/** Found under a name of ours, and marked by nobody or by another: it is not what this monitor owns. */
function isOfOthers({ trouble }: Result): boolean {
  return trouble !== undefined && ofOthers.has(trouble.reason);
}

const ofOthers: ReadonlySet<Reason> = new Set(['NotOwned', 'OwnedByAnotherMonitor', 'OwnedByAnotherCluster']);

/** Deletions of a part that the spec does not declare any more have no condition of their own. */
function removalTroubles(declared: readonly Part[], results: readonly Result[]): readonly Trouble[] {
  return results.flatMap(({ part, trouble }) => (trouble !== undefined && !declared.includes(part) ? [trouble] : []));
}

function asSayings(troubles: readonly Trouble[]): readonly Saying[] {
  return troubles.map(({ reason, message }) => ({ type: 'Ready', status: 'False', reason, message }));
}

/** The end of a pause needs no waiting for the next resync. */
function within(next: Next, { pauseEndsMs, now }: Findings): Next {
  if (next.kind !== 'resync' || pauseEndsMs === undefined) return next;
  return { kind: 'resync', withinMs: pauseEndsMs - now };
}

function loggingStatus({ logging, letGo, results, monitor }: Findings): BedrockMonitorStatus['invocationLogging'] {
  // Still held: not let go yet, or not to be in a mode that writes nothing.
  const isHeld = logging === undefined && results.some(({ ref, would }) => ref.kind === 'InvocationLogging' && would);
  if (letGo?.done === false || isHeld) return monitor.status?.invocationLogging;
  const groups = results.flatMap(({ observed }) => (observed?.kind === 'LogGroup' ? [observed] : []));
  const days = groups.find(({ name }) => name === logging?.logGroupName)?.retentionInDays;
  return logging && { ...logging, ...(typeof days === 'number' && { retentionInDays: days }) };
}
