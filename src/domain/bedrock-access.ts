import type { JsonObject } from './json.ts';
import type { Place } from './owner.ts';

// What Bedrock needs so that it can deliver records ("Set up permissions", Bedrock user guide), as statements of
// policies. Each is bound to the account and Region: no other account's logging can use it.

/** Of a role's trust policy: Bedrock may assume it. */
export function bedrockTrust(place: Place): JsonObject {
  return {
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: fromBedrock(place),
  };
}

/** Of a role's permissions: it may write records to the log group. */
export function deliveryPermission(place: Place, group: string): JsonObject {
  return { Effect: 'Allow', Action: [...deliveryActions], Resource: recordsStream(place, group) };
}

/** The actions of it. */
export const deliveryActions = ['logs:CreateLogStream', 'logs:PutLogEvents'] as const;

/** All models go to this one log stream. */
export function recordsStream({ partition, region, accountID }: Place, group: string): string {
  return `arn:${partition}:logs:${region}:${accountID}:log-group:${group}:log-stream:aws/bedrock/modelinvocations`;
}

/** By this our statement of a bucket's policy is known. AWS attaches one called AmazonBedrockLogsWrite where none admits Bedrock. */
export const DELIVERY_SID = 'BedrockMonitorDelivery';

/** Of a bucket's policy: Bedrock may put objects under these prefixes. */
export function bucketDelivery(place: Place, bucket: string, keyPrefixes: readonly (string | undefined)[]): JsonObject {
  const paths = [...new Set(keyPrefixes.map((prefix) => recordsPath(place, bucket, prefix)))].sort();
  return {
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: paths.length === 1 ? (paths[0] ?? '') : paths,
    Condition: fromBedrock(place),
  };
}

/** Where Bedrock puts records in a bucket, as a resource of policies. */
export function recordsPath(place: Place, bucket: string, keyPrefix: string | undefined): string {
  return `arn:${place.partition}:s3:::${bucket}/${recordsFolder(place, keyPrefix)}*`;
}

/** The same as a prefix of keys, with a slash at its end. */
export function recordsFolder({ accountID }: Place, keyPrefix: string | undefined): string {
  const folder = keyPrefix === undefined || keyPrefix === '' ? '' : `${keyPrefix}/`;
  return `${folder}AWSLogs/${accountID}/BedrockModelInvocationLogs/`;
}

/** Of the policy of a key that a bucket is encrypted with: Bedrock may make data keys. */
export function bucketKeyUse(place: Place): JsonObject {
  return {
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: 'kms:GenerateDataKey',
    Resource: '*',
    Condition: fromBedrock(place),
  };
}

/** As whom Bedrock comes. */
export function sourceARN({ partition, region, accountID }: Place): string {
  return `arn:${partition}:bedrock:${region}:${accountID}:*`;
}

function fromBedrock(place: Place): JsonObject {
  return {
    StringEquals: { 'aws:SourceAccount': place.accountID },
    ArnLike: { 'aws:SourceArn': sourceARN(place) },
  };
}
