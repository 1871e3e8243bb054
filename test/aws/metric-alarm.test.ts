import { describe, expect, test } from 'vitest';
import { tagsHash } from '#src/aws/marks.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { AlarmMetric, MetricAlarm, MetricQuery } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, region, signal, stage, tags, written } from './stage.ts';

const name = 'bedrockmonitor/prod/genai/production/latency';
const ref = { kind: 'MetricAlarm', name } as const;
const topic = `arn:aws:sns:${region}:${accountID}:pages`;
const latency: AlarmMetric = {
  namespace: 'AWS/Bedrock',
  name: 'InvocationLatency',
  dimensions: { ModelId: 'anthropic.claude' },
  statistic: 'p99',
  period: 300,
};
const alarm: MetricAlarm = {
  ...ref,
  description: 'Answers take too long.\nRunbook: https://example.com',
  metric: latency,
  threshold: 30_000,
  comparisonOperator: 'GreaterThanThreshold',
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissingData: 'notBreaching',
  evaluateLowSampleCountPercentile: 'evaluate',
  actionsEnabled: true,
  alarmActions: [topic],
  okActions: [],
  insufficientDataActions: [],
  tags,
};
const { metric: _, evaluateLowSampleCountPercentile: __, ...withoutMetric } = alarm;
const queries: readonly MetricQuery[] = [
  { id: 'errors', metric: { ...latency, name: 'InvocationServerErrors', statistic: 'Sum' }, returnData: false },
  { id: 'rate', expression: 'errors / 10', label: 'Error rate', returnData: true },
];
const math: MetricAlarm = { ...withoutMetric, metrics: queries };
const insights: MetricAlarm = {
  ...withoutMetric,
  metrics: [
    {
      id: 'query',
      expression: 'SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId',
      period: 300,
      returnData: true,
    },
  ],
};
const { threshold: ___, ...withoutThreshold } = withoutMetric;
const band: MetricAlarm = {
  ...withoutThreshold,
  metrics: [
    { id: 'observed', metric: { ...latency, accountID: '444455556666' }, returnData: true },
    { id: 'band', expression: 'ANOMALY_DETECTION_BAND(observed, 2)', label: 'Expected', returnData: true },
  ],
  thresholdMetricID: 'band',
  comparisonOperator: 'GreaterThanUpperThreshold',
  warmUp: { minutes: 60, always: true },
  tagsPropagation: { enabled: true, includedTagKeys: ['severity', 'team'] },
};
const wireWarmUp = (minutes: number) => ({
  WarmUpPeriodDurationInMinutes: minutes,
  OnlyStartEvaluatingAfterWarmUpPeriodEnds: false,
});

keepsItsPromises({
  kind: 'MetricAlarm',
  desired: () => alarm,
  edited: () => ({
    ...withoutMetric,
    description: 'Too slow.',
    metric: { ...latency, statistic: 'Average' },
    threshold: 5,
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['description', 'threshold', 'metric.statistic', 'tags'],
  foreign: (on) => seedMetricAlarm(on, { AlarmDescription: 'mine' }),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.alarms.get(name);
    if (found) found.configuration = { ...found.configuration, WarmUpConfiguration: wireWarmUp(5) };
    if (found) found.tags['owner'] = 'somebody';
    return () => [found?.configuration['WarmUpConfiguration'], on.region.alarms.get(name)?.tags['owner']];
  },
});

keepsItsPromises({
  kind: 'MetricAlarm',
  form: 'of metric math',
  desired: () => math,
  edited: () => ({
    ...math,
    metrics: queries.map((one) => ({ ...one, ...(one.expression && { expression: 'errors / 5' }) })),
  }),
  edit: ['metrics.1.expression'],
  foreign: (on) => seedMetricAlarm(on, { AlarmDescription: 'mine' }),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.alarms.get(name);
    if (found) found.tags['owner'] = 'somebody';
    return () => on.region.alarms.get(name)?.tags['owner'];
  },
});

keepsItsPromises({
  kind: 'MetricAlarm',
  form: 'of a Metrics Insights query',
  desired: () => insights,
  edited: () => ({ ...insights, metrics: (insights.metrics ?? []).map((one) => ({ ...one, period: 600 })) }),
  edit: ['metrics.0.period'],
  foreign: (on) => seedMetricAlarm(on, { AlarmDescription: 'mine' }),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.alarms.get(name);
    const propagation = { AlarmTagsPropagation: { Enabled: true } };
    if (found) found.configuration = { ...found.configuration, ActionConfiguration: propagation };
    return () => found?.configuration['ActionConfiguration'];
  },
});

keepsItsPromises({
  kind: 'MetricAlarm',
  form: 'of an anomaly band',
  desired: () => band,
  edited: () => ({
    ...band,
    metrics: (band.metrics ?? []).map((one) =>
      one.id === 'band' ? { ...one, expression: 'ANOMALY_DETECTION_BAND(observed, 4)' } : one,
    ),
    warmUp: { minutes: 90, always: true },
    tagsPropagation: { enabled: true },
  }),
  edit: ['warmUp.minutes', 'tagsPropagation.includedTagKeys', 'metrics.1.expression'],
  foreign: (on) => seedMetricAlarm(on, { AlarmDescription: 'mine' }),
  mark: ownerMark(owner),
  undeclared(on) {
    const found = on.region.alarms.get(name);
    if (found) found.configuration = { ...found.configuration, EvaluationWindow: { SlidingWindow: {} } };
    return () => found?.configuration['EvaluationWindow'];
  },
  // CloudWatch makes the model of the band by itself, and it outlives the alarm.
  left: (snapshot) => (JSON.stringify(snapshot).includes('"alarms"') ? {} : snapshot),
});

describe('MetricAlarm', () => {
  test('from a threshold to a band, and back: the other goes', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(math, undefined, signal));
    const toBand = MetricAlarm.diff({ ...band, metrics: queries }, await look(on));
    expect(toBand).toContainEqual({ path: 'threshold', from: 30_000, to: undefined });
    await on.run(MetricAlarm.apply(band, await look(on), signal));
    await on.settle();
    const back = MetricAlarm.diff(math, await look(on));
    expect(back).toContainEqual({ path: 'thresholdMetricID', from: 'band', to: undefined });
    await on.run(MetricAlarm.apply(math, await look(on), signal));
    await on.settle();
    expect(MetricAlarm.diff(math, await look(on))).toEqual([]);
  });

  test('what was declared once and is no more stays as it is', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(band, undefined, signal));
    await on.settle();
    const { warmUp: _w, tagsPropagation: _t, ...less } = band;
    expect(MetricAlarm.diff(less, await look(on))).toEqual([]);
    await on.run(MetricAlarm.apply({ ...less, description: 'Other.' }, await look(on), signal));
    expect(on.region.alarms.get(name)?.configuration).toMatchObject({
      WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 60, OnlyStartEvaluatingAfterWarmUpPeriodEnds: true },
      ActionConfiguration: { AlarmTagsPropagation: { Enabled: true, IncludedTagKeys: ['severity', 'team'] } },
    });
  });

  test('from metric math to one metric, the other form goes', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(math, undefined, signal));
    expect(MetricAlarm.diff(alarm, await look(on)).map(({ path }) => path)).toEqual(['metric', 'metrics']);
  });

  test('a name that a composite alarm has is seen, and is not ours', async () => {
    const on = stage();
    const mark = `bedrockmonitor ${ownerMark(owner)} ${tagsHash(tags)}`;
    on.region.alarms.set(name, {
      ...stub(),
      kind: 'CompositeAlarm',
      configuration: { AlarmDescription: mark, AlarmRule: 'TRUE' },
    });
    expect(await look(on)).toMatchObject({
      mark: { state: 'None' },
      notAdoptable: expect.stringContaining('It is a composite alarm'),
    });
    expect(on.aws.calls.at(-1)?.input).toMatchObject({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'] });
  });

  test('a Region that does not know log alarms is asked without them from then on', async () => {
    const on = stage();
    await on.run(on.handlers().MetricAlarm.apply(alarm, undefined, signal));
    await on.settle();
    on.aws.fault(
      {
        operation: 'DescribeAlarms',
        input: ({ AlarmTypes }) => Array.isArray(AlarmTypes) && AlarmTypes.includes('LogAlarm'),
      },
      {
        kind: 'Error',
        code: 'ValidationError',
        message: "Value '[LogAlarm]' at 'alarmTypes' failed to satisfy constraint",
      },
      9,
    );
    on.aws.forgetCalls();
    const { MetricAlarm } = on.handlers(on.cloud());
    expect(await on.run(MetricAlarm.observe(ref, 'IfFree', signal))).toBeDefined();
    expect(await on.run(MetricAlarm.observe(ref, 'IfFree', signal))).toBeDefined();
    expect(on.aws.calls).toHaveLength(3);
  });

  test('250 alarms are read in three calls, whoever asks', async () => {
    const on = stage();
    const cloud = on.cloud();
    const monitors = [on.handlers(cloud), on.handlers(cloud, { ...owner, name: 'other' })];
    const names = Array.from({ length: 125 }, (_one, index) => `alarm-${index}`);
    const all = monitors.flatMap(({ MetricAlarm }, monitor) =>
      names.map((one) => MetricAlarm.observe({ kind: 'MetricAlarm', name: `${one}-${monitor}` }, 'IfFree', signal)),
    );
    await on.run(Promise.all(all));
    expect(on.aws.calls.map(({ input }) => input['AlarmNames'])).toMatchObject([
      { length: 100 },
      { length: 100 },
      { length: 50 },
    ]);
  });

  test('the mark is read without reading tags', async () => {
    const on = stage();
    await on.run(on.handlers().MetricAlarm.apply(alarm, undefined, signal));
    on.aws.forgetCalls();
    expect(await look(on)).toMatchObject({
      mark: { state: 'Owned', by: ownerMark(owner) },
      resource: { description: alarm.description },
    });
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['DescribeAlarms']);
  });

  test('where a person removed the mark, the tags say whose the alarm is, and it is put back', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    seedMetricAlarm(on, { AlarmDescription: 'by hand' }, tags);
    const unread = await on.run(MetricAlarm.observe(ref, 'IfFree', signal));
    expect(unread).toMatchObject({ mark: { state: 'Unread' } });
    const found = await look(on);
    expect(found).toMatchObject({ mark: { state: 'Owned', by: ownerMark(owner) } });
    await on.run(MetricAlarm.apply(alarm, found, signal));
    expect(MetricAlarm.diff(alarm, await look(on))).toEqual([]);
  });

  test('an alarm that its owner gives away by a tag says so, is taken over in place, and keeps tag and state', async () => {
    const on = stage();
    seedMetricAlarm(on, { AlarmDescription: 'mine', Unit: 'Count' }, { ...givenAway, owner: 'somebody' });
    const seeded = on.region.alarms.get(name);
    if (seeded) seeded.state = 'ALARM';
    const found = await look(on);
    expect(found).toMatchObject({ mark: { state: 'None' }, resource: { tags: givenAway } });
    await on.run(on.handlers().MetricAlarm.apply(alarm, found, signal));
    expect(written(on.aws)).toEqual(['TagResource', 'PutMetricAlarm']);
    expect(on.region.alarms.get(name)).toMatchObject({
      state: 'ALARM',
      tags: { ...tags, ...givenAway, owner: 'somebody' },
    });
    expect(on.handlers().MetricAlarm.diff(alarm, await look(on))).toEqual([]);
  });

  test('PutMetricAlarm ignores tags on an update, so they are set apart, and before the line that vouches for them', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(alarm, undefined, signal));
    const edited = { ...alarm, tags: { ...tags, team: 'ads' } };
    const found = await look(on);
    expect(MetricAlarm.diff(edited, found)).toMatchObject([{ path: 'tags' }]);
    on.aws.forgetCalls();
    await on.run(MetricAlarm.apply(edited, found, signal));
    expect(written(on.aws)).toEqual(['PutMetricAlarm', 'TagResource', 'PutMetricAlarm']);
    expect(on.region.alarms.get(name)?.tags).toEqual(edited.tags);
  });

  test('tags that were changed half-way, and are then taken back, are put back', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(alarm, undefined, signal));
    const found = await look(on);
    const stop = on.aws.onCall(({ operation, input }, phase) => {
      const vouching = !JSON.stringify(input).includes(' 00000000"');
      if (phase === 'Before' && operation === 'PutMetricAlarm' && vouching) throw new Error('gone');
    });
    await expect(
      on.run(MetricAlarm.apply({ ...alarm, tags: { ...tags, team: 'ads' } }, found, signal)),
    ).rejects.toThrow(/gone/);
    stop();
    const half = await look(on);
    expect(half.mark).toMatchObject({ state: 'Owned' });
    const back = { ...alarm, tags: { ...tags, team: 'search' } };
    expect(MetricAlarm.diff(back, half)).toMatchObject([{ path: 'tags' }]);
    on.aws.forgetCalls();
    await on.run(MetricAlarm.apply(back, half, signal));
    expect(written(on.aws)).toEqual(['TagResource', 'PutMetricAlarm']);
    expect(on.region.alarms.get(name)?.tags).toEqual(back.tags);
    expect(MetricAlarm.diff(back, await look(on))).toEqual([]);
  });

  test('an edit that leaves the tags alone is one call, and the state of the alarm stays', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(alarm, undefined, signal));
    const found = on.region.alarms.get(name);
    if (found) found.state = 'ALARM';
    on.aws.forgetCalls();
    await on.run(MetricAlarm.apply({ ...alarm, threshold: 1 }, await look(on), signal));
    expect(written(on.aws)).toEqual(['PutMetricAlarm']);
    expect(on.region.alarms.get(name)).toMatchObject({ state: 'ALARM' });
  });

  test("AWS's defaults for what an answer leaves out are no difference", async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    const desired: MetricAlarm = { ...alarm, treatMissingData: 'missing', description: '' };
    await on.run(MetricAlarm.apply(desired, undefined, signal));
    const found = on.region.alarms.get(name);
    const { DatapointsToAlarm, TreatMissingData, EvaluateLowSampleCountPercentile, ...rest } =
      found?.configuration ?? {};
    expect([DatapointsToAlarm, TreatMissingData, EvaluateLowSampleCountPercentile]).toEqual([3, 'missing', 'evaluate']);
    if (found) found.configuration = rest;
    expect(MetricAlarm.diff(desired, await look(on))).toEqual([]);
  });

  test('the order of actions does not count', async () => {
    const on = stage();
    const other = `${topic}-b`;
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply({ ...alarm, alarmActions: [other, topic] }, undefined, signal));
    expect(MetricAlarm.diff({ ...alarm, alarmActions: [topic, other] }, await look(on))).toEqual([]);
  });

  test('a unit that somebody set blinds the alarm: it differs, and goes', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(alarm, undefined, signal));
    const found = on.region.alarms.get(name);
    if (found) found.configuration = { ...found.configuration, Unit: 'Bytes' };
    const drifted = await look(on);
    expect(MetricAlarm.diff(alarm, drifted)).toEqual([{ path: 'unit', from: 'Bytes', to: undefined }]);
    await on.run(MetricAlarm.apply(alarm, drifted, signal));
    expect(on.region.alarms.get(name)?.configuration['Unit']).toBeUndefined();
  });

  test('deletes asked for at one moment are one call, and a wrong name hinders none', async () => {
    const on = stage();
    const { MetricAlarm } = on.handlers();
    await on.run(MetricAlarm.apply(alarm, undefined, signal));
    const found = await look(on);
    on.aws.forgetCalls();
    const other = { kind: 'MetricAlarm', name: 'gone' } as const;
    await on.run(Promise.all([MetricAlarm.delete(other, found, signal), MetricAlarm.delete(ref, found, signal)]));
    expect(on.aws.writes()).toMatchObject([{ operation: 'DeleteAlarms', input: { AlarmNames: ['gone', name] } }]);
    expect(on.region.alarms.size).toBe(0);
  });

  test('without inventory the alarms are found by the prefix of their names', async () => {
    const on = stage();
    for (const one of [name, `${name}-2`, 'bedrockmonitor/prod/genai/production2/x'])
      on.region.alarms.set(one, { ...stub(), name: one });
    expect(await on.run(on.handlers().MetricAlarm.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([
      ref,
      { kind: 'MetricAlarm', name: `${name}-2` },
    ]);
  });

  test('the quota on alarms is Stalled and not tried again', async () => {
    const on = stage();
    on.aws.enforceQuotas({ rates: {}, counts: { Alarms: 0 } });
    expect(await on.failure(on.handlers().MetricAlarm.apply(alarm, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'QuotaExceeded',
    });
    expect(on.aws.calls).toHaveLength(1);
  });
});

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().MetricAlarm.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}

function seedMetricAlarm(
  on: Stage,
  configuration: Record<string, string>,
  withTags: Record<string, string> = {},
): void {
  on.region.alarms.set(name, {
    ...stub(),
    configuration: { ...stub().configuration, ...configuration },
    tags: { ...withTags },
  });
}

function stub() {
  return {
    kind: 'MetricAlarm',
    name,
    configuration: {
      MetricName: 'Invocations',
      Namespace: 'AWS/Bedrock',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    },
    tags: {},
    configurationUpdatedAt: 0,
    state: 'OK',
    stateReason: '',
    stateReasonData: undefined,
    stateUpdatedAt: 0,
    stateTransitionedAt: 0,
  } as const;
}
