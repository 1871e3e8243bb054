import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { approve, planOf } from '#test/support/plan-in-status.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const MINUTE_MS = 60_000;

describe('alarms in AWS', () => {
  let world: World;
  let role: string;
  beforeEach(async () => {
    world = await createWorld();
    role = loggingRole(world.aws);
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const alarm = (name: string) => region().alarms.get(`bedrockmonitor/test/genai/production/${name}`)?.configuration;
  const settled = async (spec: BedrockMonitorSpec) => {
    await world.apply('production', spec);
    return world.settle('production');
  };
  const logging = (deliveryAlarm?: 'Disabled'): BedrockMonitorSpec => ({
    region: REGION,
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: { logGroup: { name: GROUP }, role: { arn: role } },
      ...(deliveryAlarm && { deliveryAlarm }),
    },
  });

  it('logging brings one along, which is the part of the status that alarms are, and goes when it is switched off', async () => {
    const monitor = await settled(logging());
    expect(alarm('log-delivery-failure')).toMatchObject({ MetricName: 'ModelInvocationLogsCloudWatchDeliveryFailure' });
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(monitor?.status?.alarms).toMatchObject({ summary: '1/1' });
    const less = await settled(logging('Disabled'));
    expect(region().alarms.size).toBe(0);
    expect(said(less, 'AlarmsConfigured')).toBeUndefined();
    expect(said(less)).toMatchObject({ status: 'True' });
  });

  it('an entry goes from a threshold to a band and to a query, in place', async () => {
    const metric = { name: 'Invocations', statistic: 'Sum' };
    const forms: readonly Partial<AlarmEntry>[] = [
      { metric, threshold: 5 },
      { metric, anomalyBand: {} },
      { metricsInsights: { query: 'SELECT SUM(Invocations) FROM "AWS/Bedrock"' }, threshold: 7 },
      { metric, threshold: 5, warmUp: { duration: '5m' } },
    ];
    for (const form of forms) {
      const monitor = await settled({ region: REGION, alarms: [{ name: 'calls', ...form }] });
      expect(said(monitor)).toMatchObject({ status: 'True' });
      world.aws.forgetCalls();
      await liveOn(world, 'production', 25 * MINUTE_MS);
      expect(world.aws.writes()).toEqual([]);
    }
    expect(alarm('calls')).toMatchObject({
      Threshold: 5,
      WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 5 },
    });
    expect(alarm('calls')).not.toHaveProperty('ThresholdMetricId');
  });

  const calls = { name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' }, threshold: 5 };
  const errors = (): AlarmEntry => ({
    name: 'calls',
    threshold: 5,
    logQuery: {
      queryString: 'filter ispresent(errorCode)',
      aggregationExpression: 'count(*)',
      logGroupNames: [GROUP],
      every: '5m',
      roleARN: role,
    },
  });
  const kindOf = (name: string) => region().alarms.get(`bedrockmonitor/test/genai/production/${name}`)?.kind;

  it('an entry goes to a log query and back: the old alarm goes first, which is no fault of anybody', async () => {
    await settled({ region: REGION, alarms: [calls] });
    for (const [entry, kind] of [
      [errors(), 'LogAlarm'],
      [calls, 'MetricAlarm'],
    ] as const) {
      await world.apply('production', { region: REGION, alarms: [entry] });
      await world.pass('production');
      expect(said(await world.get('production'))?.reason).toBe('Propagating');
      expect(said(await world.settle('production'))).toMatchObject({ status: 'True', reason: 'InSync' });
      expect(kindOf('calls')).toBe(kind);
    }
  });

  it('and all of that is one plan to approve', async () => {
    await settled({ region: REGION, alarms: [calls] });
    const plan = planOf(await settled({ region: REGION, mode: 'Plan', alarms: [errors()] }));
    expect(plan).toMatchObject({ create: 1, update: 0, delete: 1 });
    await approve(world, plan.hash);
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(kindOf('calls')).toBe('LogAlarm');
  });

  it('but one that is retained stays in the way', async () => {
    const kept = { region: REGION, deletionPolicy: { alarms: 'Retain' } } as const;
    await settled({ ...kept, alarms: [calls] });
    const monitor = await settled({ ...kept, alarms: [errors()] });
    expect(said(monitor)).toMatchObject({ reason: 'NotOwned', message: expect.stringContaining('let go of') });
    expect(kindOf('calls')).toBe('MetricAlarm');
  });

  it('an alarm on findings moves to the dimensions under which CloudWatch lists them', async () => {
    const spec: BedrockMonitorSpec = {
      ...basicSpec(role),
      alarms: [{ name: 'found', preset: 'SensitiveDataFindings' }],
    };
    await settled(spec);
    const policy = 'bedrockmonitor_test_genai_production';
    expect(alarm('found')).toMatchObject({ Dimensions: [{ Name: 'Name', Value: policy }] });
    for (const value of ['somebody-elses', policy]) {
      world.aws.account(ACCOUNT).metric(REGION, {
        namespace: 'AWS/Logs',
        name: 'LogEventsWithFindings',
        dimensions: { DataProtectionOperation: 'Audit', PolicyName: value },
        points: [{ timestamp: world.clock.now(), value: 1 }],
      });
    }
    await liveOn(world, 'production', 30 * MINUTE_MS);
    expect(alarm('found')?.['Dimensions']).toEqual(expect.arrayContaining([{ Name: 'PolicyName', Value: policy }]));
  });

  it('a metric that AWS does not document is watched, and noted', async () => {
    const metric = { name: 'ContentFilteredCount', statistic: 'Sum' };
    const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:topic`;
    world.aws.account(ACCOUNT).topic(REGION, 'topic');
    const monitor = await settled({
      region: REGION,
      alarms: [{ name: 'filtered', metric, threshold: 0, alarmActions: [topic] }],
    });
    expect(alarm('filtered')).toMatchObject({ MetricName: 'ContentFilteredCount' });
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({
      status: 'True',
      reason: 'UndocumentedMetric',
      message: expect.stringContaining('AWS no longer documents ContentFilteredCount'),
    });
  });
});
