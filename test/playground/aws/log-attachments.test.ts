import {
  CreateLogAnomalyDetectorCommand,
  DeleteIndexPolicyCommand,
  DescribeAccountPoliciesCommand,
  DescribeIndexPoliciesCommand,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  GetLogAnomalyDetectorCommand,
  ListLogAnomalyDetectorsCommand,
  ListTagsForResourceCommand,
  PutIndexPolicyCommand,
  PutSubscriptionFilterCommand,
  UpdateLogAnomalyDetectorCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { masked } from '#src/playground/aws/masking.ts';
import { accountID, failure, region, simulated } from './clients.ts';

const group = '/aws/bedrock';
const groupARN = `arn:aws:logs:${region}:${accountID}:log-group:${group}`;
const stream = `arn:aws:kinesis:${region}:${accountID}:stream/records`;

function world() {
  const { aws, clock, logs } = simulated();
  const account = aws.account(accountID);
  const made = account.logGroup(region, { name: group });
  const here = account.region(region);
  const write = (message: string) =>
    ingest(here, made, streamOf(made, 's', clock.now()), message, clock.now(), clock.now());
  return { aws, account, here, clock, logs, made, write };
}

describe('subscription filters', () => {
  const role = `arn:aws:iam::${accountID}:role/logs-to-kinesis`;
  const input = { logGroupName: group, filterName: 'copy', filterPattern: '', destinationArn: stream, roleArn: role };
  const trust = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };

  test('the destination is tried before the filter is taken, in the words of its kind', async () => {
    const { logs, here, account } = world();
    const put = (more: object = {}) => logs.send(new PutSubscriptionFilterCommand({ ...input, ...more }));
    await expect(failure(put())).resolves.toMatchObject({ message: expect.stringMatching(/test message.*Kinesis/) });
    here.logDestinations.add(stream);
    await expect(failure(put())).resolves.toMatchObject({ name: 'InvalidParameterException' });
    account.role({ name: 'logs-to-kinesis', trust });
    await put();
    const { subscriptionFilters } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: group }));
    expect(subscriptionFilters).toEqual([expect.objectContaining({ ...input, distribution: 'ByLogStream' })]);
    const lambda = `arn:aws:lambda:${region}:${accountID}:function:f`;
    here.logDestinations.add(lambda);
    await expect(failure(put({ destinationArn: lambda }))).resolves.toMatchObject({
      message: expect.stringContaining('cannot be used with roleArn'),
    });
  });

  test('five a group; they forward what comes after them', async () => {
    const { logs, here, write, made } = world();
    const lambda = `arn:aws:lambda:${region}:${accountID}:function:f`;
    here.logDestinations.add(lambda);
    const put = (filterName: string) =>
      logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: group,
          filterName,
          filterPattern: '{ $.errorCode = "*" }',
          destinationArn: lambda,
        }),
      );
    write('{"errorCode":"before"}');
    for (const name of ['a', 'b', 'c', 'd', 'e']) await put(name);
    await expect(failure(put('f'))).resolves.toMatchObject({ name: 'LimitExceededException' });
    write('{"errorCode":"after"}');
    write('{}');
    expect(made.subscriptionFilters.get('a')?.delivered).toEqual(['{"errorCode":"after"}']);
  });
});

describe('field index policies', () => {
  const document = (fields: readonly string[]) => JSON.stringify({ Fields: fields });

  test('one a group, replaced as a whole; it hides the policy of the account', async () => {
    const { logs, here } = world();
    const list = async () =>
      (await logs.send(new DescribeIndexPoliciesCommand({ logGroupIdentifiers: [group] }))).indexPolicies ?? [];
    const put = (policyDocument: string) =>
      logs.send(new PutIndexPolicyCommand({ logGroupIdentifier: group, policyDocument }));
    expect(await list()).toEqual([]);
    here.accountIndexPolicy = { name: 'all', document: document(['traceId']), createdAt: 0 };
    expect(await list()).toEqual([expect.objectContaining({ source: 'ACCOUNT', policyName: 'all' })]);
    await put(document(['modelId']));
    expect(await list()).toEqual([
      expect.objectContaining({
        source: 'LOG_GROUP',
        policyDocument: document(['modelId']),
        logGroupIdentifier: groupARN,
      }),
    ]);
    await logs.send(new DeleteIndexPolicyCommand({ logGroupIdentifier: group }));
    expect(await list()).toEqual([expect.objectContaining({ source: 'ACCOUNT' })]);
    await expect(
      failure(logs.send(new DeleteIndexPolicyCommand({ logGroupIdentifier: group }))),
    ).resolves.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test.each([
    ['no field', '{}'],
    ['a member that AWS does not know', '{"Fields":["a"],"Owner":"me"}'],
    ['a field twice', '{"Fields":["a"],"FieldsV2":{"a":{"type":"FACET"}}}'],
    ['21 fields', document(Array.from({ length: 21 }, (_, n) => `f${n}`))],
    ['a long name', document(['x'.repeat(101)])],
  ])('%s is refused', async (_what, policyDocument) => {
    const { logs } = world();
    const put = logs.send(new PutIndexPolicyCommand({ logGroupIdentifier: group, policyDocument }));
    await expect(failure(put)).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('log anomaly detectors', () => {
  test('a group may have several of one name; tags are read apart; switched off reads as PAUSED', async () => {
    const { logs } = world();
    const create = () =>
      logs.send(
        new CreateLogAnomalyDetectorCommand({ logGroupArnList: [groupARN], detectorName: 'mine', tags: { team: 'x' } }),
      );
    const [one, two] = [await create(), await create()];
    expect(one.anomalyDetectorArn).not.toBe(two.anomalyDetectorArn);
    const { anomalyDetectors } = await logs.send(new ListLogAnomalyDetectorsCommand({ filterLogGroupArn: groupARN }));
    expect(anomalyDetectors).toHaveLength(2);
    expect(anomalyDetectors?.[0]).toMatchObject({ anomalyDetectorStatus: 'INITIALIZING', anomalyVisibilityTime: 21 });
    expect(anomalyDetectors?.[0]).not.toHaveProperty('tags');
    const anomalyDetectorArn = one.anomalyDetectorArn ?? '';
    expect(await logs.send(new ListTagsForResourceCommand({ resourceArn: anomalyDetectorArn }))).toMatchObject({
      tags: { team: 'x' },
    });
    await logs.send(
      new UpdateLogAnomalyDetectorCommand({ anomalyDetectorArn, enabled: false, evaluationFrequency: 'ONE_HOUR' }),
    );
    expect(await logs.send(new GetLogAnomalyDetectorCommand({ anomalyDetectorArn }))).toMatchObject({
      anomalyDetectorStatus: 'PAUSED',
      evaluationFrequency: 'ONE_HOUR',
      logGroupArnList: [groupARN],
    });
  });

  test('only the Standard class, and only the ARN without :*', async () => {
    const { logs, account } = world();
    account.logGroup(region, { name: '/cheap', logGroupClass: 'INFREQUENT_ACCESS' });
    const create = (logGroup: string) =>
      logs.send(new CreateLogAnomalyDetectorCommand({ logGroupArnList: [logGroup] }));
    await expect(failure(create(groupARN.replace(group, '/cheap')))).resolves.toMatchObject({
      name: 'InvalidOperationException',
    });
    await expect(failure(create(`${groupARN}:*`))).resolves.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('the masking policy of the account', () => {
  const DataIdentifier = ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'];
  const document = JSON.stringify({ Statement: [{ DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } }] });

  test('takes five minutes, masks beside that of the group, and is told by the group', async () => {
    const { logs, here, clock, write, made } = world();
    const inherited = async () =>
      (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.map((one) => one.inheritedProperties);
    here.accountDataProtection = { name: 'everywhere', document, createdAt: clock.now() };
    expect(await inherited()).toEqual([undefined]);
    await clock.advance(5 * 60_000);
    expect(await inherited()).toEqual([['ACCOUNT_DATA_PROTECTION']]);
    write('mail jane@example.com');
    expect(made.streams.get('s')?.events.map(masked)).toEqual(['mail ****************']);
    const { accountPolicies } = await logs.send(
      new DescribeAccountPoliciesCommand({ policyType: 'DATA_PROTECTION_POLICY' }),
    );
    expect(accountPolicies).toEqual([expect.objectContaining({ policyName: 'everywhere' })]);
  });
});
