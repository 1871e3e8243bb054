import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { alarmName } from '../names.ts';
import type { LogAlarm } from '../resource.ts';
import type { AlarmActions } from './alarm-actions.ts';
import type { Condition } from './alarm-condition.ts';
import { comparison, withRunbook } from './alarm-description.ts';
import { asDuration, seconds } from './duration.ts';
import { recordsGroup } from './records-group.ts';
import { blocked } from './remark.ts';
import { declaredTags } from './tags.ts';
import { tagsPropagation } from './tags-propagation.ts';
import type { Facts, Remark } from './types.ts';

type LogQuery = NonNullable<AlarmEntry['logQuery']>;

/**
 * The log alarm of an entry, over the groups that it names, else over the group that holds the records. Where that group
 * is not known, or there is none, a remark says so.
 */
export function logAlarm(
  entry: AlarmEntry,
  query: LogQuery,
  condition: Condition,
  actions: AlarmActions,
  spec: BedrockMonitorSpec,
  facts: Facts,
): LogAlarm | Remark {
  const logGroupNames = groupsOf(entry.name, query, spec, facts);
  if ('reason' in logGroupNames) return logGroupNames;
  const every = seconds(query.every);
  const { threshold, warmUp } = condition;
  const propagation = tagsPropagation(spec.notifications);
  return {
    kind: 'LogAlarm',
    name: entry.awsName ?? alarmName(facts.owner, facts.place, entry.name),
    description: descriptionOf(entry, query, every, condition),
    queryString: query.queryString,
    aggregationExpression: query.aggregationExpression,
    logGroupNames: logGroupNames.known,
    every,
    startTimeOffset: query.startTimeOffset === undefined ? every : seconds(query.startTimeOffset),
    endTimeOffset: query.endTimeOffset === undefined ? 0 : seconds(query.endTimeOffset),
    roleARN: query.roleARN,
    ...(query.logLines !== undefined && { logLines: query.logLines }),
    threshold: typeof threshold === 'number' ? threshold : Number.NaN,
    comparisonOperator: condition.comparisonOperator,
    resultsToEvaluate: condition.evaluationPeriods,
    resultsToAlarm: condition.datapointsToAlarm,
    treatMissingData: condition.treatMissingData,
    ...(warmUp !== undefined && { warmUp }),
    ...(propagation !== undefined && { tagsPropagation: propagation }),
    actionsEnabled: entry.actionsEnabled ?? true,
    ...actions,
    tags: declaredTags(facts.owner, spec.tags),
  };
}

function groupsOf(
  name: string,
  { logGroupNames = [] }: LogQuery,
  spec: BedrockMonitorSpec,
  facts: Facts,
): { readonly known: readonly string[] } | Remark {
  if (logGroupNames.length > 0) return { known: [...new Set(logGroupNames)].sort() };
  const group = recordsGroup(spec, facts);
  const path = `alarms/${name}`;
  if ('unknown' in group) {
    const message = `alarm ${name} waits: the log group that Bedrock delivers to could not be read (${group.unknown})`;
    return blocked('Alarms', path, group.reason ?? 'DependencyNotReady', message);
  }
  if (group.known !== undefined) return { known: [group.known] };
  const message = `alarm ${name} has no log group: this monitor declares none and Bedrock delivers to none in this account and Region; set logQuery.logGroupNames, or switch invocation logging on`;
  return blocked('Alarms', path, 'LogGroupUnknown', message);
}

function descriptionOf(entry: AlarmEntry, query: LogQuery, every: number, condition: Condition): string {
  const { datapointsToAlarm: m, evaluationPeriods: n } = condition;
  const of = n === 1 ? 'in the latest result' : `in ${m} of ${n} results`;
  const sentence =
    entry.description ??
    `${query.aggregationExpression} of the log query is ${comparison(condition)} ${of}, one every ${asDuration(every)}.`;
  return withRunbook(sentence, entry.runbookURL);
}
