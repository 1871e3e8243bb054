import { bucketDelivery } from '#src/domain/bedrock-access.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import type { Alarm } from '#src/playground/aws/state.ts';
import type { Access } from '#src/reconcile/ports.ts';

const region = 'us-east-1';
const monitoringAccountID = '999988887777';

/** What specs name in an account and AWS must have before one of them can converge; `surround` makes it. */
export function surroundingsOf(accountID: string, suffix = '') {
  const role = (name: string) => `arn:aws:iam::${accountID}:role/${name}`;
  const key = (id: string) => `arn:aws:kms:${region}:${accountID}:key/${id}`;
  return {
    region,
    accountID,
    otherAccountID: '444455556666',
    assumedRoleARN: role('bedrock-monitor'),
    deliveryRoleARN: role('bedrockmonitor/BedrockCloudWatchLogs'),
    forwardingRoleARN: role('bedrockmonitor/BedrockRecordsToStream'),
    queryRoleARN: role('bedrockmonitor/BedrockLogQueries'),
    linesRoleARN: role('bedrockmonitor/BedrockLogLines'),
    boundaryARN: `arn:aws:iam::${accountID}:policy/Boundary`,
    // Names of buckets are worldwide.
    buckets: [`bedrock-records${suffix}`, `bedrock-large${suffix}`, `bedrock-findings${suffix}`] as const,
    deliveryStream: 'bedrock-findings',
    topicARNs: ['page', 'ticket'].map((name) => `arn:aws:sns:${region}:${accountID}:${name}`),
    logsKeyARN: key('1a2b3c4d-1111-2222-3333-444455556666'),
    bucketKeyARN: key('5e6f7a8b-1111-2222-3333-444455556666'),
    unmanagedGroup: '/platform/bedrock',
    unmanagedFindings: '/platform/findings',
    applicationGroup: '/app/chat',
    /** An alarm that others made. */
    alarm: { name: 'shop-deploys', arn: `arn:aws:cloudwatch:${region}:${accountID}:alarm:shop-deploys` },
    streamARN: `arn:aws:kinesis:${region}:${accountID}:stream/bedrock-records`,
    functionARN: `arn:aws:lambda:${region}:${accountID}:function:on-bedrock-error`,
    sinkARN: `arn:aws:oam:${region}:${monitoringAccountID}:sink/3f2a1b0c-1111-2222-3333-444455556666`,
    /** Those that have traffic. */
    models: ['amazon.nova-pro-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0'] as const,
  };
}
export type Surroundings = ReturnType<typeof surroundingsOf>;

/** Of the operator's own account. */
export const surroundings = surroundingsOf('111122223333');

/** What the platform's list allows the namespace. */
export const surroundingAccess: Access = {
  ownAccount: true,
  roleARNs: [surroundings.assumedRoleARN],
  actionARNs: [],
};

/** Makes what specs stand on, for monitors of namespace `genai` in cluster `test` whose operator is of account 111122223333. */
export function surround(aws: Aws, now: number, around: Surroundings = surroundings): void {
  const { accountID } = around;
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
    trusted: `arn:aws:iam::${surroundings.accountID}:root`,
    externalID: 'test/genai',
  });
  // Whoever made the buckets has let Bedrock in.
  for (const bucket of around.buckets) account.bucket(region, bucket, { policy: admittingBedrock(accountID, bucket) });
  at.deliveryStreams.add(around.deliveryStream);
  for (const arn of around.topicARNs) account.topic(region, arn.split(':')[5] ?? '');
  account.key(region, { id: around.logsKeyARN.split('/')[1] ?? '' });
  account.key(region, { id: around.bucketKeyARN.split('/')[1] ?? '', allowsBedrock: true });
  for (const name of [around.unmanagedGroup, around.unmanagedFindings, around.applicationGroup])
    account.logGroup(region, { name, retentionInDays: 365, tags: { owner: 'platform' } });
  for (const arn of [around.streamARN, around.functionARN]) at.logDestinations.add(arn);
  at.alarms.set(around.alarm.name, theirAlarm(around.alarm.name));
  theirSink(aws, around.sinkARN);
  for (const ModelId of around.models) {
    const points = [{ timestamp: now - 3_600_000, value: 1 }];
    account.metric(region, { namespace: 'AWS/Bedrock', name: 'Invocations', dimensions: { ModelId }, points });
  }
}

/** Open to all accounts. */
function theirSink(aws: Aws, arn: string): void {
  const { sinks } = aws.account(monitoringAccountID).region(region);
  const id = arn.split('/')[1] ?? '';
  sinks.set(arn, { id, arn, name: 'observability', policy: JSON.stringify(admittingAll), tags: {} });
}

function theirAlarm(name: string): Alarm {
  return {
    kind: 'MetricAlarm',
    name,
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
  };
}

function admitting(service: string): JsonObject {
  const Principal = { Service: `${service}.amazonaws.com` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
}

function admittingBedrock(accountID: string, bucket: string): JsonObject {
  return {
    Version: '2012-10-17',
    Statement: [bucketDelivery({ accountID, region, partition: 'aws' }, bucket, [undefined, 'records', 'a/b'])],
  };
}

const admittingAll: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: ['oam:CreateLink', 'oam:UpdateLink'], Resource: '*' }],
};
