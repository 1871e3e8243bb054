import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, loggingRole, rivalSpec } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

describe('changes of the logging configuration', () => {
  let world: World;
  let role: string;
  let logging: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    role = loggingRole(world.aws);
    // AWS shows what was put and nothing else.
    region().invocationLogging.defaults = {};
    world.aws.account(ACCOUNT).bucket(REGION, 'somebody-elses');
    const { invocationLogging } = basicSpec(role);
    logging = { region: REGION, ...(invocationLogging && { invocationLogging }) };
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const live = () => region().invocationLogging.configuration;
  const put = (configuration: JsonObject) => {
    region().invocationLogging.configuration = configuration;
  };
  const begun = async (spec: BedrockMonitorSpec) => {
    await world.apply('m', spec);
    return world.settle('m');
  };
  const later = async () => {
    await world.clock.advance(600_000);
    return world.settle('m');
  };
  const ignoring = { driftPolicy: { ignore: ['invocationLogging/videoDataDeliveryEnabled'] } };

  it.each(['Enforce', 'Observe', 'Plan'] as const)(
    'are none in mode %s where the field is left to others, and nothing is written',
    async (mode) => {
      await begun({ ...logging, ...ignoring });
      await begun({ ...logging, ...ignoring, mode });
      put({ ...live(), videoDataDeliveryEnabled: true });
      world.aws.forgetCalls();
      const monitor = await later();
      expect(said(monitor)).toMatchObject({ status: 'True', reason: 'InSync' });
      expect(monitor?.status?.plan?.hash).toBeUndefined();
      expect(monitor?.status?.drift).toEqual({ count: 0 });
      expect(world.aws.writes()).toEqual([]);
      expect(live()).toMatchObject({ videoDataDeliveryEnabled: true });
    },
  );

  it('of a field that was left to others are let go with the rest', async () => {
    await begun({ ...logging, ...ignoring });
    put({ ...live(), videoDataDeliveryEnabled: true });
    await later();
    await world.remove('m');
    await world.settle('m');
    expect(live()).toBeUndefined();
  });

  it('show in a plan what a takeover drops and switches off, also of members that this release does not know', async () => {
    put({
      s3Config: { bucketName: 'somebody-elses' },
      futureConfig: { level: 'High' },
      documentDataDeliveryEnabled: true,
      textDataDeliveryEnabled: true,
    });
    const monitor = await begun({ ...logging, mode: 'Plan', adoptionPolicy: { invocationLogging: 'Always' } });
    const change = monitor?.status?.plan?.changes?.find(({ kind }) => kind === 'InvocationLogging');
    expect(change?.action).toBe('Adopt');
    expect(change?.fields).toEqual(
      expect.arrayContaining([
        { path: 's3Config', from: '{"bucketName":"somebody-elses"}', to: 'null' },
        { path: 'documentDataDeliveryEnabled', from: 'true', to: 'false' },
        { path: 'futureConfig', from: '{"level":"High"}' },
      ]),
    );
  });

  it('do not show what is carried over', async () => {
    await begun(logging);
    const { cloudWatchConfig } = live() ?? {};
    put({ ...live(), deliveryVersion: 2, cloudWatchConfig: { ...Object(cloudWatchConfig), newMember: [1] } });
    const { invocationLogging } = logging;
    const monitor = await begun({
      ...logging,
      mode: 'Plan',
      ...(invocationLogging && { invocationLogging: { ...invocationLogging, dataTypes: ['Text', 'Image'] } }),
    });
    expect(monitor?.status?.plan?.changes).toEqual([
      expect.objectContaining({
        action: 'Update',
        fields: [{ path: 'imageDataDeliveryEnabled', from: 'false', to: 'true' }],
      }),
    ]);
  });

  it('made by others and only reported stay when the monitor goes, and status.onDelete says so', async () => {
    const reporting: BedrockMonitorSpec = { ...logging, driftPolicy: { invocationLogging: 'Report' } };
    expect((await begun(reporting))?.status?.onDelete?.invocationLogging).toBe('Disable');
    put({ ...live(), videoDataDeliveryEnabled: true });
    const changed = live();
    expect((await later())?.status?.onDelete?.invocationLogging).toBe('Retain');
    await world.remove('m');
    await world.settle('m');
    expect(live()).toEqual(changed);
  });

  it('are Release in the plan of one that does not ask any more while another waits', async () => {
    await begun(logging);
    await world.apply('other', rivalSpec(role), 'research');
    await world.settle('other', 'research');
    const planned = async () => (await begun({ region: REGION, mode: 'Plan' }))?.status?.plan?.changes;
    expect(await planned()).toEqual([expect.objectContaining({ action: 'Release', kind: 'InvocationLogging' })]);
    await world.remove('other', 'research');
    await world.settle('other', 'research');
    expect(await planned()).toEqual([expect.objectContaining({ action: 'Disable', kind: 'InvocationLogging' })]);
  });
});
