import type { JsonObject } from '#src/domain/json.ts';
import { seedSink } from './aws/oam-seeding.ts';
import type { Aws } from './aws/simulator.ts';
import type { Bucket } from './aws/state.ts';
import type { AccessEntry } from './cluster.ts';

/** The operator's own AWS account in the playground. */
export const ownAccountID = '111122223333';
/** The name of the playground's cluster: part of every name in AWS and of the ExternalId. */
export const clusterName = 'playground';

/** Accounts that namespaces reach by a role: the role admits the operator on behalf of that namespace only. */
const otherAccounts = [
  { id: '444455556666', namespace: 'health' },
  { id: '777788889999', namespace: 'marketing' },
  { id: '999988887777', namespace: 'observability' },
  { id: '555566667777', namespace: 'checkout' },
] as const;
const [clinical, marketing, observability, checkout] = otherAccounts;
const roleName = 'bedrock-monitor';

/** The topics that examples notify, by account and Region. */
const topics = [
  [ownAccountID, 'us-west-2', ['genai']],
  [ownAccountID, 'eu-central-1', ['search-pager']],
  [ownAccountID, 'eu-west-1', ['page', 'ticket', 'mailbox']],
  [ownAccountID, 'ca-central-1', ['metering']],
  [ownAccountID, 'eu-central-2', ['page', 'ticket']],
  [ownAccountID, 'eu-south-1', ['page', 'ticket', 'mailbox']],
  [ownAccountID, 'eu-west-3', ['page', 'ticket']],
  [ownAccountID, 'ap-northeast-2', ['callcenter-ops']],
  [ownAccountID, 'eu-west-2', ['claims-security', 'claims-ops']],
  [ownAccountID, 'sa-east-1', ['page', 'ticket']],
  [ownAccountID, 'ap-northeast-3', ['ticket']],
  [clinical.id, 'us-west-2', ['on-call']],
  [marketing.id, 'us-east-1', ['marketing-ops']],
] as const;

/** What records are forwarded to in examples/log-group-extras.yaml. */
const forwarding = {
  region: 'ap-south-1',
  role: 'BedrockRecordsToKinesis',
  destinations: [
    'kinesis:ap-south-1:111122223333:stream/bedrock-records',
    'lambda:ap-south-1:111122223333:function:on-bedrock-error',
  ],
} as const;

/** What examples/log-alarm.yaml queries records and fetches lines with: role, and who assumes it. */
const querying = [
  ['BedrockLogQueries', 'logs'],
  ['BedrockLogLines', 'cloudwatch'],
] as const;

/** Models that were called before the operator came, by Region: what a pattern of models finds. */
const modelsInUse = [
  ['us-west-2', ['us.anthropic.claude-sonnet-4-20250514-v1:0', 'amazon.nova-pro-v1:0']],
  ['sa-east-1', ['global.anthropic.claude-sonnet-4-20250514-v1:0', 'amazon.nova-lite-v1:0']],
] as const;

/** Logging that somebody switched on by hand, long ago: examples/takeover.yaml takes it over, and puts it back. */
const byHand = {
  region: 'ap-northeast-1',
  bucket: 'legacy-bedrock-records',
  configuration: {
    s3Config: { bucketName: 'legacy-bedrock-records', keyPrefix: 'all' },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: true,
    embeddingDataDeliveryEnabled: true,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  },
} as const;

/**
 * What the operator uses and never makes: roles that Bedrock writes with, a KMS key, buckets and topics, in three
 * accounts; and what others made before. The examples name these; whatever else a monitor names is not there.
 */
export function seedAws(aws: Aws): void {
  const own = aws.account(ownAccountID);
  own.key('ap-southeast-1', { id: '5e6f7a8b-1111-2222-3333-444455556666', allowsBedrock: true });
  own.bucket(byHand.region, byHand.bucket);
  own.region(byHand.region).invocationLogging.configuration = byHand.configuration;
  for (const name of forwarding.destinations) own.region(forwarding.region).logDestinations.add(`arn:aws:${name}`);
  own.role({ name: forwarding.role, path: '/bedrockmonitor/', trust: admitting('logs') });
  for (const [name, service] of querying) own.role({ name, path: '/bedrockmonitor/', trust: admitting(service) });
  own.logGroup('eu-north-1', {
    name: '/legal/bedrock',
    retentionInDays: 3653,
    tags: { owner: 'legal', 'bedrockmonitor.io/adopt-by': 'legal/archive' },
  });

  for (const [region, models] of modelsInUse) {
    for (const ModelId of models) {
      // CloudWatch lists a metric after a quarter of an hour.
      const points = [{ timestamp: Date.now() - 3_600_000, value: 12 }];
      own.metric(region, { namespace: 'AWS/Bedrock', name: 'Invocations', dimensions: { ModelId }, points });
    }
  }

  for (const { id, namespace } of otherAccounts) {
    aws.account(id).assumableRole({
      name: roleName,
      trusted: `arn:aws:iam::${ownAccountID}:root`,
      externalID: `${clusterName}/${namespace}`,
    });
  }
  seedCentralSink(aws);
  const health = aws.account(clinical.id);
  health.key('us-west-2', { id: '1a2b3c4d-1111-2222-3333-444455556666' });
  for (const name of ['clinical-bedrock-large', 'clinical-bedrock-records', 'clinical-findings']) {
    health.bucket('us-west-2', name);
  }

  // One role an account, for all its Regions and groups: monitors that are written while this runs can use it too.
  for (const id of [ownAccountID, ...otherAccounts.map((one) => one.id)]) {
    const role = { name: 'BedrockCloudWatchLogs', path: '/bedrockmonitor/', region: '*', logGroup: '*' };
    aws.account(id).loggingRole(role);
  }
  // The operator may not write bucket policies: whoever made the buckets has let Bedrock in.
  for (const bucket of aws.world.buckets.values()) bucket.policy = admittingBedrock(bucket);
  for (const [account, region, names] of topics) for (const name of names) aws.account(account).topic(region, name);
}

/** The trust of CloudWatch Logs's user guide (subscription filters with Kinesis), and of its like. */
function admitting(service: string): JsonObject {
  const Principal = { Service: `${service}.amazonaws.com` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
}

/** A sink that was made by hand, and that its owner gives to a monitor: examples/cross-account.yaml goes on with it. */
function seedCentralSink(aws: Aws): void {
  seedSink(aws.account(observability.id).state, 'us-east-1', {
    name: 'central',
    id: '0f1e2d3c-1111-2222-3333-444455556666',
    tags: { 'bedrockmonitor.io/adopt-by': 'observability/fleet' },
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [checkout.id] },
          Action: ['oam:CreateLink', 'oam:UpdateLink'],
          Resource: '*',
          Condition: {
            'ForAllValues:StringEquals': { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'] },
          },
        },
      ],
    },
  });
}

/** The bucket policy of Bedrock's user guide. */
function admittingBedrock({ name, accountID, region }: Bucket): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'bedrock.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::${name}/*`,
        Condition: {
          StringEquals: { 'aws:SourceAccount': accountID },
          ArnLike: { 'aws:SourceArn': `arn:aws:bedrock:${region}:${accountID}:*` },
        },
      },
    ],
  };
}

/** Which roles the platform lets namespaces assume, beyond the shipped list. */
export const accessEntries: readonly AccessEntry[] = otherAccounts.map(({ id, namespace }) => ({
  namespaces: [namespace],
  roleARNs: [`arn:aws:iam::${id}:role/${roleName}`],
}));
