import { reasons } from '#src/api/reasons.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Saying } from './conditions.ts';
import { MANTLE } from './delivering.ts';
import type { Mode } from './mode.ts';
import { alarmEntries } from './plan/alarm-entries.ts';
import type { Part, Plan } from './plan.ts';
import { parts } from './plan.ts';
import type { Result, Trouble } from './result.ts';
import { summary } from './summaries.ts';

/** The condition of each part. */
export const conditionOfPart = {
  DataProtection: 'DataProtected',
  Logging: 'LoggingConfigured',
  Alarms: 'AlarmsConfigured',
  Dashboards: 'DashboardsConfigured',
  Queries: 'QueriesConfigured',
  MetricFilters: 'MetricFiltersConfigured',
  CrossAccount: 'CrossAccountConfigured',
} as const satisfies Record<Part, string>;

/** The parts that a spec declares; only these have a condition. */
export function declaredParts(spec: BedrockMonitorSpec): readonly Part[] {
  const declared: Record<Part, boolean> = {
    DataProtection: spec.dataProtection !== undefined,
    Logging: spec.invocationLogging !== undefined,
    Alarms: [alarmEntries(spec), spec.compositeAlarms, spec.slos, spec.muteRules].some((one = []) => one.length > 0),
    Dashboards: (spec.dashboards?.length ?? 0) > 0,
    Queries: (spec.savedQueries?.length ?? 0) > 0,
    MetricFilters: (spec.metricFilters?.length ?? 0) > 0,
    CrossAccount: spec.crossAccount?.sink !== undefined || spec.crossAccount?.link !== undefined,
  };
  return parts.filter((part) => declared[part]);
}

/** What is wrong with a part, the worst first: a person must act, then waiting, then the user's own wish. */
export function troublesOf(part: Part, plan: Plan, results: readonly Result[]): readonly Trouble[] {
  const planned = plan.remarks
    .filter((remark) => remark.part === part && !remark.note)
    .map(
      ({ reason, message }): Trouble => ({ kind: reasons[reason].kind === 'wait' ? 'wait' : 'stall', reason, message }),
    );
  const found = results.flatMap((result) => {
    if (result.part !== part || result.trouble === undefined) return [];
    return [
      result.state === 'Pending' ? { ...result.trouble, message: progress(part, plan, results) } : result.trouble,
    ];
  });
  return [...planned, ...found].sort((a, b) => rank[a.kind] - rank[b.kind]);
}

/** How far a part has come, where a slice ended in the middle of it. */
function progress(part: Part, plan: Plan, results: readonly Result[]): string {
  const { inSync, total } = summary(part, plan, results);
  return `${inSync} of ${total} ${noun[part]} in sync so far; the rest follows`;
}

const noun: Record<Part, string> = {
  DataProtection: 'resources of masking',
  Logging: 'resources of logging',
  Alarms: 'alarms',
  Dashboards: 'dashboards',
  Queries: 'saved queries',
  MetricFilters: 'metric filters',
  CrossAccount: 'resources of cross-account observability',
};

const rank: Record<Trouble['kind'], number> = { stall: 0, wait: 1, held: 2 };

/** One part's condition: the first trouble and how many more there are, else a note, else in sync. */
export function sayPart(part: Part, plan: Plan, results: readonly Result[]): Saying {
  const type = conditionOfPart[part];
  const troubles = troublesOf(part, plan, results);
  const [first] = troubles;
  if (first !== undefined) {
    const more = new Set(troubles.map(({ message }) => message)).size - 1;
    const also = more === 0 ? '' : ` (and ${more} more)`;
    return { type, status: 'False', reason: first.reason, message: `${first.message}${also}` };
  }
  const [note, ...notes] = [
    ...plan.remarks.filter((remark) => remark.part === part && remark.note),
    ...results.filter((result) => result.part === part).flatMap((result) => result.notes ?? []),
  ];
  if (note !== undefined) {
    return {
      type,
      status: 'True',
      reason: note.reason,
      message: [note, ...notes].map(({ message }) => message).join('; '),
    };
  }
  const gap = part === 'Logging' ? `; ${MANTLE}` : '';
  return { type, status: 'True', reason: 'InSync', message: `read back from AWS and equal to the spec${gap}` };
}

/** `Ready` takes over the first part that is not True, and names it. */
export function sayReady(said: readonly Saying[]): Saying {
  const failing = said.find(({ status }) => status !== 'True');
  if (failing !== undefined)
    return { type: 'Ready', status: 'False', reason: failing.reason, message: failing.message };
  return { type: 'Ready', status: 'True', reason: 'InSync', message: 'AWS was read back and is what the spec says' };
}

/**
 * kstatus: waiting is Reconciling, a stall without waiting is Stalled; both are present only while true. Of several
 * waits the one that goes on at once tells most.
 */
export function sayProgress(troubles: readonly Trouble[]): readonly Saying[] {
  const waits = troubles.filter(({ kind }) => kind === 'wait');
  const wait = waits.find(({ retryAfterMs }) => retryAfterMs === 0) ?? waits[0];
  if (wait !== undefined) return [{ type: 'Reconciling', status: 'True', reason: wait.reason, message: wait.message }];
  const stall = troubles.find(({ kind }) => kind === 'stall');
  if (stall !== undefined) return [{ type: 'Stalled', status: 'True', reason: stall.reason, message: stall.message }];
  return [];
}

/** Present during a pause. */
export function saySuspended(mode: Mode): readonly Saying[] {
  if (mode !== 'Suspended') return [];
  return [
    {
      type: 'Suspended',
      status: 'True',
      reason: 'Suspended',
      message:
        'AWS is not written until the pause (suspend, suspendUntil or the annotation suspend-until) is over; reading goes on',
    },
  ];
}
