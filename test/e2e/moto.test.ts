import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCloud } from '#src/aws/handlers.ts';
import { keyUse } from '#src/aws/permission.ts';
import {
  bedrockTrust,
  bucketDelivery,
  DELIVERY_SID,
  deliveryPermission,
  recordsFolder,
} from '#src/domain/bedrock-access.ts';
import type { Dependency } from '#src/domain/dependencies.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { LoggingBucket, Resource } from '#src/domain/resource.ts';
import { systemClock } from '#src/kubernetes/clock.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { accountID, owner, region, signal, tags } from '#test/aws/stage.ts';
import type { Moto } from './support/moto.ts';
import { hasPython, startMoto } from './support/moto.ts';

/**
 * The same handlers against moto, which others wrote. It has no masking policies and no query definitions, and does not
 * keep the tags of dashboards.
 */
const run = String(process.pid);
const stream = `records-${run}`;
const metric = { namespace: 'AWS/Bedrock', name: 'InvocationLatency', dimensions: {}, statistic: 'p99', period: 300 };
const alarm = {
  kind: 'MetricAlarm',
  name: `bedrockmonitor/prod/genai/production/${run}`,
  description: 'Too slow.',
  threshold: 1,
  comparisonOperator: 'GreaterThanThreshold',
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  treatMissingData: 'notBreaching',
  actionsEnabled: true,
  alarmActions: [`arn:aws:sns:${region}:${accountID}:pages`],
  okActions: [],
  insufficientDataActions: [],
  tags,
} as const;
/** moto has one account. */
const place = { accountID: '123456789012', region, partition: 'aws' } as const;
const policy = (statement: JsonObject): JsonObject => ({ Version: '2012-10-17', Statement: [statement] });
const bucket = (name: string, more: Partial<LoggingBucket>): LoggingBucket => ({
  kind: 'LoggingBucket',
  name,
  folders: [recordsFolder(place, 'large')],
  delivery: { Sid: DELIVERY_SID, ...bucketDelivery(place, name, ['large']) },
  objectOwnership: 'BucketOwnerEnforced',
  publicAccess: 'Blocked',
  tags,
  ...more,
});
const group = { kind: 'LogGroup', name: `/aws/bedrock/${run}`, management: 'Managed', tags } as const;
const resources: readonly Resource[] = [
  { ...group, retentionInDays: 30 },
  { ...group, name: `${group.name}/default` },
  {
    kind: 'InvocationLogging',
    name: 'invocation-logging',
    configuration: {
      cloudWatchConfig: { logGroupName: group.name, roleArn: `arn:aws:iam::${accountID}:role/logging` },
      textDataDeliveryEnabled: true,
    },
  },
  { ...alarm, metric, evaluateLowSampleCountPercentile: 'evaluate' },
  {
    ...alarm,
    name: `${alarm.name}/math`,
    metrics: [
      { id: 'all', metric: { ...metric, statistic: 'Sum' }, returnData: false },
      { id: 'twice', expression: 'all * 2', label: 'Twice', returnData: true },
    ],
  },
  { kind: 'Dashboard', name: `bedrockmonitor_${run}`, body: { widgets: [] }, tags },
  {
    kind: 'LoggingRole',
    name: `bedrockmonitor_${run}`,
    path: '/bedrockmonitor/',
    trust: policy(bedrockTrust(place)),
    permissions: policy(deliveryPermission(place, group.name)),
    permissionsBoundaryARN: `arn:aws:iam::${place.accountID}:policy/narrow`,
    tags,
  },
  bucket(`bedrock-logging-${run}`, {}),
  bucket(`bedrock-logging-${run}-key`, {
    kmsKeyARN: `arn:aws:kms:${region}:${place.accountID}:key/1a2b3c4d-1111-2222-3333-444455556666`,
    expirationInDays: 400,
  }),
  {
    kind: 'MetricFilter',
    name: `${group.name}:${alarm.name}/errors`,
    filterPattern: '{ $.errorCode = "*" }',
    metricNamespace: 'BedrockMonitor/prod/genai/production',
    metricName: 'InvocationErrors',
    metricValue: '1',
    dimensions: { errorCode: '$.errorCode' },
  },
  {
    kind: 'SubscriptionFilter',
    name: `${group.name}:${alarm.name}/copy`,
    destinationARN: `arn:aws:kinesis:${region}:${place.accountID}:stream/${stream}`,
    roleARN: `arn:aws:iam::${place.accountID}:role/bedrockmonitor/forward`,
    filterPattern: '{ $.errorCode = "*" }',
    // moto knows no other.
    distribution: 'ByLogStream',
  },
];

const python = await hasPython();

describe.skipIf(!python)(
  `the handlers against moto${python ? '' : ': not run, for there is no python3 with pip'}`,
  () => {
    let moto: Moto;
    beforeAll(async () => {
      moto = await startMoto();
      await makeStream(moto.endpoint, stream);
      return () => moto.stop();
    });

    test.for(resources)('$kind $name is created, read back equal, applied again and deleted', async (desired) => {
      const cloud = createCloud({
        clock: systemClock,
        cluster: owner.cluster,
        endpoint: moto.endpoint,
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      });
      const identity = await cloud.identity({ region }, signal);
      const handlers = cloud.handlers({ region }, identity, owner, 'Edit');
      // The mapped type pairs each kind with its own handler; here the kind is known at run time only.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const handler = handlers[desired.kind] as unknown as ResourceHandler<typeof desired.kind>;

      expect(await handler.observe(desired, 'IfFree', signal)).toBeUndefined();
      await handler.apply(desired, undefined, signal);
      const created = await handler.observe(desired, 'IfFree', signal);
      if (created === undefined) throw new Error('absent');
      // New buckets are closed in AWS since 2023, and open in moto: the next apply closes them.
      const open = desired.kind === 'LoggingBucket' ? ['objectOwnership', 'publicAccess'] : [];
      expect(handler.diff(desired, created).map(({ path }) => path)).toEqual(open);
      // moto keeps a second filter of the same name.
      if (desired.kind !== 'MetricFilter') await handler.apply(desired, created, signal);
      const again = await handler.observe(desired, 'IfFree', signal);
      expect(again && handler.diff(desired, again)).toEqual([]);
      // moto lifts no deletion protection, and buckets are never deleted.
      if (desired.kind === 'LogGroup' || desired.kind === 'LoggingBucket') return;
      await handler.delete(desired, created, signal);
      expect(await handler.observe(desired, 'IfFree', signal)).toBeUndefined();
      await handler.delete(desired, created, signal);
    });

    test('preflight finds what is wrong with roles, buckets, keys and topics, and nothing that it is not told', async () => {
      const configuration = {
        region,
        endpoint: moto.endpoint,
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      };
      const cloud = createCloud({ ...configuration, clock: systemClock, cluster: owner.cluster });
      const identity = await cloud.identity({ region }, signal);
      const preflight = cloud.preflight({ region }, identity, owner, 'Edit');
      const found = async (dependency: Dependency) => (await preflight.check(dependency, signal))?.message;

      const iam = new IAMClient(configuration);
      const makeRole = async (name: string, trust: string) => {
        const AssumeRolePolicyDocument = `{"Version":"2012-10-17","Statement":[${trust}]}`;
        const made = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
        return { kind: 'LoggingRole', arn: made.Role?.Arn ?? '', logGroup: group.name } as const;
      };
      const trusted = JSON.stringify(bedrockTrust(place));
      // moto has no policy simulator, so what the role may do is not known.
      expect(await found(await makeRole(`trusting-${run}`, trusted))).toBeUndefined();
      const lambda = await makeRole(`lambda-${run}`, trusted.replace('bedrock.amazonaws', 'lambda.amazonaws'));
      expect(await found(lambda)).toContain('it does not trust Bedrock');
      expect(await found({ ...lambda, arn: `${lambda.arn}-none` })).toContain('it does not exist');

      const s3 = new S3Client({ ...configuration, forcePathStyle: true });
      const name = `records-${run}`;
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      expect(await found({ kind: 'Bucket', name })).toBeUndefined();
      expect(await found({ kind: 'Bucket', name: `${name}-none` })).toContain('it does not exist');

      const kms = new KMSClient(configuration);
      const makeKey = async (input: CreateKeyCommandInput) => {
        const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
        return { kind: 'KMSKey', arn: KeyMetadata?.Arn ?? '', logGroup: group.name } as const;
      };
      const key = await makeKey({});
      expect(await found(key)).toContain('its policy does not allow that');
      const Policy = `{"Version":"2012-10-17","Statement":[${keyUse(place, group.name)}]}`;
      expect(await found(await makeKey({ Policy }))).toBeUndefined();
      await kms.send(new DisableKeyCommand({ KeyId: key.arn.split('/').at(-1) }));
      expect(await found(key)).toContain('its state is Disabled');
      const rsa = await makeKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
      expect(await found(rsa)).toContain('must be a symmetric encryption key');
      const none = key.arn.replace(/[^/]+$/, '00000000-0000-0000-0000-000000000000');
      expect(await found({ ...key, arn: none })).toContain('it does not exist');

      const sns = new SNSClient(configuration);
      const makeTopic = async (Name: string, Attributes: Record<string, string> = {}) => {
        const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
        return { kind: 'Topic', arn: TopicArn } as const;
      };
      const topic = await makeTopic(`pages-${run}`);
      expect(await found(topic)).toBeUndefined();
      expect(await found({ ...topic, arn: `${topic.arn}-none` })).toContain('does not exist');
      const managed = await makeTopic(`managed-${run}`, { KmsMasterKeyId: 'alias/aws/sns' });
      expect(await found(managed)).toContain('which CloudWatch cannot use');
    });
  },
);

/** What records are copied to: moto looks for it. By hand, for the product has no client of Kinesis. */
async function makeStream(endpoint: string, StreamName: string): Promise<void> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Kinesis_20131202.CreateStream',
    authorization: `AWS4-HMAC-SHA256 Credential=any/20261101/${region}/kinesis/aws4_request, SignedHeaders=host, Signature=any`,
  };
  const made = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ StreamName, ShardCount: 1 }) });
  if (!made.ok) throw new Error(`moto made no stream: ${await made.text()}`);
}
