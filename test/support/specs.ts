import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { ACCOUNT, REGION } from './world.ts';

export const GROUP = '/aws/bedrock/production';

/** Masked logging, an alarm, a dashboard and a query: one of each, without the alarm that logging brings along. */
export function basicSpec(role: string): BedrockMonitorSpec {
  return {
    region: REGION,
    invocationLogging: {
      dataTypes: ['Text'],
      cloudWatchLogs: { logGroup: { name: GROUP }, role: { arn: role } },
      deliveryAlarm: 'Disabled',
    },
    dataProtection: { categories: ['Credentials', 'PII'] },
    alarms: [{ name: 'throttling', preset: 'Throttling' }],
    dashboards: [{ name: 'overview', preset: 'Overview' }],
    savedQueries: [{ name: 'latest', preset: 'LatestInvocations' }],
  };
}

/** Logging of another kind, to another group, in the same account and Region. */
export function rivalSpec(role: string): BedrockMonitorSpec {
  return {
    region: REGION,
    invocationLogging: {
      dataTypes: ['Image'],
      cloudWatchLogs: { logGroup: { name: '/aws/bedrock/other' }, role: { arn: role } },
      deliveryAlarm: 'Disabled',
    },
  };
}

/** A role that Bedrock can write any of the groups with. */
export function loggingRole(aws: Aws, group = '*', name = 'bedrock-logging'): string {
  return aws.account(ACCOUNT).loggingRole({ name, region: REGION, logGroup: group }).arn;
}

/** The same with every entry under another name. */
export const renamed = (spec: BedrockMonitorSpec): BedrockMonitorSpec => ({
  ...spec,
  alarms: [{ name: 'throttled', preset: 'Throttling' }],
  dashboards: [{ name: 'all-models', preset: 'Overview' }],
  savedQueries: [{ name: 'newest', preset: 'LatestInvocations' }],
});
/** The same with tags, masking, a threshold and a query changed. */
export const edited = (spec: BedrockMonitorSpec): BedrockMonitorSpec => ({
  ...spec,
  tags: { team: 'search' },
  dataProtection: { categories: ['Credentials', 'PII', 'Financial'] },
  alarms: [{ name: 'throttling', preset: 'Throttling', threshold: 7 }],
  savedQueries: [{ name: 'latest', preset: 'Errors' }],
});
