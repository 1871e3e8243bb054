import type { AlarmType, CompositeAlarm, LogAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { LogGroup, MetricFilter, QueryDefinition, SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { AnomalyDetector } from '#src/domain/resource.ts';
import type { BatchedLoad } from './batch.ts';
import { batched } from './batch.ts';
import { commonPrefix } from './common-prefix.ts';
import { isDependedUpon } from './depended-upon.ts';
import { classify, isAbsent, messageOf } from './errors.ts';
import type { Caller, Gateway } from './gateway.ts';
import { filterLoads } from './log-filters.ts';
import type { Input, Output } from './operations.ts';
import { allPages } from './pages.ts';
import { alarmsWithBands, describeDetectors } from './trained-models.ts';

/** An alarm of any kind under a name: AWS has one name space for all of them. */
export type FoundAlarm =
  | { readonly kind: 'Metric'; readonly alarm: MetricAlarm }
  | { readonly kind: 'Composite'; readonly alarm: CompositeAlarm }
  | { readonly kind: 'Log'; readonly alarm: LogAlarm };

/** What all monitors of one account, Region and set of credentials ask together. */
export interface SharedCalls {
  /** An alarm by its name: 100 names a DescribeAlarms. */
  readonly alarm: BatchedLoad<string, FoundAlarm>;
  /**
   * Deletes a metric alarm by its name, 100 a call; one that is not there is no error. Undefined: AWS keeps it, because a
   * composite alarm names it.
   */
  readonly deleteAlarm: BatchedLoad<string, true>;
  /** The model of anomaly detection of a name that planning gives it. */
  readonly detector: BatchedLoad<string, AnomalyDetector>;
  /** All metric alarms, whoever owns them, with a band on the model of that name. */
  readonly bands: BatchedLoad<string, readonly MetricAlarm[]>;
  readonly logGroup: BatchedLoad<string, LogGroup>;
  /** All saved queries of exactly that name: AWS allows several. */
  readonly queries: BatchedLoad<string, readonly QueryDefinition[]>;
  /** A metric filter by `<log group>:<filter>`: one listing for all of a group. */
  readonly metricFilter: BatchedLoad<string, MetricFilter>;
  /** The same for a subscription filter. */
  readonly subscriptionFilter: BatchedLoad<string, SubscriptionFilter>;
}

/** AWS's limits: DescribeAlarms and DeleteAlarms 100 names, DescribeLogGroups 50 identifiers. */
const ALARMS = 100;
const LOG_GROUPS = 50;

/** `schedule` says when a batch goes off. Throws and rejects as the gateway does. */
export function createSharedCalls(
  gateway: Gateway,
  where: Omit<Caller, 'lane' | 'monitor'>,
  schedule: (dispatch: () => void) => void,
): SharedCalls {
  let types: readonly AlarmType[] = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'];
  const by = (lane: Caller['lane']): Caller => ({ ...where, lane, monitor: '' });
  return {
    alarm: batched({
      size: ALARMS,
      schedule,
      async load(names, lane, signal) {
        try {
          return await describeAlarms(gateway, by(lane), names, types, signal);
        } catch (error) {
          // Log alarms are of 2026: a Region that does not have them yet does not know the word either.
          if (!isUnknownAlarmType(error)) throw error;
          types = types.filter((type) => type !== 'LogAlarm');
          return describeAlarms(gateway, by(lane), names, types, signal);
        }
      },
    }),
    deleteAlarm: batched({
      size: ALARMS,
      schedule,
      async load(names, lane, signal) {
        const remove = async (some: readonly string[]): Promise<readonly string[]> => {
          try {
            await gateway.call(by(lane), 'cloudwatch:DeleteAlarms', some.join(', '), { AlarmNames: [...some] }, signal);
          } catch (error) {
            // One that a composite names keeps all others of its call, which then go one by one.
            if (isDependedUpon(error)) {
              return some.length === 1 ? [] : (await Promise.all(some.map((one) => remove([one])))).flat();
            }
            // One wrong name is an error, and all others are deleted all the same.
            if (!isAbsent(error)) throw error;
          }
          return some;
        };
        return new Map((await remove(names)).map((name) => [name, true]));
      },
    }),
    detector: batched({
      size: Number.POSITIVE_INFINITY,
      schedule,
      load: (names, lane, signal) => describeDetectors(gateway, by(lane), names, signal),
    }),
    bands: batched({
      size: Number.POSITIVE_INFINITY,
      schedule,
      load: (names, lane, signal) => alarmsWithBands(gateway, by(lane), names, signal),
    }),
    logGroup: batched({
      size: LOG_GROUPS,
      schedule,
      load: (names, lane, signal) => describeLogGroups(gateway, by(lane), names, signal),
    }),
    queries: batched({
      size: Number.POSITIVE_INFINITY,
      schedule,
      async load(names, lane, signal) {
        const describe = (input: Input<'logs:DescribeQueryDefinitions'>) =>
          gateway.call(by(lane), 'logs:DescribeQueryDefinitions', '*', input, signal);
        const all = await listQueries(describe, commonPrefix(names));
        return Map.groupBy(all, ({ name = '' }) => name);
      },
    }),
    ...filterLoads((name, input, lane, signal) => gateway.call(by(lane), name, '*', input, signal), schedule),
  };
}

/** Whether a Region refused a read because it has no log alarms yet. */
export function isUnknownAlarmType(error: unknown): boolean {
  return classify(error) === 'Rejected' && /LogAlarm|alarmTypes/i.test(messageOf(error));
}

/** Without AlarmTypes AWS answers metric alarms only, and a composite of the same name would be overwritten unseen. */
async function describeAlarms(
  gateway: Gateway,
  caller: Caller,
  names: readonly string[],
  types: readonly AlarmType[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FoundAlarm>> {
  const input = { AlarmNames: [...names], AlarmTypes: [...types], MaxRecords: ALARMS };
  const alarms = await allPages<FoundAlarm>(async (NextToken) => {
    const page = await gateway.call(caller, 'cloudwatch:DescribeAlarms', '*', { ...input, NextToken }, signal);
    const { MetricAlarms = [], CompositeAlarms = [], LogAlarms = [] } = page;
    const items = [
      ...MetricAlarms.map((alarm) => ({ kind: 'Metric', alarm }) as const),
      ...CompositeAlarms.map((alarm) => ({ kind: 'Composite', alarm }) as const),
      ...LogAlarms.map((alarm) => ({ kind: 'Log', alarm }) as const),
    ];
    return { items, next: page.NextToken };
  });
  return new Map(alarms.map((found) => [found.alarm.AlarmName ?? '', found]));
}

/**
 * Several names go in one call as identifiers. AWS does not document what it answers if one of them does not exist, so
 * a refusal is followed by a read of each by prefix.
 */
async function describeLogGroups(gateway: Gateway, caller: Caller, names: readonly string[], signal: AbortSignal) {
  const byPrefix = async () => {
    const groups = await Promise.all(names.map((name) => logGroupByPrefix(gateway, caller, name, signal)));
    return named(groups.filter((group) => group !== undefined));
  };
  if (names.length === 1) return byPrefix();
  try {
    const { logGroups = [] } = await gateway.call(
      caller,
      'logs:DescribeLogGroups',
      '*',
      { logGroupIdentifiers: [...names], limit: LOG_GROUPS },
      signal,
    );
    return named(logGroups);
  } catch (error) {
    const kind = classify(error);
    if (kind !== 'Rejected' && kind !== 'Absent') throw error;
    return byPrefix();
  }
}

/** A prefix also finds siblings: `/a` finds `/ab`. Pages are in order of names, so the group itself comes first. */
async function logGroupByPrefix(gateway: Gateway, caller: Caller, name: string, signal: AbortSignal) {
  let nextToken: string | undefined;
  do {
    const page = await gateway.call(
      caller,
      'logs:DescribeLogGroups',
      '*',
      { logGroupNamePrefix: name, limit: LOG_GROUPS, ...(nextToken && { nextToken }) },
      signal,
    );
    const found = page.logGroups?.find((group) => group.logGroupName === name);
    if (found !== undefined) return found;
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}

function named(groups: readonly LogGroup[]): ReadonlyMap<string, LogGroup> {
  return new Map(groups.map((group) => [group.logGroupName ?? '', group]));
}

/** Every saved query whose name begins so; all of them for an empty prefix. */
export function listQueries(
  describe: (input: Input<'logs:DescribeQueryDefinitions'>) => Promise<Output<'logs:DescribeQueryDefinitions'>>,
  prefix: string,
): Promise<readonly QueryDefinition[]> {
  const input = { maxResults: 1000, ...(prefix && { queryDefinitionNamePrefix: prefix }) };
  return allPages(async (nextToken) => {
    const page = await describe({ ...input, nextToken });
    return { items: page.queryDefinitions, next: page.nextToken };
  });
}
