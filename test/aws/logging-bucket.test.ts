import { describe, expect, test } from 'vitest';
import { bucketDelivery, DELIVERY_SID, recordsFolder } from '#src/domain/bedrock-access.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { bucketName } from '#src/domain/names.ts';
import { ownerMark } from '#src/domain/owner.ts';
import type { LoggingBucket, Observed } from '#src/domain/resource.ts';
import type { Bucket } from '#src/playground/aws/state.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { accountID, givenAway, owner, place, region, signal, stage, tags, written } from './stage.ts';

const name = bucketName(place);
const ref = { kind: 'LoggingBucket', name } as const;
const key = (id: string) => `arn:aws:kms:${region}:${accountID}:key/${id}`;
/** A bucket that receives under these prefixes. */
const receiving = (...prefixes: readonly (string | undefined)[]) => ({
  folders: prefixes.map((prefix) => recordsFolder(place, prefix)),
  delivery: { Sid: DELIVERY_SID, ...bucketDelivery(place, name, prefixes) },
});
const plain: LoggingBucket = {
  ...ref,
  ...receiving(undefined),
  objectOwnership: 'BucketOwnerEnforced',
  publicAccess: 'Blocked',
  tags,
};
const theirs: JsonObject = {
  Sid: 'Theirs',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: `arn:aws:s3:::${name}/*`,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const theirRule = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'theirs/' }, Expiration: { Days: '5' } };

keepsItsPromises({
  kind: 'LoggingBucket',
  desired: () => ({ ...plain, kmsKeyARN: key('one'), expirationInDays: 60 }),
  edited: () => ({
    ...plain,
    ...receiving('large'),
    kmsKeyARN: key('two'),
    expirationInDays: 30,
    tags: { ...tags, team: 'ads' },
  }),
  edit: ['kmsKeyARN', 'delivery.Resource', 'expirationInDays', 'tags.team'],
  foreign: (on) =>
    void on.account.bucket(region, name, {
      objectOwnership: 'ObjectWriter',
      publicAccessBlock: undefined,
      policy: { Version: '2012-10-17', Statement: [theirs] },
      lifecycle: { Rule: [theirRule] },
      tags: { 'aws:cloudformation:stack-name': 'shop' },
    }),
  mark: ownerMark(owner),
  stays: true,
  undeclared(on) {
    const bucket = bucketIn(on);
    const statements = bucket.policy?.['Statement'];
    const rules = bucket.lifecycle?.['Rule'];
    const isOurs = (one: object, member: string, value: string) => Reflect.get(one, member) !== value;
    const ofOthers = () => ({
      statements: list(bucketIn(on).policy?.['Statement']).filter((one) => !isOurs(one, 'Sid', 'Theirs')),
      rules: list(bucketIn(on).lifecycle?.['Rule']).filter((one) => !isOurs(one, 'ID', 'theirs')),
      tags: [bucketIn(on).tags['owner'], bucketIn(on).tags['aws:cloudformation:stack-name']],
    });
    bucket.tags['owner'] = 'somebody';
    if (!list(statements).some((one) => one['Sid'] === 'Theirs'))
      bucket.policy = { Version: '2012-10-17', Statement: [theirs, ...list(statements)] };
    if (!list(rules).some((one) => one['ID'] === 'theirs')) bucket.lifecycle = { Rule: [theirRule, ...list(rules)] };
    return ofOthers;
  },
});

keepsItsPromises({
  kind: 'LoggingBucket',
  form: 'without an expiration',
  desired: () => plain,
  edited: () => ({ ...plain, tags: { ...tags, team: 'ads' } }),
  edit: ['tags.team'],
  foreign: (on) => void on.account.bucket(region, name),
  mark: ownerMark(owner),
  stays: true,
  undeclared(on) {
    bucketIn(on).tags['owner'] = 'somebody';
    return () => bucketIn(on).tags['owner'];
  },
});

describe('LoggingBucket', () => {
  test('is made encrypted, private, without ACLs, with an expiry for what Bedrock delivers, and lets Bedrock in', async () => {
    const on = stage();
    await on.run(on.handlers().LoggingBucket.apply({ ...plain, kmsKeyARN: key('one') }, undefined, signal));
    const bucket = bucketIn(on);
    expect(bucket).toMatchObject({ region, accountID, objectOwnership: 'BucketOwnerEnforced', tags });
    expect(bucket.tags).toEqual(tags);
    expect(new Set(Object.values(bucket.publicAccessBlock ?? {}))).toEqual(new Set(['true']));
    expect(bucket.encryption).toMatchObject({
      Rule: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key('one') },
          BucketKeyEnabled: 'true',
        },
      ],
    });
    expect(bucket.lifecycle).toMatchObject({
      Rule: [
        {
          Status: 'Enabled',
          Filter: { Prefix: `AWSLogs/${accountID}/BedrockModelInvocationLogs/` },
          Expiration: { Days: '90' },
        },
      ],
    });
    expect(bucket.policy).toEqual({ Version: '2012-10-17', Statement: [plain.delivery] });
  });

  test('outside of us-east-1 the place is named', async () => {
    const on = stage();
    const there = { region: 'eu-central-1' };
    const identity = { accountID, arn: `arn:aws:iam::${accountID}:user/operator`, partition: 'aws' };
    const { LoggingBucket } = on.cloud().handlers(there, identity, owner, 'Edit');
    await on.run(LoggingBucket.apply(plain, undefined, signal));
    expect(bucketIn(on).region).toBe('eu-central-1');
  });

  test('the default expiry is set even after a crash between the two calls, and a removed one stays removed', async () => {
    const on = stage();
    on.aws.fault(
      { operation: 'PutBucketLifecycleConfiguration' },
      { kind: 'Error', code: 'AccessDenied', message: 'no' },
    );
    const { LoggingBucket } = on.handlers();
    await on.failure(LoggingBucket.apply(plain, undefined, signal));
    expect(bucketIn(on).lifecycle).toBeUndefined();
    await on.settle();
    const found = await look(on);
    expect(LoggingBucket.diff(plain, found)).toContainEqual({ path: 'expirationInDays', from: 'NeverExpire', to: 90 });
    await on.run(LoggingBucket.apply(plain, found, signal));
    await on.settle();
    expect(LoggingBucket.diff(plain, await look(on))).toEqual([]);
    expect(bucketIn(on).tags).toEqual(tags);
    bucketIn(on).lifecycle = undefined;
    expect(LoggingBucket.diff(plain, await look(on))).toEqual([]);
    expect(LoggingBucket.diff(plain, await look(on, 'IfFree')), 'a reason to read the tags').toHaveLength(1);
  });

  test('a shorter expiry is called data loss; for ever switches our rule off and leaves those of others', async () => {
    const on = stage();
    const { LoggingBucket } = on.handlers();
    await on.run(LoggingBucket.apply({ ...plain, expirationInDays: 60 }, undefined, signal));
    await on.settle();
    const rules = list(bucketIn(on).lifecycle?.['Rule']);
    bucketIn(on).lifecycle = { Rule: [theirRule, ...rules] };
    const found = await look(on);
    expect(LoggingBucket.diff({ ...plain, expirationInDays: 30 }, found)).toEqual([
      { path: 'expirationInDays', from: 60, to: 30, losesData: true },
    ]);
    const forEver = { ...plain, expirationInDays: 'NeverExpire' as const };
    expect(LoggingBucket.diff(forEver, found)).toEqual([{ path: 'expirationInDays', from: 60, to: 'NeverExpire' }]);
    await on.run(LoggingBucket.apply(forEver, found, signal));
    await on.settle();
    expect(list(bucketIn(on).lifecycle?.['Rule'])).toMatchObject([theirRule, { Status: 'Disabled' }]);
    expect(LoggingBucket.diff(forEver, await look(on))).toEqual([]);
  });

  test('the retention of the log group is what a new bucket begins with; later it lengthens and never shortens', async () => {
    const on = stage();
    const { LoggingBucket } = on.handlers();
    const least = (leastExpiration: number) => ({ ...plain, leastExpiration });
    const days = () => list(bucketIn(on).lifecycle?.['Rule']).map((rule) => Object(rule).Expiration.Days);
    await on.run(LoggingBucket.apply(least(60), undefined, signal));
    await on.settle();
    expect(days()).toEqual(['60']);
    const found = await look(on);
    expect(LoggingBucket.diff(least(7), found)).toEqual([]);
    expect(LoggingBucket.diff(plain, found)).toEqual([]);
    expect(LoggingBucket.diff(least(400), found)).toEqual([{ path: 'expirationInDays', from: 60, to: 400 }]);
    await on.run(LoggingBucket.apply(least(400), found, signal));
    await on.settle();
    expect(days()).toEqual(['400']);
    bucketIn(on).lifecycle = undefined;
    expect(LoggingBucket.diff(least(7), await look(on)), 'what keeps for ever goes on so').toEqual([]);
  });

  test('two places in one bucket are one statement and a rule each', async () => {
    const on = stage();
    const desired = { ...plain, ...receiving('large', 'whole'), expirationInDays: 30 };
    await on.run(on.handlers().LoggingBucket.apply(desired, undefined, signal));
    expect(list(bucketIn(on).policy?.['Statement'])).toHaveLength(1);
    expect(list(bucketIn(on).lifecycle?.['Rule']).map((rule) => rule['Filter'])).toEqual([
      { Prefix: `large/AWSLogs/${accountID}/BedrockModelInvocationLogs/` },
      { Prefix: `whole/AWSLogs/${accountID}/BedrockModelInvocationLogs/` },
    ]);
  });

  test('the statement that AWS attaches by itself stays beside ours', async () => {
    const on = stage();
    const attached = { ...plain.delivery, Sid: 'AmazonBedrockLogsWrite' };
    on.account.bucket(region, name, { tags, policy: { Version: '2012-10-17', Statement: [attached] } });
    await on.run(on.handlers().LoggingBucket.apply(plain, await look(on), signal));
    expect(list(bucketIn(on).policy?.['Statement'])).toEqual([attached, plain.delivery]);
  });

  test('a name that another account has: Stalled, and how to get out', async () => {
    const on = stage();
    on.aws.account('999999999999').bucket(region, name);
    expect(await on.failure(on.handlers().LoggingBucket.apply(plain, undefined, signal))).toMatchObject({
      name: 'Stalled',
      reason: 'NotOwned',
      message: expect.stringContaining('bucket.create.name'),
    });
    expect(await on.failure(on.handlers().LoggingBucket.observe(ref, 'IfFree', signal))).toMatchObject({
      reason: 'AccessDenied',
      message: expect.stringContaining("another account's"),
    });
  });

  test('a bucket of another Region: Stalled', async () => {
    const on = stage();
    on.account.bucket('eu-west-1', name);
    expect(await on.failure(on.handlers().LoggingBucket.observe(ref, 'IfFree', signal))).toMatchObject({
      name: 'Stalled',
      reason: 'BucketNotUsable',
    });
  });

  test('in us-east-1 one that somebody made in the same moment is left alone', async () => {
    const on = stage();
    on.account.bucket(region, name, { tags: { owner: 'somebody' } });
    const before = on.aws.snapshot();
    expect(await on.failure(on.handlers().LoggingBucket.apply(plain, undefined, signal))).toMatchObject({
      name: 'Waiting',
      reason: 'ConcurrentChange',
    });
    expect(on.aws.snapshot()).toEqual(before);
  });

  test('tags that only the tag API may change: Stalled with the command', async () => {
    const on = stage();
    on.account.bucket(region, name, { tags: givenAway, abac: true });
    const error = await on.failure(on.handlers().LoggingBucket.apply(plain, await look(on), signal));
    expect(error).toMatchObject({
      name: 'Stalled',
      reason: 'RejectedByAWS',
      message: expect.stringContaining('aws s3control tag-resource'),
    });
    expect(written(on.aws)).toEqual(['PutBucketTagging']);
  });
});

async function look(on: Stage, marks: 'IfFree' | 'Always' = 'Always'): Promise<Observed<'LoggingBucket'>> {
  const found = await on.run(on.handlers().LoggingBucket.observe(ref, marks, signal));
  if (found === undefined) throw new Error('absent');
  return found;
}

function bucketIn(on: Stage): Bucket {
  const bucket = on.aws.world.buckets.get(name);
  if (bucket === undefined) throw new Error(`there is no bucket ${name}`);
  return bucket;
}

function list(value: JsonObject[string] | undefined): readonly JsonObject[] {
  return (Array.isArray(value) ? value : []).filter(
    (one): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one),
  );
}
