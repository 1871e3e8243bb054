import { createHash } from 'node:crypto';
import type { JsonObject } from '#src/domain/json.ts';
import { recordMetric } from './metrics.ts';
import {
  type Account,
  type Alarm,
  accountOf,
  type Bucket,
  type KmsKey,
  type LogGroup,
  newBucket,
  type Role,
  regionOf,
  type World,
} from './state.ts';

/** The keys of a user, as an SDK client takes them for `credentials`. */
export interface UserCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface RoleSeed {
  readonly name: string;
  readonly path?: string;
  readonly trust: JsonObject;
  readonly policies?: readonly JsonObject[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Clock milliseconds; absent: long ago, so that everybody sees the role. */
  readonly changedAt?: number;
  readonly maxSessionSeconds?: number;
}

/** The keys of a user of an account, made when first asked for. An access key ID names its account in here. */
export function userOf(world: World, account: Account, name: string): UserCredentials {
  const suffix = createHash('sha256').update(name).digest('hex').toUpperCase().slice(0, 8);
  const accessKeyId = `AKIA${account.id}${suffix}`;
  const arn = `arn:${account.partition}:iam::${account.id}:user/${name}`;
  world.credentials.set(accessKeyId, {
    accountID: account.id,
    arn,
    principal: arn,
    userID: `AIDA${account.id}${suffix}`,
  });
  return { accessKeyId, secretAccessKey: 'simulated-secret' };
}

export function seedRole(account: Account, seed: RoleSeed): Role {
  const role: Role = {
    name: seed.name,
    arn: `arn:${account.partition}:iam::${account.id}:role${seed.path ?? '/'}${seed.name}`,
    path: seed.path ?? '/',
    createdAt: seed.changedAt ?? 0,
    trust: seed.trust,
    policies: [...(seed.policies ?? [])],
    inline: new Map(),
    attached: new Set(),
    permissionsBoundary: undefined,
    tags: { ...seed.tags },
    changedAt: seed.changedAt ?? Number.NEGATIVE_INFINITY,
    maxSessionSeconds: seed.maxSessionSeconds ?? 3600,
  };
  account.roles.set(seed.name.toLowerCase(), role);
  return role;
}

/** The role that Bedrock writes a log group with, as the Bedrock user guide has it. */
export function seedLoggingRole(
  account: Account,
  seed: Pick<RoleSeed, 'name' | 'path' | 'changedAt'> & { readonly region: string; readonly logGroup: string },
): Role {
  const stream = `arn:${account.partition}:logs:${seed.region}:${account.id}:log-group:${seed.logGroup}:log-stream:aws/bedrock/modelinvocations`;
  return seedRole(account, {
    name: seed.name,
    ...(seed.path !== undefined && { path: seed.path }),
    ...(seed.changedAt !== undefined && { changedAt: seed.changedAt }),
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'bedrock.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'aws:SourceAccount': account.id },
            ArnLike: { 'aws:SourceArn': `arn:${account.partition}:bedrock:${seed.region}:${account.id}:*` },
          },
        },
      ],
    },
    policies: [
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stream }],
      },
    ],
  });
}

/** A role that users of an account may assume; with `externalID` only those who send it. */
export function seedAssumableRole(
  account: Account,
  seed: { readonly name: string; readonly trusted: string; readonly externalID?: string; readonly changedAt?: number },
): Role {
  return seedRole(account, {
    name: seed.name,
    ...(seed.changedAt !== undefined && { changedAt: seed.changedAt }),
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: seed.trusted },
          Action: 'sts:AssumeRole',
          ...(seed.externalID !== undefined && {
            Condition: { StringEquals: { 'sts:ExternalId': seed.externalID } },
          }),
        },
      ],
    },
  });
}

export type BucketSeed = Partial<
  Pick<Bucket, 'objectOwnership' | 'policy' | 'tags' | 'abac' | 'encryption' | 'publicAccessBlock' | 'lifecycle'>
>;

export function seedBucket(world: World, seed: Pick<Bucket, 'name' | 'accountID' | 'region'> & BucketSeed): Bucket {
  const { name, accountID, region, ...settings } = seed;
  const bucket: Bucket = { ...newBucket({ name, accountID, region }), ...settings, tags: { ...settings.tags } };
  accountOf(world, seed.accountID);
  world.buckets.set(seed.name, bucket);
  return bucket;
}

export function seedKey(
  account: Account,
  region: string,
  seed: { readonly id: string } & Partial<Omit<KmsKey, 'arn'>>,
): KmsKey {
  const key: KmsKey = {
    arn: `arn:${account.partition}:kms:${region}:${account.id}:key/${seed.id}`,
    enabled: seed.enabled ?? true,
    pendingDeletion: seed.pendingDeletion ?? false,
    symmetric: seed.symmetric ?? true,
    allowsLogs: seed.allowsLogs ?? true,
    allowsBedrock: seed.allowsBedrock ?? false,
  };
  regionOf(account, region).keys.set(key.arn, key);
  return key;
}

export function seedTopic(account: Account, region: string, name: string, kmsMasterKeyID?: string): string {
  const arn = `arn:${account.partition}:sns:${region}:${account.id}:${name}`;
  regionOf(account, region).topics.set(arn, { ...(kmsMasterKeyID !== undefined && { kmsMasterKeyID }) });
  return arn;
}

export function seedLogGroup(
  account: Account,
  region: string,
  seed: { readonly name: string } & Partial<
    Omit<LogGroup, 'name' | 'streams' | 'metricFilters' | 'subscriptionFilters'>
  >,
): LogGroup {
  const group: LogGroup = {
    name: seed.name,
    creationTime: seed.creationTime ?? 0,
    logGroupClass: seed.logGroupClass ?? 'STANDARD',
    retentionInDays: seed.retentionInDays,
    kmsKeyId: seed.kmsKeyId,
    deletionProtectionEnabled: seed.deletionProtectionEnabled ?? false,
    tags: { ...seed.tags },
    dataProtection: seed.dataProtection,
    dataProtectionStatus: seed.dataProtectionStatus ?? (seed.dataProtection ? 'ACTIVATED' : undefined),
    streams: new Map(),
    metricFilters: new Map(),
    subscriptionFilters: new Map(),
    indexPolicy: seed.indexPolicy,
  };
  regionOf(account, region).logGroups.set(seed.name, group);
  return group;
}

/** A metric and its points, in clock milliseconds. ListMetrics shows it 15 minutes after the first of them. */
export interface MetricSeed {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly points: readonly { readonly timestamp: number; readonly value: number }[];
}

export function seedMetric(account: Account, region: string, { points, ...metric }: MetricSeed): void {
  for (const point of points) recordMetric(regionOf(account, region), { ...metric, ...point });
}

/** A state as an evaluation leaves it. Throws where there is no such alarm. */
export function seedAlarmState(
  account: Account,
  region: string,
  name: string,
  state: Alarm['state'],
  at: number,
  reason = 'Threshold Crossed',
): void {
  const alarm = regionOf(account, region).alarms.get(name);
  if (alarm === undefined) throw new Error(`There is no alarm ${name} in ${region} of account ${account.id}`);
  if (alarm.state !== state) alarm.stateTransitionedAt = at;
  alarm.state = state;
  alarm.stateReason = reason;
  alarm.stateReasonData = undefined;
  alarm.stateUpdatedAt = at;
}
