import { describe, expect, test } from 'vitest';
import { Waiting } from '#src/domain/failure.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { AnomalyDetector, MetricAlarm } from '#src/domain/resource.ts';
import { modelName, untuned } from '#src/domain/trained-model.ts';
import { keyOf } from '#src/playground/aws/anomaly-detector-keys.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { owner, signal, stage, tags, written } from './stage.ts';

const metric = {
  namespace: 'AWS/Bedrock',
  name: 'Invocations',
  dimensions: { ModelId: 'anthropic.a' },
  statistic: 'Sum',
};
const name = modelName(metric);
const ref = { kind: 'AnomalyDetector', name } as const;
const model: AnomalyDetector = {
  ...ref,
  metric,
  excludedTimeRanges: [{ startTime: '2026-11-01T00:00:00Z', endTime: '2026-11-02T00:00:00Z' }],
  timeZone: 'Europe/Berlin',
  adaptationSpeed: 'SLOW',
  outlierFilteringStrength: 'MODERATE',
  periodicSpikes: true,
};
const plain: AnomalyDetector = { ...ref, metric, ...untuned };
const banded: MetricAlarm = {
  kind: 'MetricAlarm',
  name: 'bedrockmonitor/prod/genai/production/unusual',
  description: '',
  metrics: [
    { id: 'observed', metric: { ...metric, period: 300 }, returnData: true },
    { id: 'band', expression: 'ANOMALY_DETECTION_BAND(observed, 2)', returnData: true },
  ],
  thresholdMetricID: 'band',
  comparisonOperator: 'GreaterThanUpperThreshold',
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: 'notBreaching',
  actionsEnabled: true,
  alarmActions: [],
  okActions: [],
  insufficientDataActions: [],
  tags,
};
const key = keyOf({
  type: 'SINGLE_METRIC',
  metric: {
    Namespace: 'AWS/Bedrock',
    MetricName: 'Invocations',
    Stat: 'Sum',
    Dimensions: [{ Name: 'ModelId', Value: 'anthropic.a' }],
  },
});
const ours = { state: 'Owned', by: ownerMark(owner) };
const other = { ...owner, name: 'other' };
/** An inventory, with or without the model. */
const listed = new Set([`AnomalyDetector/${name}`]);
const unlisted: ReadonlySet<string> = new Set();

keepsItsPromises({
  kind: 'AnomalyDetector',
  desired: () => model,
  edited: () => ({ ...model, excludedTimeRanges: [], adaptationSpeed: 'FAST', periodicSpikes: false }),
  edit: ['excludedTimeRanges', 'adaptationSpeed', 'periodicSpikes'],
  foreign: (on) => seedModel(on, { AdaptationSpeed: 'FAST' }),
  mark: undefined,
  // What it has learnt.
  undeclared(on) {
    const found = on.region.anomalyDetectors.get(key);
    if (found) on.region.anomalyDetectors.set(key, { ...found, state: 'TRAINED' });
    return () => on.region.anomalyDetectors.get(key)?.state;
  },
});

describe('whose an anomaly detector is', () => {
  test('one that was put in this pass is ours, though no inventory has it yet', async () => {
    const on = stage();
    const { AnomalyDetector } = on.handlers();
    await on.run(AnomalyDetector.apply(model, undefined, signal));
    await on.settle();
    for (const marks of ['IfFree', 'Always'] as const) {
      expect(await on.run(AnomalyDetector.observe(ref, marks, signal))).toMatchObject({ mark: ours });
    }
  });

  test('one of the inventory is ours, whoever else uses it, and no alarm is read for that', async () => {
    const on = stage();
    seedModel(on, { AdaptationSpeed: 'FAST' });
    await band(on, other);
    on.aws.forgetCalls();
    expect(await look(on, listed)).toMatchObject({ mark: ours, resource: { adaptationSpeed: 'FAST' } });
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['DescribeAnomalyDetectors']);
  });

  test('one that AWS made for an alarm of ours is ours to tune', async () => {
    const on = stage();
    await band(on, owner);
    expect(await look(on, unlisted)).toMatchObject({ mark: ours, resource: untuned });
  });

  test('one that nobody uses and nobody tuned may be tuned', async () => {
    const on = stage();
    seedModel(on, {});
    expect(await look(on, unlisted)).toMatchObject({ mark: ours });
  });

  test.each([
    ['an alarm of another monitor uses it', {}, [owner, other]],
    ['somebody tuned it', { MetricTimezone: 'Europe/Paris' }, [owner]],
  ] as const)('one is not ours where %s', async (_case, configuration, users) => {
    const on = stage();
    seedModel(on, configuration);
    for (const user of users) await band(on, user);
    expect(await look(on, unlisted)).toMatchObject({ mark: { state: 'None' } });
  });

  test('a pass without inventory takes back what alarms of ours alone use, tuned or not', async () => {
    const on = stage();
    seedModel(on, { MetricTimezone: 'Europe/Paris' });
    expect(await look(on, undefined)).toMatchObject({ mark: { state: 'None' } });
    await band(on, owner);
    expect(await look(on, undefined)).toMatchObject({ mark: ours });
    await band(on, other);
    expect(await look(on, undefined)).toMatchObject({ mark: { state: 'None' } });
  });

  test('it is not asked where a read is only to see', async () => {
    const on = stage();
    await band(on, other);
    on.aws.forgetCalls();
    const found = await on.run(on.handlers().AnomalyDetector.observe(ref, 'IfFree', signal));
    expect(found).toMatchObject({ mark: { state: 'Unread' } });
    expect(on.aws.calls).toHaveLength(1);
  });
});

describe('deleting an anomaly detector', () => {
  const remove = async (on: Stage) => {
    const { AnomalyDetector } = on.handlers(undefined, undefined, undefined, listed);
    const found = await on.run(AnomalyDetector.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    return on.run(AnomalyDetector.delete(ref, found, signal));
  };

  test('leaves it as it is where an alarm of others rests on it', async () => {
    const on = stage();
    await put(on);
    await band(on, other);
    const before = on.aws.snapshot();
    expect(await remove(on)).toBe('left');
    expect(on.aws.snapshot()).toEqual(before);
  });

  test('waits until no alarm of ours rests on it: CloudWatch would make it anew, untrained', async () => {
    const on = stage();
    await put(on);
    await band(on, owner);
    const error = await on.failure(remove(on));
    expect(error).toBeInstanceOf(Waiting);
    expect(String(error)).toContain(banded.name);
    expect(on.region.anomalyDetectors.size).toBe(1);
    const { MetricAlarm } = on.handlers();
    const found = await on.run(MetricAlarm.observe(banded, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    await on.run(MetricAlarm.delete(banded, found, signal));
    await on.settle();
    expect(await remove(on)).toBeUndefined();
    expect(on.region.anomalyDetectors.size).toBe(0);
  });

  test('does not mind alarms on other statistics, on expressions, or without a band', async () => {
    const on = stage();
    await put(on);
    const { MetricAlarm } = on.handlers(undefined, other);
    const [series, expression] = banded.metrics ?? [];
    if (series?.metric === undefined || expression === undefined) throw new Error('no band');
    const { metrics: _, thresholdMetricID: __, ...rest } = banded;
    const alarms: readonly MetricAlarm[] = [
      {
        ...banded,
        name: 'average',
        metrics: [{ ...series, metric: { ...series.metric, statistic: 'Average' } }, expression],
      },
      { ...rest, name: 'plain', metric: series.metric, threshold: 1, comparisonOperator: 'GreaterThanThreshold' },
      {
        ...banded,
        name: 'math',
        metrics: [
          { ...series, returnData: false },
          { id: 'twice', expression: 'observed * 2', returnData: true },
          { ...expression, expression: 'ANOMALY_DETECTION_BAND(twice, 2)' },
        ],
      },
    ];
    for (const alarm of alarms) await on.run(MetricAlarm.apply(alarm, undefined, signal));
    await on.settle();
    expect(await remove(on)).toBeUndefined();
    expect(on.region.anomalyDetectors.has(key)).toBe(false);
  });
});

describe('AnomalyDetector', () => {
  test('many are read in one call, and so are the alarms that use them', async () => {
    const on = stage();
    const models = ['a', 'b', 'c'].map((id): AnomalyDetector => {
      const of = { ...metric, dimensions: { ModelId: `anthropic.${id}` } };
      return { ...model, name: modelName(of), metric: of };
    });
    const { AnomalyDetector } = on.handlers();
    for (const one of models) await on.run(AnomalyDetector.apply(one, undefined, signal));
    await on.settle();
    on.aws.forgetCalls();
    const handlers = on.handlers();
    await on.run(Promise.all(models.map((one) => handlers.AnomalyDetector.observe(one, 'Always', signal))));
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['DescribeAnomalyDetectors', 'DescribeAlarms']);
    expect(on.aws.calls[0]?.input).toMatchObject({ Namespace: 'AWS/Bedrock', MetricName: 'Invocations' });
  });

  test('what AWS leaves out is its default', async () => {
    const on = stage();
    seedModel(on, { MetricTimezone: '' });
    const found = await look(on, listed);
    expect(found && on.handlers().AnomalyDetector.diff(plain, found)).toEqual([]);
  });

  test('a setting that leaves the spec goes back to the default', async () => {
    const on = stage();
    await put(on);
    const { AnomalyDetector } = on.handlers(undefined, undefined, undefined, listed);
    const found = await look(on, listed);
    if (found === undefined) throw new Error('absent');
    expect(AnomalyDetector.diff(plain, found).map(({ path }) => path)).toEqual([
      'excludedTimeRanges',
      'timeZone',
      'adaptationSpeed',
      'periodicSpikes',
    ]);
    await on.run(AnomalyDetector.apply(plain, found, signal));
    await on.settle();
    const again = await look(on, listed);
    expect(again && AnomalyDetector.diff(plain, again)).toEqual([]);
    expect(written(on.aws)).toEqual(['PutAnomalyDetector', 'PutAnomalyDetector']);
  });
});

function seedModel(on: Stage, configuration: Readonly<Record<string, string>>): void {
  on.region.anomalyDetectors.set(key, {
    id: '00000000-0000-4000-8000-000000000001',
    training: {
      type: 'SINGLE_METRIC',
      metric: {
        Namespace: 'AWS/Bedrock',
        MetricName: 'Invocations',
        Stat: 'Sum',
        Dimensions: [{ Name: 'ModelId', Value: 'anthropic.a' }],
      },
    },
    configuration,
    state: 'TRAINED',
  });
}

async function put(on: Stage): Promise<void> {
  await on.run(on.handlers().AnomalyDetector.apply(model, undefined, signal));
  await on.settle();
}

/** An alarm of a monitor with a band on the model. */
async function band(on: Stage, by: typeof owner): Promise<void> {
  const alarm = { ...banded, name: banded.name.replace('production', by.name) };
  await on.run(on.handlers(undefined, by).MetricAlarm.apply(alarm, undefined, signal));
  await on.settle();
}

function look(on: Stage, inventory: ReadonlySet<string> | undefined) {
  return on.run(on.handlers(undefined, undefined, undefined, inventory).AnomalyDetector.observe(ref, 'Always', signal));
}
