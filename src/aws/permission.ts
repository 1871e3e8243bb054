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
