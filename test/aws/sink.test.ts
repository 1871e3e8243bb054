import { describe, expect, test } from 'vitest';
import { Stalled } from '#src/domain/failure.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { Sink } from '#src/domain/resource.ts';
import { seedLink, seedSink } from '#src/playground/aws/oam-seeding.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { givenAway, owner, region, signal, stage, tags, written } from './stage.ts';

const source = '444455556666';
const ref = { kind: 'Sink', name: 'sink' } as const;
const sink: Sink = {
  ...ref,
  awsName: 'bedrockmonitor_prod_genai_production',
  sourceAccountIDs: [source, '777788889999'],
  organizationIDs: ['o-a1b2c3d4e5'],
  resourceTypes: ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'],
  otherStatements: [],
  tags,
};

keepsItsPromises({
  kind: 'Sink',
  desired: () => sink,
  edited: () => ({ ...sink, sourceAccountIDs: [source], organizationIDs: [], resourceTypes: ['AWS::XRay::Trace'] }),
  edit: ['sourceAccountIDs', 'organizationIDs', 'resourceTypes'],
  foreign: (on) => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'oam:*' }] };
    seedSink(on.account.state, region, { name: 'by-hand', policy, tags: givenAway });
  },
  undeclared: (on) => {
    const [found] = on.region.sinks.values();
    if (found) found.tags['cost-center'] = '42';
    return () => [...on.region.sinks.values()][0]?.tags['cost-center'];
  },
  mark: ownerMark(owner),
});

describe('Sink', () => {
  test('admits accounts and organizations, each for the declared types only', async () => {
    const on = stage();
    await create(on);
    const [stored] = on.region.sinks.values();
    expect(stored?.name).toBe('bedrockmonitor_prod_genai_production');
    const types = { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'] };
    expect(JSON.parse(stored?.policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'BedrockMonitorAccounts',
          Effect: 'Allow',
          Principal: { AWS: [source, '777788889999'] },
          Action: ['oam:CreateLink', 'oam:UpdateLink'],
          Resource: '*',
          Condition: { 'ForAllValues:StringEquals': types },
        },
        {
          Sid: 'BedrockMonitorOrganizations',
          Effect: 'Allow',
          Principal: '*',
          Action: ['oam:CreateLink', 'oam:UpdateLink'],
          Resource: '*',
          Condition: {
            'ForAllValues:StringEquals': types,
            StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] },
          },
        },
      ],
    });
  });

  test('its name in AWS is no drift, and the policy is compared by meaning', async () => {
    const on = stage();
    await create(on);
    const [stored] = on.region.sinks.values();
    if (stored) stored.policy = stored.policy?.replace(`"${source}"`, `"arn:aws:iam::${source}:root"`);
    expect(on.handlers().Sink.diff({ ...sink, awsName: 'other' }, await look(on))).toEqual([]);
  });

  test('a statement that somebody added is a difference, and goes', async () => {
    const on = stage();
    await create(on);
    const [stored] = on.region.sinks.values();
    const added = { Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'oam:CreateLink', Resource: '*' };
    const policy = JSON.parse(stored?.policy ?? '');
    if (stored) stored.policy = JSON.stringify({ ...policy, Statement: [...policy.Statement, added] });
    const found = await look(on);
    expect(on.handlers().Sink.diff(sink, found)).toEqual([{ path: 'otherStatements', from: [added], to: [] }]);
    await on.run(on.handlers().Sink.apply(sink, found, signal));
    expect(stored?.policy).not.toContain('999988887777');
  });

  test('statements that are kept are a note', async () => {
    const on = stage();
    const kept = { Sid: 'BedrockMonitorKept1', Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'oam:*' };
    await on.run(on.handlers().Sink.apply({ ...sink, otherStatements: [kept] }, undefined, signal));
    expect((await look(on)).notes).toEqual([
      { reason: 'AdmitsOthers', message: expect.stringContaining('goes on admitting 999988887777') },
    ]);
  });

  test('with links it is not deleted, and the message names them and what to do', async () => {
    const on = stage();
    await create(on);
    const found = await look(on);
    const link = seedLink(on.aws.account(source).state, region, { sinkARN: found.arn ?? '' });
    on.aws.forgetCalls();
    const error = await on.failure(on.handlers().Sink.delete(ref, found, signal));
    expect(error).toBeInstanceOf(Stalled);
    expect(error).toMatchObject({
      reason: 'SinkHasLinks',
      message: expect.stringContaining(`${link.arn} of account ${source}. Delete their links`),
    });
    expect(written(on.aws)).toEqual([]);
    on.aws.account(source).region(region).links.clear();
    await on.run(on.handlers().Sink.delete(ref, found, signal));
    expect(on.region.sinks.size).toBe(0);
  });

  test('one that another made between look and create is not touched', async () => {
    const on = stage();
    seedSink(on.account.state, region, { name: 'by-hand' });
    const error = await on.failure(on.handlers().Sink.apply(sink, undefined, signal));
    expect(error).toMatchObject({ name: 'Waiting', reason: 'ConcurrentChange' });
    expect([...on.region.sinks.values()].map(({ name, policy }) => [name, policy])).toEqual([['by-hand', undefined]]);
  });

  test('without inventory only ours is found', async () => {
    const on = stage();
    const find = () => on.run(on.handlers().Sink.find?.(owner, signal) ?? Promise.resolve(undefined));
    expect(await find()).toEqual([]);
    const { id } = seedSink(on.account.state, region, { name: 'any', tags });
    expect(await find()).toEqual([{ ...ref, id }]);
    on.region.sinks.clear();
    seedSink(on.account.state, region, { name: 'any', tags: givenAway });
    expect(await find()).toEqual([]);
  });
});

async function create(on: Stage): Promise<void> {
  await on.run(on.handlers().Sink.apply(sink, undefined, signal));
  await on.settle();
}

async function look(on: Stage) {
  await on.settle();
  const found = await on.run(on.handlers().Sink.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}
