import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { accountID, failure, region, simulated, unlisted } from './clients.ts';

const alarm = {
  AlarmName: 'errors',
  Namespace: 'AWS/Bedrock',
  MetricName: 'InvocationServerErrors',
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 3,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
} as const satisfies PutMetricAlarmCommandInput;
const arn = `arn:aws:cloudwatch:${region}:${accountID}:alarm:errors`;
const topic = `arn:aws:sns:${region}:${accountID}:alerts`;

const stat = (id: string, period = 300) => ({
  Id: id,
  MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName: 'Invocations' }, Period: period, Stat: 'Sum' },
  ReturnData: false,
});
/** A math alarm: the members of a single metric are absent. */
function math(changes: Partial<PutMetricAlarmCommandInput> = {}): PutMetricAlarmCommandInput {
  const { Namespace: _n, MetricName: _m, Statistic: _s, Period: _p, ...rest } = alarm;
  return { ...rest, Metrics: [stat('m1'), { Id: 'e1', Expression: 'm1*2' }], ...changes };
}

function alarms() {
  const simulation = simulated();
  const { monitoring } = simulation;
  return {
    ...simulation,
    put: (changes: Partial<PutMetricAlarmCommandInput> = {}) =>
      monitoring.send(new PutMetricAlarmCommand({ ...alarm, ...changes })),
    putWhole: (input: PutMetricAlarmCommandInput) => monitoring.send(new PutMetricAlarmCommand(input)),
    describe: (input: DescribeAlarmsCommandInput = {}) => monitoring.send(new DescribeAlarmsCommand(input)),
    tags: async () =>
      (await monitoring.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags?.map(
        ({ Key, Value }) => `${Key}=${Value}`,
      ),
  };
}

describe('metric alarms', () => {
  test('a second put overwrites everything silently, but keeps the state and ignores tags', async () => {
    const { monitoring, put, describe, tags, clock } = alarms();
    await put({ AlarmDescription: 'first', AlarmActions: [topic], Tags: [{ Key: 'a', Value: '1' }] });
    expect((await describe()).MetricAlarms?.[0]).toMatchObject({
      AlarmArn: arn,
      AlarmDescription: 'first',
      StateValue: 'INSUFFICIENT_DATA',
      ActionsEnabled: true,
      OKActions: [],
      Dimensions: [],
    });
    await monitoring.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'test' }));
    await clock.advance(1000);
    await put({ Threshold: 5, Tags: [{ Key: 'b', Value: '2' }] });
    const [now] = (await describe()).MetricAlarms ?? [];
    expect(now).toMatchObject({ Threshold: 5, StateValue: 'ALARM', StateReason: 'test', AlarmActions: [] });
    expect(now).not.toHaveProperty('AlarmDescription');
    expect(now).not.toHaveProperty('Tags');
    expect(now?.AlarmConfigurationUpdatedTimestamp).toEqual(new Date('2026-01-01T00:00:01Z'));
    expect(await tags()).toEqual(['a=1']);
  });

  test('TagResource merges, UntagResource removes, and an alarm that is not there is ResourceNotFoundException', async () => {
    const { monitoring, put, tags } = alarms();
    await put({ Tags: [{ Key: 'a', Value: '1' }] });
    await monitoring.send(new TagResourceCommand({ ResourceARN: arn, Tags: [{ Key: 'b', Value: '2' }] }));
    await monitoring.send(new UntagResourceCommand({ ResourceARN: arn, TagKeys: ['a'] }));
    expect(await tags()).toEqual(['b=2']);
    await expect(
      failure(monitoring.send(new ListTagsForResourceCommand({ ResourceARN: `${arn}x` }))),
    ).resolves.toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  test('what a metrics list reads back with although nobody wrote it', async () => {
    const { putWhole, describe } = alarms();
    await putWhole(math());
    expect((await describe()).MetricAlarms?.[0]?.Metrics).toEqual([
      {
        ...stat('m1'),
        MetricStat: { ...stat('m1').MetricStat, Metric: { ...stat('m1').MetricStat.Metric, Dimensions: [] } },
      },
      { Id: 'e1', Expression: 'm1*2', ReturnData: true },
    ]);
  });

  test('without AlarmTypes composite alarms do not show, although their names are taken', async () => {
    const { aws, put, describe } = alarms();
    await put();
    aws
      .account(accountID)
      .region(region)
      .alarms.set('both', {
        kind: 'CompositeAlarm',
        name: 'both',
        configuration: { AlarmRule: 'ALARM(errors)' },
        tags: {},
        configurationUpdatedAt: 0,
        state: 'OK',
        stateReason: '',
        stateReasonData: undefined,
        stateUpdatedAt: 0,
        stateTransitionedAt: 0,
      });
    const names = async (input: DescribeAlarmsCommandInput) => {
      const found = await describe(input);
      return [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])].map((one) => one.AlarmName);
    };
    expect(await names({ AlarmNames: ['errors', 'both'] })).toEqual(['errors']);
    expect(await names({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })).toEqual(['errors', 'both']);
    await expect(failure(put({ AlarmName: 'both' }))).resolves.toMatchObject({
      name: 'ValidationException',
      status: 400,
    });
  });

  test('reads at most 100 names, 50 a page unless asked for more, prefix or names', async () => {
    const { put, describe } = alarms();
    const names = Array.from({ length: 101 }, (_, i) => `a${String(i).padStart(3, '0')}`);
    for (const AlarmName of names) await put({ AlarmName });
    await expect(failure(describe({ AlarmNames: names }))).resolves.toMatchObject({ name: 'ValidationException' });
    await expect(failure(describe({ AlarmNames: ['x'], AlarmNamePrefix: 'x' }))).resolves.toMatchObject({
      name: 'ValidationException',
    });
    await expect(failure(describe({ NextToken: 'made up' }))).resolves.toMatchObject({ name: 'InvalidNextToken' });
    const first = await describe({ AlarmNames: names.slice(0, 100) });
    const second = await describe({ AlarmNames: names.slice(0, 100), NextToken: first.NextToken });
    expect([first.MetricAlarms?.length, second.MetricAlarms?.length, second.NextToken]).toEqual([50, 50, undefined]);
    const whole = await describe({ AlarmNames: names.slice(0, 100), MaxRecords: 100 });
    expect([whole.MetricAlarms?.length, whole.NextToken]).toEqual([100, undefined]);
    expect((await describe({ AlarmNamePrefix: 'a09' })).MetricAlarms).toHaveLength(10);
  });

  test('a wrong name among those to delete is ResourceNotFound, and the others are gone', async () => {
    const { monitoring, put, describe } = alarms();
    await put();
    await put({ AlarmName: 'stays' });
    await expect(
      failure(monitoring.send(new DeleteAlarmsCommand({ AlarmNames: ['none', 'errors'] }))),
    ).resolves.toMatchObject({ name: 'ResourceNotFound', status: 404 });
    expect((await describe()).MetricAlarms?.map((one) => one.AlarmName)).toEqual(['stays']);
  });

  test('the quota of alarms is LimitExceededFault', async () => {
    const { aws, put } = alarms();
    aws.enforceQuotas({ rates: {}, counts: { Alarms: 1 } });
    await put();
    await put({ Threshold: 1 });
    await expect(failure(put({ AlarmName: 'more' }))).resolves.toMatchObject({
      name: 'LimitExceededFault',
      status: 400,
    });
  });

  test.each<[string, Partial<PutMetricAlarmCommandInput>, RegExp]>([
    ['no operator', { ComparisonOperator: undefined }, /Value null at 'comparisonOperator'/],
    ['an unknown operator', { ComparisonOperator: unlisted<'GreaterThanThreshold'>('Above') }, /enum value set/],
    ['no threshold', { Threshold: undefined }, /Threshold is required/],
    ['no namespace', { Namespace: undefined }, /Namespace/],
    ['no statistic', { Statistic: undefined }, /Exactly one of Statistic/],
    ['two statistics', { ExtendedStatistic: 'p99' }, /Exactly one of Statistic/],
    ['an unknown percentile', { Statistic: undefined, ExtendedStatistic: 'q99' }, /not supported/],
    ['a period of 90 seconds', { Period: 90 }, /multiple of 60/],
    ['more than a day of short periods', { Period: 300, EvaluationPeriods: 289 }, /<= 86400/],
    ['more than a week', { Period: 3600, EvaluationPeriods: 169 }, /<= 604800/],
    ['more datapoints than periods', { DatapointsToAlarm: 4 }, /DatapointsToAlarm/],
    ['six actions', { AlarmActions: Array.from({ length: 6 }, (_, i) => `${topic}${i}`) }, /alarmActions/],
    ['an action that is no ARN', { AlarmActions: ['alerts'] }, /Invalid arn syntax/],
    [
      'an action of another Region',
      { OKActions: [topic.replace(region, 'eu-west-1')] },
      /Invalid region eu-west-1 specified\. Only us-east-1/,
    ],
    ['an unknown treatment of missing data', { TreatMissingData: 'NotBreaching' }, /TreatMissingData/],
    ['a control character in the name', { AlarmName: 'a\nb' }, /alarmName/],
    ['1,025 characters of description', { AlarmDescription: 'd'.repeat(1025) }, /alarmDescription/],
    ['both forms', { Metrics: [stat('m1')] }, /mutually exclusive/],
    ['neither form', { MetricName: undefined }, /either MetricName or Metrics/],
    ['a band operator without a band', { ComparisonOperator: 'GreaterThanUpperThreshold' }, /ThresholdMetricId/],
    ['tags in the name space of AWS', { Tags: [{ Key: 'aws:x', Value: '1' }] }, /aws: prefixed/],
  ])('refuses %s', async (_reason, changes, message) => {
    const { put, describe } = alarms();
    await expect(failure(put(changes))).resolves.toMatchObject({
      name: 'ValidationException',
      status: 400,
      message: expect.stringMatching(message),
    });
    expect((await describe()).MetricAlarms).toEqual([]);
  });

  test.each<[string, Partial<PutMetricAlarmCommandInput>, RegExp]>([
    [
      'two that return data',
      {
        Metrics: [
          { ...stat('m1'), ReturnData: true },
          { Id: 'e1', Expression: 'm1' },
        ],
      },
      /Exactly one element/,
    ],
    ['none that returns data', { Metrics: [stat('m1')] }, /Exactly one element/],
    ['an ID that starts with a capital', { Metrics: [stat('M1'), { Id: 'e1', Expression: 'M1' }] }, /Id M1/],
    ['one ID twice', { Metrics: [stat('m1'), { Id: 'm1', Expression: 'm1' }] }, /unique/],
    ['neither metric nor expression', { Metrics: [{ Id: 'e1' }] }, /either MetricStat or Expression/],
    [
      'eleven metrics',
      { Metrics: [...Array.from({ length: 11 }, (_, i) => stat(`m${i}`)), { Id: 'e1', Expression: 'm0' }] },
      /at most 10/,
    ],
    ['a period beside them', { Period: 60 }, /Metrics and Period/],
    ['a threshold beside a band', { ThresholdMetricId: 'e1' }, /Exactly two elements/],
  ])('a metrics list refuses %s', async (_reason, changes, message) => {
    const { putWhole } = alarms();
    await expect(failure(putWhole(math(changes)))).resolves.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  test('an anomaly band alarm', async () => {
    const { putWhole } = alarms();
    const band = (changes: Partial<PutMetricAlarmCommandInput>) =>
      putWhole(
        math({
          Threshold: undefined,
          ThresholdMetricId: 'band',
          ComparisonOperator: 'GreaterThanUpperThreshold',
          Metrics: [
            { ...stat('m1'), ReturnData: true },
            { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' },
          ],
          ...changes,
        }),
      );
    await band({});
    await expect(failure(band({ Threshold: 1 }))).resolves.toMatchObject({ name: 'ValidationException' });
    await expect(failure(band({ ThresholdMetricId: 'm1' }))).resolves.toMatchObject({ name: 'ValidationException' });
    await expect(failure(band({ ComparisonOperator: 'GreaterThanThreshold' }))).resolves.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('all that is wrong with a request comes in one message', async () => {
    const { put } = alarms();
    const { message } = await failure(put({ AlarmName: 'n'.repeat(256), EvaluationPeriods: 0 }));
    expect(message).toMatch(
      /^2 validation errors detected: Value 'n+' at 'alarmName'.*; Value '0' at 'evaluationPeriods'/,
    );
  });

  test('SetAlarmState of an alarm that is not there, and with data that is not JSON', async () => {
    const { monitoring, put } = alarms();
    const set = (AlarmName: string, StateReasonData?: string) =>
      monitoring.send(
        new SetAlarmStateCommand({
          AlarmName,
          StateValue: 'OK',
          StateReason: 'r',
          ...(StateReasonData && { StateReasonData }),
        }),
      );
    await expect(failure(set('none'))).resolves.toMatchObject({ name: 'ResourceNotFound', status: 404 });
    await put();
    await expect(failure(set('errors', '{'))).resolves.toMatchObject({ name: 'InvalidFormatFault' });
  });
});
