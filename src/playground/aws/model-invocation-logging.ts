import type { JsonObject } from '#src/domain/json.ts';
import { boolean, check, required, string, structure } from './constraints.ts';
import { AwsError, validationException } from './errors.ts';
import { allowsAction, documentsOf, trusts } from './iam.ts';
import { ingest, streamOf } from './log-events.ts';
import { logGroupARN } from './log-groups.ts';
import { isObject, object, objects, text } from './members.ts';
import { arn, type Operation, type Scope } from './operation.ts';
import type { Bucket, Role } from './state.ts';

/** Bedrock writes all models to this one stream. */
export const invocationStream = 'aws/bedrock/modelinvocations';

const s3Config = structure({ bucketName: required(string(3, 63)), keyPrefix: string(0, 1024) });
const shape = {
  loggingConfig: required(
    structure({
      cloudWatchConfig: structure({
        logGroupName: required(string(1, 512)),
        roleArn: required(string(0, 2048, /^arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+$/)),
        largeDataDeliveryS3Config: s3Config,
      }),
      s3Config,
      textDataDeliveryEnabled: boolean(),
      imageDataDeliveryEnabled: boolean(),
      embeddingDataDeliveryEnabled: boolean(),
      videoDataDeliveryEnabled: boolean(),
      audioDataDeliveryEnabled: boolean(),
    }),
  ),
};

const put: Operation = {
  service: 'bedrock',
  name: 'PutModelInvocationLoggingConfiguration',
  mutates: true,
  permissions: (input) => {
    const role = text(object(object(input, 'loggingConfig'), 'cloudWatchConfig') ?? {}, 'roleArn');
    return [
      { action: 'bedrock:PutModelInvocationLoggingConfiguration', resource: '*' },
      ...(role === undefined
        ? []
        : [
            {
              action: 'iam:PassRole',
              resource: role,
              context: { 'iam:PassedToService': 'bedrock.amazonaws.com' },
            },
          ]),
    ];
  },
  run(input, scope) {
    check(input, shape, validationException);
    const configuration = object(input, 'loggingConfig') ?? {};
    const cloudWatch = object(configuration, 'cloudWatchConfig');
    const s3 = object(configuration, 's3Config');
    const large = object(cloudWatch, 'largeDataDeliveryS3Config');
    if (!cloudWatch && !s3) {
      throw validationException('At least one of cloudWatchConfig and s3Config must be specified.');
    }
    // All checks come before any effect: a refused configuration leaves the old one in force.
    if (cloudWatch) requireUsableRole(cloudWatch, scope);
    const buckets = [s3, large].filter((one) => one !== undefined).map((one) => usableBucket(one, scope));
    if (cloudWatch) writeTestEvent(text(cloudWatch, 'logGroupName') ?? '', scope);
    for (const { bucket, prefix } of buckets) writeTestObject(bucket, prefix, scope);
    scope.region.invocationLogging.configuration = configuration;
    return {};
  },
};

const get: Operation = {
  service: 'bedrock',
  name: 'GetModelInvocationLoggingConfiguration',
  mutates: false,
  permissions: () => [{ action: 'bedrock:GetModelInvocationLoggingConfiguration', resource: '*' }],
  run(_input, scope) {
    const loggingConfig = effectiveConfiguration(scope.region.invocationLogging);
    return loggingConfig === undefined ? {} : { loggingConfig };
  },
};

const remove: Operation = {
  service: 'bedrock',
  name: 'DeleteModelInvocationLoggingConfiguration',
  mutates: true,
  permissions: () => [{ action: 'bedrock:DeleteModelInvocationLoggingConfiguration', resource: '*' }],
  run(_input, scope) {
    scope.region.invocationLogging.configuration = undefined;
    return {};
  },
};

export const modelInvocationLoggingOperations: readonly Operation[] = [put, get, remove];

/** The configuration in force: what was put, and AWS's defaults for what was left out. Undefined: logging is off. */
export function effectiveConfiguration(logging: {
  readonly configuration: JsonObject | undefined;
  readonly defaults: JsonObject;
}): JsonObject | undefined {
  return logging.configuration === undefined ? undefined : { ...logging.defaults, ...logging.configuration };
}

/**
 * Bedrock assumes the role and writes a test event. Whatever stands in the way - no such role, or not yet; its trust;
 * its permissions; no such log group - is one message.
 */
function requireUsableRole(cloudWatch: JsonObject, scope: Scope): void {
  const group = text(cloudWatch, 'logGroupName') ?? '';
  const roleARN = text(cloudWatch, 'roleArn') ?? '';
  const roleAccount = roleARN.split(':')[4];
  if (roleAccount !== '' && roleAccount !== scope.account.id) {
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
  }
  const role = roleOf(scope, roleARN);
  const usable =
    role !== undefined &&
    scope.propagated(role.changedAt) &&
    mayWrite(role, group, scope) &&
    scope.region.logGroups.has(group);
  if (!usable) {
    throw validationException(
      `Failed to validate permissions for log group: ${group}, with role: ${roleARN}. Verify the IAM role permissions are correct.`,
    );
  }
}

/** Bedrock assumes the role for each delivery, too: one that may not write there any more loses the record. */
export function mayDeliver(cloudWatch: JsonObject, place: Pick<Scope, 'account' | 'region'>): boolean {
  const role = roleOf(place, text(cloudWatch, 'roleArn') ?? '');
  return role !== undefined && mayWrite(role, text(cloudWatch, 'logGroupName') ?? '', place);
}

function roleOf({ account }: Pick<Scope, 'account'>, roleARN: string): Role | undefined {
  return [...account.roles.values()].find((one) => one.arn === roleARN);
}

function mayWrite(role: Role, group: string, place: Pick<Scope, 'account' | 'region'>): boolean {
  return (
    trusts(role, 'bedrock.amazonaws.com', {
      'aws:SourceAccount': place.account.id,
      'aws:SourceArn': arn(place, 'bedrock', '*'),
    }) &&
    ['logs:CreateLogStream', 'logs:PutLogEvents'].every((action) =>
      allowsAction(documentsOf(role), action, logGroupARN(place, `${group}:log-stream:${invocationStream}`)),
    )
  );
}

/** Same account and Region, ACLs off, and a policy that admits Bedrock: put there on the caller's behalf if it may. */
function usableBucket(s3: JsonObject, scope: Scope): { readonly bucket: Bucket; readonly prefix: string } {
  const name = text(s3, 'bucketName') ?? '';
  const prefix = text(s3, 'keyPrefix') ?? '';
  const bucket = scope.world.buckets.get(name);
  const refused = validationException(
    `Failed to validate permissions for bucket: ${name}. Verify the S3 bucket policy is correct.`,
  );
  if (!bucket || bucket.accountID !== scope.account.id || bucket.region !== scope.region.name) throw refused;
  if (bucket.objectOwnership !== 'BucketOwnerEnforced' || !mayEncrypt(bucket, scope)) throw refused;
  const written = `arn:${scope.account.partition}:s3:::${name}/${folder(prefix)}AWSLogs/${scope.account.id}/BedrockModelInvocationLogs/*`;
  if (admitsBedrock(bucket, written, scope)) return { bucket, prefix };
  const resource = `arn:${scope.account.partition}:s3:::${name}`;
  const mayAttach = ['s3:GetBucketPolicy', 's3:PutBucketPolicy'].every((action) => scope.allows({ action, resource }));
  if (!mayAttach) throw refused;
  const statements = bucket.policy?.['Statement'];
  scope.changing(scope.world.buckets, name);
  bucket.policy = {
    Version: '2012-10-17',
    ...bucket.policy,
    Statement: [...(Array.isArray(statements) ? statements : []), bedrockStatement(written, scope)],
  };
  return { bucket, prefix };
}

/** With a customer's key the key policy must let Bedrock make data keys. */
function mayEncrypt({ encryption }: Bucket, { region }: Scope): boolean {
  const [rule] = objects(encryption, 'Rule');
  const { KMSMasterKeyID: key } = object(rule, 'ApplyServerSideEncryptionByDefault') ?? {};
  if (typeof key !== 'string') return true;
  const { enabled, pendingDeletion, allowsBedrock } = region.keys.get(key) ?? {};
  return enabled === true && pendingDeletion === false && allowsBedrock === true;
}

function admitsBedrock(bucket: Bucket, resource: string, scope: Scope): boolean {
  const statements = bucket.policy?.['Statement'];
  const forBedrock = (Array.isArray(statements) ? statements : [statements]).filter(isObject).filter((statement) => {
    const principal = statement['Principal'];
    if (principal === '*') return true;
    const service = isObject(principal) ? principal['Service'] : undefined;
    return service === 'bedrock.amazonaws.com' || (Array.isArray(service) && service.includes('bedrock.amazonaws.com'));
  });
  return allowsAction([{ Statement: forBedrock }], 's3:PutObject', resource, {
    'aws:SourceAccount': scope.account.id,
    'aws:SourceArn': arn(scope, 'bedrock', '*'),
  });
}

function bedrockStatement(resource: string, scope: Scope): JsonObject {
  return {
    Sid: 'AmazonBedrockLogsWrite',
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: ['s3:PutObject'],
    Resource: [resource],
    Condition: {
      StringEquals: { 'aws:SourceAccount': scope.account.id },
      ArnLike: { 'aws:SourceArn': arn(scope, 'bedrock', '*') },
    },
  };
}

/** The line is not JSON: parsers, filters and queries of the log have to skip it. */
function writeTestEvent(groupName: string, scope: Scope): void {
  const group = scope.region.logGroups.get(groupName);
  if (!group) return;
  const stream = streamOf(group, invocationStream, scope.now);
  ingest(scope.region, group, stream, 'Permissions are correctly set for Amazon Bedrock logs.', scope.now, scope.now);
}

/** An empty object that stays: the bucket is never empty again by itself. */
function writeTestObject(bucket: Bucket, prefix: string, scope: Scope): void {
  const path = `AWSLogs/${scope.account.id}/BedrockModelInvocationLogs`;
  bucket.objects.set(`${folder(prefix)}${path}/amazon-bedrock-logs-permission-check`, '');
}

/** A key prefix as the folder that objects lie in. */
export function folder(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}
