import { describe, expect, test } from 'vitest';
import { createCloud } from '#src/aws/handlers.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { InvocationLogging } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, owner, region, signal, stage } from './stage.ts';

const group = '/aws/bedrock/invocations';
const ref = { kind: 'InvocationLogging', name: 'invocation-logging' } as const;
const roleArn = `arn:aws:iam::${accountID}:role/bedrock-logging`;
const off = {
  imageDataDeliveryEnabled: false,
  embeddingDataDeliveryEnabled: false,
  videoDataDeliveryEnabled: false,
  audioDataDeliveryEnabled: false,
};
const text: JsonObject = {
  cloudWatchConfig: { logGroupName: group, roleArn },
  textDataDeliveryEnabled: true,
  ...off,
};

keepsItsPromises({
  kind: 'InvocationLogging',
  prepare,
  desired: () => logging(text),
  edited: () =>
    logging({ ...text, imageDataDeliveryEnabled: true, s3Config: { bucketName: 'records', keyPrefix: 'a' } }),
  edit: ['s3Config', 'imageDataDeliveryEnabled'],
  foreign(on) {
    on.region.invocationLogging.configuration = { s3Config: { bucketName: 'records' }, textDataDeliveryEnabled: true };
  },
  undeclared(on) {
    const { configuration } = on.region.invocationLogging;
    on.region.invocationLogging.configuration = { ...configuration, retentionHint: { level: 'High' } };
    return () => on.region.invocationLogging.configuration?.['retentionHint'];
  },
  mark: undefined,
  // The line, the stream and the objects of Bedrock's permission check.
  left: ({ accounts = {}, buckets = {} }) => ({ accounts, buckets }),
});

describe('InvocationLogging', () => {
  test('members that the SDK does not know survive a read and a write', async () => {
    const on = stage();
    prepare(on);
    const raw = {
      ...text,
      hologramDataDeliveryEnabled: true,
      cloudWatchConfig: { logGroupName: group, roleArn, newMember: [1] },
    };
    await on.run(on.handlers().InvocationLogging.apply(logging(raw), undefined, signal));
    expect(on.region.invocationLogging.configuration).toEqual(raw);
    const found = await on.run(on.handlers().InvocationLogging.observe(ref, 'Always', signal));
    expect(found?.resource.configuration).toEqual(raw);
  });

  test('the raw configuration goes over real HTTP, too', async () => {
    const on = stage();
    prepare(on);
    const listening = await on.aws.listen();
    try {
      const { clock, account } = on;
      const cloud = createCloud({
        clock,
        cluster: owner.cluster,
        endpoint: listening.url,
        credentials: account.credentials(),
      });
      const { InvocationLogging } = on.handlers(cloud);
      const raw = { ...text, hologramDataDeliveryEnabled: true };
      await InvocationLogging.apply(logging(raw), undefined, signal);
      const found = await InvocationLogging.observe(ref, 'Always', signal);
      expect(found?.resource.configuration).toEqual(raw);
    } finally {
      await listening.close();
    }
  });

  test('all five flags are sent, and what was not asked for is off', async () => {
    const on = stage();
    prepare(on);
    const bare = logging({ cloudWatchConfig: { logGroupName: group, roleArn } });
    await on.run(on.handlers().InvocationLogging.apply(bare, undefined, signal));
    expect(on.region.invocationLogging.configuration).toMatchObject({ textDataDeliveryEnabled: false, ...off });
  });

  test('a flag of a newer AWS that reads back on is sent as off', async () => {
    const on = stage();
    prepare(on);
    on.region.invocationLogging.configuration = { ...text, hologramDataDeliveryEnabled: true };
    const found = await on.run(on.handlers().InvocationLogging.observe(ref, 'Always', signal));
    await on.run(on.handlers().InvocationLogging.apply(logging(text), found, signal));
    expect(on.region.invocationLogging.configuration).toEqual({ ...text, hologramDataDeliveryEnabled: false });
  });

  test('a destination that the spec does not name differs', async () => {
    const on = stage();
    on.region.invocationLogging.configuration = { ...text, s3Config: { bucketName: 'elsewhere' } };
    const found = await on.run(on.handlers().InvocationLogging.observe(ref, 'Always', signal));
    if (found === undefined) throw new Error('absent');
    expect(on.handlers().InvocationLogging.diff(logging(text), found)).toEqual([
      { path: 's3Config', from: { bucketName: 'elsewhere' }, to: null },
    ]);
  });

  test('a role that Bedrock cannot use yet is patience for two minutes, then Stalled with the statements', async () => {
    const on = stage();
    on.account.logGroup(region, { name: group });
    const cloud = on.cloud();
    const { InvocationLogging } = on.handlers(cloud);
    expect(await on.failure(InvocationLogging.apply(logging(text), undefined, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'RoleNotUsable',
    });
    await on.clock.advance(119_000);
    expect(await on.failure(InvocationLogging.apply(logging(text), undefined, signal))).toMatchObject({
      name: 'Waiting',
    });
    await on.clock.advance(2_000);
    expect(await on.failure(InvocationLogging.apply(logging(text), undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'RoleNotUsable',
      message: expect.stringMatching(
        /"Service":"bedrock.amazonaws.com".*logs:PutLogEvents.*log-stream:aws\/bedrock\/modelinvocations/,
      ),
    });
  });

  test('a new role becomes usable once IAM has spread it', async () => {
    const on = stage({ iamPropagationMs: 60_000 });
    prepare(on);
    on.account.loggingRole({ name: 'bedrock-logging', region, logGroup: group, changedAt: on.clock.now() });
    const { InvocationLogging } = on.handlers();
    expect(await on.failure(InvocationLogging.apply(logging(text), undefined, signal))).toMatchObject({
      name: 'Waiting',
    });
    await on.clock.advance(60_000);
    await on.run(InvocationLogging.apply(logging(text), undefined, signal));
    expect(on.region.invocationLogging.configuration).toEqual(text);
  });

  test('without iam:PassRole the message has that action and a statement to paste', async () => {
    const on = stage();
    prepare(on);
    on.aws.deny(accountID, 'iam:PassRole');
    expect(await on.failure(on.handlers().InvocationLogging.apply(logging(text), undefined, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'AccessDenied',
      message: expect.stringContaining(
        `{"Effect":"Allow","Action":"iam:PassRole","Resource":"${roleArn}","Condition":{"StringEquals":{"iam:PassedToService":"bedrock.amazonaws.com"}}}`,
      ),
    });
  });

  test('a bucket that Bedrock cannot use: Stalled with what it needs', async () => {
    const on = stage();
    prepare(on);
    on.account.bucket(region, 'with-acls', { objectOwnership: 'ObjectWriter' });
    const desired = logging({ ...text, s3Config: { bucketName: 'with-acls' } });
    expect(await on.failure(on.handlers().InvocationLogging.apply(desired, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'BucketNotUsable',
      message: expect.stringContaining('bucket with-acls'),
    });
  });

  test('an empty configuration, as some emulators answer, is absence', async () => {
    const on = stage();
    on.region.invocationLogging.defaults = {};
    on.region.invocationLogging.configuration = {};
    expect(await on.run(on.handlers().InvocationLogging.observe(ref, 'Always', signal))).toBeUndefined();
  });
});

function prepare(on: Stage): void {
  on.account.logGroup(region, { name: group });
  on.account.loggingRole({ name: 'bedrock-logging', region, logGroup: group });
  on.account.bucket(region, 'records');
}

function logging(configuration: JsonObject): InvocationLogging {
  return { ...ref, configuration };
}
