import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import type { Saying } from './conditions.ts';
import { mergeConditions } from './conditions.ts';
import type { InventoryEntry } from './inventory.ts';
import { merge, without } from './inventory.ts';
import { maskingStatus } from './masking-status.ts';
import { deeds, loggingNews, transitions } from './news.ts';
import type { Farewell, Outcome } from './outcome.ts';
import { nextOf } from './outcome.ts';
import type { Part, Plan } from './plan.ts';
import type { Result, Trouble } from './result.ts';
import { refKey } from './result.ts';
import { conditionOfPart, declaredParts, sayPart, sayProgress, sayReady, saySuspended, troublesOf } from './say.ts';
import { resourceList, summary } from './summaries.ts';

export interface Findings {
  readonly monitor: BedrockMonitor;
  /** Wall time in milliseconds: for lastTransitionTime and lastChanged only. */
  readonly now: number;
  readonly identity: { readonly accountID: string; readonly arn: string };
  /** The monitor was not in sync at this generation before. */
  readonly fresh: boolean;
  readonly plan: Plan;
  /** Resources that the plan wants otherwise than before: changing these is no correction of drift. */
  readonly wantedAnew: ReadonlySet<string>;
  readonly results: readonly Result[];
  /** Whether the inventory is known to be whole: what a lost status named was looked for in AWS. */
  readonly recovered: boolean;
  /** As checkpointed, before what went away is taken off. */
  readonly inventory: readonly InventoryEntry[];
  readonly logging?: LoggingFindings;
  readonly letGo?: Farewell;
}

export interface LoggingFindings {
  readonly state?: 'Enabled' | 'Disabled' | 'Foreign' | 'Unknown';
  readonly logGroupName?: string;
  readonly claimedBy?: string;
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
  const conditions = mergeConditions(
    before?.conditions ?? [],
    [ready, ...said, ...sayProgress(troubles), ...saySuspended(monitor)],
    generation,
    now,
  );
  const gone = results.filter(({ state }) => state === 'Gone').map(({ ref }) => ref);
  const kept = results.filter(({ state }) => state === 'InSync' || state === 'Updated').map(({ ref }) => ref);
  const owned = kept.filter((ref) => ref.kind !== 'InvocationLogging' && !isUnmanaged(plan, ref.name));
  const list = resourceList(results, before?.resources ?? [], now);
  const logging = loggingStatus(findings);
  const masking = maskingStatus(findings, before?.dataProtection);
  const status: BedrockMonitorStatus = {
    observedGeneration: generation,
    conditions: [...conditions],
    mode: monitor.spec.suspend === true ? 'Suspended' : 'Enforce',
    accountID: identity.accountID,
    identityARN: identity.arn,
    ...(logging !== undefined && { invocationLogging: logging }),
    ...(masking !== undefined && { dataProtection: masking }),
    ...(declared.includes('Alarms') && { alarms: summary('Alarms', plan, results) }),
    ...(declared.includes('Dashboards') && { dashboards: summary('Dashboards', plan, results) }),
    ...(declared.includes('Queries') && { savedQueries: summary('Queries', plan, results) }),
    ...(findings.recovered ? { inventoryUID: uid } : before?.inventoryUID && { inventoryUID: before.inventoryUID }),
    inventory: [...without(merge(findings.inventory, owned), gone)],
    resources: [...list.resources],
    ...(list.omitted > 0 && { resourcesOmitted: list.omitted }),
  };
  const wasInSync = (result: Result) =>
    inSyncBefore(monitor, conditionOfPart[result.part]) && !findings.wantedAnew.has(refKey(result.ref));
  return {
    monitor,
    status,
    next: nextOf(troubles, findings.fresh),
    events: [
      ...deeds(results, wasInSync),
      ...(findings.letGo?.done && findings.letGo.message !== '' ? [loggingNews(findings.letGo.message)] : []),
      ...transitions(before?.conditions ?? [], conditions),
    ],
  };
}

/** Deletions of a part that the spec does not declare any more have no condition of their own. */
function removalTroubles(declared: readonly Part[], results: readonly Result[]): readonly Trouble[] {
  return results.flatMap(({ part, trouble }) => (trouble !== undefined && !declared.includes(part) ? [trouble] : []));
}

function asSayings(troubles: readonly Trouble[]): readonly Saying[] {
  return troubles.map(({ reason, message }) => ({ type: 'Ready', status: 'False', reason, message }));
}

function inSyncBefore(monitor: BedrockMonitor, type: string): boolean {
  const condition = monitor.status?.conditions?.find((one) => one.type === type);
  return condition?.status === 'True' && condition.observedGeneration === monitor.metadata.generation;
}

function isUnmanaged(plan: Plan, name: string): boolean {
  return plan.resources.some(
    ({ resource }) => resource.kind === 'LogGroup' && resource.name === name && resource.management === 'Unmanaged',
  );
}

function loggingStatus({ logging, letGo, results, monitor }: Findings): BedrockMonitorStatus['invocationLogging'] {
  if (letGo?.done === false) return monitor.status?.invocationLogging;
  const groups = results.flatMap(({ observed }) => (observed?.kind === 'LogGroup' ? [observed] : []));
  const days = groups.find(({ name }) => name === logging?.logGroupName)?.retentionInDays;
  return logging && { ...logging, ...(typeof days === 'number' && { retentionInDays: days }) };
}
