import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { monitors } from '#src/operator/monitors.ts';
import { seedLink, seedSink } from '#src/playground/aws/oam-seeding.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { clear } from '#test/support/clear.ts';
import { untilAllRest } from '#test/support/rest.ts';
import { said } from '#test/support/said.ts';
import type { World } from '#test/support/world.ts';
import { ACCOUNT, createWorld, REGION } from '#test/support/world.ts';

/** The account that sees the others; monitors reach it by a role. */
const MONITORING = '999988887777';
const ROLE = `arn:aws:iam::${MONITORING}:role/bedrock-monitor`;

// One API for all tests, in the time of the test: compiling the CRD is most of the cost of a world.
let api: KubernetesApi;
let world: World;
beforeAll(async () => {
  api = await startKubernetesApi({ clock: { now: () => world?.clock.now() ?? 0 } });
});
afterAll(() => api.close());
beforeEach(async () => {
  world = await createWorld({ api });
  world.access = { ownAccount: true, roleARNs: [ROLE], actionARNs: [] };
  const trusted = `arn:aws:iam::${ACCOUNT}:root`;
  world.aws.account(MONITORING).assumableRole({ name: 'bedrock-monitor', trusted, externalID: 'test/genai' });
});
afterEach(async () => {
  await clear(world);
  await world.close();
});

const sinks = () => world.aws.account(MONITORING).region(REGION).sinks;
const links = () => world.aws.account(ACCOUNT).region(REGION).links;
const sinkARN = () => [...sinks().keys()][0] ?? '';

function central(...sourceAccountIDs: string[]): BedrockMonitorSpec {
  const assumeRole = { roleARN: ROLE };
  return { region: REGION, accountID: MONITORING, assumeRole, crossAccount: { sink: { sourceAccountIDs } } };
}
type Link = NonNullable<NonNullable<BedrockMonitorSpec['crossAccount']>['link']>;
function source(members: Partial<Link> = {}): BedrockMonitorSpec {
  return { region: REGION, crossAccount: { link: { sinkARN: sinkARN(), ...members } } };
}

describe('a sink and a link, in two accounts', () => {
  beforeEach(async () => {
    await world.apply('central', central(ACCOUNT));
    await world.settle('central');
  });

  it('need no more than the shipped IAM policy, in either account', async () => {
    const policy: JsonObject = JSON.parse(readFileSync('manifests/iam-policy.json', 'utf8'));
    for (const account of [ACCOUNT, MONITORING]) world.aws.account(account).state.policies = [policy];
    const assume = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE }] };
    world.aws.account(ACCOUNT).state.policies = [policy, assume];
    sinks().clear();
    await world.apply('central', { ...central(ACCOUNT), tags: { team: 'ops' } });
    expect(said(await world.settle('central'))?.status).toBe('True');
    await world.apply('source', source());
    expect(said(await world.settle('source'))?.status).toBe('True');
    await world.apply('source', source({ resourceTypes: ['AWS::XRay::Trace', 'AWS::ApplicationSignals::Service'] }));
    await world.settle('source');
    // It is the sink that does not admit these.
    expect(said(await world.get('source'))?.message).toContain('does not let account');
    await world.remove('source');
    await world.settle('source');
    await world.remove('central');
    await world.settle('central');
    expect([sinks().size, links().size]).toEqual([0, 0]);
  });

  it('come to be, follow edits, and go: the link first, then the sink', async () => {
    await world.apply('source', source());
    const monitor = await world.settle('source');
    expect(said(monitor, 'CrossAccountConfigured')?.reason).toBe('InSync');
    expect([...links().values()]).toMatchObject([
      {
        sinkARN: sinkARN(),
        labelTemplate: '$AccountName',
        resourceTypes: ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'],
      },
    ]);
    expect(monitor?.status?.inventory).toEqual([{ kind: 'Link', name: sinkARN(), id: [...links().values()][0]?.id }]);

    await world.apply(
      'source',
      source({ resourceTypes: ['AWS::CloudWatch::Metric'], metricFilter: "Namespace = 'AWS/Bedrock'" }),
    );
    await world.settle('source');
    expect([...links().values()]).toMatchObject([
      {
        resourceTypes: ['AWS::CloudWatch::Metric'],
        configuration: { MetricConfiguration: { Filter: "Namespace = 'AWS/Bedrock'" } },
      },
    ]);

    await world.remove('central');
    await world.remove('source');
    await world.pass('central');
    expect(said(await world.get('central'))?.reason).toBe('SinkHasLinks');
    await world.settle('source');
    await world.settle('central');
    expect([sinks().size, links().size]).toEqual([0, 0]);
    expect([await world.get('central'), await world.get('source')]).toEqual([undefined, undefined]);
  });

  it('an account that the sink does not admit waits, and says what is to be done in the other account', async () => {
    await world.apply('central', central('555566667777'));
    await world.settle('central');
    await world.apply('source', source());
    await world.pass('source');
    const refused = said(await world.get('source'), 'CrossAccountConfigured');
    expect(refused).toMatchObject({
      status: 'False',
      reason: 'AccessDenied',
      message: expect.stringContaining(`add "${ACCOUNT}" to its crossAccount.sink.sourceAccountIDs`),
    });
    expect(said(await world.get('source'), 'Reconciling')?.reason).toBe('AccessDenied');
    await world.apply('central', central('555566667777', ACCOUNT));
    await untilAllRest(world);
    expect(said(await world.get('source'))?.status).toBe('True');
    expect(links().size).toBe(1);
  });

  it('what somebody shares beside is put right', async () => {
    await world.apply('source', source());
    await world.settle('source');
    const [link] = links().values();
    if (link) link.resourceTypes = ['AWS::XRay::Trace'];
    await world.pass('source', 'genai', 'Drift');
    expect(link?.resourceTypes).toEqual(['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup']);
    expect(world.news.map(({ reason }) => reason)).toContain('DriftCorrected');
  });

  it('a link that left the spec is deleted, and one that is retained stays', async () => {
    await world.apply('source', { ...source(), deletionPolicy: { crossAccount: 'Retain' } });
    await world.settle('source');
    await world.apply('source', { region: REGION, deletionPolicy: { crossAccount: 'Retain' } });
    const monitor = await world.settle('source');
    expect([links().size, monitor?.status?.inventory]).toEqual([1, []]);
    await world.apply('source', source());
    await world.settle('source');
    await world.apply('source', { region: REGION });
    await world.settle('source');
    expect(links().size).toBe(0);
  });

  it('a link that somebody made is left alone until it is given', async () => {
    const link = seedLink(world.aws.account(ACCOUNT).state, REGION, { sinkARN: sinkARN() });
    await world.apply('source', source());
    await world.settle('source');
    expect(said(await world.get('source'), 'CrossAccountConfigured')?.reason).toBe('NotOwned');
    expect(link.tags).toEqual({});
    link.tags['bedrockmonitor.io/adopt-by'] = 'genai/source';
    await world.apply('source', { ...source(), adoptionPolicy: { crossAccount: 'IfTagged' } });
    await world.settle('source');
    expect(said(await world.get('source'))?.status).toBe('True');
    expect([...links().keys()]).toEqual([link.arn]);
    expect(link.tags).toMatchObject({ 'bedrockmonitor.io/monitor': 'genai/source' });
  });

  it('a lost status is found again by the mark, and nothing of others is touched', async () => {
    await world.apply('source', source());
    await world.settle('source');
    const other = seedSink(world.aws.account('555566667777').state, REGION, { name: 'other' });
    const theirs = structuredClone(seedLink(world.aws.account(ACCOUNT).state, REGION, { sinkARN: other.arn }));
    const monitor = await world.get('source');
    if (monitor === undefined) throw new Error('gone');
    const { inventory: _, inventoryUID: __, ...status } = monitor.status ?? {};
    await world.client.replaceStatus(monitors, { ...monitor, status });
    world.restart();
    await world.remove('source');
    await world.settle('source');
    expect([...links().values()]).toEqual([theirs]);
  });
});

describe('what IAM refuses', () => {
  it.each<[string, 'sink' | 'link', 'create' | 'edit' | 'delete']>([
    ['oam:ListSinks', 'sink', 'create'],
    ['oam:CreateSink', 'sink', 'create'],
    ['oam:GetSink', 'sink', 'create'],
    ['oam:GetSinkPolicy', 'sink', 'create'],
    ['oam:ListTagsForResource', 'sink', 'create'],
    ['oam:PutSinkPolicy', 'sink', 'create'],
    ['oam:TagResource', 'sink', 'create'],
    ['oam:ListAttachedLinks', 'sink', 'delete'],
    ['oam:DeleteSink', 'sink', 'delete'],
    ['oam:ListLinks', 'link', 'create'],
    ['oam:CreateLink', 'link', 'create'],
    ['oam:GetLink', 'link', 'create'],
    ['logs:Link', 'link', 'create'],
    ['oam:UpdateLink', 'link', 'edit'],
    ['oam:DeleteLink', 'link', 'delete'],
  ])('%s: the message has the statement to paste, the rest goes on, and it heals', async (action, of, phase) => {
    const hub = seedSink(world.aws.account(MONITORING).state, REGION, {
      name: 'hub',
      policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'oam:*', Resource: '*' }] },
    });
    const resourceTypes = phase === 'edit' ? (['AWS::Logs::LogGroup'] as const) : undefined;
    const query = { name: 'q', queryString: 'limit 1', logGroupNames: ['/g'] };
    const spec = (types?: readonly ['AWS::Logs::LogGroup']): BedrockMonitorSpec => ({
      region: REGION,
      savedQueries: [query],
      crossAccount:
        of === 'sink'
          ? { sink: { sourceAccountIDs: [MONITORING] } }
          : { link: { sinkARN: hub.arn, ...(types !== undefined && { resourceTypes: types }) } },
    });
    const own = world.aws.account(ACCOUNT).region(REGION);
    if (phase !== 'create') {
      await world.apply('one', spec());
      await world.settle('one');
    }
    const allow = world.aws.deny(ACCOUNT, action);
    if (phase === 'delete') await world.remove('one');
    else await world.apply('one', spec(resourceTypes));
    const type = phase === 'delete' ? 'Ready' : 'CrossAccountConfigured';
    const refused = async () => said(await world.get('one'), type);
    await world.pass('one');
    // Reads lag behind at first.
    for (let more = 0; more < 3 && (await refused())?.reason === 'Propagating'; more += 1) {
      await world.clock.advance(2_000);
      await world.pass('one');
    }
    const condition = await refused();
    expect(condition).toMatchObject({ status: 'False', reason: 'AccessDenied' });
    expect(condition?.message).toContain(`"Action":"${action}"`);
    expect(own.queryDefinitions.size).toBe(phase === 'delete' ? 0 : 1);
    allow();
    await world.settle('one');
    expect(said(await world.get('one'))?.status).toBe(phase === 'delete' ? undefined : 'True');
    expect(own.sinks.size + own.links.size).toBe(phase === 'delete' ? 0 : 1);
  });
});
