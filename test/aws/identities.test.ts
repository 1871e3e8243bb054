import { describe, expect, test } from 'vitest';
import type { Stage } from './stage.ts';
import { accountID, owner, region, signal, stage } from './stage.ts';

const other = '444455556666';
const externalID = 'prod/genai';
const roleARN = `arn:aws:iam::${other}:role/bedrock-monitor`;
const target = { region, roleARN, externalID, namespace: 'genai' };

describe('identities', () => {
  test('the operator asks once in its life who it is', async () => {
    const on = stage();
    const cloud = on.cloud();
    for (const one of [region, 'eu-west-1', region]) {
      expect(await on.run(cloud.identity({ region: one }, signal))).toEqual({
        accountID,
        arn: `arn:aws:iam::${accountID}:user/operator`,
        partition: 'aws',
      });
    }
    expect(on.aws.calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  });

  test('a failure to learn it is not remembered', async () => {
    const on = stage();
    const cloud = on.cloud();
    on.aws.fault({ operation: 'GetCallerIdentity' }, { kind: 'Unavailable' }, 4);
    expect(await on.failure(cloud.identity({ region }, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'AWSUnavailable',
    });
    expect(await on.run(cloud.identity({ region }, signal))).toMatchObject({ accountID });
  });

  test('a role is assumed with the ExternalId and a session name that shows cluster and namespace', async () => {
    const on = withRole();
    const cloud = on.cloud();
    expect(await on.run(cloud.identity(target, signal))).toMatchObject({ accountID: other, partition: 'aws' });
    expect(on.aws.calls).toMatchObject([
      {
        operation: 'AssumeRole',
        input: { ExternalId: externalID, RoleArn: roleARN, RoleSessionName: 'bmon-prod-genai' },
      },
    ]);
  });

  test('a session name ends at 64 characters', async () => {
    const on = withRole();
    await on.run(on.cloud().identity({ ...target, namespace: 'n'.repeat(63) }, signal));
    expect(on.aws.calls[0]?.input['RoleSessionName']).toBe(`bmon-prod-${'n'.repeat(54)}`);
  });

  test('calls go out as the role, which is assumed again five minutes before it expires', async () => {
    const on = withRole();
    const cloud = on.cloud();
    const look = async () => {
      const identity = await on.run(cloud.identity(target, signal));
      const { LogGroup } = cloud.handlers(target, identity, owner, 'Edit');
      await on.run(LogGroup.observe({ kind: 'LogGroup', name: '/a' }, 'IfFree', signal));
    };
    const assumed = () => on.aws.calls.filter(({ operation }) => operation === 'AssumeRole').length;
    await Promise.all([look(), look()]);
    expect(assumed(), 'callers at one time share it').toBe(1);
    expect(on.aws.calls.at(-1)).toMatchObject({ operation: 'DescribeLogGroups', account: other });
    await on.clock.advance(54 * 60_000);
    await look();
    expect(assumed()).toBe(1);
    await on.clock.advance(2 * 60_000);
    await look();
    expect(assumed()).toBe(2);
  });

  test('while STS is down the old credentials serve until they expire', async () => {
    const on = withRole();
    const cloud = on.cloud();
    await on.run(cloud.identity(target, signal));
    await on.clock.advance(57 * 60_000);
    on.aws.fault({ operation: 'AssumeRole' }, { kind: 'Unavailable' }, 100);
    expect(await on.run(cloud.identity(target, signal))).toMatchObject({ accountID: other });
    await on.clock.advance(4 * 60_000);
    expect(await on.failure(cloud.identity(target, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'AWSUnavailable',
    });
  });

  test('a role that does not trust us: Stalled with the trust statement', async () => {
    const on = stage();
    expect(await on.failure(on.cloud().identity(target, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'AssumeRoleDenied',
      message: expect.stringContaining(
        `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${accountID}:user/operator"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"${externalID}"}}}`,
      ),
    });
  });

  test('without credentials nothing is known: Stalled CredentialsUnavailable', async () => {
    const on = stage();
    const cloud = on.cloud({
      credentials() {
        return Promise.reject(
          Object.assign(new Error('Could not load credentials from any providers'), {
            name: 'CredentialsProviderError',
          }),
        );
      },
    });
    expect(await on.failure(cloud.identity({ region }, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'CredentialsUnavailable',
      message: expect.stringContaining('Could not load credentials'),
    });
  });

  test('credentials that STS does not know are no matter of the Region', async () => {
    const on = stage();
    const cloud = on.cloud({ credentials: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' } });
    expect(await on.failure(cloud.identity({ region }, signal))).toMatchObject({ reason: 'CredentialsUnavailable' });
  });

  test('a Region that does not exist has no address', async () => {
    const on = stage();
    const noAddress = Object.assign(new Error('getaddrinfo ENOTFOUND sts.us-east-9.amazonaws.com'), {
      code: 'ENOTFOUND',
    });
    on.aws.onCall(() => {
      throw noAddress;
    });
    expect(await on.failure(on.cloud().identity({ region: 'us-east-9' }, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RegionUnavailable',
    });
  });

  test('namespaces share neither credentials nor batches', async () => {
    const on = withRole();
    const cloud = on.cloud();
    await on.run(cloud.identity(target, signal));
    await on.run(cloud.identity({ ...target, namespace: 'research' }, signal));
    expect(on.aws.calls.map(({ input }) => input['RoleSessionName'])).toEqual([
      'bmon-prod-genai',
      'bmon-prod-research',
    ]);
  });
});

function withRole(): Stage {
  const on = stage();
  on.aws
    .account(other)
    .assumableRole({ name: 'bedrock-monitor', trusted: `arn:aws:iam::${accountID}:root`, externalID });
  return on;
}
