import * as access from '#src/domain/bedrock-access.ts';
import type { Place } from '#src/domain/owner.ts';

/** An IAM statement to paste, as one line of JSON. */
export function statementFor(
  action: string,
  resource: string,
  passedTo: readonly string[] = ['bedrock.amazonaws.com'],
): string {
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  // The role is handed to the service that uses it, and to nobody else.
  const toService = {
    Condition: { StringEquals: { 'iam:PassedToService': passedTo.length === 1 ? passedTo[0] : passedTo } },
  };
  return JSON.stringify(action === 'iam:PassRole' ? { ...statement, ...toService } : statement);
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
  return JSON.stringify(access.bedrockTrust({ partition, accountID, region }));
}

/** The ARN of the role behind a session's ARN; any other ARN as it is. STS does not say the role's path. */
export function principalOf(arn: string): string {
  const session = /^arn:(?<partition>[^:]+):sts::(?<account>\d{12}):assumed-role\/(?<role>[^/]+)\//.exec(arn)?.groups;
  return session === undefined ? arn : `arn:${session['partition']}:iam::${session['account']}:role/${session['role']}`;
}

/** What a role needs so that Bedrock can write records with it to a log group (same source). */
export function deliveryPermission(place: Place, group: string): string {
  return JSON.stringify(access.deliveryPermission(place, group));
}

/** What a bucket's policy needs so that Bedrock can deliver to it (same source). */
export function bucketDelivery(place: Place, bucket: string, keyPrefix: string | undefined): string {
  return JSON.stringify(access.bucketDelivery(place, bucket, [keyPrefix]));
}

/** What a key's policy needs so that Bedrock can encrypt with it what it delivers to a bucket (same source). */
export function bucketKeyUse(place: Place): string {
  return JSON.stringify(access.bucketKeyUse(place));
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
