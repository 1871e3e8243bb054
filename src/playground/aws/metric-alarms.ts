import type { JsonObject } from '#src/domain/json.ts';
import { alarmActions, alarmPut, limitExceeded } from './alarm-put.ts';
import { ensureDetector } from './anomaly-detectors.ts';
import { evaluateComposites, refuseDependedUpon, suppression } from './composite-alarms.ts';
import { array, check, integer, oneOf, required, string } from './constraints.ts';
import { AwsError, validationError } from './errors.ts';
import { refuseLogAlarmsInBatch } from './log-alarms.ts';
import { flag, number, object, objects, pick, text, texts } from './members.ts';
import { alarmName, checkMetricAlarm } from './metric-alarm-constraints.ts';
import { isInsightsQuery } from './metric-query-constraints.ts';
import { arn, type Operation, type Scope } from './operation.ts';
import { page } from './paging.ts';
import type { Alarm } from './state.ts';
import { tagEntries } from './tags.ts';

const configurationMembers = [
  'AlarmDescription', 'MetricName', 'Namespace', 'Statistic', 'ExtendedStatistic', 'Period', 'Unit',
  'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold', 'ComparisonOperator', 'TreatMissingData',
  'EvaluateLowSampleCountPercentile', 'Metrics', 'ThresholdMetricId', 'EvaluationWindow', 'WarmUpConfiguration',
  'EvaluationCriteria', 'EvaluationInterval', 'ActionConfiguration',
]; // biome-ignore format: a list of words
const stateValues = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
const alarmTypes = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'];
/** DescribeAlarms answers this many where MaxRecords is absent, and at most 100. */
const pageSize = 50;

const putMetricAlarm: Operation = {
  service: 'monitoring',
  name: 'PutMetricAlarm',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'cloudwatch:PutMetricAlarm', resource: alarmARN(text(input, 'AlarmName') ?? '', scope) },
    ...(tagEntries(input).length > 0
      ? [{ action: 'cloudwatch:TagResource', resource: alarmARN(text(input, 'AlarmName') ?? '', scope) }]
      : []),
  ],
  run(input, scope) {
    checkMetricAlarm(input, scope);
    const name = text(input, 'AlarmName') ?? '';
    const store = alarmPut('MetricAlarm', input, scope);
    if (propagatesTags(input)) {
      scope.authorize({ action: 'cloudwatch:ListTagsForResource', resource: alarmARN(name, scope) });
    }
    if (insightsAlarms(scope, name) + (isInsightsAlarm(input) ? 1 : 0) > scope.countLimit('InsightsAlarms')) {
      throw limitExceeded('Metrics Insights alarms');
    }
    const warmUp = object(input, 'WarmUpConfiguration');
    const configuration: JsonObject = {
      ...pick(input, configurationMembers),
      ...(warmUp && { WarmUpConfiguration: { OnlyStartEvaluatingAfterWarmUpPeriodEnds: false, ...warmUp } }),
      ...(objects(input, 'Metrics').length > 0 && { Metrics: objects(input, 'Metrics').map(withDefaults) }),
      ...alarmActions(input),
      Dimensions: input['Dimensions'] ?? [],
    };
    store(configuration);
    ensureDetector(configuration, scope);
    return {};
  },
};

const describeAlarms: Operation = {
  service: 'monitoring',
  name: 'DescribeAlarms',
  mutates: false,
  // Answering with composite alarms needs permission on every alarm; so does a read by prefix.
  permissions: (_input, scope) => [
    { action: 'cloudwatch:DescribeAlarms', resource: arn(scope, 'cloudwatch', 'alarm:*') },
  ],
  run(input, scope) {
    check(
      input,
      {
        AlarmNames: array(0, 100, alarmName),
        AlarmNamePrefix: string(1, 255),
        AlarmTypes: array(0, 3, oneOf(alarmTypes)),
        StateValue: oneOf(stateValues),
        ActionPrefix: string(1, 1024),
        MaxRecords: integer(1, 100),
      },
      validationError,
    );
    const names = texts(input, 'AlarmNames');
    const prefix = text(input, 'AlarmNamePrefix');
    if (names.length > 0 && prefix !== undefined) {
      throw validationError('AlarmNamePrefix and AlarmNames are mutually exclusive.');
    }
    // Without AlarmTypes composite alarms do not show, even those that are named.
    const types = texts(input, 'AlarmTypes');
    const shown = types.length > 0 ? types : ['MetricAlarm'];
    const state = text(input, 'StateValue');
    const action = text(input, 'ActionPrefix');
    evaluateComposites(scope.region, scope.now);
    const found = [...scope.seen(scope.region.alarms).values()]
      .filter((alarm) => shown.includes(alarm.kind))
      .filter((alarm) => names.length === 0 || names.includes(alarm.name))
      .filter((alarm) => prefix === undefined || alarm.name.startsWith(prefix))
      .filter((alarm) => state === undefined || alarm.state === state)
      .filter((alarm) => action === undefined || actionsOf(alarm).some((one) => one.startsWith(action)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(found, number(input, 'MaxRecords') ?? pageSize, text(input, 'NextToken'), () => {
      return new AwsError('InvalidNextToken', 'The next token specified is invalid.');
    });
    const of = (kind: Alarm['kind']) =>
      items.filter((alarm) => alarm.kind === kind).map((alarm) => described(alarm, scope));
    return {
      MetricAlarms: of('MetricAlarm'),
      CompositeAlarms: of('CompositeAlarm'),
      LogAlarms: of('LogAlarm'),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};

const deleteAlarms: Operation = {
  service: 'monitoring',
  name: 'DeleteAlarms',
  mutates: true,
  permissions: (input, scope) =>
    texts(input, 'AlarmNames').map((name) => ({ action: 'cloudwatch:DeleteAlarms', resource: alarmARN(name, scope) })),
  run(input, scope) {
    check(input, { AlarmNames: required(array(0, 100, alarmName)) }, validationError);
    const names = texts(input, 'AlarmNames');
    const { alarms } = scope.region;
    if (names.filter((name) => alarms.get(name)?.kind === 'CompositeAlarm').length > 1) {
      throw validationError('You can delete only one composite alarm at a time.');
    }
    refuseLogAlarmsInBatch(names, scope);
    refuseDependedUpon(names, scope);
    const missing = names.filter((name) => !alarms.has(name));
    // A wrong name does not keep the others.
    for (const name of names) {
      scope.changing(alarms, name);
      alarms.delete(name);
    }
    if (missing.length > 0) {
      throw new AwsError('ResourceNotFound', `Alarms not found: ${missing.join(', ')}`, { status: 404 });
    }
    return {};
  },
};

const setAlarmState: Operation = {
  service: 'monitoring',
  name: 'SetAlarmState',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'cloudwatch:SetAlarmState', resource: alarmARN(text(input, 'AlarmName') ?? '', scope) },
  ],
  run(input, scope) {
    check(
      input,
      {
        AlarmName: required(alarmName),
        StateValue: required(oneOf(stateValues)),
        StateReason: required(string(0, 1023)),
        StateReasonData: string(0, 4000),
      },
      validationError,
    );
    const alarm = scope.region.alarms.get(text(input, 'AlarmName') ?? '');
    if (!alarm) throw new AwsError('ResourceNotFound', 'Alarm not found', { status: 404 });
    const data = text(input, 'StateReasonData');
    if (data !== undefined && !isJson(data)) {
      throw new AwsError('InvalidFormatFault', 'StateReasonData must be valid JSON', { queryCode: 'InvalidFormat' });
    }
    evaluateComposites(scope.region, scope.now);
    const state = stateValues.find((one) => one === text(input, 'StateValue')) ?? alarm.state;
    scope.changing(scope.region.alarms, alarm.name);
    if (state !== alarm.state) alarm.stateTransitionedAt = scope.now;
    alarm.state = state;
    alarm.stateReason = text(input, 'StateReason') ?? '';
    alarm.stateReasonData = data;
    alarm.stateUpdatedAt = scope.now;
    return {};
  },
};

export const metricAlarmOperations: readonly Operation[] = [
  putMetricAlarm,
  describeAlarms,
  deleteAlarms,
  setAlarmState,
];

function alarmARN(name: string, scope: Scope): string {
  return arn(scope, 'cloudwatch', `alarm:${name}`);
}

/** As DescribeAlarms answers: no tags. Times are epoch seconds. */
function described(alarm: Alarm, scope: Scope): JsonObject {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmARN(alarm.name, scope),
    ...alarm.configuration,
    AlarmConfigurationUpdatedTimestamp: alarm.configurationUpdatedAt / 1000,
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    ...(alarm.stateReasonData !== undefined && { StateReasonData: alarm.stateReasonData }),
    StateUpdatedTimestamp: alarm.stateUpdatedAt / 1000,
    StateTransitionedTimestamp: alarm.stateTransitionedAt / 1000,
    ...suppression(alarm, scope.region),
  };
}

/** What AWS reads back of a metrics list although nobody wrote it. */
function withDefaults(query: JsonObject): JsonObject {
  const stat = object(query, 'MetricStat');
  const metric = object(stat, 'Metric');
  return {
    ...query,
    ReturnData: flag(query, 'ReturnData') ?? true,
    ...(stat && metric && { MetricStat: { ...stat, Metric: { Dimensions: [], ...metric } } }),
  };
}

function actionsOf(alarm: Alarm): readonly string[] {
  return ['OKActions', 'AlarmActions', 'InsufficientDataActions'].flatMap((member) =>
    texts(alarm.configuration, member),
  );
}

function isJson(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
}

/** Whether alarm tags go into notifications: then CloudWatch reads them as the caller. */
function propagatesTags(input: JsonObject): boolean {
  const propagation = object(object(input, 'ActionConfiguration'), 'AlarmTagsPropagation');
  return flag(propagation ?? {}, 'Enabled') === true;
}

/** How many alarms over Metrics Insights queries there are, `except` not counted. */
function insightsAlarms(scope: Scope, except: string): number {
  return [...scope.region.alarms.values()].filter(
    ({ name, configuration }) => name !== except && isInsightsAlarm(configuration),
  ).length;
}

function isInsightsAlarm(configuration: JsonObject): boolean {
  return objects(configuration, 'Metrics').some(isInsightsQuery);
}
