import { describe, expect, test } from 'vitest';
import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import { MAX_ALARMS, planAlarms } from '#src/domain/plan/metric-alarm.ts';
import { plan } from '#src/domain/plan.ts';
import type { MetricAlarm } from '#src/domain/resource.ts';
import { facts, planned, remarks, spec } from './given.ts';

const topic = 'arn:aws:sns:us-east-1:111122223333:genai';
const calls = { name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' }, threshold: 1000 } as const;

function only(entry: AlarmEntry, members: Parameters<typeof spec>[0] = {}): MetricAlarm {
  const alarms = planned('MetricAlarm', planAlarms(spec({ ...members, alarms: [entry] }), facts()));
  if (alarms.length !== 1 || alarms[0] === undefined) throw new Error(`${alarms.length} alarms were planned`);
  return alarms[0];
}

describe('a metric alarm', () => {
  test('with nothing but what is required', () => {
    expect(planAlarms(spec({ alarms: [calls] }), facts()).resources).toEqual([
      {
        resource: {
          kind: 'MetricAlarm',
          name: 'bedrockmonitor/test/genai/production/calls',
          description: 'Invocations (Sum) is above 1000 in 1 of 1 period of 5m.',
          metric: { namespace: 'AWS/Bedrock', name: 'Invocations', dimensions: {}, statistic: 'Sum', period: 300 },
          threshold: 1000,
          comparisonOperator: 'GreaterThanThreshold',
          evaluationPeriods: 1,
          datapointsToAlarm: 1,
          treatMissingData: 'notBreaching',
          actionsEnabled: true,
          alarmActions: [],
          okActions: [],
          insufficientDataActions: [],
          tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
        },
        part: 'Alarms',
        path: 'alarms/calls',
        after: [],
      },
    ]);
  });

  test('with everything written, in AWS’s words', () => {
    const alarm = only({
      name: 'slow',
      metric: { name: 'Lag', statistic: 'p95', namespace: 'Shop', dimensions: { Stage: 'live' } },
      threshold: 0.5,
      comparisonOperator: 'LessThanOrEqualToThreshold',
      period: '1h30m',
      evaluationPeriods: 4,
      datapointsToAlarm: 2,
      treatMissingData: 'Breaching',
      evaluateLowSampleCountPercentile: 'Ignore',
      actionsEnabled: false,
      description: 'Too little lag.',
      runbookURL: 'https://runbooks.example.com/lag',
      awsName: 'shop-lag',
    });
    expect(alarm).toMatchObject({
      name: 'shop-lag',
      description: 'Too little lag.\nRunbook: https://runbooks.example.com/lag',
      metric: { namespace: 'Shop', name: 'Lag', dimensions: { Stage: 'live' }, statistic: 'p95', period: 5400 },
      threshold: 0.5,
      comparisonOperator: 'LessThanOrEqualToThreshold',
      evaluationPeriods: 4,
      datapointsToAlarm: 2,
      treatMissingData: 'breaching',
      evaluateLowSampleCountPercentile: 'ignore',
      actionsEnabled: false,
    });
  });

  test.each([
    ['p99', 'evaluate'],
    ['p99.9', 'evaluate'],
    ['Sum', undefined],
    ['tm90', undefined],
    ['PR(:5000)', undefined],
  ])('statistic %s: low sample counts %s', (statistic, expected) => {
    const alarm = only({ ...calls, metric: { name: 'InvocationLatency', statistic } });
    expect(alarm.evaluateLowSampleCountPercentile).toBe(expected);
  });
});

describe('conditions', () => {
  test('a preset gives way to what its entry sets, number by number', () => {
    const entry = {
      name: 'throttling',
      preset: 'Throttling',
      threshold: 20,
      period: '5m',
      severity: 'Critical',
    } as const;
    expect(only(entry)).toMatchObject({
      threshold: 20,
      metric: { period: 300 },
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
    });
  });

  test.each<[string, Partial<AlarmEntry>, string]>([
    ['neither: the preset’s', {}, '3 of 5'],
    ['N alone keeps the preset’s M', { evaluationPeriods: 10 }, '3 of 10'],
    ['which a shorter N cuts', { evaluationPeriods: 2 }, '2 of 2'],
    ['both', { evaluationPeriods: 10, datapointsToAlarm: 4 }, '4 of 10'],
  ])('M of N, %s', (_, members, expected) => {
    const alarm = only({ name: 'throttling', preset: 'Throttling', ...members });
    expect(`${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods}`).toBe(expected);
  });

  test.each<[string, Partial<AlarmEntry>]>([
    ['period x evaluationPeriods', { evaluationPeriods: 1440 }],
    ['datapointsToAlarm may not exceed', { datapointsToAlarm: 6 }],
    ['whole minutes', { period: '90s' }],
  ])('what only the preset makes wrong is said, and nothing pruned: %s', (sentence, members) => {
    const outcome = planAlarms(spec({ alarms: [{ name: 'throttling', preset: 'LatencyP99', ...members }] }), facts());
    expect(remarks(outcome)).toEqual(['InvalidSpec alarms/throttling']);
    expect(outcome.remarks?.[0]?.message).toContain(sentence);
    expect(outcome.keep).toEqual(['Alarms']);
  });
});

describe('models', () => {
  const models = ['amazon.nova-pro-v1:0', 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/q1w2'];

  test('one alarm per model, by ID; the path and the name say which', () => {
    const outcome = planAlarms(spec({ alarms: [{ ...calls, models }] }), facts());
    const made = outcome.resources?.map(({ path, resource }) => [path, resource.name]);
    expect(made).toEqual([
      ['alarms/calls/amazon.nova-pro-v1:0', 'bedrockmonitor/test/genai/production/calls/amazon.nova-pro-v1:0'],
      ['alarms/calls/q1w2', 'bedrockmonitor/test/genai/production/calls/q1w2'],
    ]);
    expect(planned('MetricAlarm', outcome).map((one) => one.metric?.dimensions)).toEqual([
      { ModelId: 'amazon.nova-pro-v1:0' },
      { ModelId: 'q1w2' },
    ]);
  });

  test('an ID and its ARN are one model', () => {
    const twice = ['amazon.nova-pro-v1:0', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0'];
    const outcome = planAlarms(spec({ alarms: [{ ...calls, alarmActions: [topic], models: twice }] }), facts());
    expect(planned('MetricAlarm', outcome)).toHaveLength(1);
    expect(outcome.remarks).toEqual([]);
  });

  test.each<[string, AlarmEntry, number]>([
    ['a metric of Bedrock', calls, 2],
    ['a preset', { name: 'a', preset: 'ErrorRate' }, 2],
    [
      'not a metric with dimensions of its own',
      { ...calls, metric: { ...calls.metric, dimensions: { ModelId: 'x' } } },
      1,
    ],
    ['not a metric of another namespace', { ...calls, metric: { ...calls.metric, namespace: 'Shop' } }, 1],
    [
      'not a delivery metric, which has no model',
      { ...calls, metric: { name: 'ModelInvocationLogsCloudWatchDeliveryFailure', statistic: 'Sum' } },
      1,
    ],
    ['not where the entry names its own', { ...calls, models: ['z'] }, 1],
  ])('spec.models multiplies %s', (_, entry, count) => {
    expect(planned('MetricAlarm', planAlarms(spec({ models, alarms: [entry] }), facts()))).toHaveLength(count);
  });

  test('other dimensions stay beside the model', () => {
    const metric = { name: 'Tokens', statistic: 'Sum', namespace: 'Shop', dimensions: { team: 'search' } };
    expect(only({ ...calls, metric, models: ['m'] }).metric?.dimensions).toEqual({ team: 'search', ModelId: 'm' });
  });

  test('ErrorRate of a model asks every metric for that model', () => {
    const alarm = only({ name: 'errors', preset: 'ErrorRate', models: ['m'] });
    const dimensions = alarm.metrics?.flatMap(({ metric }) => (metric ? [metric.dimensions] : []));
    expect(dimensions).toEqual([{ ModelId: 'm' }, { ModelId: 'm' }, { ModelId: 'm' }]);
  });
});

describe('what is left out is said, and then nothing is pruned', () => {
  test('a preset of a newer release', () => {
    const newer: AlarmEntry[] = JSON.parse('[{"name": "cost", "preset": "Forecast"}, {"name": "q", "promQL": "up"}]');
    const outcome = planAlarms(spec({ alarms: [...newer, calls] }), facts());
    expect(remarks(outcome).slice(0, 2)).toEqual(['UnsupportedField alarms/cost', 'UnsupportedField alarms/q']);
    expect(planned('MetricAlarm', outcome)).toHaveLength(1);
    expect(outcome.keep).toEqual(['Alarms']);
  });

  test('two entries of one awsName: the first keeps it', () => {
    const outcome = planAlarms(
      spec({
        alarms: [
          { ...calls, awsName: 'x' },
          { ...calls, name: 'more', awsName: 'x' },
        ],
      }),
      facts(),
    );
    expect(remarks(outcome)).toContain('InvalidSpec alarms/more');
    expect(outcome.resources?.map(({ path }) => path)).toEqual(['alarms/calls']);
    expect(outcome.keep).toEqual(['Alarms']);
  });

  test('alarms over the bound: the first 500 are kept, with a number to act upon', () => {
    const models = Array.from({ length: 50 }, (_, index) => `model-${index}`);
    const alarms = Array.from({ length: 11 }, (_, index) => ({ ...calls, name: `calls-${index}`, models }));
    const outcome = planAlarms(spec({ alarms }), facts());
    expect(planned('MetricAlarm', outcome)).toHaveLength(MAX_ALARMS);
    expect(remarks(outcome)).toContain('TooManyResources alarms');
    expect(outcome.remarks?.[0]?.message).toContain('550');
    expect(outcome.keep).toEqual(['Alarms']);
  });

  test('the largest spec that the schema lets in stays under 1,000 resources', () => {
    const models = Array.from({ length: 50 }, (_, index) => `model-${index}`);
    const many = <T>(count: number, make: (name: string) => T): T[] =>
      Array.from({ length: count }, (_, index) => make(`n${index}`));
    const outcome = plan(
      spec({
        alarms: many(100, (name) => ({ ...calls, name, models })),
        dashboards: many(10, (name) => ({ name, preset: 'Overview' as const })),
        savedQueries: many(50, (name) => ({ name, queryString: 'fields @message', logGroupNames: ['g'] })),
      }),
      facts(),
    );
    expect(outcome.resources.length).toBeLessThan(1000);
  });

  test('nothing is kept for no reason', () => {
    expect(planAlarms(spec({ alarms: [{ ...calls, alarmActions: [topic] }] }), facts())).toMatchObject({
      keep: [],
      remarks: [],
    });
    expect(planAlarms(spec(), facts())).toMatchObject({ resources: [], remarks: [], keep: [] });
  });
});
