import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { modalityFlags } from '#src/domain/logging-configuration.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole, rivalSpec } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const theirs: JsonObject = {
  ...Object.fromEntries(modalityFlags.map((flag) => [flag, false])),
  s3Config: { bucketName: 'somebody-elses' },
  textDataDeliveryEnabled: true,
};

describe('a claim whose Lease is gone or was edited by hand', () => {
  let world: World;
  let role: string;
  let logging: BedrockMonitorSpec;
  let taking: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    role = loggingRole(world.aws);
    // AWS shows what was put and nothing else.
    region().invocationLogging.defaults = {};
    world.aws.account(ACCOUNT).bucket(REGION, 'somebody-elses');
    const { invocationLogging } = basicSpec(role);
    logging = { region: REGION, ...(invocationLogging && { invocationLogging }) };
    taking = { ...logging, adoptionPolicy: { invocationLogging: 'Always' } };
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const live = () => region().invocationLogging.configuration;
  const lease = async (): Promise<Lease> => {
    const [found] = (await world.client.list(leaseResource)).items;
    if (found === undefined) throw new Error('no lease');
    return found;
  };
  const loseLease = async () => {
    const { name = '', namespace = '' } = (await lease()).metadata;
    await world.client.delete(leaseResource, { name, namespace });
    world.restart();
  };
  const saved = async () => (await world.get('m'))?.status?.invocationLogging?.saved;
  const begun = async (spec: BedrockMonitorSpec) => {
    await world.apply('m', spec);
    return world.settle('m');
  };
  const later = async () => {
    await world.clock.advance(600_000);
    return world.settle('m');
  };
  const ended = async () => {
    await world.remove('m');
    expect(await world.settle('m')).toBeUndefined();
  };
  const takenOver = async (spec = taking) => {
    region().invocationLogging.configuration = theirs;
    expect(said(await begun(spec))).toMatchObject({ status: 'True' });
    expect(await saved()).toBe(JSON.stringify(theirs));
  };
  const isRestored = async () => {
    expect(await saved()).toBe(JSON.stringify(theirs));
    await ended();
    expect(live()).toEqual(theirs);
  };
  const withImages = ({ invocationLogging, ...spec }: BedrockMonitorSpec): BedrockMonitorSpec => ({
    ...spec,
    ...(invocationLogging && { invocationLogging: { ...invocationLogging, dataTypes: ['Text', 'Image'] } }),
  });

  it('while the spec was edited, too: ours is known by its mark and the status, and is not saved as theirs', async () => {
    await takenOver();
    await loseLease();
    expect(said(await begun(withImages(taking)))).toMatchObject({ status: 'True' });
    expect(live()).toMatchObject({ imageDataDeliveryEnabled: true });
    await isRestored();
  });

  it('while the spec was edited, too, and nothing may be adopted: it is no foreign configuration', async () => {
    await begun(logging);
    await loseLease();
    expect(said(await begun(withImages(logging)))).toMatchObject({ status: 'True' });
    expect(live()).toMatchObject({ imageDataDeliveryEnabled: true });
    await ended();
    expect(live()).toBeUndefined();
  });

  it('while what was there before was put back by its makers: that is not ours', async () => {
    const group = world.aws.account(ACCOUNT).logGroup(REGION, { name: GROUP, tags: {} });
    const before: JsonObject = {
      ...theirs,
      cloudWatchConfig: { logGroupName: GROUP, roleArn: role },
      videoDataDeliveryEnabled: true,
    };
    region().invocationLogging.configuration = before;
    const adopting: BedrockMonitorSpec = {
      ...taking,
      adoptionPolicy: { logGroup: 'Always', invocationLogging: 'Always' },
    };
    expect(said(await begun(adopting))).toMatchObject({ status: 'True' });
    expect(group.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'genai/m' });
    region().invocationLogging.configuration = before;
    await loseLease();
    expect(said(await begun({ ...adopting, adoptionPolicy: {} }), 'LoggingConfigured')).toMatchObject({
      reason: 'ForeignConfiguration',
    });
    expect(live()).toEqual(before);
  });

  it.each([{ suspend: true }, { mode: 'Plan' }, { mode: 'Observe' }] as const)(
    'during %o: the copy in the status stays until there is a Lease again',
    async (quiet) => {
      await takenOver();
      await begun({ ...taking, ...quiet });
      await loseLease();
      await later();
      expect(said(await begun(taking))).toMatchObject({ status: 'True' });
      await isRestored();
    },
  );

  it.each([{ suspend: true }, { mode: 'Plan' }, { mode: 'Observe' }] as const)(
    'during %o of one that does not ask any more: what it still holds stays in its status',
    async (quiet) => {
      await takenOver();
      const before = (await world.get('m'))?.status?.invocationLogging;
      await begun({ region: REGION, ...quiet });
      expect((await later())?.status?.invocationLogging).toEqual(before);
      await loseLease();
      expect(said(await begun(taking))).toMatchObject({ status: 'True' });
      await isRestored();
    },
  );

  it('while AWS could not be read: the copy in the status stays', async () => {
    await takenOver();
    const allow = world.aws.deny(ACCOUNT, 'bedrock:GetModelInvocationLoggingConfiguration');
    await loseLease();
    await later();
    expect((await later())?.status?.invocationLogging).toMatchObject({ state: 'Unknown', claimedBy: 'genai/m' });
    allow();
    expect(said(await later())).toMatchObject({ status: 'True' });
    await isRestored();
  });

  it('while masking is refused: the copy in the status stays', async () => {
    const masking: BedrockMonitorSpec = { ...taking, dataProtection: { identifiers: ['EmailAddress'] } };
    await takenOver(masking);
    const allow = world.aws.deny(ACCOUNT, 'logs:PutDataProtectionPolicy');
    const group = region().logGroups.get(GROUP);
    if (group !== undefined) group.dataProtection = undefined;
    await loseLease();
    await later();
    expect(live()).toBeUndefined();
    await later();
    allow();
    expect(said(await later())).toMatchObject({ status: 'True' });
    await isRestored();
  });

  it('while an older monitor waits: whoever logs holds it, and the two do not wait for each other', async () => {
    await world.apply('older', { region: REGION });
    await world.settle('older');
    await world.clock.advance(10_000);
    await takenOver();
    await world.apply('older', { ...rivalSpec(role), adoptionPolicy: { invocationLogging: 'Always' } });
    expect(said(await world.settle('older'))).toMatchObject({ reason: 'Conflict' });
    const ours = live();
    await loseLease();
    expect(said(await world.settle('older'))).toMatchObject({ reason: 'Conflict' });
    expect(said(await later())).toMatchObject({ status: 'True' });
    expect((await lease()).spec?.holderIdentity).toBe('genai/m');
    expect(live()).toEqual(ours);
    expect(await saved()).toBe(JSON.stringify(theirs));
  });

  it('while it logs to an Unmanaged group, which has no mark: the status says that it is ours', async () => {
    world.aws.account(ACCOUNT).logGroup(REGION, { name: '/theirs', tags: {} });
    const logGroup = { name: '/theirs', management: 'Unmanaged' } as const;
    await begun({
      region: REGION,
      invocationLogging: { dataTypes: ['Text'], cloudWatchLogs: { logGroup, role: { arn: role } } },
    });
    await loseLease();
    world.aws.forgetCalls();
    expect(said(await later())).toMatchObject({ status: 'True' });
    expect(world.aws.writes()).toEqual([]);
    await ended();
    expect(live()).toBeUndefined();
  });

  it.each(['genai/.', '../m', 'GENAI/M', 'a b/c?d', '%2e/%2e', `a/${'x'.repeat(400)}`])(
    'and names %s, which is no monitor: it is free',
    async (holderIdentity) => {
      await begun(logging);
      const { spec, ...rest } = await lease();
      await world.client.replace(leaseResource, { ...rest, spec: { ...spec, holderIdentity } });
      const watching = await begun({ ...logging, mode: 'Observe' });
      expect(said(watching)).toMatchObject({ status: 'True' });
      expect(watching?.status?.invocationLogging).toMatchObject({ state: 'Enabled' });
      expect(said(await begun(logging))).toMatchObject({ status: 'True' });
      expect((await lease()).spec?.holderIdentity).toBe('genai/m');
    },
  );

  it('and says that more was there than is ever saved: the copy in the status counts', async () => {
    await takenOver();
    const { metadata, ...rest } = await lease();
    const long = JSON.stringify({ ...theirs, futureConfig: 'x'.repeat(20_000) });
    const annotations = { ...metadata.annotations, 'bedrockmonitor.io/previous': long };
    await world.client.replace(leaseResource, { ...rest, metadata: { ...metadata, annotations } });
    expect(said(await later())).toMatchObject({ status: 'True' });
    expect((await lease()).metadata.annotations?.['bedrockmonitor.io/previous']).toBe(JSON.stringify(theirs));
    await isRestored();
  });
});
