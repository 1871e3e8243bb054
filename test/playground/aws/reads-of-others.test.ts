import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketOwnershipControlsCommand, GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { accountID, failure, region, simulated } from './clients.ts';

const other = '999999999999';
const keyARN = (id: string, account = accountID) => `arn:aws:kms:${region}:${account}:key/${id}`;
const topicARN = (name: string, account = accountID) => `arn:aws:sns:${region}:${account}:${name}`;
const roleARN = `arn:aws:iam::${accountID}:role/bedrockmonitor/writer`;
const trust = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'bedrock.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }],
};

function seeded(): Aws {
  const { aws } = simulated();
  const account = aws.account(accountID);
  account.role({
    name: 'writer',
    path: '/bedrockmonitor/',
    trust,
    policies: [
      { Statement: [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }] },
      {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'logs:CreateLogStream',
            Resource: '*',
            Condition: { Bool: { 'aws:ViaAWSService': 'true' } },
          },
          { Effect: 'Deny', Action: 'logs:Delete*', Resource: '*' },
        ],
      },
    ],
  });
  account.bucket(region, 'records', { policy });
  account.bucket(region, 'bare', { objectOwnership: 'ObjectWriter' });
  account.bucket('eu-west-1', 'elsewhere', { policy });
  aws.account(other).bucket(region, 'theirs', { policy });
  account.key(region, { id: 'good' });
  account.key(region, { id: 'off', enabled: false, symmetric: false });
  account.key(region, { id: 'going', pendingDeletion: true });
  account.topic(region, 'plain');
  account.topic(region, 'managed', 'alias/aws/sns');
  return aws;
}

/** Every read and every way that it fails, with real SDK clients. */
async function tour(aws: Aws, endpoint?: string) {
  const configuration = {
    region,
    credentials: aws.account(accountID).credentials(),
    maxAttempts: 1,
    ...(endpoint === undefined ? { requestHandler: aws.requestHandler } : { endpoint }),
  };
  const iam = new IAMClient(configuration);
  const kms = new KMSClient(configuration);
  const s3 = new S3Client({ ...configuration, forcePathStyle: endpoint !== undefined });
  const sns = new SNSClient(configuration);
  const bucketPolicy = (Bucket: string) =>
    s3.send(new GetBucketPolicyCommand({ Bucket, ExpectedBucketOwner: accountID }));
  const ownership = async (Bucket: string) =>
    (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls;
  const describeKey = (KeyId: string) => kms.send(new DescribeKeyCommand({ KeyId }));
  const keyPolicy = async (KeyId: string) =>
    (await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))).Policy ?? '';
  const topic = (TopicArn: string) => sns.send(new GetTopicAttributesCommand({ TopicArn }));
  const simulate = (PolicySourceArn: string) =>
    iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        ActionNames: ['logs:PutLogEvents', 'logs:CreateLogStream', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy'],
        ResourceArns: [`arn:aws:logs:${region}:${accountID}:log-group:g`],
      }),
    );
  return {
    role: (await iam.send(new GetRoleCommand({ RoleName: 'writer' }))).Role,
    noRole: await failure(iam.send(new GetRoleCommand({ RoleName: 'none' }))),
    simulated: (await simulate(roleARN)).EvaluationResults,
    noPrincipal: await failure(simulate(`${roleARN}s`)),
    policy: (await bucketPolicy('records')).Policy,
    noPolicy: await failure(bucketPolicy('bare')),
    noBucket: await failure(bucketPolicy('none')),
    elsewhere: await failure(bucketPolicy('elsewhere')),
    theirs: await failure(bucketPolicy('theirs')),
    ownership: [await ownership('records'), await ownership('bare')],
    keys: await Promise.all(['good', 'off', 'going'].map(async (id) => (await describeKey(keyARN(id))).KeyMetadata)),
    keyPolicy: await keyPolicy(keyARN('good')),
    noKey: await failure(describeKey(keyARN('none'))),
    theirKey: await failure(describeKey(keyARN('good', other))),
    topics: await Promise.all(['plain', 'managed'].map(async (name) => (await topic(topicARN(name))).Attributes)),
    noTopic: await failure(topic(topicARN('none'))),
    theirTopic: await failure(topic(topicARN('plain', other))),
  };
}

describe('what others made, read over the wire', () => {
  test('IAM gives its documents URL-encoded, and says which condition keys it was not given', async () => {
    const { role, noRole, simulated: answers, noPrincipal } = await tour(seeded());
    expect(role).toMatchObject({ RoleName: 'writer', Arn: roleARN });
    expect(role?.AssumeRolePolicyDocument).toMatch(/^%7B%22Statement%22/);
    expect(JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''))).toEqual(trust);
    expect(noRole).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    const brief = answers?.map((one) => [one.EvalActionName, one.EvalDecision, one.MissingContextValues ?? []]);
    expect(brief).toEqual([
      ['logs:PutLogEvents', 'allowed', []],
      ['logs:CreateLogStream', 'implicitDeny', ['aws:ViaAWSService']],
      ['logs:DeleteLogGroup', 'explicitDeny', []],
      ['logs:PutRetentionPolicy', 'implicitDeny', []],
    ]);
    expect(noPrincipal).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });

  test('S3 gives a policy as it is, and has an error for each way not to have one', async () => {
    const seen = await tour(seeded());
    expect(JSON.parse(seen.policy ?? '')).toEqual(policy);
    expect(seen.noPolicy).toMatchObject({ name: 'NoSuchBucketPolicy', status: 404 });
    expect(seen.noBucket).toMatchObject({ name: 'NoSuchBucket', status: 404 });
    expect(seen.elsewhere).toMatchObject({ name: 'PermanentRedirect', status: 301 });
    expect(seen.theirs).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(seen.ownership).toEqual([
      { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    ]);
  });

  test('KMS answers 400 for a key that is not there, and denies those of others', async () => {
    const seen = await tour(seeded());
    expect(seen.keys).toMatchObject([
      { KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', Enabled: true },
      { KeyState: 'Disabled', KeySpec: 'RSA_2048', Enabled: false },
      { KeyState: 'PendingDeletion', Enabled: false },
    ]);
    expect(JSON.parse(seen.keyPolicy).Statement).toHaveLength(2);
    expect(seen.noKey).toMatchObject({ name: 'NotFoundException', status: 400 });
    expect(seen.theirKey).toMatchObject({ name: 'AccessDeniedException' });
  });

  test('SNS tells a topic that is not there from one that is not ours', async () => {
    const seen = await tour(seeded());
    expect(seen.topics).toEqual([
      { TopicArn: topicARN('plain') },
      { TopicArn: topicARN('managed'), KmsMasterKeyId: 'alias/aws/sns' },
    ]);
    expect(seen.noTopic).toMatchObject({ name: 'NotFoundException', status: 404 });
    expect(seen.theirTopic).toMatchObject({ name: 'AuthorizationErrorException', status: 403 });
  });

  test('over loopback the answers are the same, but for where S3 finds the bucket', async () => {
    const aws = seeded();
    const server = await aws.listen();
    try {
      expect(await tour(aws, server.url)).toEqual(await tour(seeded()));
    } finally {
      await server.close();
    }
  });
});
