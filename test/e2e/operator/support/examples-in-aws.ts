import { expect } from 'vitest';
import { ownAccountID } from '#src/playground/seed.ts';
import { clinicalAccountID, type Stage } from './stage.ts';

/** How many of each kind examples/ makes. */
export const makes: Readonly<Record<string, number>> = {
  CompositeAlarm: 12,
  LogAlarm: 2,
  MetricAlarm: 115,
  'anomaly-detector': 3,
  bucket: 2,
  dashboard: 19,
  'field-indexes': 1,
  group: 15,
  link: 1,
  'log-anomaly-detector': 1,
  logging: 12,
  'metric-filter': 4,
  'mute-rule': 2,
  query: 18,
  role: 2,
  'subscription-filter': 2,
};

/** What of it stays in AWS when its monitors are deleted: logs, created buckets, and all of examples/retain-everything.yaml. */
export const stays: readonly string[] = [
  '111122223333 all bucket bedrock-logging-111122223333-ap-southeast-1',
  '111122223333 all bucket bedrock-logging-111122223333-us-west-2',
  '111122223333 all dashboard bedrockmonitor_playground_legal_archive_overview_eu-north-1',
  '111122223333 ap-northeast-1 group /aws/bedrock/payments: ACTIVATED',
  '111122223333 ap-south-1 group /aws/bedrock/forensics: ACTIVATED',
  '111122223333 ap-southeast-1 group /aws/bedrock/landing-zone: ACTIVATED',
  '111122223333 ap-southeast-2 group /boards/bedrock: ACTIVATED',
  '111122223333 ap-southeast-2 group /boards/findings: unmasked',
  '111122223333 ca-central-1 group /aws/bedrock/metering: unmasked',
  '111122223333 eu-central-1 group /aws/bedrock/shared: ACTIVATED',
  '111122223333 eu-north-1 MetricAlarm bedrockmonitor/playground/legal/archive/errors',
  '111122223333 eu-north-1 MetricAlarm bedrockmonitor/playground/legal/archive/log-delivery-failure',
  '111122223333 eu-north-1 group /legal/bedrock: ACTIVATED',
  '111122223333 eu-north-1 logging configuration',
  '111122223333 eu-north-1 query bedrockmonitor/playground/legal/archive/latest',
  '111122223333 eu-west-2 group /aws/bedrock/claims: ACTIVATED',
  '111122223333 sa-east-1 group /aws/bedrock/analysis: ACTIVATED',
  '111122223333 us-east-1 group /aws/bedrock/production: ACTIVATED',
  '111122223333 us-west-2 group /aws/bedrock: ACTIVATED',
  '444455556666 us-west-2 group /aws/bedrock/clinical-findings: unmasked',
  '444455556666 us-west-2 group /aws/bedrock/clinical: ACTIVATED',
  '777788889999 us-east-1 group /aws/bedrock/copywriter: ACTIVATED',
];

/** What was there before and is no more: a group that was adopted is masked now, and a sink was given away. */
export const goes: readonly string[] = [
  '111122223333 eu-north-1 group /legal/bedrock: unmasked',
  '999988887777 us-east-1 sink central',
];

/** Looks at settings of what the examples declare, as the console of each account shows them. */
export async function holdsWhatIsDeclared(console: Stage['console']): Promise<void> {
  const own = (region: string) => console(ownAccountID, region);
  const clinical = console(clinicalAccountID, 'us-west-2');
  const planned = own('us-east-2');
  const production = own('us-east-1');
  expect(await production.logging()).toMatchObject({
    cloudWatchConfig: {
      logGroupName: '/aws/bedrock/production',
      roleArn: `arn:aws:iam::${ownAccountID}:role/bedrockmonitor/BedrockCloudWatchLogs`,
    },
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: false,
    embeddingDataDeliveryEnabled: false,
    videoDataDeliveryEnabled: false,
    audioDataDeliveryEnabled: false,
  });
  expect(await production.logGroup('/aws/bedrock/production')).toMatchObject({
    retentionInDays: 90,
    dataProtectionStatus: 'ACTIVATED',
    deletionProtectionEnabled: true,
  });
  expect(await production.maskingPolicy('/aws/bedrock/production')).toBe('bedrockmonitor_playground_genai_production');
  expect((await production.alarms()).map(({ AlarmName }) => AlarmName)).toEqual([
    'bedrockmonitor/playground/genai/production/log-delivery-failure',
    'bedrockmonitor/playground/genai/production/throttling',
  ]);
  const overview = await production.dashboardBody('bedrockmonitor_playground_genai_production_overview_us-east-1');
  expect(overview).toContain('InvocationLatency');

  const walkthrough = own('us-west-2');
  expect((await walkthrough.queries()).map(({ name = '' }) => name.split('/').at(-1) ?? '').toSorted()).toEqual([
    'errors',
    'latest-100',
    'prompt-patterns',
    'sort-by-latency',
    'tokens-by-model',
  ]);
  expect(await walkthrough.logGroup('/aws/bedrock')).toMatchObject({ retentionInDays: 30 });

  expect(await clinical.logGroup('/aws/bedrock/clinical')).toMatchObject({
    retentionInDays: 2557,
    kmsKeyId: `arn:aws:kms:us-west-2:${clinicalAccountID}:key/1a2b3c4d-1111-2222-3333-444455556666`,
  });
  expect(await clinical.logging()).toMatchObject({ s3Config: { bucketName: 'clinical-bedrock-records' } });

  expect(await own('ap-northeast-1').logging()).toMatchObject({
    cloudWatchConfig: { logGroupName: '/aws/bedrock/payments' },
    imageDataDeliveryEnabled: false,
  });
  expect(await own('eu-north-1').logging()).toMatchObject({ cloudWatchConfig: { logGroupName: '/legal/bedrock' } });
  expect(await planned.logging()).toBeUndefined();
  expect([...(await planned.alarms()), ...(await planned.logGroups())]).toEqual([]);

  // The Conflict costs its monitor the logging, and nothing else.
  const shared = own('eu-central-1');
  expect(await shared.logging()).toMatchObject({ cloudWatchConfig: { logGroupName: '/aws/bedrock/shared' } });
  expect(await shared.alarm('bedrockmonitor/playground/research/sandbox/throttling')).toBeDefined();
  expect(await own('eu-west-1').logging()).toBeUndefined();
}
