import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import { claimLeaseName } from '#src/operator/claims.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole, rivalSpec } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const foreign: JsonObject = {
  s3Config: { bucketName: 'somebody-elses', keyPrefix: 'records' },
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
  audioDataDeliveryEnabled: false,
};

describe('the claim on the one logging configuration', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  let other: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    const role = loggingRole(world.aws);
    spec = basicSpec(role);
    other = { ...rivalSpec(role), alarms: [{ name: 'errors', preset: 'ErrorRate' }] };
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true };
  const lease = () =>
    world.client.get(leases, {
      namespace: 'bedrock-monitor-system',
      name: claimLeaseName({ of: 'invocation-logging', accountID: ACCOUNT, region: REGION }),
    });

  it('goes to one monitor; the other reads Conflict with the holder, touches nothing of the log group, and its alarms go on', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', other, 'research');
    const second = await world.settle('second', 'research');
    expect(said(second)).toMatchObject({
      status: 'False',
      reason: 'Conflict',
      message: expect.stringContaining('genai/first'),
    });
    expect(said(second, 'LoggingConfigured')).toMatchObject({ reason: 'Conflict' });
    expect(said(second, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect(said(second, 'Stalled')).toMatchObject({ status: 'True', reason: 'Conflict' });
    expect(second?.status?.invocationLogging).toEqual({ claimedBy: 'genai/first' });
    expect(second?.status?.dataProtection).toBeUndefined();
    expect([...region().logGroups.keys()]).toEqual([GROUP]);
    expect(logGroupOf(region().invocationLogging.configuration)).toBe(GROUP);
  });

  it('is handed over without a gap when the holder is deleted while another waits', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', other, 'research');
    await world.settle('second', 'research');
    const configured: (string | undefined)[] = [];
    world.aws.onCall(
      (_, phase) => phase === 'After' && configured.push(logGroupOf(region().invocationLogging.configuration)),
    );
    await world.remove('first');
    await world.pass('first');
    expect(logGroupOf(region().invocationLogging.configuration)).toBe(GROUP);
    expect(await world.get('first')).toBeDefined();
    expect(said(await world.settle('second', 'research'))).toMatchObject({ status: 'True' });
    expect(await world.settle('first')).toBeUndefined();
    expect(logGroupOf(region().invocationLogging.configuration)).toBe('/aws/bedrock/other');
    expect(new Set(configured)).toEqual(new Set([GROUP, '/aws/bedrock/other']));
    expect((await lease()).metadata.annotations?.['bedrockmonitor.io/previous']).toBe('none');
  });

  it('is taken over in the same namespace with the log group and all, once its maker is being deleted', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', spec);
    expect(said(await world.settle('second'))).toMatchObject({ reason: 'Conflict' });
    await world.remove('first');
    await world.pass('first');
    expect(said(await world.settle('second'))).toMatchObject({ status: 'True' });
    expect(await world.settle('first')).toBeUndefined();
    expect(region().logGroups.get(GROUP)?.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'genai/second' });
    expect(logGroupOf(region().invocationLogging.configuration)).toBe(GROUP);
  });

  it('is not left behind where the one that waits cannot take over: past the deadline logging is switched off', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', spec, 'research');
    await world.settle('second', 'research');
    await world.remove('first');
    const start = world.clock.now();
    while ((await world.get('first')) !== undefined && world.clock.now() - start < 1_200_000) {
      await world.pass('first');
      await world.pass('second', 'research').catch(() => {});
      await world.clock.advance(30_000);
    }
    expect(world.clock.now() - start).toBeLessThan(700_000);
    expect(said(await world.get('second', 'research'), 'LoggingConfigured')).toMatchObject({
      reason: 'OwnedByAnotherMonitor',
    });
    expect(region().invocationLogging.configuration).toBeUndefined();
    expect(region().logGroups.get(GROUP)?.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'genai/first' });
  });

  it('never replaces a configuration that no monitor wrote, and says how to go on', async () => {
    region().invocationLogging.configuration = foreign;
    await world.apply('first', spec);
    const monitor = await world.settle('first');
    expect(said(monitor)).toMatchObject({
      status: 'False',
      reason: 'ForeignConfiguration',
      message: expect.stringContaining('bucket somebody-elses'),
    });
    expect(monitor?.status?.invocationLogging?.state).toBe('Foreign');
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect(region().invocationLogging.configuration).toEqual(foreign);
    await world.remove('first');
    expect(await world.settle('first')).toBeUndefined();
    expect(region().invocationLogging.configuration).toEqual(foreign);
    region().invocationLogging.configuration = undefined;
    await world.apply('first', spec);
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
  });

  it('leaves alone on delete what somebody changed after us, even where it names our log group', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    const changed = { ...region().invocationLogging.configuration, videoDataDeliveryEnabled: true };
    region().invocationLogging.configuration = changed;
    await world.remove('first');
    expect(await world.settle('first')).toBeUndefined();
    expect(region().invocationLogging.configuration).toEqual(changed);
    expect(world.news.some(({ note }) => note.includes('left as it is'))).toBe(true);
  });

  it('puts back a configuration that drifted but still names our log group', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    region().invocationLogging.configuration = {
      ...region().invocationLogging.configuration,
      videoDataDeliveryEnabled: true,
    };
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(region().invocationLogging.configuration).toMatchObject({ videoDataDeliveryEnabled: false });
    region().invocationLogging.configuration = undefined;
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(logGroupOf(region().invocationLogging.configuration)).toBe(GROUP);
  });

  it('rebuilds a Lease that was deleted by hand, from what it knows to be its own', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.client.delete(leases, {
      namespace: 'bedrock-monitor-system',
      name: claimLeaseName({ of: 'invocation-logging', accountID: ACCOUNT, region: REGION }),
    });
    world.restart();
    world.aws.forgetCalls();
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(world.aws.writes()).toEqual([]);
    expect((await lease()).metadata.annotations?.['bedrockmonitor.io/previous']).toBe('none');
    await world.remove('first');
    await world.settle('first');
    expect(region().invocationLogging.configuration).toBeUndefined();
  });

  it('is let go when the spec stops asking for logging; the log group and its masking stay', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    const { invocationLogging: _, dataProtection: __, ...metricsOnly } = spec;
    await world.apply('first', { ...metricsOnly, savedQueries: [] });
    const monitor = await world.settle('first');
    expect(said(monitor)).toMatchObject({ status: 'True' });
    expect(monitor?.status?.invocationLogging).toBeUndefined();
    expect(region().invocationLogging.configuration).toBeUndefined();
    expect(region().logGroups.get(GROUP)?.dataProtection).toBeDefined();
    await expect(lease()).rejects.toThrow(/404/);
  });

  it('keeps what AWS knows and the SDK does not, and switches off data types that nobody asked for', async () => {
    region().invocationLogging.defaults = { documentDataDeliveryEnabled: true, deliveryVersion: 2 };
    await world.apply('first', spec);
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(region().invocationLogging.configuration).toMatchObject({
      documentDataDeliveryEnabled: false,
      deliveryVersion: 2,
    });
    world.aws.forgetCalls();
    await world.settle('first');
    expect(world.aws.writes()).toEqual([]);
  });
});
