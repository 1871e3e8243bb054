import { describe, expect, test } from 'vitest';
import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import { planAlarms } from '#src/domain/plan/metric-alarm.ts';
import type { MetricAlarm, MetricQuery } from '#src/domain/resource.ts';
import { facts, planned, remarks, spec } from './given.ts';

const topic = 'arn:aws:sns:us-east-1:111122223333:genai';
const calls = { name: 'Invocations', statistic: 'Sum' } as const;

function only(entry: Partial<AlarmEntry>, members: Parameters<typeof spec>[0] = {}): MetricAlarm {
  const alarms = [{ name: 'calls', ...entry }];
  const found = planned('MetricAlarm', planAlarms(spec({ ...members, alarms }), facts()));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} alarms were planned`);
  return found[0];
}

/** `id: expression` or `id: metric by dimensions`; what returns data has a `!`. */
function written({ metrics = [] }: MetricAlarm): string[] {
  const what = ({ expression, metric }: MetricQuery) =>
    expression ?? `${metric?.name} ${metric?.statistic} ${JSON.stringify(metric?.dimensions)}`;
  return metrics.map((one) => `${one.id}${one.returnData ? '!' : ''}: ${what(one)}`);
}

describe('metric math', () => {
  const ratio = {
    metricMath: {
      expression: '100 * bad / result',
      metrics: [
        { id: 'result', ...calls },
        { id: 'bad', name: 'InvocationClientErrors', statistic: 'Sum' },
      ],
    },
    threshold: 5,
  } satisfies Partial<AlarmEntry>;

  test('the expression returns the data, under an id that is free', () => {
    const alarm = only(ratio);
    expect(written(alarm)).toEqual([
      'result_!: 100 * bad / result',
      'result: Invocations Sum {}',
      'bad: InvocationClientErrors Sum {}',
    ]);
    expect(alarm.metric).toBeUndefined();
    expect(alarm.description).toBe('the expression is above 5 in 1 of 1 period of 5m.');
  });

  test('spec.models multiply it where every metric is by model', () => {
    const models = ['a', 'b'];
    const made = planned('MetricAlarm', planAlarms(spec({ models, alarms: [{ name: 'r', ...ratio }] }), facts()));
    expect(made.map((alarm) => written(alarm)[2])).toEqual([
      'bad: InvocationClientErrors Sum {"ModelId":"a"}',
      'bad: InvocationClientErrors Sum {"ModelId":"b"}',
    ]);
  });

  test('a metric of the application beside them makes it one alarm, and stays without model', () => {
    const mixed: Partial<AlarmEntry> = {
      ...ratio,
      metricMath: {
        ...ratio.metricMath,
        metrics: [{ id: 'orders', name: 'Orders', namespace: 'Shop', statistic: 'Sum' }, ...ratio.metricMath.metrics],
      },
    };
    expect(written(only(mixed, { models: ['a', 'b'] }))).toContain('bad: InvocationClientErrors Sum {}');
    expect(written(only({ ...mixed, models: ['a'] }))).toEqual([
      'result_!: 100 * bad / result',
      'orders: Orders Sum {}',
      'result: Invocations Sum {"ModelId":"a"}',
      'bad: InvocationClientErrors Sum {"ModelId":"a"}',
    ]);
  });

  test('models that could select nothing are said', () => {
    const metricMath = {
      expression: 'o',
      metrics: [{ id: 'o', name: 'Orders', namespace: 'Shop', statistic: 'Sum' }],
    };
    const plan = planAlarms(spec({ alarms: [{ name: 'o', metricMath, threshold: 1, models: ['a'] }] }), facts());
    expect(remarks(plan)).toEqual(['InvalidSpec alarms/o']);
    expect(plan.keep).toEqual(['Alarms']);
  });
});

describe('a Metrics Insights query', () => {
  const query = 'SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId';

  test('is one alarm whatever spec.models says, with a period of its own', () => {
    const alarm = only({ metricsInsights: { query }, threshold: 100, period: '10m' }, { models: ['a', 'b'] });
    expect(alarm.metrics).toEqual([{ id: 'query', expression: query, period: 600, returnData: true }]);
    expect(alarm.description).toBe('any series of the query is above 100 in 1 of 1 period of 10m.');
  });
});

describe('an anomaly band', () => {
  test('of one metric', () => {
    const alarm = only({ metric: calls, anomalyBand: {} });
    expect(written(alarm)).toEqual(['observed!: Invocations Sum {}', 'band!: ANOMALY_DETECTION_BAND(observed, 2)']);
    expect(alarm).toMatchObject({
      thresholdMetricID: 'band',
      comparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
    });
    expect(alarm.threshold).toBeUndefined();
    expect(alarm.description).toBe(
      'Invocations (Sum) is outside the band of 2 standard deviations around what CloudWatch expects in 1 of 1 period of 5m.',
    );
  });

  test('of metric math that has an id band already', () => {
    const metricMath = { expression: 'FILL(band, 0)', metrics: [{ id: 'band', ...calls }] };
    const alarm = only({
      metricMath,
      anomalyBand: { standardDeviations: 0.5 },
      comparisonOperator: 'LessThanLowerThreshold',
      treatMissingData: 'Breaching',
    });
    expect(written(alarm).at(-1)).toBe('band_!: ANOMALY_DETECTION_BAND(result, 0.5)');
    expect(alarm).toMatchObject({ thresholdMetricID: 'band_', comparisonOperator: 'LessThanLowerThreshold' });
  });

  test('of a percentile: the low-sample rule is of single metrics only', () => {
    const alarm = only({ preset: 'LatencyP99', anomalyBand: {}, evaluateLowSampleCountPercentile: 'Ignore' });
    expect(alarm.evaluateLowSampleCountPercentile).toBeUndefined();
    expect(alarm.comparisonOperator).toBe('GreaterThanUpperThreshold');
  });
});

test('a metric of a source account is asked for in a list, which alone can name the account', () => {
  const alarm = only({ metric: { ...calls, statistic: 'p90', accountID: '444455556666' }, threshold: 0 });
  expect(alarm.metric).toBeUndefined();
  expect(alarm.metrics).toMatchObject([{ id: 'observed', metric: { accountID: '444455556666' }, returnData: true }]);
  expect(alarm.evaluateLowSampleCountPercentile).toBeUndefined();
});

describe('warm-up and tags in notifications', () => {
  const entry = { metric: calls, threshold: 0 } as const;

  test('undeclared they are left to AWS', () => {
    expect(only(entry)).not.toHaveProperty('warmUp');
    expect(only(entry)).not.toHaveProperty('tagsPropagation');
  });

  test.each([
    [{ duration: '1h30m' }, { minutes: 90, always: false }],
    [
      { duration: '2m', startEvaluating: 'WhenDataSuffices' as const },
      { minutes: 2, always: false },
    ],
    [
      { duration: '48h', startEvaluating: 'AfterWarmUp' as const },
      { minutes: 2880, always: true },
    ],
  ])('warm-up %j', (warmUp, expected) => {
    expect(only({ ...entry, warmUp }).warmUp).toEqual(expected);
  });

  test.each([
    [{}, { enabled: true }],
    [{ includedTagKeys: ['b', 'a'] }, { enabled: true, includedTagKeys: ['a', 'b'] }],
    [{ excludedTagKeys: ['x'] }, { enabled: true, excludedTagKeys: ['x'] }],
  ])('tags %j', (alarmTagsPropagation, expected) => {
    expect(only(entry, { notifications: { alarmTagsPropagation } }).tagsPropagation).toEqual(expected);
  });
});

describe('metrics that AWS does not document', () => {
  test.each([
    ['ContentFilteredCount', 'AWS no longer documents ContentFilteredCount'],
    ['Invocation', 'AWS documents no metric Invocation of AWS/Bedrock'],
  ])('%s is planned, and noted', (name, sentence) => {
    const entry = { name: 'a', metric: { name, statistic: 'Sum' }, threshold: 0, alarmActions: [topic] };
    const plan = planAlarms(spec({ alarms: [entry] }), facts());
    expect(planned('MetricAlarm', plan)).toHaveLength(1);
    expect(remarks(plan)).toEqual(['UndocumentedMetric (note) alarms/a']);
    expect(plan.remarks?.[0]?.message).toContain(sentence);
    expect(plan.keep).toEqual([]);
  });
});

describe('dimensions that AWS does not document', () => {
  const delivery = 'ModelInvocationLogsCloudWatchDeliveryFailure';
  test.each<[string, Partial<AlarmEntry>, string[]]>([
    ['models of a metric without model', { metric: { name: delivery, statistic: 'Sum' }, models: ['m'] }, ['a']],
    ['no model of a metric per model', { metric: { name: 'TimeToFirstToken', statistic: 'p99' } }, ['a']],
    ['a dimension of its own', { metric: { ...calls, dimensions: { Tier: 'x' } } }, []],
    ['the model of a metric per model', { metric: { name: 'TimeToFirstToken', statistic: 'p99' }, models: ['m'] }, []],
    [
      'models of one metric in an expression',
      {
        metricMath: {
          expression: 'c - f',
          metrics: [
            { id: 'c', ...calls },
            { id: 'f', name: delivery, statistic: 'Sum' },
          ],
        },
        models: ['m'],
      },
      [],
    ],
  ])('%s', (_what, entry, noted) => {
    const alarms = [{ name: 'a', threshold: 0, alarmActions: [topic], ...entry }];
    expect(remarks(planAlarms(spec({ alarms }), facts()))).toEqual(
      noted.map((name) => `UndocumentedMetric (note) alarms/${name}`),
    );
  });
});

describe('the alarm that logging brings along', () => {
  const invocationLogging = { dataTypes: [], s3: { bucket: { name: 'records' } } };
  const paths = (members: Parameters<typeof spec>[0]) =>
    planAlarms(spec({ invocationLogging, ...members }), facts()).resources?.map(({ path }) => path);

  test('is there with logging, and asks nobody for a route', () => {
    const plan = planAlarms(spec({ invocationLogging }), facts());
    expect(plan.resources?.map(({ path }) => path)).toEqual(['alarms/log-delivery-failure']);
    expect(plan.remarks).toEqual([]);
  });

  test('goes to the route of its severity', () => {
    const notifications = { routes: [{ severity: 'Critical' as const, alarmActions: [topic] }] };
    const [alarm] = planned('MetricAlarm', planAlarms(spec({ invocationLogging, notifications }), facts()));
    expect(alarm?.alarmActions).toEqual([topic]);
  });

  test.each<[string, Parameters<typeof spec>[0], string[]]>([
    ['is switched off', { invocationLogging: { ...invocationLogging, deliveryAlarm: 'Disabled' } }, []],
    [
      'gives way to an entry of its preset',
      { alarms: [{ name: 'mine', preset: 'LogDeliveryFailure' }] },
      ['alarms/mine'],
    ],
    [
      'gives way to an entry of its name',
      { alarms: [{ name: 'log-delivery-failure', metric: calls, threshold: 1 }] },
      ['alarms/log-delivery-failure'],
    ],
    ['gives way to a composite of its name', { compositeAlarms: [{ name: 'log-delivery-failure', rule: 'TRUE' }] }, []],
  ])('%s', (_what, members, expected) => {
    expect(paths(members)).toEqual(expected);
  });
});
