import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { Plan } from './plan.ts';
import { isOfKind } from './plan.ts';

/** What a spec stands on that the operator does not make. */
export type Dependency =
  /** The role that Bedrock writes records to a log group with. */
  | { readonly kind: 'LoggingRole'; readonly arn: string; readonly logGroup: string }
  /** A bucket that Bedrock writes records, or large bodies, to. */
  | { readonly kind: 'Bucket'; readonly name: string; readonly keyPrefix?: string }
  /** The key that a log group is encrypted with. */
  | { readonly kind: 'KMSKey'; readonly arn: string; readonly logGroup: string }
  /** The key that a bucket which the operator makes is encrypted with. */
  | { readonly kind: 'BucketKey'; readonly arn: string; readonly bucket: string }
  /** An SNS topic that an alarm notifies. */
  | { readonly kind: 'Topic'; readonly arn: string };

/** All of them, each once. Only what is planned counts: what the spec alone refuses is not looked at. */
export function dependenciesOf(spec: BedrockMonitorSpec, plan: Plan): readonly Dependency[] {
  const logs = spec.invocationLogging?.cloudWatchLogs;
  const logging = plan.resources.some((one) => isOfKind(one, 'InvocationLogging'));
  const made = new Set(
    plan.resources.filter((one) => isOfKind(one, 'LoggingBucket')).map(({ resource }) => resource.name),
  );
  const buckets = [logs?.largeDataDelivery, spec.invocationLogging?.s3].flatMap((one): Dependency[] =>
    one?.bucket.name === undefined || made.has(one.bucket.name) ? [] : [bucketOf(one.bucket.name, one.keyPrefix)],
  );
  const keys = plan.resources.flatMap(({ resource }): Dependency[] =>
    resource.kind === 'LogGroup' && resource.kmsKeyARN !== undefined
      ? [{ kind: 'KMSKey', arn: resource.kmsKeyARN, logGroup: resource.name }]
      : resource.kind === 'LoggingBucket' && resource.kmsKeyARN !== undefined
        ? [{ kind: 'BucketKey', arn: resource.kmsKeyARN, bucket: resource.name }]
        : [],
  );
  const topics = plan.resources.flatMap(({ resource }) =>
    'alarmActions' in resource
      ? [...resource.alarmActions, ...resource.okActions, ...resource.insufficientDataActions].filter(isTopic)
      : [],
  );
  return [
    ...(logging && logs?.role.arn !== undefined
      ? [{ kind: 'LoggingRole', arn: logs.role.arn, logGroup: logs.logGroup.name } as const]
      : []),
    ...(logging ? buckets : []),
    ...keys,
    ...[...new Set(topics)].map((arn) => ({ kind: 'Topic', arn }) as const),
  ];
}

function bucketOf(name: string, keyPrefix: string | undefined): Dependency {
  return { kind: 'Bucket', name, ...(keyPrefix !== undefined && { keyPrefix }) };
}

function isTopic(arn: string): boolean {
  return arn.split(':')[2] === 'sns';
}
