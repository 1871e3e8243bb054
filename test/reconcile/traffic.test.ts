import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

describe('what Bedrock is used for', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    return () => world.close();
  });

  const account = () => world.aws.account(ACCOUNT);
  const record = (name: string, dimensions: Record<string, string> = {}, value = 1) =>
    account().metric(REGION, {
      namespace: 'AWS/Bedrock',
      name,
      dimensions,
      points: [{ timestamp: world.clock.now(), value }],
    });
  const alarms = () =>
    [...account().region(REGION).alarms.keys()].map((name) => name.split('/').slice(4).join('/')).sort();
  const status = async () => (await world.get('production'))?.status;

  describe('by models that a pattern finds', () => {
    const spec = { region: REGION, alarms: [{ name: 'slow', preset: 'LatencyP99' as const, models: ['anthropic.*'] }] };

    it('makes their alarms once CloudWatch lists them, and says which they are', async () => {
      await world.apply('production', spec);
      await world.settle('production');
      expect(alarms()).toEqual([]);
      expect(said(await world.get('production'))?.status).toBe('True');
      expect(said(await world.get('production'), 'AlarmsConfigured')?.reason).toBe('NoModelsMatched');
      record('Invocations', { ModelId: 'anthropic.a' });
      record('Invocations', { ModelId: 'amazon.b' });
      await liveOn(world, 'production', 30 * MINUTE_MS);
      expect(alarms()).toEqual(['slow/anthropic.a']);
      expect((await status())?.models).toEqual(['anthropic.a']);
      expect((await status())?.alarms).toMatchObject({ summary: '1/1' });
    });

    it.each<[string, Partial<BedrockMonitorSpec>]>([
      ['an slo', { slos: [{ name: 'goal', objective: 99, errors: {}, models: ['*'] }] }],
      [
        'a detector',
        { anomalyDetectors: [{ name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' }, models: ['*'] }] },
      ],
      ['a dashboard', { dashboards: [{ name: 'overview', preset: 'Overview', models: ['*'] }] }],
      ['the spec', { models: ['*'], alarms: [{ name: 'slow', preset: 'LatencyP99' }] }],
    ])('asks for them where only %s has the pattern', async (_of, more) => {
      record('Invocations', { ModelId: 'anthropic.a' });
      await world.clock.advance(HOUR_MS);
      await world.apply('production', { region: REGION, ...more });
      await world.settle('production');
      expect((await status())?.models).toEqual(['anthropic.a']);
    });

    it('keeps the alarms of a model that is missing from one answer, and lets go of one that stays away', async () => {
      record('Invocations', { ModelId: 'anthropic.a' });
      await world.clock.advance(HOUR_MS);
      await world.apply('production', spec);
      await world.settle('production');
      expect(alarms()).toEqual(['slow/anthropic.a']);
      account().region(REGION).metrics.clear();
      await liveOn(world, 'production', 50 * MINUTE_MS);
      expect(alarms()).toEqual(['slow/anthropic.a']);
      world.restart();
      await liveOn(world, 'production', 50 * MINUTE_MS);
      expect(alarms()).toEqual(['slow/anthropic.a']);
      await liveOn(world, 'production', 30 * MINUTE_MS);
      expect(alarms()).toEqual([]);
      expect((await status())?.models).toBeUndefined();
    });

    it('prunes nothing while CloudWatch does not answer, and names the permission', async () => {
      record('Invocations', { ModelId: 'anthropic.a' });
      await world.clock.advance(HOUR_MS);
      await world.apply('production', spec);
      await world.settle('production');
      world.restart();
      const allow = world.aws.deny(ACCOUNT, 'cloudwatch:ListMetrics');
      await liveOn(world, 'production', 3 * HOUR_MS);
      expect(alarms()).toEqual(['slow/anthropic.a']);
      expect(said(await world.get('production'))).toMatchObject({
        status: 'False',
        reason: 'AccessDenied',
        message: expect.stringContaining('cloudwatch:ListMetrics'),
      });
      allow();
      await liveOn(world, 'production', 30 * MINUTE_MS);
      expect(said(await world.get('production'))?.status).toBe('True');
    });

    it('asks CloudWatch for models only where a pattern stands', async () => {
      await world.apply('production', {
        ...spec,
        alarms: [{ name: 'slow', preset: 'LatencyP99', models: ['anthropic.a'] }],
      });
      await world.settle('production');
      expect(world.aws.calls.map(({ operation }) => operation)).not.toContain('ListMetrics');
    });
  });

  describe('by the records that arrive', () => {
    const delivering = async () => said(await world.get('production'), 'Delivering');

    beforeEach(async () => {
      await world.apply('production', basicSpec(loggingRole(world.aws)));
      await world.settle('production');
    });

    it('is not known before the first, and does not touch Ready', async () => {
      expect(await delivering()).toMatchObject({ status: 'Unknown', reason: 'NoTraffic' });
      expect(said(await world.get('production'))?.status).toBe('True');
      record('ModelInvocationLogsCloudWatchDeliveryFailure', {}, 3);
      await liveOn(world, 'production', 30 * MINUTE_MS);
      expect(await delivering()).toMatchObject({
        status: 'False',
        reason: 'DeliveryFailing',
        message: expect.stringContaining('/aws/bedrock/production'),
      });
      expect(said(await world.get('production'))?.status).toBe('True');
      expect(said(await world.get('production'), 'Stalled')).toBeUndefined();
      record('ModelInvocationLogsCloudWatchDeliverySuccess', {}, 3);
      await liveOn(world, 'production', 30 * MINUTE_MS);
      expect(await delivering()).toMatchObject({ status: 'True', reason: 'Delivered' });
    });

    it('stays known through silence, a restart and an outage, without a write', async () => {
      record('ModelInvocationLogsCloudWatchDeliverySuccess', {}, 3);
      await liveOn(world, 'production', 30 * MINUTE_MS);
      const before = await delivering();
      world.kubernetes.forgetCalls();
      await liveOn(world, 'production', 5 * HOUR_MS);
      world.restart();
      world.aws.fault({ operation: 'GetMetricData' }, { kind: 'InternalError' }, 5);
      await liveOn(world, 'production', HOUR_MS);
      expect(await delivering()).toEqual(before);
      expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
    });

    it('is asked for at most every ten minutes', async () => {
      await liveOn(world, 'production', 20 * MINUTE_MS);
      world.aws.forgetCalls();
      await liveOn(world, 'production', HOUR_MS);
      const polls = world.aws.calls.filter(({ operation }) => operation === 'GetMetricData').length;
      expect(polls).toBeGreaterThanOrEqual(5);
      expect(polls).toBeLessThanOrEqual(6);
    });

    it('says which permission is missing, and leaves the rest in sync', async () => {
      world.aws.deny(ACCOUNT, 'cloudwatch:GetMetricData');
      await liveOn(world, 'production', 30 * MINUTE_MS);
      expect(await delivering()).toMatchObject({
        status: 'Unknown',
        reason: 'AccessDenied',
        message: expect.stringContaining('cloudwatch:GetMetricData'),
      });
      expect(said(await world.get('production'))?.status).toBe('True');
    });

    it('is not said by a monitor that another keeps from the configuration', async () => {
      await world.apply('second', basicSpec(loggingRole(world.aws)));
      await world.settle('second');
      expect(said(await world.get('second'), 'Delivering')).toBeUndefined();
    });
  });

  describe('by alarms that fire', () => {
    it('counts and names them, tells of the change once, and costs no call', async () => {
      await world.apply('production', {
        region: REGION,
        alarms: [
          { name: 'throttling', preset: 'Throttling' },
          { name: 'errors', preset: 'ErrorRate', models: ['a', 'b'] },
        ],
      });
      await world.settle('production');
      expect((await status())?.alarms).toMatchObject({ ok: 0, firing: 0, insufficientData: 3 });
      const names = [...account().region(REGION).alarms.keys()];
      for (const name of names) account().alarmState(REGION, name, name.endsWith('/a') ? 'ALARM' : 'OK');
      world.aws.forgetCalls();
      const news = world.news.length;
      await liveOn(world, 'production', HOUR_MS);
      expect((await status())?.alarms).toMatchObject({
        ok: 2,
        firing: 1,
        insufficientData: 0,
        firingNames: ['errors/a'],
      });
      expect(world.news.slice(news).map(({ reason, note }) => `${reason} ${note}`)).toEqual([
        'AlarmFiring alarm errors/a is in state ALARM',
      ]);
      expect(new Set(world.aws.calls.map(({ operation }) => operation))).toEqual(new Set(['DescribeAlarms']));
      expect(said(await world.get('production'))?.status).toBe('True');
    });
  });
});
