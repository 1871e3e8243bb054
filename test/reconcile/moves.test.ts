import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { destinationsOf, logGroupOf } from '#src/domain/logging-configuration.ts';
import { watchMasking } from '#test/support/crash.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const NEXT = '/aws/bedrock/next';

describe('moving logs about', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  let role: string;
  beforeEach(async () => {
    world = await createWorld();
    role = loggingRole(world.aws);
    world.aws.account(ACCOUNT).bucket(REGION, 'records');
    const { savedQueries: _, dashboards: __, ...rest } = basicSpec(role);
    spec = rest;
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const live = () => region().invocationLogging.configuration;
  const toGroup = (logGroup: { name: string; kmsKeyARN?: string; class?: 'Standard' | 'InfrequentAccess' }) => ({
    dataTypes: ['Text' as const],
    cloudWatchLogs: { logGroup, role: { arn: role } },
    deliveryAlarm: 'Disabled' as const,
  });
  const s3Only = (): BedrockMonitorSpec => ({
    region: REGION,
    invocationLogging: { dataTypes: ['Text'], s3: { bucket: { name: 'records' } }, deliveryAlarm: 'Disabled' },
  });
  const mask = () => {
    const { dataProtection } = spec;
    if (dataProtection === undefined) throw new Error('no masking');
    return dataProtection;
  };
  const settled = async (next: BedrockMonitorSpec) => {
    await world.apply('production', next);
    const monitor = await world.settle('production');
    expect(said(monitor)).toMatchObject({ status: 'True' });
    return monitor;
  };

  it('logs to S3 only, and leaves nothing behind', async () => {
    const monitor = await settled(s3Only());
    expect(destinationsOf(live())).toEqual(['bucket records']);
    expect(monitor?.status?.dataProtection).toBeUndefined();
    expect(monitor?.status?.invocationLogging).toEqual({
      state: 'Enabled',
      claimedBy: 'genai/production',
      saved: 'none',
    });
    await world.remove('production');
    await world.settle('production');
    expect(live()).toBeUndefined();
  });

  it('goes from the log group to S3 and back under masking; the group and its policy stay throughout', async () => {
    const masking = watchMasking(world, () => world.last?.dataProtection !== undefined);
    await settled(spec);
    const policy = region().logGroups.get(GROUP)?.dataProtection?.document;
    const inS3 = await settled(s3Only());
    expect(destinationsOf(live())).toEqual(['bucket records']);
    expect(inS3?.status?.inventory).toEqual([]);
    expect(region().logGroups.get(GROUP)?.dataProtection?.document).toBe(policy);
    world.aws.forgetCalls();
    const back = await settled(spec);
    expect(logGroupOf(live())).toBe(GROUP);
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual([
      'PutModelInvocationLoggingConfiguration',
      'PutMetricAlarm',
    ]);
    expect(back?.status?.inventory?.map(({ kind }) => kind).sort()).toEqual([
      'DataProtectionPolicy',
      'LogGroup',
      'MetricAlarm',
    ]);
    expect(masking.breaches).toEqual([]);
    expect(world.news.filter(({ reason }) => reason === 'DriftCorrected')).toEqual([]);
  });

  it('moves to another group under masking, and says that the old one stays', async () => {
    const masking = watchMasking(world);
    await settled(spec);
    await settled({ ...spec, invocationLogging: toGroup({ name: NEXT }) });
    expect(logGroupOf(live())).toBe(NEXT);
    expect(masking.breaches).toEqual([]);
    expect(region().logGroups.get(GROUP)).toMatchObject({ retentionInDays: 90, deletionProtectionEnabled: true });
    expect(region().logGroups.get(GROUP)?.dataProtectionStatus).toBe('ACTIVATED');
    expect(world.news.filter(({ reason, note }) => reason === 'Retained' && note.includes(GROUP))).toHaveLength(2);
  });

  it('stays where it is while the new group cannot be masked', async () => {
    await settled(spec);
    const allow = world.aws.deny(
      ACCOUNT,
      'logs:PutDataProtectionPolicy',
      `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${NEXT}*`,
    );
    await world.apply('production', { ...spec, invocationLogging: toGroup({ name: NEXT }) });
    const monitor = await world.settle('production');
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False', reason: 'WaitingForMasking' });
    expect(logGroupOf(live())).toBe(GROUP);
    allow();
    await world.settle('production');
    expect(logGroupOf(live())).toBe(NEXT);
  });

  it('adds masking to a group that is logged to already, without a stop', async () => {
    const { dataProtection: _, ...unmasked } = spec;
    await settled(unmasked);
    world.aws.forgetCalls();
    await settled(spec);
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual(['PutDataProtectionPolicy']);
  });

  it('changes the key of a group, and never lifts one that the spec does not name', async () => {
    const account = world.aws.account(ACCOUNT);
    const one = account.key(REGION, { id: 'one' }).arn;
    const two = account.key(REGION, { id: 'two' }).arn;
    await settled({ ...spec, invocationLogging: toGroup({ name: GROUP, kmsKeyARN: one }) });
    expect(region().logGroups.get(GROUP)?.kmsKeyId).toBe(one);
    await settled({ ...spec, invocationLogging: toGroup({ name: GROUP, kmsKeyARN: two }) });
    await settled(spec);
    expect(region().logGroups.get(GROUP)?.kmsKeyId).toBe(two);
    expect(logGroupOf(live())).toBe(GROUP);
  });

  it('goes on logging to a group of another class, and says that AWS cannot change it', async () => {
    await settled(spec);
    const group = region().logGroups.get(GROUP);
    if (group === undefined) throw new Error('no group');
    region().logGroups.set(GROUP, { ...group, logGroupClass: 'INFREQUENT_ACCESS' });
    await world.apply('production', { ...spec, invocationLogging: toGroup({ name: GROUP, class: 'Standard' }) });
    world.aws.forgetCalls();
    const monitor = await world.settle('production');
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ reason: 'LogGroupClassDiffers' });
    expect(said(monitor, 'Stalled')).toMatchObject({ status: 'True' });
    expect(said(monitor, 'DataProtected')).toMatchObject({ status: 'True' });
    expect(logGroupOf(live())).toBe(GROUP);
    expect(world.aws.writes()).toEqual([]);
  });

  describe('with masking that goes wrong', () => {
    const withoutPolicy = () => {
      const found = region().logGroups.get(GROUP);
      if (found === undefined) throw new Error('no log group');
      found.dataProtection = undefined;
      found.dataProtectionStatus = 'DELETED';
    };

    it('says so where logging should be switched off and may not be', async () => {
      await settled(spec);
      withoutPolicy();
      world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
      world.aws.deny(ACCOUNT, 'bedrock:DeleteModelInvocationLoggingConfiguration');
      const monitor = await world.settle('production');
      expect(said(monitor, 'DataProtected')).toMatchObject({ reason: 'AccessDenied' });
      expect(said(monitor, 'LoggingConfigured')).toMatchObject({
        status: 'False',
        reason: 'AccessDenied',
        message: expect.stringContaining('bedrock:DeleteModelInvocationLoggingConfiguration'),
      });
      expect(monitor?.status?.invocationLogging?.state).toBe('Enabled');
      expect(said(monitor, 'Stalled')).toBeDefined();
    });

    it('calls masking active where only its findings are not delivered', async () => {
      await world.apply('production', {
        ...spec,
        dataProtection: { ...mask(), findings: { s3: { bucketName: 'missing' } } },
      });
      const monitor = await world.settle('production');
      expect(said(monitor, 'DataProtected')).toMatchObject({ reason: 'FindingsDestinationNotUsable' });
      expect(monitor?.status?.dataProtection).toMatchObject({ state: 'Active', since: expect.any(String) });
      const { since } = monitor?.status?.dataProtection ?? {};
      await world.clock.advance(3_600_000);
      expect((await world.settle('production'))?.status?.dataProtection?.since).toBe(since);
    });

    it('gives masking its five minutes, however long something else has been wrong with it', async () => {
      await world.apply('production', {
        ...spec,
        dataProtection: { ...mask(), findings: { s3: { bucketName: 'missing' } } },
      });
      await world.settle('production');
      await world.clock.advance(3_600_000);
      // One hiccup of reading, and the next look is fine.
      const heal = world.aws.fault({ operation: 'GetDataProtectionPolicy' }, { kind: 'InternalError' }, 1_000);
      const start = world.clock.now();
      while (live() !== undefined && world.clock.now() - start < 900_000) {
        await world.pass('production');
        await world.clock.advance(10_000);
      }
      heal();
      expect(live()).toBeUndefined();
      expect(world.clock.now() - start).toBeGreaterThanOrEqual(300_000);
      expect(world.clock.now() - start).toBeLessThan(420_000);
      const monitor = await world.settle('production');
      expect(monitor?.status?.dataProtection?.state).toBe('Active');
      expect(logGroupOf(live())).toBe(GROUP);
    });

    it('counts the five minutes on through a restart of the process', async () => {
      await settled(spec);
      withoutPolicy();
      world.aws.fault({ operation: 'PutDataProtectionPolicy' }, { kind: 'InternalError' }, 10_000);
      const start = world.clock.now();
      while (live() !== undefined && world.clock.now() - start < 900_000) {
        await world.pass('production');
        await world.clock.advance(60_000);
        world.restart();
      }
      expect(live()).toBeUndefined();
      expect(world.clock.now() - start).toBeLessThan(480_000);
    });

    it('does not take an hour without credentials for an hour without masking', async () => {
      await settled(spec);
      world.access = { ownAccount: false, roleARNs: [], actionARNs: [] };
      await world.pass('production');
      await world.clock.advance(3_600_000);
      world.access = { ownAccount: true, roleARNs: [], actionARNs: [] };
      withoutPolicy();
      world.aws.fault({ operation: 'PutDataProtectionPolicy' }, { kind: 'InternalError' }, 4);
      await world.pass('production');
      expect(logGroupOf(live())).toBe(GROUP);
      expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
      expect(world.aws.writes().some(({ operation }) => operation.startsWith('DeleteModel'))).toBe(false);
    });
  });
});
