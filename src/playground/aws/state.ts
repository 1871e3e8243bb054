import type { Json, JsonObject } from '#src/domain/json.ts';
import type { MetricSeries } from './metrics.ts';

/** All that the simulated AWS holds. Plain, mutable data: tests read it and seed it directly. */
export interface World {
  /** By account ID. */
  readonly accounts: Map<string, Account>;
  /** S3 bucket names are worldwide. */
  readonly buckets: Map<string, Bucket>;
  /** By access key ID: long-lived keys of users and temporary ones of assumed roles. */
  readonly credentials: Map<string, Credential>;
}

export interface Account {
  readonly id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly regions: Map<string, Region>;
  /** By name ignoring case, lower-cased: IAM role names are unique so. */
  readonly roles: Map<string, Role>;
  /** By name. One name space for all Regions. */
  readonly dashboards: Map<string, Dashboard>;
  /**
   * Identity policies of the callers of this account: each an IAM policy document. Undefined: everything is allowed
   * that `deny` does not name.
   */
  policies: readonly JsonObject[] | undefined;
}

export interface Region {
  readonly name: string;
  readonly logGroups: Map<string, LogGroup>;
  readonly queryDefinitions: Map<string, QueryDefinition>;
  /** Metric and composite alarms: one name space. */
  readonly alarms: Map<string, Alarm>;
  /** Data points; `recordMetric` takes them. */
  readonly metrics: Map<string, MetricSeries>;
  readonly invocationLogging: InvocationLogging;
  /** KMS keys by ARN. */
  readonly keys: Map<string, KmsKey>;
  /** SNS topics by ARN. CloudWatch does not look whether an action's topic exists; tests may. */
  readonly topics: Map<string, Topic>;
  /** Firehose delivery streams by name. */
  readonly deliveryStreams: Set<string>;
  readonly retentionPolicies: AccountRetentionPolicy[];
  /** Client tokens of PutQueryDefinition: the request under each, and the definition that it made. */
  readonly queryTokens: Map<string, { readonly id: string; readonly request: string; readonly at: number }>;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** The trust policy document. */
  trust: JsonObject;
  /** Inline and attached policy documents. */
  policies: JsonObject[];
  /** IAM is eventually consistent: who uses the role sees a change only some time after this, in clock milliseconds. */
  changedAt: number;
  /** The longest session that AssumeRole gives; AWS's default is an hour. */
  readonly maxSessionSeconds: number;
}

export interface Credential {
  readonly accountID: string;
  /** The caller as GetCallerIdentity names it: a user, or the session of an assumed role. */
  readonly arn: string;
  /** What policies and trust name: the user's ARN or the role's. */
  readonly principal: string;
  readonly userID: string;
  readonly sessionToken?: string;
  /** Clock milliseconds. */
  readonly expiresAt?: number;
}

export interface Bucket {
  readonly name: string;
  readonly accountID: string;
  readonly region: string;
  objectOwnership: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';
  policy: JsonObject | undefined;
  /** Object bodies by key. */
  readonly objects: Map<string, string>;
}

interface Topic {
  /** Absent: not encrypted. `alias/aws/sns` is the key that AWS manages. */
  readonly kmsMasterKeyID?: string;
}

export interface KmsKey {
  readonly arn: string;
  enabled: boolean;
  /** Its deletion is scheduled: it cannot be used meanwhile. */
  pendingDeletion: boolean;
  symmetric: boolean;
  /** Whether the key policy admits `logs.<region>.amazonaws.com`. */
  allowsLogs: boolean;
}

export interface LogGroup {
  readonly name: string;
  readonly creationTime: number;
  readonly logGroupClass: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY' | 'ESSENTIALS';
  retentionInDays: number | undefined;
  kmsKeyId: string | undefined;
  deletionProtectionEnabled: boolean;
  tags: Record<string, string>;
  /** The policy document as put, absent when there is none. */
  dataProtection: { readonly document: string; readonly lastUpdatedTime: number } | undefined;
  /** Absent until a policy was put for the first time. */
  dataProtectionStatus: 'ACTIVATED' | 'DELETED' | 'ARCHIVED' | 'DISABLED' | undefined;
  readonly streams: Map<string, LogStream>;
}

export interface LogStream {
  readonly name: string;
  readonly creationTime: number;
  readonly events: LogEvent[];
}

export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  /** As ingested. */
  readonly message: string;
  /** The policy in force at ingestion: it alone decides what reads as masked. */
  readonly masking: string | undefined;
}

export interface QueryDefinition {
  readonly queryDefinitionId: string;
  name: string;
  queryString: string;
  queryLanguage: string;
  logGroupNames: readonly string[] | undefined;
  parameters: Json | undefined;
  lastModified: number;
}

export interface Alarm {
  readonly kind: 'MetricAlarm' | 'CompositeAlarm';
  readonly name: string;
  /** What was put, without the name's tags: the members of DescribeAlarms that the caller sets. */
  configuration: JsonObject;
  tags: Record<string, string>;
  configurationUpdatedAt: number;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  stateReason: string;
  stateReasonData: string | undefined;
  stateUpdatedAt: number;
  stateTransitionedAt: number;
}

interface Dashboard {
  readonly name: string;
  body: string;
  tags: Record<string, string>;
  lastModified: number;
}

interface InvocationLogging {
  /** `loggingConfig` as put, unknown members included; absent when logging is off. */
  configuration: JsonObject | undefined;
  /**
   * What AWS reads into a configuration that omits a member: data types that nobody switched off are on. A test adds a
   * member here to play an AWS that is newer than the SDK.
   */
  defaults: JsonObject;
}

/** PutAccountPolicy of type RETENTION_POLICY; it wins over a log group's own value. */
interface AccountRetentionPolicy {
  readonly name: string;
  readonly logGroupNamePrefix: string;
  readonly retentionInDays: number | 'NEVER_EXPIRE';
  readonly enforcementMode: 'NEW_ONLY' | 'RETROACTIVE';
  /** Clock milliseconds of the put; it takes effect a day later. */
  readonly createdAt: number;
}

export function createWorld(): World {
  return { accounts: new Map(), buckets: new Map(), credentials: new Map() };
}

/** The account, made when first named: an AWS account has no other way to come into being here. */
export function accountOf(world: World, id: string, partition = 'aws'): Account {
  const known = world.accounts.get(id);
  if (known) return known;
  const account: Account = {
    id,
    partition,
    regions: new Map(),
    roles: new Map(),
    dashboards: new Map(),
    policies: undefined,
  };
  world.accounts.set(id, account);
  return account;
}

export function regionOf(account: Account, name: string): Region {
  const known = account.regions.get(name);
  if (known) return known;
  const region: Region = {
    name,
    logGroups: new Map(),
    queryDefinitions: new Map(),
    alarms: new Map(),
    metrics: new Map(),
    invocationLogging: { configuration: undefined, defaults: defaultDataTypes() },
    keys: new Map(),
    topics: new Map(),
    deliveryStreams: new Set(),
    retentionPolicies: [],
    queryTokens: new Map(),
  };
  account.regions.set(name, region);
  return region;
}

function defaultDataTypes(): JsonObject {
  return {
    textDataDeliveryEnabled: true,
    imageDataDeliveryEnabled: true,
    embeddingDataDeliveryEnabled: true,
    videoDataDeliveryEnabled: true,
    audioDataDeliveryEnabled: true,
  };
}
