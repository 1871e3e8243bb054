import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { leaseResource } from '#src/kubernetes/lease.ts';
import { claimLeaseName } from '#src/operator/claims.ts';
import { monitors } from '#src/operator/monitors.ts';
import { seedLink, seedSink } from '#src/playground/aws/oam-seeding.ts';
import type { Sink } from '#src/playground/aws/oam-state.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { clear } from '#test/support/clear.ts';
import { crashBefore } from '#test/support/crash.ts';
import { endOf } from '#test/support/end.ts';
import { planOf } from '#test/support/plan-in-status.ts';
import { untilAllRest } from '#test/support/rest.ts';
import { said } from '#test/support/said.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

const SOURCE = '444455556666';
const OTHER_SOURCE = '777788889999';
const LEASE = claimLeaseName({ of: 'sink', accountID: ACCOUNT, region: REGION });

/** A monitor of nothing but the sink. */
function sinkFor(account: string, more: Partial<BedrockMonitorSpec> = {}): BedrockMonitorSpec {
  return { region: REGION, crossAccount: { sink: { sourceAccountIDs: [account] } }, ...more };
}
const nothing: BedrockMonitorSpec = { region: REGION };

// One API for all tests, in the time of the test: compiling the CRD is most of the cost of a world.
let api: KubernetesApi;
let world: World;
beforeAll(async () => {
  api = await startKubernetesApi({ clock: { now: () => world?.clock.now() ?? 0 } });
});
afterAll(() => api.close());
beforeEach(async () => {
  world = await createWorld({ api });
});
afterEach(leave);

async function leave(): Promise<void> {
  await clear(world);
  await world.close();
}

const sink = (of = world): Sink | undefined => [...of.aws.account(ACCOUNT).region(REGION).sinks.values()][0];
const admitted = (of = world): string => sink(of)?.policy ?? '';
const owner = (of = world): string | undefined => sink(of)?.tags['bedrockmonitor.io/monitor'];
const lease = async () =>
  (await world.client.list(leaseResource)).items.find(({ metadata }) => metadata.name === LEASE);
const reason = async (name: string, namespace?: string) =>
  said(await world.get(name, namespace), 'CrossAccountConfigured')?.reason;
const link = (arn: string) => seedLink(world.aws.account(SOURCE).state, REGION, { sinkARN: arn });

describe('the one sink of an account and Region', () => {
  it('is made and held by the monitor that asks, and at rest nothing is written', async () => {
    await world.apply('first', sinkFor(SOURCE));
    const monitor = await world.settle('first');
    expect(said(monitor)?.reason).toBe('InSync');
    expect(monitor?.status?.inventory).toEqual([{ kind: 'Sink', name: 'sink', id: sink()?.id }]);
    expect(monitor?.status?.resources).toMatchObject([
      { kind: 'Sink', name: 'sink', arn: sink()?.arn, state: 'InSync' },
    ]);
    expect((await lease())?.spec?.holderIdentity).toBe('genai/first');
    expect((await lease())?.metadata.annotations).toMatchObject({ 'bedrockmonitor.io/written': sink()?.arn });
    const version = (await lease())?.metadata.resourceVersion;
    world.aws.forgetCalls();
    await world.pass('first');
    expect(world.aws.writes()).toEqual([]);
    expect((await lease())?.metadata.resourceVersion).toBe(version);
  });

  it('bars every other monitor, which names the holder, since when, and the way out', async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    await world.apply(
      'second',
      sinkFor(OTHER_SOURCE, { savedQueries: [{ name: 'q', queryString: 'limit 1', logGroupNames: ['/g'] }] }),
      'research',
    );
    const second = await world.settle('second', 'research');
    expect(said(second, 'CrossAccountConfigured')).toMatchObject({
      status: 'False',
      reason: 'Conflict',
      message: expect.stringMatching(
        /^BedrockMonitor genai\/first holds the observability sink of account 111122223333 in us-east-1 since \S+Z\. AWS has one sink per account and Region: remove crossAccount\.sink from this monitor or from that one$/,
      ),
    });
    expect(said(second, 'Stalled')?.reason).toBe('Conflict');
    // The other parts go on, and the sink is not even read.
    world.aws.forgetCalls();
    await world.pass('second', 'research', 'Drift');
    expect(said(second, 'QueriesConfigured')?.status).toBe('True');
    expect(world.aws.calls.filter(({ service }) => service === 'oam')).toEqual([]);
    expect(admitted()).not.toContain(OTHER_SOURCE);
    expect(second?.status?.inventory?.map(({ kind }) => kind)).toEqual(['QueryDefinition']);
  });

  it('is claimed apart from invocation logging', async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    const logs = {
      dataTypes: ['Text'],
      s3: { bucket: { name: 'records' } },
    } satisfies BedrockMonitorSpec['invocationLogging'];
    await world.apply('second', { region: REGION, invocationLogging: logs });
    await world.settle('second');
    expect(said(await world.get('second'), 'LoggingConfigured')?.reason).not.toBe('Conflict');
  });

  it.each(['Plan', 'Observe'] as const)('in mode %s no claim is taken and nothing is made', async (mode) => {
    await world.apply('first', sinkFor(SOURCE, { mode }));
    const monitor = await world.settle('first');
    expect(said(monitor, 'CrossAccountConfigured')?.reason).toBe(mode === 'Plan' ? 'PlanPending' : 'NotEnforced');
    expect(await lease()).toBeUndefined();
    expect(world.aws.writes()).toEqual([]);
  });

  it('somebody who widens the policy is put right', async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    const before = JSON.parse(admitted());
    const added = { Effect: 'Allow', Principal: '*', Action: 'oam:CreateLink', Resource: '*' };
    const found = sink();
    if (found) found.policy = JSON.stringify({ ...before, Statement: [...before.Statement, added] });
    await world.pass('first', 'genai', 'Drift');
    expect(JSON.parse(admitted())).toEqual(before);
    expect(world.news.map(({ reason: word }) => word)).toContain('DriftCorrected');
  });
});

describe('when the holder leaves', () => {
  const settled = async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    await world.apply('second', sinkFor(OTHER_SOURCE), 'research');
    await world.settle('second', 'research');
  };

  it.each([
    ['is deleted', () => world.remove('first')],
    ['asks no more', () => world.apply('first', nothing)],
  ])('and %s, the next one goes on with the very same sink, and its links hold', async (_, leave) => {
    await settled();
    const { arn = '' } = sink() ?? {};
    link(arn);
    world.aws.forgetCalls();
    await leave();
    await untilAllRest(world);
    expect(sink()?.arn).toBe(arn);
    expect(owner()).toBe('research/second');
    expect(admitted()).toContain(OTHER_SOURCE);
    expect(admitted()).not.toContain(SOURCE);
    expect(world.aws.writes().map(({ operation }) => operation)).toEqual(['PutSinkPolicy', 'TagResource']);
    expect((await lease())?.spec?.holderIdentity).toBe('research/second');
    expect(await reason('second', 'research')).toBe('InSync');
    expect((await world.get('first'))?.status?.inventory ?? []).toEqual([]);
    expect(said(await world.get('first'))?.reason ?? 'InSync').toBe('InSync');
  });

  it('in mode Plan the hand-over is shown first, and done once approved', async () => {
    await settled();
    const { arn } = sink() ?? {};
    await world.apply('first', { ...nothing, mode: 'Plan' });
    const plan = planOf(await world.settle('first'));
    expect(plan.changes).toMatchObject([{ action: 'Release', kind: 'Sink', name: 'sink' }]);
    expect((await lease())?.spec?.holderIdentity).toBe('genai/first');
    await world.annotate('first', { [annotations.approvePlan]: plan.hash ?? '' });
    await world.pass('first');
    expect((await lease())?.spec?.holderIdentity ?? '').toBe('');
    await untilAllRest(world);
    expect([sink()?.arn, owner()]).toEqual([arn, 'research/second']);
    expect((await world.get('first'))?.status?.inventory).toEqual([]);
    expect(planOf(await world.get('first')).hash).toBeUndefined();
  });

  it('whoever leaves says whom it waits for', async () => {
    await settled();
    await world.remove('first');
    await world.pass('first');
    expect(said(await world.get('first'))).toMatchObject({
      reason: 'Progressing',
      message: 'the sink is being handed over to BedrockMonitor research/second',
    });
  });

  it('a crash at any call of the hand-over ends as if there had been none', async () => {
    const play = async (at: number) => {
      world = await createWorld({ api });
      await settled();
      link(sink()?.arn ?? '');
      await world.remove('first');
      const crash = crashBefore(world, at);
      await untilAllRest(world).catch((error: unknown) => {
        if (!crash.crashed) throw error;
      });
      crash.stop();
      world.restart();
      await untilAllRest(world);
      const end = await endOf(world);
      const calls = crash.seen;
      return { calls, end };
    };
    await leave();
    const clean = await play(Number.POSITIVE_INFINITY);
    expect(clean.end.monitors.map(({ name }) => name)).toEqual(['second']);
    for (let at = 1; at <= clean.calls; at += process.env['SWEEP'] === 'every' ? 1 : 3) {
      await leave();
      expect({ at, end: (await play(at)).end }).toEqual({ at, end: clean.end });
    }
  }, 60_000);

  it('nobody waits: the sink is deleted, and the claim goes', async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    await world.remove('first');
    expect(await world.settle('first')).toBeUndefined();
    expect(sink()).toBeUndefined();
    expect(await lease()).toBeUndefined();
  });

  it('nobody waits, and accounts are linked: the status says which links and what to do, at last how to force it', async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    const { arn } = link(sink()?.arn ?? '');
    await world.remove('first');
    await world.pass('first');
    expect(said(await world.get('first'))).toMatchObject({
      reason: 'SinkHasLinks',
      message: expect.stringContaining(arn),
    });
    expect((await lease())?.spec?.holderIdentity).toBe('genai/first');
    await untilAllRest(world, 700_000);
    await world.clock.advance(700_000);
    await world.pass('first');
    expect(said(await world.get('first'))).toMatchObject({
      reason: 'DeletionBlocked',
      message: expect.stringContaining('bedrockmonitor.io/force-orphan=true'),
    });
    world.aws.account(SOURCE).region(REGION).links.clear();
    expect(await world.settle('first')).toBeUndefined();
    expect(sink()).toBeUndefined();
  });

  it('the heir that has the claim and cannot write does not hold up the deletion: it answers for the sink', async () => {
    await settled();
    // The heir is refused by IAM for good.
    world.aws.deny(ACCOUNT, 'oam:TagResource');
    world.aws.deny(ACCOUNT, 'oam:PutSinkPolicy');
    await world.remove('first');
    await untilAllRest(world, 60_000);
    expect(said(await world.get('first'))?.reason).toBe('Progressing');
    expect(await reason('second', 'research')).toBe('AccessDenied');
    await world.clock.advance(700_000);
    await untilAllRest(world, 60_000);
    expect(await world.get('first')).toBeUndefined();
    expect((await lease())?.spec?.holderIdentity).toBe('research/second');
    expect(sink()).toBeDefined();
  });

  it('the heir that never comes: in the end the sink is taken back and deleted', async () => {
    await settled();
    await world.remove('first');
    await world.pass('first');
    await world.clock.advance(700_000);
    expect(await world.settle('first')).toBeUndefined();
    expect(sink()).toBeUndefined();
    expect(await lease()).toBeUndefined();
  });

  it('the heir that goes before it took it: the sink goes with the one that leaves', async () => {
    await settled();
    await world.remove('first');
    await world.pass('first');
    expect((await lease())?.spec?.holderIdentity ?? '').toBe('');
    await world.remove('second', 'research');
    await untilAllRest(world);
    expect((await world.client.list(monitors)).items).toEqual([]);
    expect(sink()).toBeUndefined();
    expect(await lease()).toBeUndefined();
  });

  it('retained, it stays as it is; who asks next in the namespace goes on with it, in another it does not', async () => {
    await world.apply('first', sinkFor(SOURCE, { deletionPolicy: { crossAccount: 'Retain' } }));
    await world.settle('first');
    const before = { ...sink() };
    await world.remove('first');
    expect(await world.settle('first')).toBeUndefined();
    expect(sink()).toEqual(before);
    expect(await lease()).toBeUndefined();
    await world.apply('other', sinkFor(OTHER_SOURCE), 'research');
    await world.settle('other', 'research');
    expect(said(await world.get('other', 'research'), 'CrossAccountConfigured')).toMatchObject({
      reason: 'OwnedByAnotherMonitor',
      message: expect.stringContaining('remove its tags bedrockmonitor.io/cluster'),
    });
    expect(sink()).toEqual(before);
    await world.remove('other', 'research');
    await world.settle('other', 'research');
    expect(await lease()).toBeUndefined();
    await world.apply('next', sinkFor(OTHER_SOURCE));
    await world.settle('next');
    expect(await reason('next')).toBe('InSync');
    expect([sink()?.arn, owner()]).toEqual([before.arn, 'genai/next']);
  });

  it('everything retained: neither AWS nor permissions are needed, and the claim is free', async () => {
    await world.apply('first', sinkFor(SOURCE, { deletionPolicy: { default: 'Retain', invocationLogging: 'Retain' } }));
    await world.settle('first');
    await world.remove('first');
    world.aws.forgetCalls();
    expect(await world.settle('first')).toBeUndefined();
    expect(world.aws.calls).toEqual([]);
    expect(await lease()).toBeUndefined();
    expect(sink()).toBeDefined();
  });
});

describe('a claim that was lost', () => {
  it('is taken again by whoever made the sink, and by nobody who asked before', async () => {
    await world.apply('older', nothing);
    await world.clock.advance(5_000);
    await world.apply('maker', sinkFor(SOURCE));
    await world.settle('maker');
    await world.apply('older', sinkFor(OTHER_SOURCE));
    await world.settle('older');
    const { name = '', namespace = '' } = (await lease())?.metadata ?? {};
    await world.client.delete(leaseResource, { name, namespace });
    await world.settle('older');
    expect(await reason('older')).toBe('Conflict');
    expect(said(await world.get('older'))?.message).toContain('genai/maker holds');
    await world.settle('maker');
    expect(await reason('maker')).toBe('InSync');
    expect((await lease())?.spec?.holderIdentity).toBe('genai/maker');
    expect(admitted()).toContain(SOURCE);
  });

  it('the holder that vanished without a word leaves it to whoever waits', async () => {
    await world.apply('first', sinkFor(SOURCE));
    await world.settle('first');
    await world.apply('second', sinkFor(OTHER_SOURCE), 'research');
    await world.settle('second', 'research');
    const at = { namespace: 'genai', name: 'first' };
    await world.client.patch(monitors, at, { type: 'merge', body: { metadata: { finalizers: null } } });
    await world.client.delete(monitors, at);
    await world.settle('second', 'research');
    expect(await reason('second', 'research')).toBe('InSync');
    expect(owner()).toBe('research/second');
  });
});

describe('a sink that no monitor made', () => {
  const theirs = {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Theirs', Effect: 'Allow', Principal: { AWS: OTHER_SOURCE }, Action: ['oam:CreateLink'], Resource: '*' },
    ],
  };
  const found = (tags: Record<string, string> = {}) =>
    seedSink(world.aws.account(ACCOUNT).state, REGION, { name: 'by-hand', policy: theirs, tags });

  it('is left as it is, by the monitor that holds the claim all the same', async () => {
    const before = structuredClone(found());
    await world.apply('first', sinkFor(SOURCE));
    const monitor = await world.settle('first');
    expect(said(monitor, 'CrossAccountConfigured')).toMatchObject({
      reason: 'NotOwned',
      message: expect.stringMatching(/^the observability sink exists in AWS .*adoptionPolicy\.crossAccount: Always/),
    });
    expect(sink()).toEqual(before);
    expect(monitor?.status?.inventory).toEqual([]);
    expect((await lease())?.spec?.holderIdentity).toBe('genai/first');
    await world.apply('first', nothing);
    await world.settle('first');
    expect(await lease()).toBeUndefined();
    expect(sink()).toEqual(before);
  });

  it.each<[string, Record<string, string>, NonNullable<BedrockMonitorSpec['adoptionPolicy']>]>([
    ['as the spec says', {}, { crossAccount: 'Always' }],
    ['as its owner has tagged it', { 'bedrockmonitor.io/adopt-by': 'genai/first' }, { crossAccount: 'IfTagged' }],
  ])('is adopted %s, locks nobody out, and says whom it goes on admitting', async (_, tags, adoptionPolicy) => {
    const { arn } = found({ ...tags, team: 'ops' });
    link(arn);
    await world.apply('first', sinkFor(SOURCE, { adoptionPolicy }));
    const monitor = await world.settle('first');
    expect(said(monitor, 'CrossAccountConfigured')).toMatchObject({
      status: 'True',
      reason: 'AdmitsOthers',
      message: expect.stringContaining(`goes on admitting ${OTHER_SOURCE}`),
    });
    expect(said(monitor)?.status).toBe('True');
    expect(sink()).toMatchObject({ arn, name: 'by-hand', tags: expect.objectContaining({ team: 'ops' }) });
    const { Statement: statements } = JSON.parse(admitted());
    expect(statements).toEqual([
      expect.objectContaining({ Sid: 'BedrockMonitorAccounts', Principal: { AWS: [SOURCE] } }),
      { ...theirs.Statement[0], Sid: 'BedrockMonitorKept1' },
    ]);
    // Taken out of the policy in AWS, it is gone for good.
    const now = sink();
    if (now) now.policy = JSON.stringify({ ...theirs, Statement: statements.slice(0, 1) });
    world.aws.forgetCalls();
    await world.pass('first', 'genai', 'Drift');
    expect(await reason('first')).toBe('InSync');
    expect(world.aws.writes()).toEqual([]);
  });
});
