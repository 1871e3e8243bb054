import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { mergeConditions, shorten } from './conditions.ts';
import { without } from './inventory.ts';
import type { News } from './news.ts';
import { deeds, loggingNews, transitions } from './news.ts';
import type { Farewell, Next, Outcome } from './outcome.ts';
import { nextOf } from './outcome.ts';
import type { Result, Trouble } from './result.ts';
import { sayProgress } from './say.ts';

export interface Deletion {
  readonly monitor: BedrockMonitor;
  readonly now: number;
  readonly results: readonly Result[];
  readonly letGo?: Farewell;
  readonly blockedBy?: Trouble;
  /** Milliseconds to the deadline; none left: it has passed. */
  readonly leftMs?: number;
  readonly release: boolean;
}

/** The status of a monitor that is being deleted, or its release, with an Event of what was deleted and what stays. */
export function concludeDeletion(deletion: Deletion): Outcome {
  const { monitor, now, results, letGo, blockedBy, release } = deletion;
  const { generation = 0 } = monitor.metadata;
  const before = monitor.status;
  const said = blockedBy === undefined ? undefined : deletionTrouble(blockedBy, deletion.leftMs === 0);
  const conditions =
    said === undefined
      ? (before?.conditions ?? [])
      : mergeConditions(
          before?.conditions ?? [],
          [{ type: 'Ready', status: 'False', reason: said.reason, message: said.message }, ...sayProgress([said])],
          generation,
          now,
        );
  const gone = results.filter(({ state, action }) => state === 'Gone' && action !== 'retained').map(({ ref }) => ref);
  // Once let go, logging is not ours to look at again.
  const { invocationLogging, ...rest } = before ?? {};
  const status: BedrockMonitorStatus = {
    ...rest,
    ...(invocationLogging !== undefined && !letGo?.done && { invocationLogging }),
    observedGeneration: generation,
    conditions: [...conditions],
    inventory: [...without(before?.inventory ?? [], gone)],
  };
  return {
    monitor,
    status,
    next: release ? { kind: 'release' } : inTime(nextOf(blockedBy === undefined ? [] : [blockedBy]), deletion.leftMs),
    events: [
      ...(release ? farewell(results) : deeds(results.filter(({ action }) => action !== 'retained'))),
      ...(letGo?.done && letGo.message !== '' ? [loggingNews(letGo.message)] : []),
      ...transitions(before?.conditions ?? [], conditions),
    ],
  };
}

/** A stall is looked at again at the deadline at the latest: then the status says how to force the deletion. */
export function inTime(next: Next, leftMs = 0): Next {
  return next.kind === 'stalled' && leftMs > 0 ? { kind: 'retry', afterMs: Math.min(leftMs, STALL_MS) } : next;
}

/** So often a deletion that a person must help is tried again before the deadline. */
const STALL_MS = 120_000;

function deletionTrouble(blockedBy: Trouble, late: boolean): Trouble {
  if (!late) return { ...blockedBy, kind: blockedBy.kind === 'held' ? 'wait' : blockedBy.kind };
  return {
    kind: 'stall',
    reason: 'DeletionBlocked',
    // The way out comes first: a long refusal is cut at the end.
    message: `the deletion does not end. To let go and leave in AWS what status.inventory lists: kubectl annotate --overwrite this monitor ${annotations.forceOrphan}=true. Or mend what blocks it: ${blockedBy.message}`,
  };
}

/** One Event for what was deleted and one for what stays, each with its names. */
function farewell(results: readonly Result[]): readonly News[] {
  const deleted = results.filter(({ action }) => action === 'deleted');
  const stays = results.filter(({ action }) => action === 'retained' || action === 'released');
  return [
    ...(deleted.length > 0 ? [list('Deleted', 'Delete', 'deleted in AWS', deleted)] : []),
    ...(stays.length > 0 ? [list('Retained', 'Release', 'left in AWS', stays)] : []),
  ];
}

function list(reason: string, action: string, what: string, results: readonly Result[]): News {
  const names = results.map(({ ref }) => `${ref.kind} ${ref.name}`).join(', ');
  return { type: 'Normal', reason, action, note: shorten(`${what}: ${names}`) };
}
