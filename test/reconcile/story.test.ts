import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

describe('the story of a monitor', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const writes = () => world.kubernetes.calls.filter((call) => call.writes);

  it('turns one resource into masked logging, an alarm, a dashboard and a query, and says so', async () => {
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync', observedGeneration: 1 });
    expect(monitor?.status).toMatchObject({
      observedGeneration: 1,
      mode: 'Enforce',
      accountID: ACCOUNT,
      invocationLogging: { state: 'Enabled', logGroupName: GROUP, retentionInDays: 90, claimedBy: 'genai/production' },
      dataProtection: { state: 'Active', policyName: 'bedrockmonitor_test_genai_production' },
      alarms: { summary: '1/1', total: 1, inSync: 1 },
      dashboards: { summary: '1/1' },
      savedQueries: { summary: '1/1' },
    });
    const group = region().logGroups.get(GROUP);
    expect(group).toMatchObject({ retentionInDays: 90, deletionProtectionEnabled: true });
    expect(logGroupOf(region().invocationLogging.configuration)).toBe(GROUP);
    expect([...region().alarms.keys()]).toEqual(['bedrockmonitor/test/genai/production/throttling']);
  });

  it('writes nothing at rest', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.clock.advance(60_000);
    await world.pass('production', 'genai', 'Drift');
    world.aws.forgetCalls();
    world.kubernetes.forgetCalls();
    for (let resync = 0; resync < 3; resync += 1) {
      await world.clock.advance(600_000);
      await world.pass('production', 'genai', 'Drift');
    }
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual([]);
    expect(writes()).toEqual([]);
    expect(world.aws.calls.length).toBeGreaterThan(0);
  });

  it('creates with three writes to the monitor and edits with one, where AWS shows writes at once', async () => {
    world.aws.consistency({ windowMs: 0 });
    await world.apply('production', spec);
    await world.settle('production');
    const toMonitor = () => writes().filter(({ plural }) => plural === 'bedrockmonitors').length;
    expect(toMonitor()).toBe(3);
    world.kubernetes.forgetCalls();
    await world.apply('production', { ...spec, alarms: [{ name: 'throttling', preset: 'Throttling', threshold: 7 }] });
    await world.settle('production');
    expect(toMonitor()).toBe(1);
    expect([...region().alarms.values()][0]).toMatchObject({ configuration: { Threshold: 7 } });
  });

  it('puts drift right, with an Event that names the field', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const group = region().logGroups.get(GROUP);
    if (group === undefined) throw new Error('no group');
    group.deletionProtectionEnabled = false;
    await world.clock.advance(600_000);
    await world.settle('production');
    expect(region().logGroups.get(GROUP)?.deletionProtectionEnabled).toBe(true);
    expect(world.news.filter(({ reason }) => reason === 'DriftCorrected').map(({ note }) => note)).toEqual([
      expect.stringContaining('deletionProtection from "Disabled" to "Enabled"'),
    ]);
  });

  it('does not call it drift when it wants something else itself', async () => {
    const { invocationLogging: _, dataProtection: __, alarms: ___, ...watcher } = spec;
    await world.apply('watcher', { ...watcher, savedQueries: [] }, 'research');
    await world.settle('watcher', 'research');
    await world.apply('production', spec);
    await world.settle('production');
    world.aws.forgetCalls();
    await world.settle('watcher', 'research');
    // The Overview gains the latest prompts, now that Bedrock delivers somewhere.
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual(['PutDashboard']);
    expect(world.news.filter(({ reason }) => reason === 'DriftCorrected')).toEqual([]);
  });

  it('deletes what it owns and keeps the log group, its data and its masking', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(region().invocationLogging.configuration).toBeUndefined();
    expect(region().alarms.size).toBe(0);
    expect(region().queryDefinitions.size).toBe(0);
    expect(world.aws.account(ACCOUNT).state.dashboards.size).toBe(0);
    expect(region().logGroups.get(GROUP)).toMatchObject({ deletionProtectionEnabled: true });
    expect(region().logGroups.get(GROUP)?.dataProtection).toBeDefined();
    expect(world.news.some(({ reason, note }) => reason === 'Retained' && note.includes(GROUP))).toBe(true);
    const leases = await world.client.list({
      group: 'coordination.k8s.io',
      version: 'v1',
      plural: 'leases',
      namespaced: true,
    });
    expect(leases.items).toEqual([]);
  });
});
