import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { accountID, failure, region, simulated } from './clients.ts';

const other = '444455556666';
const operator = `arn:aws:iam::${accountID}:root`;

function roleElsewhere(externalID?: string) {
  const simulation = simulated();
  const role = simulation.aws
    .account(other)
    .assumableRole({ name: 'monitor', trusted: operator, ...(externalID !== undefined && { externalID }) });
  const assume = async (more: { ExternalId?: string; DurationSeconds?: number; RoleSessionName?: string } = {}) =>
    await simulation.sts.send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'bmon-c-ns', ...more }));
  return { ...simulation, role, assume };
}

describe('STS', () => {
  test('users of one account have keys of their own, and each is called by its name', async () => {
    const { aws } = simulated();
    const arnOf = async (user: string) => {
      const { requestHandler } = aws;
      const client = new STSClient({ region, credentials: aws.account(accountID).credentials(user), requestHandler });
      return (await client.send(new GetCallerIdentityCommand({}))).Arn;
    };
    const users = ['operator-a', 'operator-b'];
    for (const user of users) aws.account(accountID).credentials(user);
    const arns = [await arnOf('operator-a'), await arnOf('operator-b'), await arnOf('operator-a')];
    expect(arns).toEqual(
      ['operator-a', 'operator-b', 'operator-a'].map((user) => `arn:aws:iam::${accountID}:user/${user}`),
    );
    const keys = users.map((user) => aws.account(accountID).credentials(user).accessKeyId);
    expect(new Set(keys).size).toBe(2);
  });

  test('a session acts in the account of its role, under its own name', async () => {
    const { aws, assume } = roleElsewhere();
    const { Credentials, AssumedRoleUser } = await assume();
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${other}:assumed-role/monitor/bmon-c-ns`);
    expect(Credentials?.Expiration).toEqual(new Date('2026-01-01T01:00:00Z'));
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const { requestHandler } = aws;
    const identity = await new STSClient({ region, credentials, requestHandler }).send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity).toMatchObject({ Account: other, Arn: AssumedRoleUser?.Arn });
    aws.account(other).logGroup(region, { name: '/theirs' });
    aws.account(accountID).logGroup(region, { name: '/ours' });
    const logs = new CloudWatchLogsClient({ region, credentials, requestHandler });
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups?.map((one) => one.logGroupName)).toEqual(['/theirs']);
    expect(aws.calls.at(-1)).toMatchObject({ account: other, caller: AssumedRoleUser?.Arn });
  });

  test('the external ID must be the one that the trust asks for', async () => {
    const { role, assume } = roleElsewhere('cluster/namespace');
    const denied = {
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${accountID}:user/operator is not authorized to perform: sts:AssumeRole on resource: ${role.arn}`,
      status: 403,
    };
    await expect(failure(assume())).resolves.toEqual(denied);
    await expect(failure(assume({ ExternalId: 'cluster/other' }))).resolves.toEqual(denied);
    await expect(assume({ ExternalId: 'cluster/namespace' })).resolves.toHaveProperty('Credentials');
  });

  test('a role that is new, or trusts somebody else, is denied alike', async () => {
    const { clock, role, assume } = roleElsewhere();
    role.changedAt = clock.now();
    await expect(failure(assume())).resolves.toMatchObject({ name: 'AccessDenied' });
    await clock.advance(10_000);
    await expect(assume()).resolves.toHaveProperty('Credentials');
    role.trust = { Statement: [{ Effect: 'Allow', Principal: { AWS: '999999999999' }, Action: 'sts:AssumeRole' }] };
    await expect(failure(assume())).resolves.toMatchObject({ name: 'AccessDenied' });
  });

  test('sessions end, keys may be unknown, and input is checked', async () => {
    const { aws, clock, assume } = roleElsewhere();
    const { Credentials } = await assume({ DurationSeconds: 900 });
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: 's',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    const describeAs = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
      new CloudWatchLogsClient({ region, credentials, requestHandler: aws.requestHandler, maxAttempts: 1 }).send(
        new DescribeLogGroupsCommand({}),
      );
    await describeAs(session);
    await clock.advance(900_000);
    await expect(failure(describeAs(session))).resolves.toMatchObject({ name: 'ExpiredTokenException' });
    await expect(failure(describeAs({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 's' }))).resolves.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    await expect(failure(assume({ DurationSeconds: 7200 }))).resolves.toMatchObject({ name: 'ValidationError' });
    await expect(failure(assume({ RoleSessionName: 'a b' }))).resolves.toMatchObject({ name: 'ValidationError' });
  });
});
