import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { monitors } from '#src/operator/monitors.ts';
import { liveOn } from '#test/support/as-controller.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const models = ['a.one', 'b.two', 'c.three', 'd.four', 'e.five'];
const many = (count: number, rest: { threshold?: number } = {}): NonNullable<BedrockMonitorSpec['alarms']> =>
  Array.from({ length: count }, (_, index) => ({ name: `alarm-${index}`, preset: 'Throttling', models, ...rest }));

describe('a monitor with more to do than fits into one slice', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    world.aws.enforceQuotas();
    spec = { ...basicSpec(loggingRole(world.aws)), alarms: many(24) };
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const refused = () =>
    world.aws.calls.filter(({ outcome }) => outcome?.kind === 'Refused' && /Throttl/.test(outcome.code));
  const statusWrites = () =>
    world.kubernetes.calls.filter(({ writes, plural }) => writes && plural === 'bedrockmonitors').length;

  it('ends each slice after twenty seconds, with masked logging first and progress in the status, and meets no quota', async () => {
    // Masking that AWS shows late keeps logging off until the next slice.
    world.aws.consistency({ windowMs: 0 });
    await world.apply('production', spec);
    const slices: { seconds: number; alarms: number; logs: boolean; message: string | undefined }[] = [];
    for (let slice = 0; slice < 10; slice += 1) {
      const start = world.clock.monotonic();
      const next = await world.pass('production');
      const monitor = await world.get('production');
      slices.push({
        seconds: (world.clock.monotonic() - start) / 1000,
        alarms: region().alarms.size,
        logs: region().invocationLogging.configuration !== undefined,
        message: said(monitor, 'Reconciling')?.message,
      });
      if (next.kind !== 'recheck' || next.afterMs !== 0) break;
      expect(said(monitor, 'Stalled')).toBeUndefined();
    }
    expect(slices.length).toBeGreaterThanOrEqual(3);
    expect(slices[0]?.logs).toBe(true);
    for (const { seconds } of slices) expect(seconds).toBeLessThan(25);
    const [, inSync] = /^(\d+) of 120 alarms in sync so far/.exec(slices[0]?.message ?? '') ?? [];
    // Only what was read back counts.
    expect(Number(inSync)).toBeGreaterThan(20);
    expect(Number(inSync)).toBeLessThanOrEqual(slices[0]?.alarms ?? 0);
    expect(slices.at(-1)?.alarms).toBe(120);
    await world.settle('production');
    expect(said(await world.get('production'))).toMatchObject({ status: 'True' });
    expect(refused()).toEqual([]);
    // The finalizer, the checkpoint, and one status a slice.
    expect(statusWrites()).toBeLessThanOrEqual(slices.length + 4);
  });

  it('sees a newer spec between two slices', async () => {
    await world.apply('production', spec);
    await world.pass('production');
    const made = region().alarms.size;
    expect(made).toBeLessThan(120);
    await world.apply('production', { ...spec, alarms: [{ name: 'only', preset: 'Throttling' }] });
    await world.settle('production');
    expect([...region().alarms.keys()]).toEqual(['bedrockmonitor/test/genai/production/only']);
  });

  it('gets there through a storm of throttling by others, without a stall and slower, not faster', async () => {
    await world.apply('production', spec);
    const calm = world.aws.fault({ operation: 'PutMetricAlarm' }, { kind: 'Throttle' }, 40);
    await liveOn(world, 'production', 240_000);
    expect(said(await world.get('production'), 'Stalled')).toBeUndefined();
    calm();
    await liveOn(world, 'production', 600_000);
    expect(said(await world.get('production'))).toMatchObject({ status: 'True' });
    expect(region().alarms.size).toBe(120);
    const puts = world.aws.calls.filter(({ operation }) => operation === 'PutMetricAlarm').map(({ at }) => at);
    for (let index = 0; index + 3 < puts.length; index += 1)
      expect((puts[index + 3] ?? 0) - (puts[index] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('deletes in slices, too, and ends', async () => {
    await world.apply('production', spec);
    await liveOn(world, 'production', 200_000);
    expect(region().alarms.size).toBe(120);
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(region().alarms.size).toBe(0);
    expect(refused()).toEqual([]);
  });

  it('ends its pass where somebody else writes the monitor in the middle, and the next one goes on', async () => {
    await world.apply('production', spec);
    const meddling: Promise<void>[] = [];
    const stop = world.aws.onCall(({ operation }, phase) => {
      if (meddling.length > 0 || phase !== 'After' || operation !== 'PutMetricAlarm') return;
      meddling.push(world.annotate('production', { note: 'mine' }));
    });
    await expect(world.pass('production')).rejects.toThrow(/Conflict/);
    await Promise.all(meddling);
    stop();
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True' });
    expect(monitor?.metadata.annotations).toEqual({ note: 'mine' });
  });
});

describe('bounds', () => {
  it('renames five hundred alarms, although old and new together are more than the inventory holds', async () => {
    const world = await createWorld();
    try {
      await world.apply('production', { region: REGION, alarms: many(100) });
      await world.settle('production');
      const { alarms } = world.aws.account(ACCOUNT).region(REGION);
      expect(alarms.size).toBe(500);
      await world.apply('production', {
        region: REGION,
        alarms: many(100).map((one) => ({ ...one, name: `new-${one.name}` })),
        dashboards: [{ name: 'overview', preset: 'Overview' }],
        savedQueries: [{ name: 'latest', preset: 'LatestInvocations', logGroupNames: ['/a'] }],
      });
      const monitor = await world.settle('production');
      expect(monitor?.status?.conditions?.[0]).toMatchObject({ type: 'Ready', status: 'True' });
      expect(alarms.size).toBe(500);
      expect([...alarms.keys()].every((name) => name.includes('/new-'))).toBe(true);
      expect(monitor?.status?.inventory).toHaveLength(502);
      expect(monitor?.status?.resources).toHaveLength(100);
      expect(monitor?.status?.resourcesOmitted).toBe(402);
    } finally {
      await world.close();
    }
  });

  it('keeps what a newer operator wrote into the inventory', async () => {
    const world = await createWorld();
    try {
      await world.apply('production', { region: REGION, alarms: many(1) });
      const monitor = await world.settle('production');
      if (monitor === undefined) throw new Error('no monitor');
      const newer = { kind: 'MuteRule', name: 'bedrockmonitor_test_genai_production_night' };
      await world.client.replaceStatus(monitors, {
        ...monitor,
        status: { ...monitor.status, inventory: [...(monitor.status?.inventory ?? []), newer] },
      });
      await world.apply('production', { region: REGION, alarms: many(2) });
      expect((await world.settle('production'))?.status?.inventory).toContainEqual(newer);
    } finally {
      await world.close();
    }
  });
});
