import { beforeEach, describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const ALARM = 'bedrockmonitor/test/genai/production/throttling';

describe('what a mode lets be written', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const settle = () => world.settle('production');
  const written = () => world.aws.writes().map(({ operation }) => operation);
  const news = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);
  const claims = async () => {
    const leases = await world.client.list({
      group: 'coordination.k8s.io',
      version: 'v1',
      plural: 'leases',
      namespaced: true,
    });
    return leases.items.map(({ metadata }) => metadata.name);
  };
  const planOf = (monitor: BedrockMonitor | undefined) => {
    const plan = monitor?.status?.plan;
    if (plan === undefined) throw new Error('no plan');
    return plan;
  };
  const approve = async (hash: string | undefined) =>
    world.annotate('production', { [annotations.approvePlan]: hash ?? '' });
  /** Somebody sets another threshold by hand. */
  const meddle = (threshold = 99) => {
    const alarm = region().alarms.get(ALARM);
    if (alarm === undefined) throw new Error('no alarm');
    alarm.configuration = { ...alarm.configuration, Threshold: threshold };
  };
  const threshold = () => region().alarms.get(ALARM)?.configuration['Threshold'];
  /** In force, then switched to another mode. */
  const switched = async (change: Partial<BedrockMonitorSpec>) => {
    await world.apply('production', spec);
    await settle();
    world.aws.forgetCalls();
    await world.apply('production', { ...spec, ...change });
  };

  describe('Observe', () => {
    it('reports what differs and takes no claim', async () => {
      await world.apply('production', { ...spec, mode: 'Observe' });
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({ status: 'False', reason: 'NotEnforced' });
      expect(said(monitor, 'Drifted')).toMatchObject({ status: 'True', reason: 'DriftDetected' });
      expect(monitor?.status?.drift?.count).toBe(6);
      expect(monitor?.status?.plan).toBeUndefined();
      expect(monitor?.metadata.finalizers ?? []).toEqual([]);
      expect(await claims()).toEqual([]);
      expect(written()).toEqual([]);
    });

    it('shows drift with from, to and since when, and says so once', async () => {
      await switched({ mode: 'Observe' });
      await settle();
      meddle();
      const since = `${new Date(world.clock.now()).toISOString().slice(0, 19)}Z`;
      const monitor = await settle();
      expect(monitor?.status?.drift).toEqual({
        count: 1,
        fields: [{ path: 'alarms/throttling/threshold', from: '99', to: '0', since: expect.any(String) }],
      });
      expect((monitor?.status?.drift?.fields?.[0]?.since ?? '') >= since).toBe(true);
      expect(said(monitor, 'Drifted')?.message).toContain('alarms/throttling/threshold is 99, declared 0');
      expect(said(monitor)).toMatchObject({ status: 'False', reason: 'NotEnforced' });
      world.kubernetes.forgetCalls();
      await world.clock.advance(600_000);
      await world.pass('production', 'genai', 'Drift');
      expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
      expect(news('DriftDetected')).toHaveLength(1);
      expect(threshold()).toBe(99);
      expect(written()).toEqual([]);
    });

    it('does not take an approval', async () => {
      await world.apply('production', { ...spec, mode: 'Plan' });
      const { hash } = planOf(await settle());
      await approve(hash);
      await world.apply('production', { ...spec, mode: 'Observe' });
      await settle();
      expect(written()).toEqual([]);
    });
  });

  describe('a pause', () => {
    const inMinutes = (minutes: number) => new Date(world.clock.now() + minutes * 60_000).toISOString();

    it('ends by itself at suspendUntil, and the monitor is looked at again just then', async () => {
      await world.apply('production', { ...spec, suspendUntil: inMinutes(5) });
      const next = await world.pass('production');
      expect(next).toMatchObject({ kind: 'recheck' });
      const waitMs = 'afterMs' in next ? (next.afterMs ?? 0) : 0;
      expect(Math.abs(waitMs - 300_000)).toBeLessThan(5_000);
      const paused = await world.get('production');
      expect(said(paused)).toMatchObject({ status: 'False', reason: 'Suspended' });
      expect(paused?.status?.mode).toBe('Suspended');
      expect(written()).toEqual([]);
      expect(await claims()).toEqual([]);
      await world.clock.advance(waitMs);
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({ status: 'True' });
      expect(said(monitor, 'Suspended')).toBeUndefined();
      expect(monitor?.status?.mode).toBe('Enforce');
    });

    it('is taken from an annotation too, and the later end counts', async () => {
      await world.apply('production', { ...spec, suspendUntil: inMinutes(1) });
      await world.annotate('production', { [annotations.suspendUntil]: inMinutes(3) });
      await world.pass('production');
      await world.clock.advance(120_000);
      await world.pass('production');
      expect(said(await world.get('production'))).toMatchObject({ reason: 'Suspended' });
      expect(written()).toEqual([]);
      await world.clock.advance(60_000);
      expect(said(await settle())).toMatchObject({ status: 'True' });
    });

    it('stalls on an annotation that is no time, and writes nothing', async () => {
      await world.apply('production', spec);
      await world.annotate('production', { [annotations.suspendUntil]: 'tomorrow' });
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({
        status: 'False',
        reason: 'InvalidSpec',
        message: expect.stringContaining('tomorrow'),
      });
      expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
      expect(written()).toEqual([]);
    });

    it('is told, with what a deletion would do, also where the credentials are refused', async () => {
      await switched({ suspend: true });
      world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({ reason: 'RoleNotAllowed' });
      expect(monitor?.status).toMatchObject({
        mode: 'Suspended',
        onDelete: { deletes: 0, invocationLogging: 'Retain' },
      });
      expect(monitor?.status?.onDelete?.retains).toHaveLength(5);
    });

    it('leaves drift alone while it lasts, and says so', async () => {
      await switched({ suspend: true });
      await settle();
      meddle();
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({ status: 'False', reason: 'Suspended' });
      expect(written()).toEqual([]);
      await world.apply('production', spec);
      await settle();
      expect(threshold()).toBe(0);
    });
  });

  describe('a deletion', () => {
    it.each<[string, Partial<BedrockMonitorSpec>]>([
      ['Plan', { mode: 'Plan' }],
      ['Observe', { mode: 'Observe' }],
      ['suspended', { suspend: true }],
    ])('leaves AWS as it is where the monitor is %s, with an Event that lists what stays', async (_, change) => {
      await switched(change);
      await settle();
      const before = world.aws.snapshot();
      await world.remove('production');
      expect(await settle()).toBeUndefined();
      expect(world.aws.snapshot()).toEqual(before);
      expect(written()).toEqual([]);
      const [note, ...more] = news('Retained');
      expect(more).toEqual([]);
      for (const name of [ALARM, `LogGroup ${GROUP}`, 'Dashboard ', 'QueryDefinition ', 'InvocationLogging'])
        expect(note).toContain(name);
    });
  });
});
