import { describe, expect, test } from 'vitest';
import type { AlarmEntry, AnomalyDetectorEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { plan } from '#src/domain/plan.ts';
import { modelName } from '#src/domain/trained-model.ts';
import { facts, planned, remarks, spec } from './given.ts';

const metric = { name: 'Invocations', statistic: 'Sum' } as const;
const untuned = {
  excludedTimeRanges: [],
  timeZone: 'UTC',
  adaptationSpeed: 'NORMAL',
  outlierFilteringStrength: 'MODERATE',
  periodicSpikes: false,
};
const banded = { name: 'unusual', metric, anomalyBand: {} } as const satisfies AlarmEntry;

function detectors(
  entries: readonly AnomalyDetectorEntry[],
  members: Partial<BedrockMonitorSpec> = {},
  owned: readonly string[] = [],
) {
  return plan(spec({ anomalyDetectors: entries, ...members }), facts({ owned: new Set(owned) }));
}

describe('an anomaly detector', () => {
  test('is known by its metric and statistic, and has the defaults of CloudWatch where the entry is silent', () => {
    const plan = detectors([{ name: 'calls', metric }]);
    expect(plan.resources).toEqual([
      {
        resource: {
          kind: 'AnomalyDetector',
          name: 'AWS/Bedrock Invocations Sum',
          metric: { namespace: 'AWS/Bedrock', name: 'Invocations', statistic: 'Sum', dimensions: {} },
          ...untuned,
        },
        part: 'Alarms',
        path: 'anomalyDetectors/calls',
        after: [],
      },
    ]);
    expect(remarks(plan)).toEqual([]);
  });

  test('takes what the entry says, times in UTC and in order', () => {
    const plan = detectors([
      {
        name: 'calls',
        metric,
        excludedTimeRanges: [
          { startTime: '2026-11-02T01:00:00+01:00', endTime: '2026-11-03T00:00:00.900Z' },
          { startTime: '2026-10-01T00:00:00Z', endTime: '2026-10-02T00:00:00Z' },
        ],
        timeZone: 'America/New_York',
        adaptationSpeed: 'Slow',
        outlierFilteringStrength: 'Strict',
        periodicSpikes: true,
      },
    ]);
    expect(planned('AnomalyDetector', plan)).toMatchObject([
      {
        excludedTimeRanges: [
          { startTime: '2026-10-01T00:00:00Z', endTime: '2026-10-02T00:00:00Z' },
          { startTime: '2026-11-02T00:00:00Z', endTime: '2026-11-03T00:00:00Z' },
        ],
        timeZone: 'America/New_York',
        adaptationSpeed: 'SLOW',
        outlierFilteringStrength: 'STRICT',
        periodicSpikes: true,
      },
    ]);
  });

  test('is one per model, as the alarms on the metric are', () => {
    const models = ['anthropic.a', 'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.b'];
    const plan = detectors(
      [
        { name: 'calls', metric },
        { name: 'p99', metric: { name: 'InvocationLatency', statistic: 'p99' }, models: [] },
        { name: 'delivery', metric: { name: 'ModelInvocationLogsCloudWatchDeliverySuccess', statistic: 'Sum' } },
      ],
      { models },
    );
    expect(plan.resources.map(({ path, resource }) => `${path}: ${resource.name}`)).toEqual([
      'anomalyDetectors/calls/anthropic.a: AWS/Bedrock Invocations Sum ModelId=anthropic.a',
      'anomalyDetectors/calls/us.b: AWS/Bedrock Invocations Sum ModelId=us.b',
      'anomalyDetectors/p99: AWS/Bedrock InvocationLatency p99',
      'anomalyDetectors/delivery: AWS/Bedrock ModelInvocationLogsCloudWatchDeliverySuccess Sum',
    ]);
  });

  test('comes before the alarms that rest on it', () => {
    const plan = detectors([{ name: 'calls', metric }], { alarms: [banded] });
    expect(plan.resources.map(({ path }) => path)).toEqual(['anomalyDetectors/calls', 'alarms/unusual']);
  });

  test('is tuned by one entry: a second one on the same series is left out, and nothing is pruned', () => {
    const plan = detectors([
      { name: 'calls', metric },
      { name: 'again', metric: { ...metric, namespace: 'AWS/Bedrock' }, adaptationSpeed: 'Fast' },
      { name: 'other', metric: { ...metric, statistic: 'Average' } },
    ]);
    expect(plan.resources.map(({ path }) => path)).toEqual(['anomalyDetectors/calls', 'anomalyDetectors/other']);
    expect(remarks(plan)).toEqual(['InvalidSpec anomalyDetectors/again']);
    expect(plan.keep).toEqual(['Alarms']);
  });
});

describe('a model whose entry has left the spec', () => {
  const name = 'AnomalyDetector/AWS/Bedrock Invocations Sum';

  test('goes back to the defaults while a band of ours rests on it', () => {
    const plan = detectors([], { alarms: [banded] }, [name]);
    expect(planned('AnomalyDetector', plan)).toEqual([
      {
        kind: 'AnomalyDetector',
        name: 'AWS/Bedrock Invocations Sum',
        metric: { namespace: 'AWS/Bedrock', name: 'Invocations', statistic: 'Sum', dimensions: {} },
        ...untuned,
      },
    ]);
  });

  test.each([
    ['it is not ours', [], [banded]],
    ['no band rests on it', [name], []],
    ['the band is over another statistic', [name], [{ ...banded, metric: { ...metric, statistic: 'Average' } }]],
    [
      'the band is over an expression',
      [name],
      [{ name: 'math', metricMath: { expression: 'm * 2', metrics: [{ id: 'm', ...metric }] }, anomalyBand: {} }],
    ],
  ] as const satisfies readonly (readonly [string, readonly string[], readonly AlarmEntry[]])[])(
    'is not planned where %s',
    (_case, owned, alarms) => {
      expect(planned('AnomalyDetector', detectors([], { alarms }, owned))).toEqual([]);
    },
  );

  test('is planned once where the entry is still there', () => {
    const plan = detectors([{ name: 'calls', metric, adaptationSpeed: 'Fast' }], { alarms: [banded] }, [name]);
    expect(planned('AnomalyDetector', plan)).toMatchObject([{ adaptationSpeed: 'FAST' }]);
  });
});

describe('the name of a model', () => {
  const base = { namespace: 'N', name: 'M', statistic: 'Sum', dimensions: {} };

  test('tells any two series apart, whatever characters they hold', () => {
    const series = [
      base,
      { ...base, name: 'M Sum' },
      { ...base, namespace: 'N M', name: '' },
      { ...base, dimensions: { a: 'b' } },
      { ...base, dimensions: { 'a=b': '' } },
      { ...base, dimensions: { a: 'b c=d' } },
      { ...base, dimensions: { a: 'b', c: 'd' } },
      { ...base, accountID: '111122223333' },
      { ...base, dimensions: { '@111122223333': '' } },
      { ...base, dimensions: { a: 'x'.repeat(1000) } },
      { ...base, dimensions: { a: `${'x'.repeat(1000)}y` } },
    ];
    const names = series.map(modelName);
    expect(new Set(names).size).toBe(series.length);
    expect(names.every((one) => one.length <= 512)).toBe(true);
  });

  test('does not depend on the order of dimensions', () => {
    expect(modelName({ ...base, dimensions: { b: '1', a: '2' } })).toBe(
      modelName({ ...base, dimensions: { a: '2', b: '1' } }),
    );
  });
});
