import type { BedrockMonitorSpec, InvocationLoggingSpec } from '#src/api/v1alpha1.ts';
import type { JsonObject } from '../json.ts';
import type { ResourceRef } from '../resource.ts';
import { masksNothing } from './data-protection-policy.ts';
import type { S3Destination } from './delivery.ts';
import { deliveryBucket, deliveryRoleARN } from './delivery.ts';
import { planLoggingBuckets } from './logging-bucket.ts';
import { planLoggingRole } from './logging-role.ts';
import { blocked } from './remark.ts';
import type { Facts, Plan, Remark } from './types.ts';

/**
 * Bedrock's logging configuration. It waits for its log group and, where masking is declared, for the policy; and for
 * the role and the buckets that are made for it.
 */
export function planInvocationLogging(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const logging = spec.invocationLogging;
  if (logging === undefined) return {};
  const obstacle = unusableRole(logging, facts) ?? unmaskedBodies(spec) ?? unmaskable(spec);
  if (obstacle !== undefined) return { remarks: [obstacle], keep: ['Logging'] };
  const delivery = [planLoggingRole(spec, facts), planLoggingBuckets(spec, facts)];
  // What those say is said once, by them.
  if (delivery.some(({ remarks = [] }) => remarks.length > 0)) return { keep: ['Logging'] };
  const made = delivery.flatMap(({ resources = [] }) =>
    resources.map(({ resource: { kind, name } }) => ({ kind, name })),
  );
  const group = logging.cloudWatchLogs?.logGroup.name;
  const before: ResourceRef[] =
    group === undefined
      ? []
      : [
          { kind: 'LogGroup', name: group },
          ...(spec.dataProtection ? [{ kind: 'DataProtectionPolicy', name: group } as const] : []),
        ];
  return {
    resources: [
      {
        resource: {
          kind: 'InvocationLogging',
          name: 'invocation-logging',
          configuration: configuration(logging, facts),
        },
        part: 'Logging',
        path: 'invocationLogging',
        after: [...before, ...made],
      },
    ],
  };
}

/** All five flags are always sent: AWS may take an omitted one for true. */
function configuration(logging: InvocationLoggingSpec, facts: Facts): JsonObject {
  const wanted = (type: InvocationLoggingSpec['dataTypes'][number]): boolean => logging.dataTypes.includes(type);
  const { cloudWatchLogs, s3 } = logging;
  return {
    ...(cloudWatchLogs && {
      cloudWatchConfig: {
        logGroupName: cloudWatchLogs.logGroup.name,
        roleArn: deliveryRoleARN(cloudWatchLogs.role, facts),
        ...(cloudWatchLogs.largeDataDelivery && {
          largeDataDeliveryS3Config: destination(cloudWatchLogs.largeDataDelivery, facts),
        }),
      },
    }),
    ...(s3 && { s3Config: destination(s3, facts) }),
    textDataDeliveryEnabled: wanted('Text'),
    imageDataDeliveryEnabled: wanted('Image'),
    embeddingDataDeliveryEnabled: wanted('Embedding'),
    videoDataDeliveryEnabled: wanted('Video'),
    audioDataDeliveryEnabled: wanted('Audio'),
  };
}

function destination(s3: S3Destination, facts: Facts): JsonObject {
  return { bucketName: deliveryBucket(s3, facts), ...(s3.keyPrefix !== undefined && { keyPrefix: s3.keyPrefix }) };
}

/** Known only once the account is: where neither accountID nor assumeRole names it, the schema cannot tell. */
function unusableRole(logging: InvocationLoggingSpec, facts: Facts): Remark | undefined {
  const role = logging.cloudWatchLogs?.role.arn;
  const account = role?.split(':')[4];
  if (role === undefined || account === facts.place.accountID) return undefined;
  return blocked(
    'Logging',
    'invocationLogging/role',
    'RoleNotUsable',
    `${role} is a role of account ${account}, and this monitor acts in ${facts.place.accountID}: Bedrock can use only a role of its own account; set invocationLogging.cloudWatchLogs.role.arn to one`,
  );
}

/** Where masking is declared and cannot be, nothing is logged to the group. */
function unmaskable({ dataProtection }: BedrockMonitorSpec): Remark | undefined {
  const nothing = dataProtection && masksNothing(dataProtection);
  return nothing === undefined ? undefined : blocked('Logging', 'invocationLogging', 'InvalidSpec', nothing);
}

/** The schema refuses this; a privacy breach is worth a second lock. */
function unmaskedBodies(spec: BedrockMonitorSpec): Remark | undefined {
  const toS3 = spec.invocationLogging?.s3 ?? spec.invocationLogging?.cloudWatchLogs?.largeDataDelivery;
  if (toS3 === undefined || spec.dataProtection === undefined) return undefined;
  if (spec.dataProtection.s3Bodies === 'AcceptUnmasked') return undefined;
  return blocked(
    'Logging',
    'invocationLogging',
    'InvalidSpec',
    'CloudWatch masks only the log group; bodies in S3 are stored unmasked: set dataProtection.s3Bodies: AcceptUnmasked to accept that, or remove s3 and largeDataDelivery',
  );
}
