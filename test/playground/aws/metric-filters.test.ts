import {
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutMetricFilterCommand,
  type PutMetricFilterCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { pointsOf } from '#src/playground/aws/metrics.ts';
import { accountID, failure, region, simulated } from './clients.ts';

const group = '/aws/bedrock';
const filter: PutMetricFilterCommandInput = {
  logGroupName: group,
  filterName: 'tokens',
  filterPattern: '{ $.requestMetadata.team = "search" || $.requestMetadata.team = "support" }',
  metricTransformations: [
    {
      metricNamespace: 'Mine',
      metricName: 'InputTokenCount',
      metricValue: '$.input.inputTokenCount',
      dimensions: { team: '$.requestMetadata.team' },
    },
  ],
};

function filters() {
  const { aws, clock, logs } = simulated();
  const account = aws.account(accountID);
  const made = account.logGroup(region, { name: group });
  return {
    aws,
    account,
    clock,
    made,
    put: (input: Partial<PutMetricFilterCommandInput> = {}) =>
      logs.send(new PutMetricFilterCommand({ ...filter, ...input })),
    list: async (filterNamePrefix?: string) =>
      (
        await logs.send(
          new DescribeMetricFiltersCommand({ logGroupName: group, ...(filterNamePrefix && { filterNamePrefix }) }),
        )
      ).metricFilters ?? [],
    remove: (filterName: string) => logs.send(new DeleteMetricFilterCommand({ logGroupName: group, filterName })),
    groups: async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? [],
    write: (record: object | string) =>
      ingest(
        account.region(region),
        made,
        streamOf(made, 'stream', clock.now()),
        typeof record === 'string' ? record : JSON.stringify(record),
        clock.now(),
        clock.now(),
      ),
    values: (dimensions: Record<string, string> = {}, name = 'InputTokenCount') =>
      pointsOf(account.region(region), { namespace: 'Mine', name, dimensions }).map(({ value }) => value),
  };
}

const call = (team: string, tokens: number) => ({ requestMetadata: { team }, input: { inputTokenCount: tokens } });

describe('metric filters', () => {
  test('count what comes after them, by the values in the record; a line without them is skipped', async () => {
    const { put, write, values } = filters();
    write(call('search', 1));
    await put();
    write('Permissions are correctly set for Amazon Bedrock logs.');
    write(call('search', 10));
    write(call('support', 20));
    write(call('other', 40));
    write({ requestMetadata: { team: 'search' }, input: {} });
    expect(values({ team: 'search' })).toEqual([10]);
    expect(values({ team: 'support' })).toEqual([20]);
    expect(values({ team: 'other' })).toEqual([]);
  });

  test('see masked text', async () => {
    const { put, write, values, made } = filters();
    const DataIdentifier = ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'];
    const document = JSON.stringify({ Statement: [{ DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } }] });
    made.dataProtection = { document, lastUpdatedTime: 0 };
    await put({ filterPattern: '{ $.requestMetadata.team = "*" }' });
    write(call('jane@example.com', 5));
    expect(values({ team: 'jane@example.com' })).toEqual([]);
    expect(values({ team: '****************' })).toEqual([5]);
  });

  test('a default value stands for what does not match', async () => {
    const { put, write, values } = filters();
    const metricTransformations = [
      { metricNamespace: 'Mine', metricName: 'Errors', metricValue: '1', defaultValue: 0 },
    ];
    await put({ filterPattern: '{ $.errorCode = "*" }', metricTransformations });
    write({ modelId: 'a' });
    write({ errorCode: 'ThrottlingException' });
    expect(values({}, 'Errors')).toEqual([0, 1]);
  });

  test('AWS switches a filter off that makes a thousand metrics, and shows it nowhere; a new put switches it on', async () => {
    const { put, write, values, list, clock } = filters();
    await put({ filterPattern: '{ $.requestMetadata.team = "*" }' });
    for (let n = 0; n < 600; n += 1) write(call(`team-${n}`, 1));
    await clock.advance(3_600_000);
    for (let n = 600; n < 1599; n += 1) write(call(`team-${n}`, 1));
    write(call('last', 1));
    write(call('search', 1));
    expect(values({ team: 'search' })).toEqual([]);
    expect(await list()).toEqual([expect.objectContaining({ filterName: 'tokens', creationTime: expect.any(Number) })]);
    await put();
    write(call('search', 2));
    expect(values({ team: 'search' })).toEqual([2]);
  });

  test('a put replaces the whole filter; the group counts them; a prefix is no name', async () => {
    const { put, list, groups } = filters();
    await put();
    await put({ filterName: 'tokens-2' });
    await put({
      filterPattern: 'plain',
      metricTransformations: [{ metricNamespace: 'N', metricName: 'M', metricValue: '1' }],
    });
    expect((await list('tokens')).map(({ filterName }) => filterName)).toEqual(['tokens', 'tokens-2']);
    expect((await list())[0]).toMatchObject({
      filterPattern: 'plain',
      metricTransformations: [{ metricNamespace: 'N', metricName: 'M', metricValue: '1' }],
    });
    expect((await groups())[0]?.metricFilterCount).toBe(2);
  });

  const transformation = filter.metricTransformations?.[0];
  test.each<[string, Partial<PutMetricFilterCommandInput>]>([
    ['a pattern that is none', { filterPattern: '{ $.a EXISTS }' }],
    ['a colon in the name', { filterName: 'a:b' }],
    ['no transformation', { metricTransformations: [] }],
    [
      'dimensions beside a default value',
      {
        metricTransformations: [
          { metricName: '', metricNamespace: '', metricValue: '', ...transformation, defaultValue: 0 },
        ],
      },
    ],
    [
      'four dimensions',
      {
        metricTransformations: [
          {
            metricName: 'a',
            metricNamespace: 'b',
            metricValue: '1',
            dimensions: { a: '$.a', b: '$.b', c: '$.c', d: '$.d' },
          },
        ],
      },
    ],
    [
      'a value that is no number',
      { metricTransformations: [{ metricName: 'a', metricNamespace: 'b', metricValue: 'x' }] },
    ],
  ])('%s is refused', async (_what, input) => {
    const { put } = filters();
    await expect(failure(put(input))).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('quotas: a hundred filters, five regular expressions a group', async () => {
    const { put } = filters();
    for (let n = 0; n < 5; n += 1) await put({ filterName: `r${n}`, filterPattern: '{ $.a = %x% }' });
    await expect(failure(put({ filterName: 'r5', filterPattern: '{ $.a = %x% }' }))).resolves.toMatchObject({
      name: 'LimitExceededException',
    });
    await put({ filterName: 'r4', filterPattern: '{ $.a = %y% }' });
    for (let n = 0; n < 95; n += 1) await put({ filterName: `f${n}` });
    await expect(failure(put({ filterName: 'more' }))).resolves.toMatchObject({ name: 'LimitExceededException' });
  });

  test('the cheaper class has none, and what is missing is not deleted', async () => {
    const { account, put, remove } = filters();
    account.logGroup(region, { name: '/cheap', logGroupClass: 'INFREQUENT_ACCESS' });
    await expect(failure(put({ logGroupName: '/cheap' }))).resolves.toMatchObject({
      name: 'InvalidOperationException',
    });
    await expect(failure(put({ logGroupName: '/none' }))).resolves.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(failure(remove('none'))).resolves.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
