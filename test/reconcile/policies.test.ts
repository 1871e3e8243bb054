import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole, renamed } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const ALARM = 'bedrockmonitor/test/genai/production/throttling';

type Policy = NonNullable<BedrockMonitorSpec['deletionPolicy']>;

describe('what a deletion takes along', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const settle = () => world.settle('production');
  const news = (reason: string) => world.news.filter((one) => one.reason === reason).map(({ note }) => note);
  /** What is in AWS, as the inventory names it. */
  const present = () => [
    ...[...region().alarms.keys()].map((name) => `MetricAlarm/${name}`),
    ...[...world.aws.account(ACCOUNT).state.dashboards.keys()].map((name) => `Dashboard/${name}`),
    ...[...region().queryDefinitions.values()].map(({ name }) => `QueryDefinition/${name}`),
    ...[...region().logGroups.values()].flatMap(({ name, dataProtection }) => [
      `LogGroup/${name}`,
      ...(dataProtection === undefined ? [] : [`DataProtectionPolicy/${name}`]),
    ]),
  ];
  const isOn = () => region().invocationLogging.configuration !== undefined;
  const kinds = (names: readonly string[]) => names.map((name) => name.slice(0, name.indexOf('/'))).sort();
  const LOGS = ['DataProtectionPolicy', 'LogGroup'];

  it.each<[string, Policy | undefined, readonly string[], 'Disable' | 'Retain']>([
    ['nothing is written', undefined, LOGS, 'Disable'],
    ['alarms are retained', { alarms: 'Retain' }, [...LOGS, 'MetricAlarm'], 'Disable'],
    ['dashboards are retained', { dashboards: 'Retain' }, ['Dashboard', ...LOGS], 'Disable'],
    ['queries are retained', { savedQueries: 'Retain' }, [...LOGS, 'QueryDefinition'], 'Disable'],
    [
      'Retain is the default',
      { default: 'Retain' },
      ['Dashboard', ...LOGS, 'MetricAlarm', 'QueryDefinition'],
      'Disable',
    ],
    [
      'Retain is the default, but not for alarms',
      { default: 'Retain', alarms: 'Delete' },
      ['Dashboard', ...LOGS, 'QueryDefinition'],
      'Disable',
    ],
    ['the default is Delete, which does not count for logs', { default: 'Delete' }, LOGS, 'Disable'],
    ['masking is deleted', { dataProtection: 'Delete' }, ['LogGroup'], 'Disable'],
    ['the log group is deleted, and its masking with it', { logGroup: 'Delete' }, [], 'Disable'],
    ['logging stays on', { invocationLogging: 'Retain' }, LOGS, 'Retain'],
    [
      'logging stays on, so that masking stays too',
      { invocationLogging: 'Retain', dataProtection: 'Delete' },
      LOGS,
      'Retain',
    ],
    ['logging is switched off', { invocationLogging: 'Disable' }, LOGS, 'Disable'],
  ])('is what status.onDelete said beforehand, where %s', async (_, policy, stays, logging) => {
    await world.apply('production', { ...spec, ...(policy !== undefined && { deletionPolicy: policy }) });
    const monitor = await settle();
    expect(said(monitor)).toMatchObject({ status: 'True' });
    const before = present();
    expect(before).toHaveLength(5);
    const told = monitor?.status?.onDelete;
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    const after = present();
    expect(kinds(after)).toEqual(stays);
    expect([...(told?.retains ?? [])].sort()).toEqual([...after].sort());
    expect(told?.deletes).toBe(before.length - after.length);
    expect(told?.invocationLogging).toBe(logging);
    expect(isOn()).toBe(logging === 'Retain');
    for (const name of after) expect(news('Retained').join()).toContain(name.replace('/', ' '));
  });

  it('lifts AWS’s deletion protection only where the deletion of the group is written', async () => {
    await world.apply('production', { ...spec, deletionPolicy: { logGroup: 'Delete' } });
    await settle();
    expect(region().logGroups.get(GROUP)?.deletionProtectionEnabled).toBe(true);
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(region().logGroups.has(GROUP)).toBe(false);
    expect(news('Deleted').join()).toContain(`LogGroup ${GROUP}`);
  });

  it('says that all of it stays while the mode writes nothing', async () => {
    await world.apply('production', spec);
    await settle();
    await world.apply('production', { ...spec, mode: 'Plan' });
    const monitor = await settle();
    expect(monitor?.status?.onDelete).toMatchObject({ deletes: 0, invocationLogging: 'Retain' });
    expect([...(monitor?.status?.onDelete?.retains ?? [])].sort()).toEqual(present().sort());
  });

  it('asks nothing of AWS where all is retained, even with no credentials', async () => {
    await world.apply('production', {
      ...spec,
      deletionPolicy: { default: 'Retain', invocationLogging: 'Retain' },
    });
    await settle();
    const before = world.aws.snapshot();
    world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
    world.aws.forgetCalls();
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(world.aws.calls).toEqual([]);
    expect(world.aws.snapshot()).toEqual(before);
    expect(news('Retained').join()).toContain('InvocationLogging');
    const leases = await world.client.list({
      group: 'coordination.k8s.io',
      version: 'v1',
      plural: 'leases',
      namespaced: true,
    });
    expect(leases.items).toEqual([]);
  });

  it('keeps retained alarms that a rename or a removal leaves behind, lets them go, and takes them up again', async () => {
    const keeping: BedrockMonitorSpec = { ...spec, deletionPolicy: { alarms: 'Retain' } };
    await world.apply('production', keeping);
    await settle();
    await world.apply('production', renamed(keeping));
    const monitor = await settle();
    expect([...region().alarms.keys()].sort()).toEqual([ALARM.replace('throttling', 'throttled'), ALARM]);
    expect(monitor?.status?.inventory?.map(({ name }) => name)).not.toContain(ALARM);
    expect(kinds(present())).toEqual(['Dashboard', ...LOGS, 'MetricAlarm', 'MetricAlarm', 'QueryDefinition']);
    expect(news('Retained')).toEqual([expect.stringContaining(ALARM)]);
    await world.apply('production', { ...keeping, alarms: [] });
    await settle();
    expect(region().alarms.size).toBe(2);
    await world.apply('production', {
      ...spec,
      alarms: [{ name: 'throttling', preset: 'Throttling', threshold: 7 }],
    });
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(region().alarms.get(ALARM)?.configuration['Threshold']).toBe(7);
  });

  it('never deletes a log group because of a rename, whatever is written', async () => {
    const deleting: BedrockMonitorSpec = { ...spec, deletionPolicy: { logGroup: 'Delete' } };
    await world.apply('production', deleting);
    await settle();
    const { cloudWatchLogs, dataTypes = [] } = spec.invocationLogging ?? {};
    if (cloudWatchLogs === undefined) throw new Error('no log group');
    await world.apply('production', {
      ...deleting,
      invocationLogging: { dataTypes, cloudWatchLogs: { ...cloudWatchLogs, logGroup: { name: '/aws/bedrock/next' } } },
    });
    expect(said(await settle())).toMatchObject({ status: 'True' });
    expect(region().logGroups.has(GROUP)).toBe(true);
    expect(region().logGroups.has('/aws/bedrock/next')).toBe(true);
  });

  it('does not delete a log group that the spec came to call Unmanaged, and says so beforehand', async () => {
    const { cloudWatchLogs, dataTypes = [] } = spec.invocationLogging ?? {};
    if (cloudWatchLogs === undefined) throw new Error('no log group');
    await world.apply('production', { ...spec, deletionPolicy: { logGroup: 'Delete' } });
    await settle();
    await world.apply('production', {
      ...spec,
      deletionPolicy: { logGroup: 'Delete', dataProtection: 'Retain' },
      invocationLogging: {
        dataTypes,
        cloudWatchLogs: { ...cloudWatchLogs, logGroup: { name: GROUP, management: 'Unmanaged' } },
      },
    });
    const told = (await settle())?.status?.onDelete;
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(kinds(present())).toEqual(LOGS);
    expect([...(told?.retains ?? [])].sort()).toEqual(present().sort());
  });

  it('leaves the masking on a group that stays, unless its own deletion is written', async () => {
    const masked = () => region().logGroups.get(GROUP)?.dataProtection !== undefined;
    for (const [policy, stays] of [
      [{ logGroup: 'Delete' }, true],
      [{ dataProtection: 'Delete' }, false],
    ] as const) {
      await world.apply('production', { ...spec, deletionPolicy: policy });
      await settle();
      await world.apply('production', { region: REGION, deletionPolicy: policy });
      expect(said(await settle())).toMatchObject({ status: 'True' });
      expect(masked()).toBe(stays);
    }
  });

  it('leaves the masking on a group that is only used, and says so beforehand', async () => {
    const { cloudWatchLogs, dataTypes = [] } = spec.invocationLogging ?? {};
    if (cloudWatchLogs === undefined) throw new Error('no log group');
    world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP });
    await world.apply('production', {
      ...spec,
      deletionPolicy: { logGroup: 'Delete' },
      invocationLogging: {
        dataTypes,
        cloudWatchLogs: { ...cloudWatchLogs, logGroup: { name: GROUP, management: 'Unmanaged' } },
      },
    });
    const told = (await settle())?.status?.onDelete;
    await world.remove('production');
    expect(await settle()).toBeUndefined();
    expect(kinds(present())).toEqual(LOGS);
    expect(told?.retains).toEqual([`DataProtectionPolicy/${GROUP}`]);
  });
});
