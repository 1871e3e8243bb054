import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { monitors } from '#src/operator/monitors.ts';
import { said } from '#test/support/said.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const metric = { name: 'Invocations', statistic: 'Sum' } as const;
const alarms = [{ name: 'unusual', metric, anomalyBand: {} }] as const;
const anomalyDetectors = [{ name: 'calls', metric, timeZone: 'Europe/Berlin', adaptationSpeed: 'Slow' }] as const;
const base: BedrockMonitorSpec = { region: REGION, alarms };
const tuned: BedrockMonitorSpec = { ...base, anomalyDetectors };
const TUNED = { MetricTimezone: 'Europe/Berlin', AdaptationSpeed: 'SLOW' };
const UNTUNED = { MetricTimezone: 'UTC', AdaptationSpeed: 'NORMAL' };

describe('models behind anomaly bands', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const models = (): readonly JsonObject[] =>
    [...region().anomalyDetectors.values()].map(({ configuration }) => configuration);
  const settle = (name = 'production') => world.settle(name);
  const converge = async (spec: BedrockMonitorSpec, name = 'production') => {
    await world.apply(name, spec);
    return settle(name);
  };
  const owned = async () =>
    ((await world.get('production'))?.status?.inventory ?? []).map(({ kind, name }) => `${kind} ${name}`);
  /** Somebody's own tuning. */
  const tuneByHand = (configuration: JsonObject) => {
    for (const [key, one] of region().anomalyDetectors) region().anomalyDetectors.set(key, { ...one, configuration });
  };

  it('are tuned before the alarm, and then nothing is written', async () => {
    const monitor = await converge(tuned);
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect(monitor?.status?.alarms?.summary).toBe('2/2');
    expect(models()).toMatchObject([TUNED]);
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual(['PutAnomalyDetector', 'PutMetricAlarm']);
    expect(await owned()).toContain('AnomalyDetector AWS/Bedrock Invocations Sum');
    world.aws.forgetCalls();
    await settle();
    expect(world.aws.writes()).toEqual([]);
  });

  it('that CloudWatch made for an alarm of ours are tuned when the spec says so', async () => {
    await converge(base);
    expect(models()).toEqual([{}]);
    expect(said(await converge(tuned))).toMatchObject({ status: 'True' });
    expect(models()).toMatchObject([TUNED]);
  });

  it('go back to the defaults with their entry, and go with the alarm', async () => {
    await converge(tuned);
    expect(said(await converge(base))).toMatchObject({ status: 'True' });
    expect(models()).toMatchObject([UNTUNED]);
    expect(await owned()).toContain('AnomalyDetector AWS/Bedrock Invocations Sum');
    await converge({ region: REGION });
    expect([models(), [...region().alarms.keys()], await owned()]).toEqual([[], [], []]);
  });

  it('go together with their alarm, after it', async () => {
    await converge(tuned);
    world.aws.forgetCalls();
    await converge({ region: REGION });
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual(['DeleteAlarms', 'DeleteAnomalyDetector']);
    expect([models(), await owned()]).toEqual([[], []]);
  });

  it('go with the monitor', async () => {
    await converge(tuned);
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(world.aws.snapshot()['accounts']).toMatchObject({ [ACCOUNT]: { regions: {} } });
  });

  it('stay with alarms that stay', async () => {
    await converge({ ...tuned, deletionPolicy: { alarms: 'Retain' } });
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(models()).toMatchObject([TUNED]);
  });

  it('that an alarm of another monitor uses are left to it', async () => {
    await converge(tuned);
    await converge({ region: REGION, alarms: [{ name: 'theirs', metric, anomalyBand: {} }] }, 'other');
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(models()).toMatchObject([TUNED]);
    expect(world.news.filter(({ reason }) => reason === 'Retained').map(({ note }) => note)).toEqual([
      'left in AWS: AnomalyDetector AWS/Bedrock Invocations Sum',
    ]);
  });

  it('that somebody tuned are not touched, unless they may be adopted', async () => {
    await converge(base);
    tuneByHand({ MetricTimezone: 'Europe/Paris' });
    const refused = await converge(tuned);
    expect(said(refused)).toMatchObject({ status: 'False', reason: 'NotOwned' });
    expect(said(refused)?.message).toContain(
      'the anomaly detector of AWS/Bedrock Invocations Sum exists in AWS and no BedrockMonitor made it',
    );
    expect(models()).toEqual([{ MetricTimezone: 'Europe/Paris' }]);
    const adopted = await converge({ ...tuned, adoptionPolicy: { alarms: 'Always' } });
    expect(said(adopted)).toMatchObject({ status: 'True' });
    expect(models()).toMatchObject([TUNED]);
  });

  it('are put right when somebody changes them, or deletes them', async () => {
    await converge(tuned);
    tuneByHand({ MetricTimezone: 'Europe/Paris' });
    await settle();
    expect(models()).toMatchObject([TUNED]);
    // The alarm has CloudWatch make it anew.
    tuneByHand({});
    await settle();
    expect(models()).toMatchObject([TUNED]);
  });

  it('keep the settings that the spec leaves to others', async () => {
    const models = ['anthropic.a', 'anthropic.b'];
    const ignore = ['anomalyDetectors/calls/timeZone'];
    await converge({ ...tuned, models, driftPolicy: { ignore } });
    tuneByHand({ MetricTimezone: 'Europe/Paris', AdaptationSpeed: 'SLOW' });
    world.aws.forgetCalls();
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(world.aws.writes()).toEqual([]);
    tuneByHand({ MetricTimezone: 'Europe/Paris', AdaptationSpeed: 'FAST' });
    await settle();
    for (const one of region().anomalyDetectors.values())
      expect(one.configuration).toMatchObject({ MetricTimezone: 'Europe/Paris', AdaptationSpeed: 'SLOW' });
  });

  it('are known again where the status is lost', async () => {
    await converge(tuned);
    await world.remove('production');
    await world.client.patch(
      monitors,
      { namespace: 'genai', name: 'production' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
    expect(await world.get('production')).toBeUndefined();
    world.restart();
    expect(said(await converge(tuned))).toMatchObject({ status: 'True' });
    expect(await owned()).toContain('AnomalyDetector AWS/Bedrock Invocations Sum');
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(models()).toEqual([]);
  });
});
