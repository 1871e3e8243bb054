import {
  DescribeQueriesCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  type StartQueryCommandInput,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { insights } from '#test/support/insights.ts';
import { accountID, failure } from './clients.ts';

const begin = Date.parse('2026-11-24T10:00:00Z');

/** A group with events a second apart, masked if a policy says so. */
function stage(count = 4, group = '/app') {
  const on = insights(group);
  const stream = streamOf(on.group, 'web', begin);
  const add = (message: string, at: number) => ingest(on.region, on.group, stream, message, at, at);
  for (let index = 0; index < count; index++) add(`event ${index}`, begin + index * 1000);
  const time = { startTime: begin / 1000, endTime: begin / 1000 + 3600 };
  return {
    ...on,
    add,
    begun: async (input: Partial<StartQueryCommandInput> = {}) => {
      const whole = { logGroupName: group, queryString: 'fields @message', ...time, ...input };
      return (await on.client.send(new StartQueryCommand(whole))).queryId ?? '';
    },
  };
}

const maskingEmail = JSON.stringify({
  Name: 'p',
  Version: '2021-06-01',
  Statement: [
    {
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation: { Audit: { FindingsDestination: {} } },
    },
    {
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
      Operation: { Deidentify: { MaskConfig: {} } },
    },
  ],
});

describe('queries', () => {
  test('wait, run and are complete as time goes by; rows can be read before that', async () => {
    const on = stage();
    const id = await on.begun();
    expect(await on.results(id)).toMatchObject({ status: 'Scheduled', rows: [] });
    await on.clock.advance(600);
    const running = await on.results(id);
    expect(running.status).toBe('Running');
    expect(running.rows.length).toBeLessThan(4);
    await on.clock.advance(600);
    expect(await on.results(id)).toMatchObject({
      status: 'Complete',
      rows: [
        { '@message': 'event 3' },
        { '@message': 'event 2' },
        { '@message': 'event 1' },
        { '@message': 'event 0' },
      ],
      statistics: { recordsMatched: 4, recordsScanned: 4, bytesScanned: 28, resultCount: 4, logGroupsScanned: 1 },
    });
  });

  test('take times in seconds, both ends included', async () => {
    const on = stage();
    const id = await on.begun({ startTime: begin / 1000 + 1, endTime: begin / 1000 + 2 });
    await on.clock.advance(2000);
    expect((await on.results(id)).rows).toEqual([{ '@message': 'event 2' }, { '@message': 'event 1' }]);
  });

  test('answer in pages, and no more rows than asked for', async () => {
    const on = stage();
    const id = await on.begun({ limit: 3 });
    await on.clock.advance(2000);
    const page = await on.client.send(new GetQueryResultsCommand({ queryId: id, maxItems: 2 }));
    const rest = await on.client.send(
      new GetQueryResultsCommand({ queryId: id, maxItems: 2, nextToken: page.nextToken }),
    );
    expect([page.results?.length, rest.results?.length, rest.nextToken]).toEqual([2, 1, undefined]);
  });

  test('can be stopped while they run, and are forgotten after a week', async () => {
    const on = stage();
    const id = await on.begun();
    const stop = () => on.client.send(new StopQueryCommand({ queryId: id }));
    expect((await stop()).success).toBe(true);
    expect((await on.results(id)).status).toBe('Cancelled');
    expect((await failure(stop())).name).toBe('InvalidParameterException');
    const described = await on.client.send(new DescribeQueriesCommand({ status: 'Cancelled' }));
    expect(described.queries).toMatchObject([{ queryId: id, queryString: 'fields @message', logGroupName: '/app' }]);
    await on.clock.advance(7 * 86_400_000);
    expect((await failure(on.results(id))).name).toBe('ResourceNotFoundException');
  });

  test.each<[string, Partial<StartQueryCommandInput>, string]>([
    ['no log group', { logGroupName: undefined }, 'InvalidParameterException'],
    ['two ways to name groups', { logGroupNames: ['/app'] }, 'InvalidParameterException'],
    ['51 groups', { logGroupName: undefined, logGroupNames: Array(51).fill('/app') }, 'InvalidParameterException'],
    ['an unknown group', { logGroupName: '/other' }, 'ResourceNotFoundException'],
    ['an ARN that ends in :*', { logGroupName: undefined, logGroupIdentifiers: ['/app:*'] }, 'ValidationException'],
    ['an end before the start', { endTime: 0 }, 'InvalidParameterException'],
    ['a time before the group was', { startTime: 0, endTime: 1000 }, 'MalformedQueryException'],
    ['a limit of 100,001', { limit: 100_001 }, 'InvalidParameterException'],
    [
      'groups beside SOURCE',
      { queryString: "SOURCE logGroups(namePrefix: ['/app']) | limit 1" },
      'InvalidParameterException',
    ],
    ['a query of 10,001 characters', { queryString: 'x'.repeat(10_001) }, 'InvalidParameterException'],
  ])('refuses %s', async (_, input, name) => {
    const on = stage();
    expect((await failure(on.begun(input))).name).toBe(name);
    expect(on.region.queries.size).toBe(0);
  });

  test('SOURCE selects groups by prefix and class; positions in errors stay right', async () => {
    const on = stage();
    on.aws.account(accountID).logGroup('us-east-1', { name: '/apple', logGroupClass: 'INFREQUENT_ACCESS' });
    const source = "SOURCE logGroups(namePrefix: ['/app'], class: ['STANDARD'])";
    const id = await on.begun({ logGroupName: undefined, queryString: `${source} | stats count(*) as n` });
    await on.clock.advance(2000);
    expect(await on.results(id)).toMatchObject({ rows: [{ n: '4' }], statistics: { logGroupsScanned: 1 } });
    const refused = failure(on.begun({ logGroupName: undefined, queryString: `${source} | nope` }));
    expect((await refused).message).toBe(`unexpected symbol found nope at line 1 and position ${source.length + 4}`);
  });

  test('100 run at a time', async () => {
    const on = stage(0);
    for (let count = 0; count < 100; count++) await on.begun();
    expect((await failure(on.begun())).name).toBe('LimitExceededException');
    await on.clock.advance(2000);
    expect(await on.begun()).not.toBe('');
  });

  test('what is masked stays so, in fields too; unmask needs a permission of its own', async () => {
    const on = stage(0);
    const mail = { from: 'ann@example.com' };
    on.group.dataProtection = { document: maskingEmail, lastUpdatedTime: 0 };
    on.add(JSON.stringify(mail), begin);
    const query = 'fields from, strlen(from) as n, unmask(from) as clear';
    expect(await on.query('fields from | filter from like /ann/')).toEqual([]);
    expect(await on.query(query)).toEqual([{ from: '***************', n: '15', clear: 'ann@example.com' }]);
    on.aws.deny(accountID, 'logs:Unmask');
    expect((await failure(on.start(query))).name).toBe('AccessDeniedException');
    expect(await on.query('fields from')).toHaveLength(1);
  });
});
