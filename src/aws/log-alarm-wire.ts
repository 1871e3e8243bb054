import type { PutLogAlarmInput, LogAlarm as WireAlarm } from '@aws-sdk/client-cloudwatch';
import type { LogAlarm } from '#src/domain/resource.ts';
import { commonFromWire, commonInput, warmUpFromWire, warmUpInput } from './common-alarm-wire.ts';

/** `description` has the mark already. `now`: the alarm as AWS has it, absent for a new one. */
export function putInput(desired: LogAlarm, description: string, now: WireAlarm | undefined): PutLogAlarmInput {
  const { logLines } = desired;
  return {
    ...commonInput(desired, description, now),
    ScheduledQueryConfiguration: {
      QueryString: desired.queryString,
      LogGroupIdentifiers: [...desired.logGroupNames],
      ScheduledQueryRoleARN: desired.roleARN,
      ScheduleConfiguration: {
        ScheduleExpression: rate(desired.every),
        StartTimeOffset: desired.startTimeOffset,
        EndTimeOffset: desired.endTimeOffset,
      },
      AggregationExpression: desired.aggregationExpression,
    },
    ActionLogLineCount: logLines?.count ?? 0,
    ...(logLines !== undefined && { ActionLogLineRoleArn: logLines.roleARN }),
    QueryResultsToEvaluate: desired.resultsToEvaluate,
    QueryResultsToAlarm: desired.resultsToAlarm,
    Threshold: desired.threshold,
    // AWS's word, which AWS checks.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ComparisonOperator: desired.comparisonOperator as NonNullable<PutLogAlarmInput['ComparisonOperator']>,
    TreatMissingData: desired.treatMissingData,
    ...warmUpInput(desired.warmUp, now?.WarmUpConfiguration),
  };
}

/** An alarm as planning has it, with AWS's defaults for what the answer leaves out. */
export function logAlarmFromWire(name: string, description: string, wire: WireAlarm): LogAlarm {
  const query = wire.ScheduledQueryConfiguration;
  const schedule = query?.ScheduleConfiguration;
  const lines = wire.ActionLogLineCount ?? 0;
  return {
    kind: 'LogAlarm',
    name,
    description,
    queryString: query?.QueryString ?? '',
    aggregationExpression: query?.AggregationExpression ?? '',
    logGroupNames: (query?.LogGroupIdentifiers ?? []).map((group) => groupName(group, wire.AlarmArn)).sort(),
    every: everyOf(schedule?.ScheduleExpression ?? ''),
    startTimeOffset: schedule?.StartTimeOffset ?? 0,
    endTimeOffset: schedule?.EndTimeOffset ?? 0,
    roleARN: query?.ScheduledQueryRoleARN ?? '',
    ...(lines > 0 && { logLines: { count: lines, roleARN: wire.ActionLogLineRoleArn ?? '' } }),
    threshold: wire.Threshold ?? Number.NaN,
    comparisonOperator: wire.ComparisonOperator ?? '',
    resultsToEvaluate: wire.QueryResultsToEvaluate ?? 0,
    resultsToAlarm: wire.QueryResultsToAlarm ?? 0,
    treatMissingData: wire.TreatMissingData ?? 'missing',
    ...warmUpFromWire(wire.WarmUpConfiguration),
    ...commonFromWire(wire),
  };
}

function rate(seconds: number): string {
  const minutes = seconds / 60;
  return minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** Seconds; 0 for an expression that is no rate, which is none of ours. */
function everyOf(expression: string): number {
  const found = /^rate\((?<count>[0-9]+) (?<unit>minute|hour|day)s?\)$/.exec(expression)?.groups;
  return Number(found?.['count'] ?? 0) * (UNIT_SECONDS[found?.['unit'] ?? ''] ?? 0);
}

/** AWS takes names and ARNs alike; an ARN of the alarm's own account and Region is the name. */
function groupName(identifier: string, alarmARN = ''): string {
  const [, , , region, account] = alarmARN.split(':');
  const [arn, , service, ofRegion, ofAccount, kind, name] = identifier.split(':');
  const own =
    arn === 'arn' && service === 'logs' && kind === 'log-group' && ofRegion === region && ofAccount === account;
  return own ? (name ?? identifier) : identifier;
}
