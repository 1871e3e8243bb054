import {
  CreateLogStreamCommand,
  DeleteDataProtectionPolicyCommand,
  DescribeLogGroupsCommand,
  GetDataProtectionPolicyCommand,
  GetLogEventsCommand,
  PutDataProtectionPolicyCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { accountID, clientsOf, failure, region, simulated } from './clients.ts';

const name = '/aws/bedrock';
const managed = (identifier: string, partition = 'aws') =>
  `arn:${partition}:dataprotection::aws:data-identifier/${identifier}`;

interface Choices {
  readonly name?: string;
  readonly version?: string;
  readonly audited?: readonly string[];
  readonly masked?: readonly string[];
  readonly findings?: object | undefined;
  readonly mask?: object;
  readonly customs?: readonly object[];
  readonly reversed?: boolean;
}

function policy(choices: Choices = {}): string {
  const audited = choices.audited ?? [managed('EmailAddress')];
  const statements = [
    {
      Sid: 'audit',
      DataIdentifier: audited,
      Operation: { Audit: { FindingsDestination: 'findings' in choices ? choices.findings : {} } },
    },
    {
      Sid: 'redact',
      DataIdentifier: choices.masked ?? audited,
      Operation: { Deidentify: { MaskConfig: choices.mask ?? {} } },
    },
  ];
  return JSON.stringify({
    Name: choices.name ?? 'masking',
    Description: 'Masks',
    Version: choices.version ?? '2021-06-01',
    Statement: choices.reversed === true ? statements.toReversed() : statements,
    ...(choices.customs && { Configuration: { CustomDataIdentifier: choices.customs } }),
  });
}

function withGroup() {
  const simulation = simulated();
  simulation.aws.account(accountID).logGroup(region, { name });
  return simulation;
}

describe('data protection', () => {
  test('put, get, activate, replace, delete', async () => {
    const { logs } = withGroup();
    const status = async () =>
      (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }))).logGroups?.[0]
        ?.dataProtectionStatus;
    const get = async () =>
      (await logs.send(new GetDataProtectionPolicyCommand({ logGroupIdentifier: name }))).policyDocument;

    expect([await status(), await get()]).toEqual([undefined, undefined]);
    await logs.send(new PutDataProtectionPolicyCommand({ logGroupIdentifier: name, policyDocument: policy() }));
    expect([await status(), await get()]).toEqual(['ACTIVATED', policy()]);
    const other = policy({ name: 'other' });
    await logs.send(new PutDataProtectionPolicyCommand({ logGroupIdentifier: name, policyDocument: other }));
    expect(await get()).toBe(other);
    await logs.send(new DeleteDataProtectionPolicyCommand({ logGroupIdentifier: name }));
    expect([await status(), await get()]).toEqual(['DELETED', undefined]);
  });

  test('a group that does not exist, or an ARN with :*', async () => {
    const { logs } = withGroup();
    const get = (logGroupIdentifier: string) =>
      failure(logs.send(new GetDataProtectionPolicyCommand({ logGroupIdentifier })));
    await expect(get('/none')).resolves.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get(`arn:aws:logs:${region}:${accountID}:log-group:${name}:*`)).resolves.toMatchObject({
      name: 'ValidationException',
    });
  });

  test.each<[string, string, RegExp]>([
    ['what is not JSON', '{', /not valid JSON/],
    ['a name with a slash', policy({ name: 'a/b' }), /Policy Name can only include/],
    ['another version', policy({ version: '2020-01-01' }), /Version/],
    ['the statements in the other order', policy({ reversed: true }), /exactly two statements/],
    ['no findings destination member', policy({ findings: undefined }), /FindingsDestination/],
    ['a mask configuration that is not empty', policy({ mask: { x: 1 } }), /MaskConfig/],
    ['different arrays', policy({ masked: [managed('Name')] }), /must match exactly/],
    [
      'the same identifiers in another order',
      policy({ audited: [managed('Name'), managed('Address')], masked: [managed('Address'), managed('Name')] }),
      /must match exactly/,
    ],
    [
      'a country-less identifier that has countries',
      policy({ audited: [managed('PhoneNumber')] }),
      /PhoneNumber is not a valid Data Identifier/,
    ],
    [
      'an identifier of another partition',
      policy({ audited: [managed('Name', 'aws-cn')] }),
      /is not a valid Data Identifier/,
    ],
    ['a custom identifier that is not declared', policy({ audited: ['MRN'] }), /MRN is not a valid Data Identifier/],
    ['no identifiers', policy({ audited: [] }), /at least one DataIdentifier/],
    [
      'eleven custom identifiers',
      policy({ customs: Array.from({ length: 11 }, (_, i) => ({ Name: `c${i}`, Regex: 'x' })) }),
      /at most 10/,
    ],
    [
      'a custom identifier with the name of a managed one',
      policy({ customs: [{ Name: 'EmailAddress', Regex: 'x' }] }),
      /managed/,
    ],
    ['a regex with parentheses', policy({ customs: [{ Name: 'c', Regex: '(x)' }] }), /Regex/],
    ['a regex that is none', policy({ customs: [{ Name: 'c', Regex: '[x' }] }), /Regex/],
    [
      'a findings log group that does not exist',
      policy({ findings: { CloudWatchLogs: { LogGroup: '/findings' } } }),
      /does not exist: CloudWatchLogs \/findings/,
    ],
    [
      'a findings bucket that does not exist',
      policy({ findings: { S3: { Bucket: 'none' } } }),
      /does not exist: S3 none/,
    ],
  ])('refuses %s', async (_reason, policyDocument, message) => {
    const { aws, logs } = withGroup();
    await expect(
      failure(logs.send(new PutDataProtectionPolicyCommand({ logGroupIdentifier: name, policyDocument }))),
    ).resolves.toMatchObject({ name: 'InvalidParameterException', message: expect.stringMatching(message) });
    expect(aws.account(accountID).region(region).logGroups.get(name)?.dataProtection).toBeUndefined();
  });

  test('takes findings destinations that exist, customs, and at most 30,720 characters', async () => {
    const { aws, logs } = withGroup();
    aws.account(accountID).logGroup(region, { name: '/findings' });
    aws.account(accountID).region(region).deliveryStreams.add('stream');
    aws.account(accountID).bucket(region, 'findings');
    const put = (policyDocument: string) =>
      logs.send(new PutDataProtectionPolicyCommand({ logGroupIdentifier: name, policyDocument }));
    const findings = {
      CloudWatchLogs: { LogGroup: '/findings' },
      Firehose: { DeliveryStream: 'stream' },
      S3: { Bucket: 'findings' },
    };
    await put(
      policy({ findings, audited: [managed('Ssn-US'), 'MRN'], customs: [{ Name: 'MRN', Regex: 'MRN-[0-9]{8}' }] }),
    );
    expect(aws.calls.at(-1)?.permissions.map((one) => one.action)).toEqual([
      'logs:PutDataProtectionPolicy',
      'logs:CreateLogDelivery',
    ]);
    await expect(failure(put(policy().padEnd(30_721)))).resolves.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('less than or equal to 30720'),
    });
    await put(policy().padEnd(30_720));
  });

  test('masks what comes in after the policy only, for every reader without unmask', async () => {
    const { aws, clock, logs } = withGroup();
    await logs.send(new CreateLogStreamCommand({ logGroupName: name, logStreamName: 's' }));
    const write = (message: string) =>
      logs.send(
        new PutLogEventsCommand({
          logGroupName: name,
          logStreamName: 's',
          logEvents: [{ timestamp: clock.now(), message }],
        }),
      );
    const read = async (unmask: boolean) =>
      (
        await logs.send(
          new GetLogEventsCommand({ logGroupName: name, logStreamName: 's', startFromHead: true, unmask }),
        )
      ).events?.map((event) => event.message);
    await write('before jane@example.com');
    await logs.send(
      new PutDataProtectionPolicyCommand({
        logGroupIdentifier: name,
        policyDocument: policy({
          audited: [managed('EmailAddress'), 'MRN'],
          customs: [{ Name: 'MRN', Regex: 'MRN-[0-9]{4}' }],
        }),
      }),
    );
    await write('after jane@example.com, MRN-1234');
    await logs.send(new DeleteDataProtectionPolicyCommand({ logGroupIdentifier: name }));
    await write('gone jane@example.com');

    expect(await read(false)).toEqual([
      'before jane@example.com',
      'after ****************, ********',
      'gone jane@example.com',
    ]);
    expect((await read(true))?.[1]).toBe('after jane@example.com, MRN-1234');
    aws.deny(accountID, 'logs:Unmask');
    await expect(failure(read(true))).resolves.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('in China only the Standard class can have a policy', async () => {
    const { aws } = simulated();
    const china = aws.account('999900001111', 'aws-cn');
    china.logGroup('cn-north-1', { name, logGroupClass: 'INFREQUENT_ACCESS' });
    const there = clientsOf(aws, { account: '999900001111', region: 'cn-north-1' });
    const policyDocument = policy({ audited: [managed('EmailAddress', 'aws-cn')] });
    await expect(
      failure(there.logs.send(new PutDataProtectionPolicyCommand({ logGroupIdentifier: name, policyDocument }))),
    ).resolves.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('INFREQUENT_ACCESS'),
    });
  });
});
