import { beforeEach, describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const ALARM = 'bedrockmonitor/test/genai/production/throttling';

describe('safe with what others own, and with what goes wrong', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const foreignAlarm = (name: string, description = 'made by hand') =>
    region().alarms.set(name, {
      kind: 'MetricAlarm',
      name,
      configuration: {
        AlarmDescription: description,
        MetricName: 'CPUUtilization',
        Namespace: 'AWS/EC2',
        Threshold: 1,
      },
      tags: {},
      configurationUpdatedAt: 0,
      state: 'OK',
      stateReason: '',
      stateReasonData: undefined,
      stateUpdatedAt: 0,
      stateTransitionedAt: 0,
    });

  it('leaves a log group that exists without our mark as it is, and does not log to it', async () => {
    world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP });
    const before = structuredClone(region().logGroups.get(GROUP));
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({
      reason: 'NotOwned',
      message: expect.stringContaining('management: Unmanaged'),
    });
    expect(region().logGroups.get(GROUP)).toEqual(before);
    expect(region().invocationLogging.configuration).toBeUndefined();
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
  });

  it('uses an Unmanaged log group without changing its settings', async () => {
    world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP });
    const { retentionInDays, tags } = structuredClone(region().logGroups.get(GROUP)) ?? {};
    const { cloudWatchLogs, dataTypes = [] } = spec.invocationLogging ?? {};
    if (cloudWatchLogs === undefined) throw new Error('no log group');
    await world.apply('production', {
      ...spec,
      invocationLogging: {
        dataTypes,
        cloudWatchLogs: { ...cloudWatchLogs, logGroup: { name: GROUP, management: 'Unmanaged' } },
      },
    });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True' });
    expect(region().logGroups.get(GROUP)).toMatchObject({ retentionInDays, tags, dataProtectionStatus: 'ACTIVATED' });
    expect(monitor?.status?.inventory?.some(({ kind }) => kind === 'LogGroup')).toBe(false);
  });

  it('refuses an alarm name that somebody else has; the other alarms go on', async () => {
    foreignAlarm('pager');
    const before = structuredClone(region().alarms.get('pager'));
    await world.apply('production', {
      ...spec,
      alarms: [...(spec.alarms ?? []), { name: 'mine', preset: 'ClientErrors', awsName: 'pager' }],
    });
    const monitor = await world.settle('production');
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({
      status: 'False',
      reason: 'NotOwned',
      message: expect.stringContaining('alarm pager'),
    });
    expect(monitor?.status?.alarms).toMatchObject({ summary: '1/2' });
    expect(region().alarms.get('pager')).toEqual(before);
    expect(region().alarms.has(ALARM)).toBe(true);
    await world.remove('production');
    await world.settle('production');
    expect([...region().alarms.keys()]).toEqual(['pager']);
  });

  it('names the owner of an alarm of another monitor, and of another cluster', async () => {
    foreignAlarm('pager', 'x\nbedrockmonitor test/research/other 00000000');
    foreignAlarm('page', 'x\nbedrockmonitor prod/genai/production 00000000');
    await world.apply('production', {
      region: REGION,
      alarms: [
        { name: 'a', preset: 'ClientErrors', awsName: 'pager' },
        { name: 'b', preset: 'ClientErrors', awsName: 'page' },
      ],
    });
    const monitor = await world.settle('production');
    const resources = monitor?.status?.resources ?? [];
    expect(resources.find(({ name }) => name === 'pager')).toMatchObject({
      reason: 'OwnedByAnotherMonitor',
      message: expect.stringContaining('research/other'),
    });
    expect(resources.find(({ name }) => name === 'page')).toMatchObject({
      reason: 'OwnedByAnotherCluster',
      message: expect.stringContaining('cluster prod'),
    });
  });

  it('does not delete an alarm whose mark was removed in AWS', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const alarm = region().alarms.get(ALARM);
    if (alarm === undefined) throw new Error('no alarm');
    alarm.configuration = { ...alarm.configuration, AlarmDescription: 'mine now' };
    alarm.tags = {};
    await world.apply('production', { ...spec, alarms: [] });
    await world.settle('production');
    expect(region().alarms.has(ALARM)).toBe(true);
    expect(world.news.some(({ reason }) => reason === 'Released')).toBe(true);
  });

  it('prunes what left the spec, and finds it again when the status was wiped', async () => {
    await world.apply('production', {
      ...spec,
      alarms: [...(spec.alarms ?? []), { name: 'errors', preset: 'ErrorRate' }],
    });
    await world.settle('production');
    const monitor = await world.get('production');
    if (monitor === undefined) throw new Error('no monitor');
    await world.client.replaceStatus(
      { group: 'bedrockmonitor.io', version: 'v1alpha1', plural: 'bedrockmonitors', namespaced: true },
      { ...monitor, status: { observedGeneration: 1 } },
    );
    world.restart();
    await world.apply('production', { ...spec, dashboards: [], savedQueries: [] });
    const after = await world.settle('production');
    expect(said(after)).toMatchObject({ status: 'True' });
    expect([...region().alarms.keys()]).toEqual([ALARM]);
    expect(region().queryDefinitions.size).toBe(0);
    expect(world.aws.account(ACCOUNT).state.dashboards.size).toBe(0);
    expect(after?.status?.inventoryUID).toBe(after?.metadata.uid);
  });

  it('refuses what the platform does not allow the namespace, and makes no call to AWS', async () => {
    world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({
      status: 'False',
      reason: 'RoleNotAllowed',
      message: expect.stringContaining('genai'),
    });
    expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
    expect(world.aws.calls).toEqual([]);
    world.access = { ownAccount: true, roleARNs: ['arn:aws:iam::444455556666:role/other-*'], actionARNs: [] };
    await world.apply('production', {
      region: REGION,
      alarms: spec.alarms ?? [],
      assumeRole: { roleARN: 'arn:aws:iam::444455556666:role/admin' },
    });
    expect(said(await world.settle('production'))).toMatchObject({
      reason: 'RoleNotAllowed',
      message: expect.stringContaining('role/admin'),
    });
    expect(world.aws.calls).toEqual([]);
  });

  it('acts in another account through its role, with the ExternalId of cluster and namespace', async () => {
    const other = world.aws.account('444455556666');
    const { arn } = other.assumableRole({
      name: 'bedrock-monitor',
      trusted: `arn:aws:iam::${ACCOUNT}:root`,
      externalID: 'test/genai',
    });
    world.access = { ownAccount: false, roleARNs: [arn], actionARNs: [] };
    await world.apply('production', {
      region: REGION,
      accountID: '444455556666',
      assumeRole: { roleARN: arn },
      alarms: spec.alarms ?? [],
    });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True' });
    expect(monitor?.status).toMatchObject({
      accountID: '444455556666',
      identityARN: expect.stringContaining('bmon-test-genai'),
    });
    expect([...other.region(REGION).alarms.keys()]).toEqual([ALARM]);
    expect(region().alarms.size).toBe(0);
  });

  it('writes nothing where the credentials are of another account than the spec guards', async () => {
    await world.apply('production', { region: REGION, alarms: spec.alarms ?? [], accountID: '999988887777' });
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({
      status: 'False',
      reason: 'AccountMismatch',
      message: expect.stringContaining(ACCOUNT),
    });
    expect(world.aws.writes()).toEqual([]);
  });

  it('says which permission is missing, waits two minutes for IAM, and lets the other parts go on', async () => {
    const allow = world.aws.deny(ACCOUNT, 'cloudwatch:PutMetricAlarm');
    await world.apply('production', spec);
    await world.pass('production');
    expect(said(await world.get('production'), 'Stalled')).toBeUndefined();
    const start = world.clock.now();
    const monitor = await world.settle('production');
    expect(world.clock.now() - start).toBeGreaterThanOrEqual(110_000);
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({
      reason: 'AccessDenied',
      message: expect.stringContaining('cloudwatch:PutMetricAlarm'),
    });
    expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'True' });
    expect(said(monitor, 'DashboardsConfigured')).toMatchObject({ status: 'True' });
    allow();
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
  });

  it('writes nothing while suspended, goes on reading, and says what waits', async () => {
    await world.apply('production', { ...spec, suspend: true });
    const fresh = await world.settle('production');
    expect(said(fresh)).toMatchObject({ status: 'False', reason: 'Suspended' });
    expect(said(fresh, 'Suspended')).toMatchObject({ status: 'True' });
    expect(fresh?.status?.mode).toBe('Suspended');
    expect(fresh?.metadata.finalizers ?? []).toEqual([]);
    expect(world.aws.writes()).toEqual([]);
    await world.apply('production', spec);
    await world.settle('production');
    await world.apply('production', { ...spec, suspend: true });
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True', reason: 'InSync' });
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(region().alarms.has(ALARM)).toBe(true);
    expect(world.news.some(({ reason, note }) => reason === 'Retained' && note.includes(ALARM))).toBe(true);
  });

  it('never traps a deletion: past the deadline it says what blocks, and force-orphan lets go', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    world.aws.deny(ACCOUNT, 'cloudwatch:DeleteAlarms');
    await world.remove('production');
    const start = world.clock.now();
    while (said(await world.get('production'))?.reason !== 'DeletionBlocked' && world.clock.now() - start < 1_200_000) {
      await world.pass('production');
      await world.clock.advance(30_000);
    }
    expect(said(await world.get('production'))).toMatchObject({
      reason: 'DeletionBlocked',
      message: expect.stringContaining('cloudwatch:DeleteAlarms'),
    });
    await world.annotate('production', { [annotations.forceOrphan]: 'true' });
    expect(await world.settle('production')).toBeUndefined();
    expect(region().alarms.has(ALARM)).toBe(true);
    expect(world.news.some(({ reason, note }) => reason === 'Retained' && note.includes(ALARM))).toBe(true);
  });

  it('lets a monitor that never reached AWS go without AWS', async () => {
    world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
    await world.apply('production', spec);
    await world.settle('production');
    await world.remove('production');
    expect(await world.settle('production')).toBeUndefined();
    expect(world.aws.calls).toEqual([]);
  });
});
