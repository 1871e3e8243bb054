import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { accountID, failure, simulated } from './clients.ts';

const Bucket = 'records';
const eu = 'eu-central-1';
const tags = [
  { Key: 'team', Value: 'search & <find>' },
  { Key: 'stage', Value: '' },
];

function prepared(options: Parameters<typeof simulated>[0] = {}) {
  const { aws, clock } = simulated(options);
  const s3 = client(aws, eu);
  const create = (more: Partial<CreateBucketCommand['input']> = {}) =>
    s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: eu }, ...more }));
  return { aws, clock, s3, create };
}

function client(aws: Aws, region: string, endpoint?: string): S3Client {
  return new S3Client({
    region,
    credentials: aws.account(accountID).credentials(),
    maxAttempts: 1,
    forcePathStyle: endpoint !== undefined,
    ...(endpoint === undefined ? { requestHandler: aws.requestHandler } : { endpoint }),
  });
}

describe('S3 buckets', () => {
  test('a new bucket is private, without ACLs and encrypted, and carries the tags that it was made with', async () => {
    const { s3, create } = prepared();
    await create({ CreateBucketConfiguration: { LocationConstraint: eu, Tags: tags } });
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(tags);
    expect((await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls).toEqual({
      Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
    });
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    expect(await failure(s3.send(new GetBucketPolicyCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchBucketPolicy',
      status: 404,
    });
    expect(await failure(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchLifecycleConfiguration',
      status: 404,
    });
  });

  test('making it again is a conflict, but in us-east-1, which must not be named', async () => {
    const { aws, create } = prepared();
    await create();
    expect(await failure(create())).toMatchObject({ name: 'BucketAlreadyOwnedByYou', status: 409 });
    aws.account('999999999999').bucket(eu, 'theirs');
    expect(await failure(create({ Bucket: 'theirs' }))).toMatchObject({ name: 'BucketAlreadyExists', status: 409 });
    const nowhere = create({ Bucket: 'other', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } });
    expect(await failure(nowhere)).toMatchObject({ name: 'IllegalLocationConstraintException' });
    const us = client(aws, 'us-east-1');
    const home = () => us.send(new CreateBucketCommand({ Bucket: 'home' }));
    await home();
    expect((await home()).Location).toBe('/home');
    const named = new CreateBucketCommand({
      Bucket: 'other',
      CreateBucketConfiguration: { LocationConstraint: 'EU' },
    });
    expect(await failure(us.send(named))).toMatchObject({ name: 'InvalidLocationConstraint' });
  });

  test('the errors of HEAD have no body, and so no name', async () => {
    const { aws, s3, create } = prepared();
    await create();
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe(eu);
    expect(await failure(s3.send(new HeadBucketCommand({ Bucket: 'none' })))).toMatchObject({ status: 404 });
    aws.account('999999999999').bucket(eu, 'theirs');
    const theirs = await failure(s3.send(new HeadBucketCommand({ Bucket: 'theirs' })));
    expect(theirs.status).toBe(403);
    expect(theirs.name).not.toBe('AccessDenied');
  });

  test('each setting is replaced whole', async () => {
    const { s3, create } = prepared();
    await create();
    const Rules = [
      { ID: 'a', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 3 } },
      {
        ID: 'b',
        Status: 'Disabled',
        Filter: { And: { Prefix: 'p/', Tags: tags } },
        Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ] satisfies NonNullable<PutBucketLifecycleConfigurationCommand['input']['LifecycleConfiguration']>['Rules'];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
    const [first] = Rules;
    const twice = { Rules: first === undefined ? [] : [first, first] };
    const again = s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: twice }));
    expect(await failure(again)).toMatchObject({ name: 'InvalidArgument', status: 400 });

    const KMSMasterKeyID = `arn:aws:kms:${eu}:${accountID}:key/k`;
    const encryption = {
      Rules: [
        { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID }, BucketKeyEnabled: true },
      ],
    } satisfies PutBucketEncryptionCommand['input']['ServerSideEncryptionConfiguration'];
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: encryption }));
    const read = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(read.ServerSideEncryptionConfiguration).toEqual(encryption);

    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    );
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
    });
    const controls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: controls }));
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls).toEqual(controls);
  });

  test('a policy comes back normalised, and must be about this bucket', async () => {
    const { s3, create } = prepared();
    await create();
    const put = (Policy: object) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(Policy) }));
    const statement = {
      Sid: 'Mine',
      Effect: 'Allow',
      Principal: { Service: 'bedrock.amazonaws.com' },
      Action: ['s3:PutObject'],
      Resource: [`arn:aws:s3:::${Bucket}/*`],
    };
    await put({ Version: '2012-10-17', Statement: [statement] });
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy)).toEqual({
      Version: '2012-10-17',
      Statement: [{ ...statement, Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*` }],
    });
    for (const wrong of [
      { Statement: [{ ...statement, Resource: 'arn:aws:s3:::other/*' }] },
      { Statement: [statement, statement] },
      { Statement: [] },
    ])
      expect(await failure(put(wrong))).toMatchObject({ name: 'MalformedPolicy', status: 400 });
  });

  test('tags are replaced whole, and only by the tag API where access is by attributes', async () => {
    const { aws, s3 } = prepared();
    const bucket = aws.account(accountID).bucket(eu, Bucket, { tags: { old: '1' } });
    const put = () => s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: tags } }));
    await put();
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(tags);
    bucket.abac = true;
    expect(await failure(put())).toMatchObject({ name: 'InvalidRequest', status: 400 });
    bucket.tags = {};
    expect(await failure(s3.send(new GetBucketTaggingCommand({ Bucket })))).toMatchObject({ name: 'NoSuchTagSet' });
  });

  test('tags that AWS set are sent along, or the put is refused', async () => {
    const { aws, s3 } = prepared();
    const system = { Key: 'aws:cloudformation:stack-name', Value: 'shop' };
    const bucket = aws.account(accountID).bucket(eu, Bucket, { tags: { [system.Key]: system.Value } });
    const put = (TagSet: (typeof system)[]) => s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect(await failure(put(tags))).toMatchObject({ name: 'InvalidTag', status: 400 });
    expect(await failure(put([{ ...system, Value: 'other' }]))).toMatchObject({ name: 'InvalidTag' });
    await put([...tags, system]);
    expect(bucket.tags).toMatchObject({ [system.Key]: system.Value, team: 'search & <find>' });
  });

  test('a bucket with anything in it is not deleted', async () => {
    const { aws, s3, create } = prepared();
    await create();
    aws.world.buckets.get(Bucket)?.objects.set('amazon-bedrock-logs-permission-check', '');
    const remove = () => s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await failure(remove())).toMatchObject({ name: 'BucketNotEmpty', status: 409 });
    aws.world.buckets.get(Bucket)?.objects.clear();
    await remove();
    expect(aws.world.buckets.has(Bucket)).toBe(false);
  });

  test('settings are read some time after they were written', async () => {
    const { clock, s3, create } = prepared({ consistency: { windowMs: 1000 } });
    await create();
    expect(await failure(s3.send(new GetBucketPolicyCommand({ Bucket })))).toMatchObject({ name: 'NoSuchBucket' });
    await clock.advance(1000);
    expect(await failure(s3.send(new GetBucketPolicyCommand({ Bucket })))).toMatchObject({
      name: 'NoSuchBucketPolicy',
    });
  });

  test('the same over loopback, where the bucket is in the path', async () => {
    const { aws } = prepared();
    const server = await aws.listen();
    try {
      const s3 = client(aws, eu, server.url);
      const CreateBucketConfiguration = { LocationConstraint: eu, Tags: tags } as const;
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(tags);
      expect(await failure(s3.send(new HeadBucketCommand({ Bucket: 'none' })))).toMatchObject({ status: 404 });
    } finally {
      await server.close();
    }
  });
});
