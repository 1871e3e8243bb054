import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { Link } from '#src/domain/resource.ts';
import { seedLink, seedSink } from '#src/playground/aws/oam-seeding.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, region, signal, stage, tags } from './stage.ts';

const monitoring = '999988887777';
const metrics = 'AWS::CloudWatch::Metric';
const logs = 'AWS::Logs::LogGroup';
const bedrock = "Namespace = 'AWS/Bedrock'";

/** The sink of another account, which admits the one of the stage. */
function sinkFor(on: Stage, types: readonly string[] = [metrics, logs]) {
  return seedSink(on.aws.account(monitoring).state, region, {
    name: 'central',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: accountID },
          Action: ['oam:CreateLink', 'oam:UpdateLink'],
          Resource: '*',
          Condition: { 'ForAllValues:StringEquals': { 'oam:ResourceTypes': [...types] } },
        },
      ],
    },
  });
}

const sinkARN = sinkFor(stage()).arn;
const ref = { kind: 'Link', name: sinkARN } as const;
const link: Link = {
  ...ref,
  labelTemplate: '$AccountName',
  resourceTypes: [metrics, logs],
  metricFilter: bedrock,
  tags,
};

keepsItsPromises({
  kind: 'Link',
  desired: () => link,
  edited: () => ({
    ...ref,
    labelTemplate: '$AccountName',
    resourceTypes: [logs],
    logGroupFilter: "LogGroupName LIKE '/a%'",
    tags,
  }),
  edit: ['resourceTypes', 'metricFilter', 'logGroupFilter'],
  prepare: (on) => void sinkFor(on),
  foreign: (on) => void seedLink(on.account.state, region, { sinkARN, tags: givenAway }),
  undeclared: (on) => {
    const [found] = on.region.links.values();
    if (found) found.tags['cost-center'] = '42';
    return () => [...on.region.links.values()][0]?.tags['cost-center'];
  },
  mark: ownerMark(owner),
});

describe('Link', () => {
  test('a filter that is not declared is cleared, and one that is stays as written', async () => {
    const on = ready();
    await create(on);
    const [stored] = on.region.links.values();
    expect(stored?.configuration).toEqual({ MetricConfiguration: { Filter: bedrock } });
    if (stored)
      stored.configuration = { ...stored.configuration, LogGroupConfiguration: { Filter: "LogGroupName = '/x'" } };
    const found = await look(on);
    expect(on.handlers().Link.diff(link, found)).toEqual([
      { path: 'logGroupFilter', from: "LogGroupName = '/x'", to: undefined },
    ]);
    await on.run(on.handlers().Link.apply(link, found, signal));
    expect(stored?.configuration).toEqual({ MetricConfiguration: { Filter: bedrock } });
  });

  test('a sink that does not admit the account: the message holds what to do there', async () => {
    const on = stage();
    const sink = sinkFor(on, [metrics]);
    const refused = () => on.failure(on.handlers().Link.apply(link, undefined, signal));
    expect(await refused()).toMatchObject({
      name: 'Waiting',
      reason: 'AccessDenied',
      message: expect.stringContaining(`sink ${sinkARN} does not let account ${accountID} share ${metrics}, ${logs}`),
    });
    const again = await refused();
    const message = again instanceof Error ? again.message : '';
    // The statement in it is what the sink lacks.
    const statement: unknown = JSON.parse(
      /policy of the sink: (?<json>\[.*\]) \(AWS:/.exec(message)?.groups?.['json'] ?? '',
    );
    sink.policy = JSON.stringify({ Version: '2012-10-17', Statement: statement });
    await create(on);
    expect(on.region.links.size).toBe(1);
  });

  test('a permission that is missing here is said as everywhere', async () => {
    const on = ready();
    on.aws.deny(on.account.id, 'logs:Link');
    expect(await on.failure(on.handlers().Link.apply(link, undefined, signal))).toMatchObject({
      reason: 'AccessDenied',
      message: expect.stringContaining('{"Effect":"Allow","Action":"logs:Link","Resource":"*"}'),
    });
  });

  test('a sink that is not there is waited for', async () => {
    const on = stage();
    expect(await on.failure(on.handlers().Link.apply(link, undefined, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'DependencyNotReady',
      message: expect.stringContaining(`sink ${sinkARN} does not exist (yet) in account ${monitoring}`),
    });
  });

  test('the sixth link of an account is over the quota, at the first attempt', async () => {
    const on = ready();
    for (const other of ['1', '2', '3', '4', '5'])
      seedLink(on.account.state, region, { sinkARN: sinkARN.replace(monitoring, other.repeat(12)) });
    on.aws.forgetCalls();
    const error = await on.failure(on.handlers().Link.apply(link, undefined, signal));
    expect(error).toMatchObject({ name: 'Stalled', reason: 'QuotaExceeded' });
    expect(on.aws.calls).toHaveLength(1);
  });

  test('of several links the one to the sink counts', async () => {
    const on = ready();
    seedLink(on.account.state, region, { sinkARN: sinkARN.replace(monitoring, '555566667777'), tags });
    await create(on);
    expect((await look(on)).resource.name).toBe(sinkARN);
    expect(await on.run(on.handlers().Link.find?.(owner, signal) ?? Promise.resolve([]))).toHaveLength(2);
  });
});

function ready(): Stage {
  const on = stage();
  sinkFor(on);
  return on;
}

async function create(on: Stage): Promise<void> {
  await on.run(on.handlers().Link.apply(link, undefined, signal));
  await on.settle();
}

async function look(on: Stage) {
  const found = await on.run(on.handlers().Link.observe(ref, 'Always', signal));
  if (found === undefined) throw new Error('absent');
  return found;
}
