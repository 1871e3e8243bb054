import type { Place } from '#src/domain/owner.ts';

/** An IAM statement to paste, as one line of JSON. */
export function statementFor(action: string, resource: string): string {
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  // The role is handed to Bedrock and to nobody else.
  const toBedrock = { Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } } };
  return JSON.stringify(action === 'iam:PassRole' ? { ...statement, ...toBedrock } : statement);
}

/** What AWS says it misses: "… is not authorized to perform: ACTION on resource: ARN because …". */
export function refusedPermission(message: string): { readonly action: string; readonly resource: string } | undefined {
  const found = /not authorized to perform: (?<action>[\w-]+:\w+)(?: on resource: (?<resource>\S+))?/.exec(
    message,
  )?.groups;
  const action = found?.['action'];
  return action === undefined ? undefined : { action, resource: found?.['resource'] ?? '*' };
}

/** The trust statement by which a role admits a caller that sends this ExternalId. */
export function assumeTrust(caller: string, externalID: string | undefined): string {
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { AWS: caller },
    Action: 'sts:AssumeRole',
    ...(externalID !== undefined && { Condition: { StringEquals: { 'sts:ExternalId': externalID } } }),
  });
}

/** The trust statement by which a role admits Bedrock, for one account ("Set up permissions", Bedrock user guide). */
export function bedrockTrust(partition: string, accountID: string, region: string): string {
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': accountID },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:bedrock:${region}:${accountID}:*` },
    },
  });
}

/** The ARN of the role behind a session's ARN; any other ARN as it is. STS does not say the role's path. */
export function principalOf(arn: string): string {
  const session = /^arn:(?<partition>[^:]+):sts::(?<account>\d{12}):assumed-role\/(?<role>[^/]+)\//.exec(arn)?.groups;
  return session === undefined ? arn : `arn:${session['partition']}:iam::${session['account']}:role/${session['role']}`;
}

/** What a role needs so that Bedrock can write records with it to a log group (same source). */
export function deliveryPermission({ partition, region, accountID }: Place, group: string): string {
  return JSON.stringify({
    Effect: 'Allow',
    Action: [...deliveryActions],
    Resource: recordsStream({ partition, region, accountID }, group),
  });
}

/** The actions of it. */
export const deliveryActions = ['logs:CreateLogStream', 'logs:PutLogEvents'] as const;

/** All models go to this one log stream. */
export function recordsStream({ partition, region, accountID }: Place, group: string): string {
  return `arn:${partition}:logs:${region}:${accountID}:log-group:${group}:log-stream:aws/bedrock/modelinvocations`;
}

/** What a bucket's policy needs so that Bedrock can deliver to it (same source). */
export function bucketDelivery(place: Place, bucket: string, keyPrefix: string | undefined): string {
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: recordsPath(place, bucket, keyPrefix),
    Condition: {
      StringEquals: { 'aws:SourceAccount': place.accountID },
      ArnLike: { 'aws:SourceArn': sourceARN(place) },
    },
  });
}

/** Where Bedrock puts records in a bucket. */
export function recordsPath({ partition, accountID }: Place, bucket: string, keyPrefix: string | undefined): string {
  const folder = keyPrefix === undefined || keyPrefix === '' ? '' : `${keyPrefix}/`;
  return `arn:${partition}:s3:::${bucket}/${folder}AWSLogs/${accountID}/BedrockModelInvocationLogs/*`;
}

/** As whom Bedrock comes. */
export function sourceARN({ partition, region, accountID }: Place): string {
  return `arn:${partition}:bedrock:${region}:${accountID}:*`;
}

/** What a key's policy needs so that CloudWatch Logs can encrypt a log group with it ("Encrypt log data", CloudWatch Logs user guide). */
export function keyUse({ partition, region, accountID }: Place, group: string): string {
  return JSON.stringify({
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: {
      ArnEquals: {
        'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${accountID}:log-group:${group}`,
      },
    },
  });
}
