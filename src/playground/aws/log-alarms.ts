import { createHash } from 'node:crypto';
import type { JsonObject } from '#src/domain/json.ts';
import { alarmActions, alarmPut } from './alarm-put.ts';
import {
  array,
  boolean,
  check,
  double,
  integer,
  oneOf,
  required,
  type Shape,
  string,
  structure,
} from './constraints.ts';
import { AwsError, validationError } from './errors.ts';
import { number, object, pick, text, texts } from './members.ts';
import { alarmName } from './metric-alarm-constraints.ts';
import { arn, type Operation, type Permission, type Scope } from './operation.ts';
import { tag, tagLimit } from './tag-constraints.ts';
import { tagEntries } from './tags.ts';

const actions = array(0, 5, string(1, 1024));
/** A month: the oldest events that a query may look at. */
const MOST_SECONDS = 2_592_000;
/** CloudWatch API reference, PutLogAlarm and ScheduledQueryConfiguration. */
const putLogAlarmShape: Shape = {
  AlarmName: required(alarmName),
  AlarmDescription: string(0, 1024),
  ScheduledQueryConfiguration: required(
    structure({
      QueryString: required(string(0, 10_000)),
      LogGroupIdentifiers: array(1, 50, string(1, 2048, /^[\w#+=/:,.@-]*$/)),
      ScheduledQueryRoleARN: required(string(1, 1024)),
      ScheduleConfiguration: required(
        structure({
          ScheduleExpression: required(string(1, 256)),
          StartTimeOffset: required(integer(1, MOST_SECONDS)),
          EndTimeOffset: integer(0),
        }),
      ),
      // The page says 2,048 in words and 256 in its constraints.
      AggregationExpression: required(string(1, 256)),
      Tags: array(0, tagLimit, tag),
    }),
  ),
  ActionLogLineCount: integer(0, 50),
  ActionLogLineRoleArn: string(1, 1024),
  ActionsEnabled: boolean(),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  QueryResultsToEvaluate: required(integer(1, 100)),
  QueryResultsToAlarm: required(integer(1, 100)),
  Threshold: required(double()),
  ComparisonOperator: required(
    oneOf(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold']),
  ),
  TreatMissingData: string(1, 255),
  Tags: array(0, tagLimit, tag),
};

/** Log alarms. They share the names of all alarms, and DescribeAlarms shows them only to those who ask for the type. */
const putLogAlarm: Operation = {
  service: 'monitoring',
  name: 'PutLogAlarm',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'cloudwatch:PutLogAlarm', resource: alarmARN(text(input, 'AlarmName') ?? '', scope) },
    ...(tagEntries(input).length > 0
      ? [{ action: 'cloudwatch:TagResource', resource: alarmARN(text(input, 'AlarmName') ?? '', scope) }]
      : []),
    ...passedRoles(input),
  ],
  lock: (input) => `alarm ${text(input, 'AlarmName')}`,
  conflict: () =>
    new AwsError('ResourceConflict', 'The alarm or its scheduled query is being changed.', { status: 409 }),
  run(input, scope) {
    checkLogAlarm(input, scope);
    const name = text(input, 'AlarmName') ?? '';
    const store = alarmPut('LogAlarm', input, scope);
    store({
      ...pick(input, [
        'AlarmDescription',
        'QueryResultsToEvaluate',
        'QueryResultsToAlarm',
        'Threshold',
        'ComparisonOperator',
        'TreatMissingData',
        'ActionLogLineRoleArn',
        'WarmUpConfiguration',
        'ActionConfiguration',
      ]),
      ScheduledQueryConfiguration: {
        ...pick(object(input, 'ScheduledQueryConfiguration') ?? {}, [
          'QueryString',
          'LogGroupIdentifiers',
          'ScheduledQueryRoleARN',
          'ScheduleConfiguration',
          'AggregationExpression',
        ]),
        QueryARN: queryARN(name, scope),
      },
      ActionLogLineCount: number(input, 'ActionLogLineCount') ?? 0,
      ...alarmActions(input),
    });
    return {};
  },
};

export const logAlarmOperations: readonly Operation[] = [putLogAlarm];

/** Throws ValidationError where DeleteAlarms names a log alarm and another alarm: log alarms are deleted one by one. */
export function refuseLogAlarmsInBatch(names: readonly string[], scope: Scope): void {
  if (names.length < 2 || !names.some((name) => scope.region.alarms.get(name)?.kind === 'LogAlarm')) return;
  throw validationError('Log alarms cannot be deleted in a batch.');
}

function checkLogAlarm(input: JsonObject, scope: Scope): void {
  check(input, putLogAlarmShape, validationError);
  const query = object(input, 'ScheduledQueryConfiguration') ?? {};
  const schedule = object(query, 'ScheduleConfiguration') ?? {};
  const expression = text(schedule, 'ScheduleExpression') ?? '';
  if (!/^rate\((?:1 (?:minute|hour|day)|(?:[2-9]|[1-9][0-9]+) (?:minutes|hours|days))\)$/.test(expression)) {
    throw validationError(`The schedule expression ${expression} is not valid: use rate(value unit).`);
  }
  if ((number(schedule, 'EndTimeOffset') ?? 0) >= (number(schedule, 'StartTimeOffset') ?? 0)) {
    throw validationError('EndTimeOffset must be less than StartTimeOffset.');
  }
  if (texts(query, 'LogGroupIdentifiers').length === 0 && !/^\s*SOURCE\b/i.test(text(query, 'QueryString') ?? '')) {
    throw validationError('LogGroupIdentifiers must have between 1 and 50 entries.');
  }
  if ((number(input, 'QueryResultsToAlarm') ?? 0) > (number(input, 'QueryResultsToEvaluate') ?? 0)) {
    throw validationError('QueryResultsToAlarm must be less than or equal to QueryResultsToEvaluate.');
  }
  if ((number(input, 'ActionLogLineCount') ?? 0) > 0 && text(input, 'ActionLogLineRoleArn') === undefined) {
    throw validationError('ActionLogLineRoleArn is required when ActionLogLineCount is greater than 0.');
  }
  const missing = text(input, 'TreatMissingData');
  if (missing !== undefined && !['breaching', 'notBreaching', 'ignore', 'missing'].includes(missing)) {
    throw validationError(`The value ${missing} is unsupported for TreatMissingData parameter.`);
  }
  for (const member of ['OKActions', 'AlarmActions', 'InsufficientDataActions']) {
    for (const action of texts(input, member)) checkAction(action, scope);
  }
}

/** Log alarms set off topics, functions and OpsItems only. */
function checkAction(action: string, scope: Scope): void {
  const [prefix, , service, region] = action.split(':');
  if (prefix !== 'arn' || !['sns', 'lambda', 'ssm'].includes(service ?? '')) {
    throw validationError(`Invalid arn syntax: ${action}`);
  }
  if (region !== scope.region.name) {
    throw validationError(`Invalid region ${region} specified. Only ${scope.region.name} is supported.`);
  }
}

/** CloudWatch Logs runs the query, CloudWatch fetches the lines: each by its role, which the caller must be allowed to pass. */
function passedRoles(input: JsonObject): readonly Permission[] {
  const roles = [
    ['logs.amazonaws.com', text(object(input, 'ScheduledQueryConfiguration') ?? {}, 'ScheduledQueryRoleARN')],
    ['cloudwatch.amazonaws.com', text(input, 'ActionLogLineRoleArn')],
  ] as const;
  return roles.flatMap(([service, resource]) =>
    resource === undefined ? [] : [{ action: 'iam:PassRole', resource, context: { 'iam:PassedToService': service } }],
  );
}

/** AWS makes it up; here it follows from the name, so that equal ends have equal snapshots. */
function queryARN(name: string, scope: Scope): string {
  const hex = createHash('sha256').update(name).digest('hex').slice(0, 32);
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return arn(scope, 'logs', `scheduled-query:${id}`);
}

function alarmARN(name: string, scope: Scope): string {
  return arn(scope, 'cloudwatch', `alarm:${name}`);
}
