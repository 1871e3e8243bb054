import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { accountID, clientsOf, failure, region, simulated, unlisted } from './clients.ts';

const name = '/aws/bedrock';
const arn = `arn:aws:logs:${region}:${accountID}:log-group:${name}`;
const dayMs = 24 * 60 * 60 * 1000;

describe('log groups', () => {
  test('a prefix finds siblings, a pattern answers with little, and the two exclude each other', async () => {
    const { aws, logs } = simulated();
    for (const one of ['/a', '/ab', '/b/a']) aws.account(accountID).logGroup(region, { name: one, retentionInDays: 7 });

    const prefixed = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/a' }));
    expect(prefixed.logGroups?.map((one) => one.logGroupName)).toEqual(['/a', '/ab']);
    const matched = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'A' }));
    expect(matched.logGroups?.map((one) => one.logGroupName)).toEqual(['/a', '/ab', '/b/a']);
    expect(matched.logGroups?.[0]).not.toHaveProperty('retentionInDays');
    const named = await logs.send(
      new DescribeLogGroupsCommand({
        logGroupIdentifiers: ['/ab', `arn:aws:logs:${region}:${accountID}:log-group:/b/a`, '/missing'],
      }),
    );
    expect(named.logGroups?.map((one) => one.logGroupName)).toEqual(['/ab', '/b/a']);
    await expect(
      failure(logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/a', logGroupNamePattern: 'a' }))),
    ).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('pages of at most 50', async () => {
    const { aws, logs } = simulated();
    for (let i = 0; i < 120; i++) aws.account(accountID).logGroup(region, { name: `/g/${String(i).padStart(3, '0')}` });

    const sizes: number[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new DescribeLogGroupsCommand({ ...(nextToken && { nextToken }) }));
      sizes.push(page.logGroups?.length ?? 0);
      nextToken = page.nextToken;
    } while (nextToken);
    expect(sizes).toEqual([50, 50, 20]);
    await expect(failure(logs.send(new DescribeLogGroupsCommand({ limit: 51 })))).resolves.toMatchObject({
      message: expect.stringContaining('Member must have value less than or equal to 50'),
    });
    await expect(failure(logs.send(new DescribeLogGroupsCommand({ nextToken: 'made-up' })))).resolves.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('a class filter for a cheaper class answers with both of them', async () => {
    const { aws, logs } = simulated();
    const account = aws.account(accountID);
    account.logGroup(region, { name: '/s' });
    account.logGroup(region, { name: '/i', logGroupClass: 'INFREQUENT_ACCESS' });
    account.logGroup(region, { name: '/e', logGroupClass: 'ESSENTIALS' });

    const found = await logs.send(new DescribeLogGroupsCommand({ logGroupClass: 'INFREQUENT_ACCESS' }));
    expect(found.logGroups?.map((one) => one.logGroupName)).toEqual(['/e', '/i']);
  });

  test.each([
    ['a name outside the character set', { logGroupName: '/a b' }, 'InvalidParameterException'],
    ['a name of AWS', { logGroupName: 'aws/x' }, 'InvalidParameterException'],
    [
      'an unknown class',
      { logGroupName: '/x', logGroupClass: unlisted<'STANDARD'>('CHEAP') },
      'InvalidParameterException',
    ],
    ['a name that is taken', { logGroupName: name }, 'ResourceAlreadyExistsException'],
  ])('creation refuses %s', async (_reason, input, error) => {
    const { aws, logs } = simulated();
    aws.account(accountID).logGroup(region, { name });
    const before = aws.snapshot();
    await expect(failure(logs.send(new CreateLogGroupCommand(input)))).resolves.toMatchObject({
      name: error,
      status: 400,
    });
    expect(aws.snapshot()).toEqual(before);
  });

  test('retention takes the listed days only, and is infinite by omission', async () => {
    const { logs } = simulated();
    await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    const read = async () =>
      (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }))).logGroups?.[0]?.retentionInDays;

    expect(await read()).toBeUndefined();
    await expect(
      failure(logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: 8 }))),
    ).resolves.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(
        "Value '8' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5",
      ),
    });
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: 30 }));
    expect(await read()).toBe(30);
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: name }));
    expect(await read()).toBeUndefined();
  });

  test("an account retention policy wins a day later; the group's own value is stored but not shown", async () => {
    const { aws, clock, logs } = simulated();
    const state = aws.account(accountID).region(region);
    aws.account(accountID).logGroup(region, { name, retentionInDays: 7 });
    for (const [policy, days] of [
      ['short', 30],
      ['long', 365],
    ] as const) {
      state.retentionPolicies.push({
        name: policy,
        logGroupNamePrefix: '/aws',
        retentionInDays: days,
        enforcementMode: 'RETROACTIVE',
        createdAt: clock.now(),
      });
    }
    const read = async () =>
      (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }))).logGroups?.[0];

    expect(await read()).toMatchObject({ retentionInDays: 7 });
    await clock.advance(dayMs);
    expect(await read()).toMatchObject({ retentionInDays: 365, retentionPolicyName: 'long' });
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: 14 }));
    expect(await read()).toMatchObject({ retentionInDays: 365, retentionPolicyName: 'long' });
    expect(state.logGroups.get(name)?.retentionInDays).toBe(14);
  });

  test('deletion protection keeps a group', async () => {
    const { logs } = simulated();
    await logs.send(new CreateLogGroupCommand({ logGroupName: name, deletionProtectionEnabled: true }));
    await expect(failure(logs.send(new DeleteLogGroupCommand({ logGroupName: name })))).resolves.toEqual({
      name: 'ValidationException',
      message: 'Cannot delete log group with deletion protection enabled. Disable deletion protection first.',
      status: 400,
    });
    await logs.send(
      new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: name, deletionProtectionEnabled: false }),
    );
    await logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
    await expect(failure(logs.send(new DeleteLogGroupCommand({ logGroupName: name })))).resolves.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('a deleted group takes its data, its masking and its tags with it', async () => {
    const { aws, logs } = simulated();
    const group = aws.account(accountID).logGroup(region, { name, tags: { team: 'search' } });
    ingest(aws.account(accountID).region(region), group, streamOf(group, 'stream', 0), 'record', 0, 0);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
    await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    expect(aws.account(accountID).region(region).logGroups.get(name)).toMatchObject({
      streams: new Map(),
      dataProtection: undefined,
      tags: {},
    });
  });

  test('a policy may ask for a tag of the group that is changed', async () => {
    const { aws, logs } = simulated();
    aws.account(accountID).state.policies = [
      {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'logs:DeleteLogGroup',
            Resource: '*',
            Condition: { StringLike: { 'aws:ResourceTag/team': 'search-*' } },
          },
        ],
      },
    ];
    aws.account(accountID).logGroup(region, { name: '/theirs', tags: { team: 'ads' } });
    aws.account(accountID).logGroup(region, { name, tags: { team: 'search-eu' } });
    await expect(failure(logs.send(new DeleteLogGroupCommand({ logGroupName: '/theirs' })))).resolves.toMatchObject({
      name: 'AccessDeniedException',
    });
    await logs.send(new DeleteLogGroupCommand({ logGroupName: name }));
    expect([...aws.account(accountID).region(region).logGroups.keys()]).toEqual(['/theirs']);
  });

  test.each([
    ['that does not exist', undefined],
    ['that is disabled', { id: 'k', enabled: false }],
    ['that is asymmetric', { id: 'k', symmetric: false }],
    ['whose policy does not admit CloudWatch Logs', { id: 'k', allowsLogs: false }],
  ])('a KMS key %s is refused', async (_reason, seed) => {
    const { aws, logs } = simulated();
    aws.account(accountID).logGroup(region, { name });
    if (seed) aws.account(accountID).key(region, seed);
    const kmsKeyId = `arn:aws:kms:${region}:${accountID}:key/k`;
    await expect(
      failure(logs.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId }))),
    ).resolves.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(
      failure(logs.send(new CreateLogGroupCommand({ logGroupName: '/new', kmsKeyId }))),
    ).resolves.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('a KMS key of another Region is refused; a good one is associated and disassociated', async () => {
    const { aws, logs } = simulated();
    const account = aws.account(accountID);
    const group = account.logGroup(region, { name });
    const elsewhere = account.key('eu-west-1', { id: 'far' });
    await expect(
      failure(logs.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId: elsewhere.arn }))),
    ).resolves.toMatchObject({ message: 'The specified KMS Key Id could not be found.' });
    const key = account.key(region, { id: 'near' });
    await logs.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId: key.arn }));
    expect(group.kmsKeyId).toBe(key.arn);
    await logs.send(new DisassociateKmsKeyCommand({ logGroupName: name }));
    expect(group.kmsKeyId).toBeUndefined();
  });

  test('two writes of one group at a time: the second is OperationAborted, and SDKs do not retry it', async () => {
    const { aws } = simulated();
    const { logs } = clientsOf(aws, { maxAttempts: 3 });
    aws.account(accountID).logGroup(region, { name });
    aws.account(accountID).logGroup(region, { name: '/other' });
    const put = (logGroupName: string, retentionInDays: number) =>
      logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));

    const results = await Promise.allSettled([put(name, 7), put(name, 14), put('/other', 30)]);

    expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { name: 'OperationAbortedException' } });
    expect(aws.writes()).toHaveLength(3);
    await put(name, 14);
    expect(aws.account(accountID).region(region).logGroups.get(name)?.retentionInDays).toBe(14);
  });
});

describe('tags of log groups', () => {
  test('merge, untag, and refuse the ARN that ends with :*', async () => {
    const { logs } = simulated();
    await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags: { a: '1', b: '2' } }));
    await logs.send(new TagResourceCommand({ resourceArn: arn, tags: { b: '3', c: '4' } }));
    await logs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['a', 'absent'] }));
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags).toEqual({ b: '3', c: '4' });
    await expect(
      failure(logs.send(new ListTagsForResourceCommand({ resourceArn: `${arn}:*` }))),
    ).resolves.toMatchObject({ name: 'ValidationException' });
    await expect(
      failure(logs.send(new ListTagsForResourceCommand({ resourceArn: `${arn}-none` }))),
    ).resolves.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('more than 50 are too many, and the key characters are limited', async () => {
    const { logs } = simulated();
    await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags: { one: '1' } }));
    const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'v']));
    await expect(failure(logs.send(new TagResourceCommand({ resourceArn: arn, tags: fifty })))).resolves.toMatchObject({
      name: 'TooManyTagsException',
    });
    await expect(
      failure(logs.send(new TagResourceCommand({ resourceArn: arn, tags: { 'a,b': 'v' } }))),
    ).resolves.toMatchObject({ name: 'InvalidParameterException' });
    await expect(
      failure(logs.send(new TagResourceCommand({ resourceArn: arn, tags: { 'aws:x': 'v' } }))),
    ).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });
});
