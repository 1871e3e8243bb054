import {
  DescribeAlarmsCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { accountID, failure, region, simulated } from './clients.ts';

const sums = (id: string, name = 'Invocations'): MetricDataQuery => ({
  Id: id,
  MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName: name }, Period: 300, Stat: 'Sum' },
  ReturnData: false,
});
const query: MetricDataQuery = {
  Id: 'q',
  Expression: 'SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId',
  Period: 300,
};

function alarms() {
  const simulation = simulated();
  const put = (changes: Partial<PutMetricAlarmCommandInput>) =>
    simulation.monitoring.send(
      new PutMetricAlarmCommand({
        AlarmName: 'calls',
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        ...changes,
      }),
    );
  return {
    ...simulation,
    put,
    putBand: (changes: Partial<PutMetricAlarmCommandInput>) =>
      put({
        Threshold: undefined,
        ThresholdMetricId: 'band',
        ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
        ...changes,
      }),
    read: async () => (await simulation.monitoring.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0],
  };
}

const refused = (message: RegExp) => ({ name: 'ValidationException', message: expect.stringMatching(message) });

describe('metric math', () => {
  test('takes texts, functions and other expressions for what they are', async () => {
    const { put, read } = alarms();
    const Metrics = [
      sums('m1'),
      { Id: 'e2', Expression: "IF(FILL(m1, 0) > 1.5e3, e1, 0) + METRICS('unknown')", ReturnData: true },
      { Id: 'e1', Expression: 'm1 * 2', ReturnData: false },
    ];
    await put({ Metrics });
    expect((await read())?.Metrics).toHaveLength(3);
  });

  test.each<[string, MetricDataQuery[], RegExp]>([
    ['a variable that is not there', [sums('m1'), { Id: 'e', Expression: 'm1 + m2' }], /variable m2 does not exist/],
    ['SEARCH', [{ Id: 'e', Expression: "SUM(SEARCH('{AWS/Bedrock}', 'Sum', 300))" }], /SEARCH in e/],
    ['an account that is none', [{ ...sums('m1'), AccountId: 'mine', ReturnData: true }], /AccountId mine of m1/],
    ['an account beside an expression', [sums('m1'), { Id: 'e', Expression: 'm1', AccountId: accountID }], /AccountId/],
  ])('refuses %s', async (_what, Metrics, message) => {
    const { put } = alarms();
    await expect(failure(put({ Metrics }))).resolves.toMatchObject(refused(message));
  });

  test('a metric of another account', async () => {
    const { put, read } = alarms();
    await put({ Metrics: [{ ...sums('m1'), AccountId: '444455556666', ReturnData: true }] });
    expect((await read())?.Metrics).toMatchObject([{ AccountId: '444455556666' }]);
  });
});

describe('Metrics Insights', () => {
  test('a query has a period of its own', async () => {
    const { put, read } = alarms();
    await put({ Metrics: [query] });
    expect((await read())?.Metrics).toEqual([{ ...query, ReturnData: true }]);
  });

  test.each<[string, MetricDataQuery[], RegExp]>([
    ['a query without a period', [{ ...query, Period: undefined }], /Period is required/],
    ['a query without FROM', [{ ...query, Expression: 'SELECT MAX(InvocationLatency)' }], /Invalid syntax/],
    ['two queries', [query, { ...query, Id: 'r', ReturnData: false }], /only one Metrics Insights query/],
  ])('refuses %s', async (_what, Metrics, message) => {
    const { put } = alarms();
    await expect(failure(put({ Metrics }))).resolves.toMatchObject(refused(message));
  });

  test('a Region has a quota of such alarms, which an overwritten one does not count against', async () => {
    const { aws, put } = alarms();
    aws.enforceQuotas({ rates: {}, counts: { InsightsAlarms: 1 } });
    await put({ Metrics: [query] });
    await put({ Metrics: [query], Threshold: 2 });
    await put({ AlarmName: 'other', Metrics: [{ ...sums('m1'), ReturnData: true }] });
    await expect(failure(put({ AlarmName: 'more', Metrics: [query] }))).resolves.toMatchObject({
      name: 'LimitExceededFault',
    });
  });
});

describe('anomaly bands', () => {
  const series = { ...sums('m1'), ReturnData: true };
  const band = (Expression: string): MetricDataQuery[] => [series, { Id: 'band', Expression }];

  test('the series and the band both return data, and nothing else does', async () => {
    const { putBand, read } = alarms();
    await putBand({ Metrics: band('ANOMALY_DETECTION_BAND(m1, 0.5)') });
    expect(await read()).toMatchObject({ ThresholdMetricId: 'band', Metrics: [{ Id: 'm1' }, { ReturnData: true }] });
    expect(await read()).not.toHaveProperty('Threshold');
  });

  test.each<[string, MetricDataQuery[], RegExp]>([
    ['a band around what is not there', band('ANOMALY_DETECTION_BAND(m2, 2)'), /m2/],
    ['a band of no width', band('ANOMALY_DETECTION_BAND(m1, 0)'), /greater than 0/],
    ['a band in an expression', band('ANOMALY_DETECTION_BAND(m1, 2) * 2'), /must be the Id of an ANOMALY/],
    [
      'a series that returns nothing',
      [sums('m1'), { ...series, Id: 'm2' }, { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' }],
      /a series of Metrics that returns data, not m1/,
    ],
  ])('refuses %s', async (_what, Metrics, message) => {
    const { putBand } = alarms();
    await expect(failure(putBand({ Metrics }))).resolves.toMatchObject(refused(message));
  });
});

describe('warm-up and tags in notifications', () => {
  const Metrics = [{ ...sums('m1'), ReturnData: true }];

  test('AWS reads its own default into a warm-up', async () => {
    const { put, read } = alarms();
    await put({ Metrics, WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 10 } });
    expect((await read())?.WarmUpConfiguration).toEqual({
      WarmUpPeriodDurationInMinutes: 10,
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: false,
    });
  });

  test.each<[string, Partial<PutMetricAlarmCommandInput>, RegExp]>([
    [
      'more than two days of warm-up',
      { WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 2881 } },
      /less than or equal to 2880/,
    ],
    [
      'keys to include and to exclude',
      {
        ActionConfiguration: {
          AlarmTagsPropagation: { Enabled: true, IncludedTagKeys: ['a'], ExcludedTagKeys: ['b'] },
        },
      },
      /mutually exclusive/,
    ],
    [
      'no keys to include',
      { ActionConfiguration: { AlarmTagsPropagation: { Enabled: true, IncludedTagKeys: [] } } },
      /greater than or equal to 1/,
    ],
  ])('refuses %s', async (_what, changes, message) => {
    const { put } = alarms();
    await expect(failure(put({ Metrics, ...changes }))).resolves.toMatchObject(refused(message));
  });

  test('tags go into notifications only where the caller may list them', async () => {
    const { aws, put } = alarms();
    const propagated = { Metrics, ActionConfiguration: { AlarmTagsPropagation: { Enabled: true } } };
    const allow = aws.deny(accountID, 'cloudwatch:ListTagsForResource');
    await expect(failure(put(propagated))).resolves.toMatchObject({ name: expect.stringMatching(/AccessDenied/) });
    await put({ Metrics });
    allow();
    await put(propagated);
  });
});

test('a test sets the state that an evaluation would', async () => {
  const { aws, put, read, clock } = alarms();
  await put({ Metrics: [{ ...sums('m1'), ReturnData: true }] });
  await clock.advance(60_000);
  aws.account(accountID).alarmState(region, 'calls', 'ALARM', 'too many');
  expect(await read()).toMatchObject({
    StateValue: 'ALARM',
    StateReason: 'too many',
    StateTransitionedTimestamp: new Date('2026-01-01T00:01:00Z'),
  });
  expect(() => aws.account(accountID).alarmState(region, 'none', 'OK')).toThrow('There is no alarm none');
});
