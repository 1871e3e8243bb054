import { beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { logGroupOf } from '#src/domain/logging-configuration.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { claimLeaseName } from '#src/operator/claims.ts';
import { said } from '#test/support/said.ts';
import { basicSpec, GROUP, loggingRole, rivalSpec } from '#test/support/specs.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const NAME = claimLeaseName({ of: 'invocation-logging', accountID: ACCOUNT, region: REGION });
const at = { namespace: 'bedrock-monitor-system', name: NAME };
const annotation = (member: string) => `bedrockmonitor.io/${member}`;

describe('the claim, where something else goes wrong', () => {
  let world: World;
  let spec: BedrockMonitorSpec;
  let other: BedrockMonitorSpec;
  let quiet: BedrockMonitorSpec;
  beforeEach(async () => {
    world = await createWorld();
    const role = loggingRole(world.aws);
    spec = basicSpec(role);
    other = rivalSpec(role);
    quiet = { region: REGION, alarms: spec.alarms ?? [] };
    return () => world.close();
  });

  const region = () => world.aws.account(ACCOUNT).region(REGION);
  const live = () => region().invocationLogging.configuration;
  const lease = async (): Promise<Lease | undefined> =>
    (await world.client.list(leaseResource, { namespace: at.namespace })).items.find(
      ({ metadata }) => metadata.name === NAME,
    );
  const editLease = async (edit: (lease: Lease) => Lease) => {
    const found = await lease();
    if (found === undefined) throw new Error('no lease');
    await world.client.replace(leaseResource, edit(found));
  };
  const annotated = (annotations: Record<string, string>) =>
    editLease((one) => ({ ...one, metadata: { ...one.metadata, annotations } }));
  const letsGoOf = (note: string) =>
    world.news.filter(({ reason, note: said }) => reason === 'LoggingReleased' && said.includes(note));

  it('goes to the older of two that come at once, and by name where they are of one second', async () => {
    await world.apply('b', spec);
    await world.apply('a', other);
    await world.settle('b');
    expect(said(await world.get('b'), 'LoggingConfigured')).toMatchObject({
      reason: 'Conflict',
      message: expect.stringMatching(/genai\/a asked first/),
    });
    expect((await world.get('b'))?.status?.invocationLogging?.claimedBy).toBeUndefined();
    expect(live()).toBeUndefined();
    await world.settle('a');
    expect(logGroupOf(live())).toBe('/aws/bedrock/other');
    await world.settle('b');
    expect(said(await world.get('b'), 'LoggingConfigured')?.message).toContain('genai/a holds');
  });

  it('says AccessDenied where letting go is refused, and the other parts are concluded', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    const allow = world.aws.deny(ACCOUNT, 'bedrock:DeleteModelInvocationLoggingConfiguration');
    await world.apply('first', { ...quiet, alarms: [{ name: 'errors', preset: 'ErrorRate' }] });
    const monitor = await world.settle('first');
    expect(said(monitor)).toMatchObject({
      status: 'False',
      reason: 'AccessDenied',
      message: expect.stringContaining('bedrock:DeleteModelInvocationLoggingConfiguration'),
    });
    expect(said(monitor, 'Stalled')).toMatchObject({ reason: 'AccessDenied' });
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect((await lease())?.spec?.holderIdentity).toBe('genai/first');
    allow();
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(live()).toBeUndefined();
    expect(await lease()).toBeUndefined();
  });

  it('says AccessDenied where what is to be let go cannot be read, and does not look every two seconds', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    world.aws.deny(ACCOUNT, 'bedrock:GetModelInvocationLoggingConfiguration');
    await world.apply('first', quiet);
    const monitor = await world.settle('first');
    expect(said(monitor)).toMatchObject({
      reason: 'AccessDenied',
      message: expect.stringContaining('bedrock:GetModelInvocationLoggingConfiguration'),
    });
    expect(said(monitor, 'Stalled')).toBeDefined();
  });

  it('does not fall over where the group of a foreign configuration cannot be read', async () => {
    region().invocationLogging.configuration = { cloudWatchConfig: { logGroupName: '/theirs', roleArn: 'r' } };
    world.aws.deny(ACCOUNT, 'logs:DescribeLogGroups');
    await world.apply('first', spec);
    const monitor = await world.settle('first');
    expect(said(monitor, 'LoggingConfigured')).toMatchObject({ status: 'False' });
    expect(said(monitor, 'AlarmsConfigured')).toMatchObject({ status: 'True' });
    expect(logGroupOf(live())).toBe('/theirs');
  });

  it('is taken back where the one that was to take over has gone, too', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', other, 'research');
    await world.settle('second', 'research');
    await world.apply('first', quiet);
    await world.pass('first');
    expect((await lease())?.spec?.holderIdentity).toBeFalsy();
    await world.remove('second', 'research');
    await world.settle('second', 'research');
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(live()).toBeUndefined();
    expect(await lease()).toBeUndefined();
    expect(letsGoOf('switched off')).toHaveLength(1);
  });

  it('is handed over without a gap where the spec stops asking', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', other, 'research');
    await world.settle('second', 'research');
    const configured = new Set<string | undefined>();
    world.aws.onCall((_, phase) => phase === 'After' && configured.add(logGroupOf(live())));
    await world.apply('first', quiet);
    await world.pass('first');
    expect(said(await world.get('first'))).toMatchObject({ status: 'False', reason: 'Progressing' });
    expect(said(await world.settle('second', 'research'))).toMatchObject({ status: 'True' });
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(configured).toEqual(new Set([GROUP, '/aws/bedrock/other']));
    expect((await lease())?.spec?.holderIdentity).toBe('research/second');
  });

  it('is taken back past the deadline where the one that waits cannot take over', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', spec, 'research');
    await world.settle('second', 'research');
    await world.apply('first', quiet);
    const start = world.clock.now();
    while (live() !== undefined && world.clock.now() - start < 1_200_000) {
      await world.pass('first');
      await world.clock.advance(30_000);
    }
    expect(world.clock.now() - start).toBeGreaterThanOrEqual(600_000);
    expect(world.clock.now() - start).toBeLessThan(700_000);
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(await lease()).toBeUndefined();
  });

  it('is put right from what AWS shows where its annotations are gone, garbage or lies', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    for (const annotations of [
      {},
      { [annotation('written')]: '{', [annotation('intended')]: 'garbage', [annotation('previous')]: 'none' },
      { [annotation('intended')]: '[1]', [annotation('written')]: 'null' },
    ]) {
      await annotated(annotations);
      world.aws.forgetCalls();
      expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
      expect(world.aws.writes()).toEqual([]);
      expect((await lease())?.metadata.annotations).toMatchObject({ [annotation('previous')]: 'none' });
    }
    await world.remove('first');
    await world.settle('first');
    expect(live()).toBeUndefined();
  });

  it('does not switch off what it should restore and cannot read', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    const { annotations = {} } = (await lease())?.metadata ?? {};
    await annotated({ ...annotations, [annotation('previous')]: '{"s3Config":' });
    await world.remove('first');
    expect(await world.settle('first')).toBeUndefined();
    expect(logGroupOf(live())).toBe(GROUP);
    expect(letsGoOf('not known any more')).toHaveLength(1);
  });

  it('is free where its holder was emptied, or is a text that names no monitor', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    for (const holder of [undefined, 'nobody', 'a/b/c', 'genai/no-such']) {
      await editLease(({ spec: leaseSpec, ...rest }) => {
        const { holderIdentity: _, ...others } = leaseSpec ?? {};
        return { ...rest, spec: { ...others, ...(holder !== undefined && { holderIdentity: holder }) } };
      });
      expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
      expect((await lease())?.spec?.holderIdentity).toBe('genai/first');
    }
  });

  it('stays with the same name under a new uid, and one Lease write says so', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.client.patch(
      { group: 'bedrockmonitor.io', version: 'v1alpha1', plural: 'bedrockmonitors', namespaced: true },
      { namespace: 'genai', name: 'first' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
    await world.remove('first');
    await world.apply('second', other, 'research');
    await world.apply('first', spec);
    const again = await world.settle('first');
    expect(said(again)).toMatchObject({ status: 'True' });
    expect((await lease())?.metadata.annotations).toMatchObject({
      [annotation('holder-uid')]: again?.metadata.uid,
      [annotation('previous')]: 'none',
    });
    expect(said(await world.settle('second', 'research'))).toMatchObject({ reason: 'Conflict' });
  });

  it('stays with a holder that is suspended', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('first', { ...spec, suspend: true });
    await world.settle('first');
    await world.apply('second', other, 'research');
    expect(said(await world.settle('second', 'research'))).toMatchObject({ reason: 'Conflict' });
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
  });

  it('never goes to a monitor that is suspended, and that one keeps nobody waiting', async () => {
    await world.apply('first', { ...spec, suspend: true });
    await world.settle('first');
    expect(await lease()).toBeUndefined();
    await world.clock.advance(5_000);
    await world.apply('second', other, 'research');
    expect(said(await world.settle('second', 'research'))).toMatchObject({ status: 'True' });
  });

  it('replaces nothing that came between the claim and the Put', async () => {
    const theirs: JsonObject = { s3Config: { bucketName: 'theirs' }, textDataDeliveryEnabled: true };
    await world.apply('first', spec);
    let armed = true;
    world.tap = {
      observe: ({ verb, plural }, when) => {
        if (!armed || when !== 'after' || plural !== 'leases' || verb === 'get') return;
        armed = false;
        region().invocationLogging.configuration = theirs;
      },
    };
    const monitor = await world.settle('first');
    expect(armed).toBe(false);
    expect(live()).toEqual(theirs);
    expect(said(monitor)).toMatchObject({ reason: 'ForeignConfiguration' });
    region().invocationLogging.configuration = undefined;
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    await world.remove('first');
    await world.settle('first');
    expect(live()).toBeUndefined();
  });

  it('switches logging off all the same where the Lease is gone at the deletion: the status says that it was its own', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.client.delete(leaseResource, at);
    const allow = world.aws.deny(ACCOUNT, 'cloudwatch:DeleteAlarms');
    await world.remove('first');
    await world.pass('first');
    await world.pass('first');
    allow();
    expect(await world.settle('first')).toBeUndefined();
    expect(live()).toBeUndefined();
    expect(letsGoOf('switched off')).toHaveLength(1);
  });

  it('leaves alone what it cannot know to be its own, and says so, where the Lease is gone', async () => {
    await world.apply('first', spec);
    await world.settle('first');
    await world.client.delete(leaseResource, at);
    await world.apply('first', quiet);
    expect(said(await world.settle('first'))).toMatchObject({ status: 'True' });
    expect(logGroupOf(live())).toBe(GROUP);
    expect(letsGoOf('left as it is')).toHaveLength(1);
  });

  it('says whose it is where another cluster logs to a group that carries its mark', async () => {
    world.aws.account(ACCOUNT).logGroup(REGION, {
      name: '/aws/bedrock/far',
      tags: { 'bedrockmonitor.io/cluster': 'far', 'bedrockmonitor.io/monitor': 'genai/production' },
    });
    region().invocationLogging.configuration = { cloudWatchConfig: { logGroupName: '/aws/bedrock/far', roleArn: 'r' } };
    await world.apply('first', spec);
    for (let look = 0; look < 2; look += 1) {
      expect(said(await world.settle('first'))).toMatchObject({
        reason: 'OwnedByAnotherCluster',
        message: expect.stringContaining('BedrockMonitor genai/production of cluster far'),
      });
    }
    expect(logGroupOf(live())).toBe('/aws/bedrock/far');
  });

  it('writes nothing at rest, be it held, contested or over a foreign configuration', async () => {
    region().invocationLogging.configuration = { s3Config: { bucketName: 'theirs' } };
    await world.apply('first', spec);
    await world.settle('first');
    await world.apply('second', other, 'research');
    await world.settle('second', 'research');
    await world.clock.advance(60_000);
    await world.settle('first');
    world.aws.forgetCalls();
    world.kubernetes.forgetCalls();
    for (let look = 0; look < 3; look += 1) {
      await world.clock.advance(600_000);
      await world.pass('first', 'genai', 'Drift');
      await world.pass('second', 'research', 'Drift');
    }
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual([]);
    expect(world.kubernetes.calls.filter(({ writes }) => writes)).toEqual([]);
  });
});
