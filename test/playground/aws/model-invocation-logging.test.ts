import {
  type BedrockClient,
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  type LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#src/domain/json.ts';
import { accountID, clientsOf, failure, region, simulated } from './clients.ts';

const group = '/aws/bedrock';
const stream = 'aws/bedrock/modelinvocations';
const permissionCheck = `AWSLogs/${accountID}/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check`;
const allOff = {
  textDataDeliveryEnabled: false,
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
  audioDataDeliveryEnabled: false,
};

/** An account where everything that the configuration needs is in place. */
function prepared() {
  const simulation = simulated();
  const account = simulation.aws.account(accountID);
  const role = account.loggingRole({ name: 'bedrock', region, logGroup: group });
  account.logGroup(region, { name: group });
  const { bedrock } = simulation;
  return {
    ...simulation,
    account,
    role,
    logging: { cloudWatchConfig: { logGroupName: group, roleArn: role.arn }, ...allOff, textDataDeliveryEnabled: true },
    put: (loggingConfig: LoggingConfig) =>
      bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig })),
    get: async () => (await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig,
    remove: () => bedrock.send(new DeleteModelInvocationLoggingConfigurationCommand({})),
    raw: () => rawConfiguration(bedrock),
  };
}

/** The configuration as it comes over the wire: SDKs drop what they do not know. */
async function rawConfiguration(bedrock: BedrockClient): Promise<unknown> {
  let body: unknown;
  bedrock.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response: unknown = result.response;
      const bytes: unknown = typeof response === 'object' && response !== null && Reflect.get(response, 'body');
      if (bytes instanceof Uint8Array) body = JSON.parse(new TextDecoder().decode(bytes));
      return result;
    },
    { step: 'deserialize', name: 'raw', override: true, priority: 'low' },
  );
  await bedrock.send(new GetModelInvocationLoggingConfigurationCommand({}));
  return body;
}

describe('model invocation logging', () => {
  test('is one object per account and Region: absent, put, replaced whole, deleted, deleted again', async () => {
    const { aws, put, get, remove, logging, account } = prepared();
    expect(await get()).toBeUndefined();
    await put(logging);
    expect(await get()).toEqual(logging);
    account.bucket(region, 'records');
    await put({ s3Config: { bucketName: 'records' }, ...allOff });
    expect(await get()).toEqual({ s3Config: { bucketName: 'records' }, ...allOff });
    const elsewhere = clientsOf(aws, { region: 'eu-west-1' }).bedrock;
    expect((await elsewhere.send(new GetModelInvocationLoggingConfigurationCommand({}))).loggingConfig).toBeUndefined();
    await remove();
    await remove();
    expect(await get()).toBeUndefined();
  });

  test('a data type that is left out is on', async () => {
    const { put, get, logging } = prepared();
    await put({ cloudWatchConfig: logging.cloudWatchConfig, textDataDeliveryEnabled: false });
    expect(await get()).toMatchObject({ textDataDeliveryEnabled: false, audioDataDeliveryEnabled: true });
  });

  test('members that the SDK does not know are kept and come back', async () => {
    const { aws, account, bedrock, logging, raw } = prepared();
    const unknown: JsonObject = { ...logging, futureConfig: { depth: [1] } };
    bedrock.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        if (typeof request === 'object' && request !== null && Reflect.get(request, 'method') === 'PUT') {
          Reflect.set(request, 'body', JSON.stringify({ loggingConfig: unknown }));
          Reflect.get(request, 'headers')['content-length'] = String(JSON.stringify({ loggingConfig: unknown }).length);
        }
        return next(args);
      },
      { step: 'build', name: 'unknown' },
    );
    await bedrock.send(new PutModelInvocationLoggingConfigurationCommand({ loggingConfig: logging }));
    expect(await raw()).toEqual({ loggingConfig: unknown });
    account.region(region).invocationLogging.defaults = {
      ...account.region(region).invocationLogging.defaults,
      speechDataDeliveryEnabled: true,
    };
    expect(await raw()).toEqual({ loggingConfig: { ...unknown, speechDataDeliveryEnabled: true } });
    expect(aws.calls.at(-1)?.outcome).toMatchObject({ kind: 'Answered' });
  });

  test('success leaves a line that is not JSON, and permission-check objects', async () => {
    const { account, aws, put, logging } = prepared();
    const records = account.bucket(region, 'records');
    const large = account.bucket(region, 'large');
    await put({
      ...logging,
      cloudWatchConfig: {
        ...logging.cloudWatchConfig,
        largeDataDeliveryS3Config: { bucketName: 'large', keyPrefix: 'bodies' },
      },
      s3Config: { bucketName: 'records' },
    });
    expect(account.region(region).logGroups.get(group)?.streams.get(stream)?.events).toMatchObject([
      { message: 'Permissions are correctly set for Amazon Bedrock logs.' },
    ]);
    expect([...records.objects]).toEqual([[permissionCheck, '']]);
    expect([...large.objects]).toEqual([[`bodies/${permissionCheck}`, '']]);
    expect(aws.snapshot()).toMatchObject({ buckets: { records: { objects: [permissionCheck] } } });
  });

  type Spoil = (given: ReturnType<typeof prepared>) => void;
  test.each<[string, Spoil]>([
    ['the log group does not exist', ({ account }) => void account.region(region).logGroups.delete(group)],
    ['the role does not exist', ({ account }) => void account.state.roles.delete('bedrock')],
    ['the role changed a moment ago', ({ role, clock }) => void (role.changedAt = clock.now())],
    [
      'another service is trusted',
      ({ role }) =>
        void (role.trust = {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
    ],
    [
      'the trust is for another account',
      ({ role }) =>
        void (role.trust = {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'bedrock.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
            },
          ],
        }),
    ],
    [
      'the permissions are on an ARN with :*',
      ({ role }) =>
        void (role.policies = [
          {
            Statement: [
              {
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                Resource: `arn:aws:logs:${region}:${accountID}:log-group:${group}:*:log-stream:${stream}`,
              },
            ],
          },
        ]),
    ],
    [
      'one of the two actions is missing',
      ({ role }) =>
        void (role.policies = [{ Statement: { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' } }]),
    ],
  ])('is refused with one and the same message when %s', async (_reason, spoil) => {
    const given = prepared();
    spoil(given);
    await expect(failure(given.put(given.logging))).resolves.toEqual({
      name: 'ValidationException',
      message: `Failed to validate permissions for log group: ${group}, with role: ${given.role.arn}. Verify the IAM role permissions are correct.`,
      status: 400,
    });
    expect(await given.get()).toBeUndefined();
  });

  test('a role that changed is seen once IAM has propagated it', async () => {
    const { clock, role, put, logging } = prepared();
    role.changedAt = clock.now();
    await clock.advance(9_999);
    await expect(failure(put(logging))).resolves.toMatchObject({ name: 'ValidationException' });
    await clock.advance(1);
    await put(logging);
  });

  test('a caller who may not pass the role, and a role of another account', async () => {
    const { aws, role, put, logging } = prepared();
    const allow = aws.deny(accountID, 'iam:PassRole', role.arn);
    await expect(failure(put(logging))).resolves.toEqual({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `User: arn:aws:iam::${accountID}:user/operator is not authorized to perform: iam:PassRole on resource: ${role.arn}`,
      ),
      status: 403,
    });
    allow();
    await put(logging);
    const foreign = 'arn:aws:iam::999999999999:role/bedrock';
    await expect(
      failure(put({ ...logging, cloudWatchConfig: { ...logging.cloudWatchConfig, roleArn: foreign } })),
    ).resolves.toMatchObject({ name: 'AccessDeniedException', message: 'Cross-account pass role is not allowed.' });
  });

  test.each<[string, (given: ReturnType<typeof prepared>) => void]>([
    ['does not exist', () => {}],
    ['is in another Region', ({ account }) => void account.bucket('eu-west-1', 'records')],
    ['is of another account', ({ aws }) => void aws.account('999999999999').bucket(region, 'records')],
    ['has ACLs', ({ account }) => void account.bucket(region, 'records', { objectOwnership: 'ObjectWriter' })],
    [
      'has no policy for Bedrock, and the caller may not attach one',
      ({ aws, account }) => {
        account.bucket(region, 'records');
        aws.deny(accountID, 's3:PutBucketPolicy');
      },
    ],
  ])('a bucket that %s is refused, before anything else happens', async (_reason, prepare) => {
    const given = prepared();
    prepare(given);
    await expect(failure(given.put({ ...given.logging, s3Config: { bucketName: 'records' } }))).resolves.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('bucket: records'),
    });
    expect(given.account.region(region).logGroups.get(group)?.streams.size).toBe(0);
  });

  test('a statement for Bedrock is added to the bucket policy once, beside what was there', async () => {
    const { account, put } = prepared();
    const others = { Sid: 'Ours', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: '*' };
    const bucket = account.bucket(region, 'records', { policy: { Version: '2012-10-17', Statement: [others] } });
    await put({ s3Config: { bucketName: 'records', keyPrefix: 'p' }, ...allOff });
    await put({ s3Config: { bucketName: 'records', keyPrefix: 'p' }, ...allOff });
    expect(bucket.policy?.['Statement']).toEqual([
      others,
      expect.objectContaining({
        Sid: 'AmazonBedrockLogsWrite',
        Resource: [`arn:aws:s3:::records/p/AWSLogs/${accountID}/BedrockModelInvocationLogs/*`],
      }),
    ]);
  });

  test.each<[string, LoggingConfig, RegExp]>([
    ['no destination', allOff, /At least one/],
    [
      'no role',
      { cloudWatchConfig: { logGroupName: group, roleArn: undefined } },
      /Value null at 'loggingConfig\.cloudWatchConfig\.roleArn'/,
    ],
    [
      'a role that is no ARN of one',
      { cloudWatchConfig: { logGroupName: group, roleArn: 'bedrock' } },
      /regular expression pattern/,
    ],
    ['a bucket name of two characters', { s3Config: { bucketName: 'ab' } }, /greater than or equal to 3/],
  ])('refuses %s', async (_reason, loggingConfig, message) => {
    const { put } = prepared();
    await expect(failure(put(loggingConfig))).resolves.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });
});

describe('invocations', () => {
  const invocation = {
    modelId: 'anthropic.claude',
    prompt: 'mail jane@example.com',
    completion: 'done',
    inputTokenCount: 7,
    outputTokenCount: 1,
    identity: `arn:aws:sts::${accountID}:assumed-role/app/session`,
  };

  test('go to the log group with bodies, without them, or nowhere', async () => {
    const { account, put, remove, logging } = prepared();
    const events = () => account.region(region).logGroups.get(group)?.streams.get(stream)?.events ?? [];
    account.invoke(region, invocation);
    expect(events()).toEqual([]);
    await put(logging);
    account.invoke(region, invocation);
    await put({ ...logging, textDataDeliveryEnabled: false });
    account.invoke(region, invocation);
    await remove();
    account.invoke(region, invocation);
    const records = events().flatMap(({ message }) => (message.startsWith('{') ? [JSON.parse(message)] : []));
    expect(records).toMatchObject([
      { modelId: 'anthropic.claude', input: { inputBodyJson: { messages: [{}] }, inputTokenCount: 7 } },
      { modelId: 'anthropic.claude', input: { inputTokenCount: 7 } },
    ]);
    expect(records[1].input).not.toHaveProperty('inputBodyJson');
  });

  test('leave bodies over 100 KB to S3', async () => {
    const { account, put, logging } = prepared();
    const bucket = account.bucket(region, 'large');
    await put({
      ...logging,
      cloudWatchConfig: { ...logging.cloudWatchConfig, largeDataDeliveryS3Config: { bucketName: 'large' } },
    });
    account.invoke(region, { ...invocation, prompt: 'x'.repeat(101 * 1024) });
    const record = JSON.parse(
      account.region(region).logGroups.get(group)?.streams.get(stream)?.events.at(-1)?.message ?? '',
    );
    expect(record.input.inputBodyS3Path).toMatch(/^s3:\/\/large\/AWSLogs\/.*_input\.json\.gz$/);
    expect(bucket.objects.size).toBe(2);
  });
});
