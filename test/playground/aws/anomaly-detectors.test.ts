import {
  DeleteAlarmsCommand,
  DeleteAnomalyDetectorCommand,
  type DeleteAnomalyDetectorCommandInput,
  DescribeAnomalyDetectorsCommand,
  type DescribeAnomalyDetectorsCommandInput,
  PutAnomalyDetectorCommand,
  type PutAnomalyDetectorCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { failure, simulated, unlisted } from './clients.ts';

const model = { Name: 'ModelId', Value: 'anthropic.claude' };
const metric = { Namespace: 'AWS/Bedrock', MetricName: 'Invocations', Stat: 'Sum' };
const single = { SingleMetricAnomalyDetector: { ...metric, Dimensions: [model] } };
const series = {
  Id: 'm1',
  MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName: 'Invocations' }, Period: 300, Stat: 'Sum' },
};
const banded = {
  AlarmName: 'unusual',
  EvaluationPeriods: 3,
  ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
  ThresholdMetricId: 'band',
  Metrics: [series, { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' }],
} satisfies PutMetricAlarmCommandInput;

function detectors() {
  const simulation = simulated();
  const { monitoring } = simulation;
  return {
    ...simulation,
    put: (input: Partial<PutAnomalyDetectorCommandInput> = single) =>
      monitoring.send(new PutAnomalyDetectorCommand(input)),
    read: async (input: DescribeAnomalyDetectorsCommandInput = {}) =>
      (await monitoring.send(new DescribeAnomalyDetectorsCommand(input))).AnomalyDetectors ?? [],
    remove: (input: DeleteAnomalyDetectorCommandInput = single) =>
      monitoring.send(new DeleteAnomalyDetectorCommand(input)),
    alarm: (input: PutMetricAlarmCommandInput = banded) => monitoring.send(new PutMetricAlarmCommand(input)),
  };
}

describe('anomaly detectors', () => {
  test('one model per metric, dimensions and statistic: a second put replaces all settings and keeps the ID', async () => {
    const { put, read } = detectors();
    const first = await put({
      ...single,
      Configuration: {
        ExcludedTimeRanges: [{ StartTime: new Date('2026-01-01'), EndTime: new Date('2026-01-02') }],
        MetricTimezone: 'Europe/Berlin',
        AdaptationSpeed: 'SLOW',
      },
      MetricCharacteristics: { PeriodicSpikes: true },
    });
    const second = await put({ ...single, Configuration: { OutlierFilteringStrength: 'STRICT' } });
    await put({ SingleMetricAnomalyDetector: { ...single.SingleMetricAnomalyDetector, Stat: 'p99' } });
    expect(second.AnomalyDetectorId).toBe(first.AnomalyDetectorId);
    const found = await read();
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({
      AnomalyDetectorId: first.AnomalyDetectorId,
      Configuration: { ExcludedTimeRanges: [], OutlierFilteringStrength: 'STRICT' },
      StateValue: 'PENDING_TRAINING',
      MetricName: 'Invocations',
      ...single,
    });
    expect(found[0]?.Configuration?.MetricTimezone).toBeUndefined();
    expect(found[0]?.MetricCharacteristics).toBeUndefined();
  });

  test('the order of dimensions does not count, and the older members name the same model', async () => {
    const { put, read } = detectors();
    const other = { Name: 'Bucket', Value: 'a' };
    await put({ SingleMetricAnomalyDetector: { ...metric, Dimensions: [model, other] } });
    await put({ ...metric, Dimensions: [other, model] });
    expect(await read()).toHaveLength(1);
  });

  test('models on metric math show only to who asks for them', async () => {
    const { put, read } = detectors();
    const { AnomalyDetectorId = '' } = await put({
      MetricMathAnomalyDetector: {
        MetricDataQueries: [
          { ...series, ReturnData: false },
          { Id: 'e1', Expression: 'm1 * 2' },
        ],
      },
    });
    expect(await read()).toEqual([]);
    expect(await read({ AnomalyDetectorTypes: ['METRIC_MATH'] })).toHaveLength(1);
    expect(await read({ AnomalyDetectorIds: [AnomalyDetectorId] })).toHaveLength(1);
  });

  test('answers narrow by namespace, metric and dimensions, in pages', async () => {
    const { put, read, monitoring } = detectors();
    await put();
    await put({ SingleMetricAnomalyDetector: metric });
    await put({ SingleMetricAnomalyDetector: { ...metric, Namespace: 'Other' } });
    expect(await read({ Namespace: 'AWS/Bedrock' })).toHaveLength(2);
    expect(await read({ Namespace: 'AWS/Bedrock', Dimensions: [model] })).toHaveLength(1);
    expect(await read({ MetricName: 'Nothing' })).toEqual([]);
    const first = await monitoring.send(new DescribeAnomalyDetectorsCommand({ MaxResults: 2 }));
    expect(first.AnomalyDetectors).toHaveLength(2);
    const rest = await monitoring.send(
      new DescribeAnomalyDetectorsCommand({ MaxResults: 2, NextToken: first.NextToken }),
    );
    expect(rest.AnomalyDetectors).toHaveLength(1);
    expect(rest.NextToken).toBeUndefined();
  });

  test('an alarm with a band makes its model, and makes it again as long as it lives', async () => {
    const { alarm, read, remove, monitoring } = detectors();
    await alarm();
    const [made] = await read();
    expect(made).toMatchObject({ SingleMetricAnomalyDetector: metric, Configuration: { ExcludedTimeRanges: [] } });
    await remove({ SingleMetricAnomalyDetector: metric });
    const [again] = await read();
    expect(again?.AnomalyDetectorId).toBeDefined();
    expect(again?.AnomalyDetectorId).not.toBe(made?.AnomalyDetectorId);
    await monitoring.send(new DeleteAlarmsCommand({ AlarmNames: ['unusual'] }));
    expect(await read()).toHaveLength(1);
    await remove({ AnomalyDetectorId: again?.AnomalyDetectorId });
    expect(await read()).toEqual([]);
  });

  test('an alarm on a model that exists leaves it as it is', async () => {
    const { alarm, read, put } = detectors();
    await put({ SingleMetricAnomalyDetector: metric, Configuration: { AdaptationSpeed: 'FAST' } });
    await alarm();
    expect((await read()).map((one) => one.Configuration?.AdaptationSpeed)).toEqual(['FAST']);
  });

  test('a band over an expression makes a model on metric math', async () => {
    const { alarm, read } = detectors();
    await alarm({
      ...banded,
      Metrics: [
        { ...series, ReturnData: false },
        { Id: 'e1', Expression: 'm1 * 2' },
        { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(e1, 3)' },
      ],
    });
    const [made] = await read({ AnomalyDetectorTypes: ['SINGLE_METRIC', 'METRIC_MATH'] });
    expect(made?.MetricMathAnomalyDetector?.MetricDataQueries).toMatchObject([
      { Id: 'm1', ReturnData: false },
      { Id: 'e1', ReturnData: true },
    ]);
  });

  test.each([
    ['nothing to train on', {}, 'MissingRequiredParameterException'],
    [
      'no statistic',
      { SingleMetricAnomalyDetector: { Namespace: 'N', MetricName: 'M' } },
      'MissingRequiredParameterException',
    ],
    ['both forms', { ...single, ...metric }, 'InvalidParameterCombinationException'],
    [
      'a range that ends before it begins',
      {
        ...single,
        Configuration: { ExcludedTimeRanges: [{ StartTime: new Date('2026-02-01'), EndTime: new Date('2026-01-01') }] },
      },
      'InvalidParameterValueException',
    ],
    [
      'an unknown time zone',
      { ...single, Configuration: { MetricTimezone: 'Mars/Base' } },
      'InvalidParameterValueException',
    ],
    [
      'an unknown speed',
      { ...single, Configuration: { AdaptationSpeed: unlisted<'FAST'>('RAPID') } },
      'ValidationException',
    ],
    [
      'eleven ranges',
      {
        ...single,
        Configuration: {
          ExcludedTimeRanges: Array.from({ length: 11 }, () => ({ StartTime: new Date(0), EndTime: new Date(1000) })),
        },
      },
      'ValidationException',
    ],
  ] as const satisfies readonly (readonly [string, Partial<PutAnomalyDetectorCommandInput>, string])[])(
    '%s is refused',
    async (_case, input, name) => {
      const { put } = detectors();
      expect(await failure(put(input))).toMatchObject({ name, status: 400 });
    },
  );

  test('deleting what is not there is an error, as is one over the quota', async () => {
    const { remove, put, aws } = detectors();
    expect(await failure(remove())).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    aws.enforceQuotas({ counts: { AnomalyDetectors: 1 } });
    await put();
    expect(await failure(put({ SingleMetricAnomalyDetector: metric }))).toMatchObject({
      name: 'LimitExceededException',
    });
    await put();
  });
});
