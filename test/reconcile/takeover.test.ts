import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { modalityFlags } from '#src/domain/logging-configuration.ts';
import { deidentified } from '#src/domain/masking.ts';
import { makeByHand } from '#test/support/by-hand.ts';
import { crashBefore } from '#test/support/crash.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const OWNER = 'test/genai/production';

describe('taking over what people made', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    makeByHand(world);
    return () => world.close();
  });

  const account = () => world.aws.account(ACCOUNT);
  const region = () => account().region(REGION);
  const alarm = () => region().alarms.get(`bedrockmonitor/${OWNER}/throttling`);
  const document = () => JSON.parse(region().logGroups.get(GROUP)?.dataProtection?.document ?? '{}');
  const reasons = () => world.news.map(({ reason }) => reason);

  it('changes nothing under Never, and says of each how it could be taken', async () => {
    const before = world.aws.snapshot();
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(world.aws.snapshot()).toEqual(before);
    for (const type of ['LoggingConfigured', 'AlarmsConfigured', 'DashboardsConfigured', 'QueriesConfigured'])
      expect(said(monitor, type)).toMatchObject({
        reason: 'NotOwned',
        message: expect.stringContaining('adoptionPolicy.'),
      });
    expect(monitor?.status?.inventory).toEqual([]);
  });

  it('adopts all of it in place under Always: marks, tags and masking of its makers stay', async () => {
    await world.apply('production', { ...spec, adoptionPolicy: { default: 'Always' } });
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True', reason: 'InSync' });
    expect(alarm()?.configuration).toMatchObject({ Namespace: 'AWS/Bedrock', MetricName: 'InvocationThrottles' });
    expect(alarm()?.tags).toMatchObject({ team: 'theirs', 'bedrockmonitor.io/monitor': 'genai/production' });
    expect(region().logGroups.get(GROUP)).toMatchObject({ retentionInDays: 365, tags: { team: 'theirs' } });
    expect(document()['Name']).toBe('bedrockmonitor_test_genai_production');
    expect([...deidentified(document())].join()).toContain('VehicleIdentificationNumber');
    expect([...region().queryDefinitions.values()].map(({ name }) => name)).toEqual([`bedrockmonitor/${OWNER}/latest`]);
    expect(reasons().filter((reason) => reason === 'Adopted')).toHaveLength(5);
  });

  it('keeps what was masked before through every later edit', async () => {
    const adopting: BedrockMonitorSpec = { ...spec, adoptionPolicy: { default: 'Always' } };
    await world.apply('production', adopting);
    await world.settle('production');
    await world.apply('production', { ...spec, dataProtection: { identifiers: ['EmailAddress'] } });
    expect(said(await world.settle('production'), 'DataProtected')).toMatchObject({ status: 'True' });
    const masked = [...deidentified(document())].map((arn) => arn.split('/').at(-1));
    expect(new Set(masked)).toEqual(new Set(['EmailAddress', 'VehicleIdentificationNumber']));
  });

  it('adopts by tag only what its owner gave to this very monitor', async () => {
    const tagged = alarm();
    if (tagged === undefined) throw new Error('no alarm');
    tagged.tags['bedrockmonitor.io/adopt-by'] = 'genai/production';
    await world.apply('production', { ...spec, adoptionPolicy: { default: 'IfTagged' } });
    const monitor = await world.settle('production');
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect(said(monitor, 'DashboardsConfigured')).toMatchObject({ reason: 'NotOwned' });
    expect(said(monitor, 'QueriesConfigured')).toMatchObject({ reason: 'NotOwned' });
    expect(region().logGroups.get(GROUP)?.tags).toEqual({ team: 'theirs' });
  });

  it('shows each adoption with its differences in a plan, before anything is written', async () => {
    const before = world.aws.snapshot();
    await world.apply('production', { ...spec, mode: 'Plan', adoptionPolicy: { default: 'Always' } });
    const monitor = await world.settle('production');
    const changes = monitor?.status?.plan?.changes ?? [];
    expect(changes.map(({ action, kind }) => `${action} ${kind}`).sort()).toEqual([
      'Adopt Dashboard',
      'Adopt DataProtectionPolicy',
      'Adopt LogGroup',
      'Adopt MetricAlarm',
      'Adopt QueryDefinition',
      'Create InvocationLogging',
    ]);
    expect(changes.find(({ kind }) => kind === 'MetricAlarm')?.fields).toContainEqual(
      expect.objectContaining({ path: 'evaluationPeriods', from: '1', to: '5' }),
    );
    expect(world.aws.snapshot()).toEqual(before);
  });

  it('does not take a configuration that says the same for its own because its log group was adopted, wherever it crashes', async () => {
    const role = loggingRole(world.aws);
    const { invocationLogging } = basicSpec(role);
    const theirs: JsonObject = {
      ...Object.fromEntries(modalityFlags.map((flag) => [flag, flag.startsWith('text')])),
      cloudWatchConfig: { logGroupName: GROUP, roleArn: role },
    };
    region().invocationLogging.configuration = theirs;
    for (let at = 1, crashed = true; crashed; at += 1) {
      region().logGroups.delete(GROUP);
      account().logGroup(REGION, { name: GROUP, tags: { team: 'theirs' } });
      await world.apply('production', {
        region: REGION,
        ...(invocationLogging && { invocationLogging }),
        adoptionPolicy: { logGroup: 'Always' },
        deletionPolicy: { invocationLogging: 'Disable' },
      });
      const crash = crashBefore(world, at);
      await world.pass('production').catch(() => {});
      crash.stop();
      crashed = crash.crashed;
      world.restart();
      expect(said(await world.settle('production')), `crash before call ${at}`).toMatchObject({
        reason: 'ForeignConfiguration',
      });
      await world.remove('production');
      expect(await world.settle('production')).toBeUndefined();
      expect(region().invocationLogging.configuration, `crash before call ${at}`).toEqual(theirs);
    }
  });
});
