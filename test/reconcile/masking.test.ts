import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import { deidentified } from '#src/domain/masking.ts';
import { watchMasking } from '#test/support/crash.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

describe('mask before log', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    spec = basicSpec(loggingRole(world.aws));
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const group = () => region().logGroups.get(GROUP);
  const delivers = () => logGroupOf(region().invocationLogging.configuration);
  const withoutPolicy = () => {
    const found = group();
    if (found === undefined) throw new Error('no log group');
    found.dataProtection = undefined;
    found.dataProtectionStatus = 'DELETED';
  };

  it('does not switch logging on while masking is refused, and the other parts go on', async () => {
    const allow = world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
    await world.apply('production', spec);
    const monitor = await world.settle('production');
    expect(said(monitor, 'DataProtected')).toMatchObject({
      status: 'False',
      reason: 'AccessDenied',
      message: expect.stringContaining('logs:PutDataProtectionPolicy'),
    });
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False', reason: 'WaitingForMasking' });
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect(delivers()).toBeUndefined();
    allow();
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(delivers()).toBe(GROUP);
  });

  it('puts a removed policy back before anything else', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    withoutPolicy();
    world.aws.forgetCalls();
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(world.aws.writes()[0]?.operation).toBe('PutDataProtectionPolicy');
    expect(group()?.dataProtectionStatus).toBe('ACTIVATED');
    expect(delivers()).toBe(GROUP);
  });

  it('switches logging off where a removed policy is refused', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    withoutPolicy();
    world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
    const monitor = await world.settle('production');
    expect(delivers()).toBeUndefined();
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False', reason: 'WaitingForMasking' });
    expect(monitor?.status?.invocationLogging?.state).toBe('Disabled');
  });

  it('only reports where the spec says KeepLogging', async () => {
    const keep = { ...spec, dataProtection: { ...spec.dataProtection, onFailure: 'KeepLogging' as const } };
    await world.apply('production', keep);
    await world.settle('production');
    withoutPolicy();
    world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
    const monitor = await world.settle('production');
    expect(delivers()).toBe(GROUP);
    expect(said(monitor)).toMatchObject({ status: 'False', reason: 'AccessDenied' });
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'True' });
  });

  it('switches logging off when masking fails for five minutes, without being refused', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    withoutPolicy();
    world.aws.fault({ operation: 'PutDataProtectionPolicy' }, { kind: 'InternalError' }, 10_000);
    const start = world.clock.now();
    while (delivers() !== undefined && world.clock.now() - start < 900_000) {
      await world.pass('production');
      await world.clock.advance(10_000);
    }
    expect(delivers()).toBeUndefined();
    const after = world.clock.now() - start;
    expect(after).toBeGreaterThanOrEqual(300_000);
    expect(after).toBeLessThan(420_000);
  });

  it('never replaces a policy with another name; where it masks as much, logging goes on', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const document = JSON.parse(group()?.dataProtection?.document ?? '{}') as object;
    const theirs = JSON.stringify({ ...document, Name: 'audit-team' });
    const found = group();
    if (found) found.dataProtection = { document: theirs, lastUpdatedTime: world.clock.now() };
    const monitor = await world.settle('production');
    expect(said(monitor, 'DataProtected')).toMatchObject({ status: 'False', reason: 'NotOwned' });
    expect(group()?.dataProtection?.document).toBe(theirs);
    expect(delivers()).toBe(GROUP);
  });

  it('masks with an empty findings destination where the declared one cannot be used', async () => {
    await world.apply('production', {
      ...spec,
      dataProtection: { categories: ['PII'], findings: { s3: { bucketName: 'missing-bucket' } } },
    });
    const monitor = await world.settle('production');
    expect(said(monitor, 'DataProtected')).toMatchObject({ status: 'False', reason: 'FindingsDestinationNotUsable' });
    expect(group()?.dataProtectionStatus).toBe('ACTIVATED');
    expect(delivers()).toBe(GROUP);
  });

  it('switches logging off before it makes a deleted group again', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const masking = watchMasking(world);
    region().logGroups.delete(GROUP);
    world.aws.forgetCalls();
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(masking.breaches).toEqual([]);
    expect(
      world.aws
        .writes()
        .map(({ operation }) => operation)
        .slice(0, 2),
    ).toEqual(['DeleteModelInvocationLoggingConfiguration', 'CreateLogGroup']);
  });

  it('keeps the policy when dataProtection leaves the spec', async () => {
    await world.apply('production', spec);
    await world.settle('production');
    const { dataProtection: _, ...unmasked } = spec;
    await world.apply('production', unmasked);
    expect(said(await world.settle('production'))).toMatchObject({ status: 'True' });
    expect(group()?.dataProtectionStatus).toBe('ACTIVATED');
    expect(world.news.some(({ reason, note }) => reason === 'Retained' && note.includes('DataProtectionPolicy'))).toBe(
      true,
    );
  });

  it('is never weaker on a log group that a monitor of the same namespace left, and no more than declared where that is as much', async () => {
    const document = () => JSON.parse(group()?.dataProtection?.document ?? '{}');
    const leave = async (name: string) => {
      await world.remove(name);
      expect(await world.settle(name)).toBeUndefined();
    };
    await world.apply('production', spec);
    await world.settle('production');
    const masked = deidentified(document());
    await leave('production');
    await world.apply('same', spec);
    expect(said(await world.settle('same'))).toMatchObject({ status: 'True' });
    expect(document().Description).not.toContain('keeps');
    await leave('same');
    await world.apply('less', { ...spec, dataProtection: { identifiers: ['VehicleIdentificationNumber'] } });
    expect(said(await world.settle('less'))).toMatchObject({ status: 'True' });
    await world.apply('less', { ...spec, dataProtection: { identifiers: ['EmailAddress'] } });
    expect(said(await world.settle('less'))).toMatchObject({ status: 'True' });
    expect([...deidentified(document())]).toEqual(expect.arrayContaining([...masked]));
    expect(document().Name).toBe('bedrockmonitor_test_genai_less');
  });
});
