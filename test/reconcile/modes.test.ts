import { beforeEach, describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { ALARM, meddle, thresholdIn } from '#test/support/alarm-by-hand.ts';
import { claimNames } from '#test/support/claim-names.ts';
import { approve, planOf } from '#test/support/plan-in-status.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { createWorld } from '#test/support/world.ts';

describe('what a mode lets be written', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const settle = () => world.settle('production');
  const written = () => world.aws.writes().map(({ operation }) => operation);
  const news = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);
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
      expect(await claimNames(world)).toEqual([]);
      expect(written()).toEqual([]);
    });

    it('shows drift with from, to and since when, and says so once', async () => {
      await switched({ mode: 'Observe' });
      await settle();
      meddle(world);
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
      expect(thresholdIn(world)).toBe(99);
      expect(written()).toEqual([]);
    });

    it('does not take an approval', async () => {
      await world.apply('production', { ...spec, mode: 'Plan' });
      const { hash } = planOf(await settle());
      await approve(world, hash);
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
      expect(await claimNames(world)).toEqual([]);
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
      meddle(world);
      const monitor = await settle();
      expect(said(monitor)).toMatchObject({ status: 'False', reason: 'Suspended' });
      expect(written()).toEqual([]);
      await world.apply('production', spec);
      await settle();
      expect(thresholdIn(world)).toBe(0);
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
