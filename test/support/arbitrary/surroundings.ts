import { bucketDelivery } from '#src/domain/bedrock-access.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { seedSink } from '#src/playground/aws/oam-seeding.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import type { Access } from '#src/reconcile/ports.ts';

const region = 'us-east-1';
const accountID = '111122223333';
const otherAccountID = '444455556666';
const role = (name: string) => `arn:aws:iam::${accountID}:role/${name}`;
const key = (id: string) => `arn:aws:kms:${region}:${accountID}:key/${id}`;

/** What the specs name and AWS must have before one of them can converge; `surround` makes it. */
export const surroundings = {
  region,
  accountID,
  otherAccountID,
  assumedRoleARN: role('bedrock-monitor'),
  deliveryRoleARN: role('bedrockmonitor/BedrockCloudWatchLogs'),
  forwardingRoleARN: role('bedrockmonitor/BedrockRecordsToStream'),
  queryRoleARN: role('bedrockmonitor/BedrockLogQueries'),
  linesRoleARN: role('bedrockmonitor/BedrockLogLines'),
  boundaryARN: `arn:aws:iam::${accountID}:policy/Boundary`,
  buckets: ['bedrock-records', 'bedrock-large', 'bedrock-findings'],
  deliveryStream: 'bedrock-findings',
  topicARNs: [`arn:aws:sns:${region}:${accountID}:page`, `arn:aws:sns:${region}:${accountID}:ticket`],
  logsKeyARN: key('1a2b3c4d-1111-2222-3333-444455556666'),
  bucketKeyARN: key('5e6f7a8b-1111-2222-3333-444455556666'),
  unmanagedGroup: '/platform/bedrock',
  unmanagedFindings: '/platform/findings',
  applicationGroup: '/app/chat',
  /** An alarm that others made. */
  alarm: { name: 'shop-deploys', arn: `arn:aws:cloudwatch:${region}:${accountID}:alarm:shop-deploys` },
  streamARN: `arn:aws:kinesis:${region}:${accountID}:stream/bedrock-records`,
  functionARN: `arn:aws:lambda:${region}:${accountID}:function:on-bedrock-error`,
  sinkARN: `arn:aws:oam:${region}:999988887777:sink/3f2a1b0c-1111-2222-3333-444455556666`,
  /** Those that have traffic. */
  models: ['amazon.nova-pro-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'],
} as const;

/** What the platform's list allows the namespace. */
export const surroundingAccess: Access = {
  ownAccount: true,
  roleARNs: [surroundings.assumedRoleARN],
  actionARNs: [],
};

/** Makes what specs stand on, for monitors of namespace `genai` in cluster `test`. */
export function surround(aws: Aws, now: number): void {
  const account = aws.account(accountID);
  const at = account.region(region);
  const { trust, policies } = account.loggingRole({ name: 'template', region: '*', logGroup: '*' });
  account.state.roles.delete('template');
  account.role({ name: 'BedrockCloudWatchLogs', path: '/bedrockmonitor/', trust, policies });
  const passed = [
    ['BedrockRecordsToStream', 'logs'],
    ['BedrockLogQueries', 'logs'],
    ['BedrockLogLines', 'cloudwatch'],
  ] as const;
  for (const [name, service] of passed) account.role({ name, path: '/bedrockmonitor/', trust: admitting(service) });
  account.assumableRole({
    name: 'bedrock-monitor',
    trusted: `arn:aws:iam::${accountID}:root`,
    externalID: 'test/genai',
  });
  // Whoever made the buckets has let Bedrock in.
  for (const bucket of surroundings.buckets) account.bucket(region, bucket, { policy: admittingBedrock(bucket) });
  at.deliveryStreams.add(surroundings.deliveryStream);
  for (const arn of surroundings.topicARNs) account.topic(region, arn.split(':')[5] ?? '');
  account.key(region, { id: surroundings.logsKeyARN.split('/')[1] ?? '' });
  account.key(region, { id: surroundings.bucketKeyARN.split('/')[1] ?? '', allowsBedrock: true });
  for (const name of [surroundings.unmanagedGroup, surroundings.unmanagedFindings, surroundings.applicationGroup])
    account.logGroup(region, { name, retentionInDays: 365, tags: { owner: 'platform' } });
  for (const arn of [surroundings.streamARN, surroundings.functionARN]) at.logDestinations.add(arn);
  at.alarms.set(surroundings.alarm.name, {
    kind: 'MetricAlarm',
    name: surroundings.alarm.name,
    configuration: {
      Namespace: 'Deploys',
      MetricName: 'InProgress',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      ActionsEnabled: false,
    },
    tags: {},
    configurationUpdatedAt: 0,
    state: 'OK',
    stateReason: '',
    stateReasonData: undefined,
    stateUpdatedAt: 0,
    stateTransitionedAt: 0,
  });
  const monitoring = aws.account('999988887777');
  const sink = seedSink(monitoring.state, region, { name: 'observability', policy: admittingAll });
  monitoring.region(region).sinks.delete(sink.arn);
  const id = surroundings.sinkARN.split('/')[1] ?? '';
  monitoring.region(region).sinks.set(surroundings.sinkARN, { ...sink, id, arn: surroundings.sinkARN });
  for (const ModelId of surroundings.models) {
    const points = [{ timestamp: now - 3_600_000, value: 1 }];
    account.metric(region, { namespace: 'AWS/Bedrock', name: 'Invocations', dimensions: { ModelId }, points });
  }
}

function admitting(service: string): JsonObject {
  const Principal = { Service: `${service}.amazonaws.com` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
}

function admittingBedrock(bucket: string): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [bucketDelivery({ accountID, region, partition: 'aws' }, bucket, [undefined, 'records', 'a/b'])],
  };
}

const admittingAll: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: ['oam:CreateLink', 'oam:UpdateLink'], Resource: '*' }],
};
