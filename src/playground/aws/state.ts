import type { Json, JsonObject } from '#src/domain/json.ts';
import type { Training } from './anomaly-detector-keys.ts';
import type { MetricSeries } from './metrics.ts';
import type { Link, Sink } from './oam-state.ts';

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
  /** The organisation that it is of, such as `o-a1b2c3d4e5`; undefined: none. */
  organization: string | undefined;
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
  /** Queries of Logs Insights that were started, by ID. */
  readonly queries: Map<string, InsightsQuery>;
  /** Metric, composite and log alarms: one name space. */
  readonly alarms: Map<string, Alarm>;
  /** Models of metric anomaly detection, by what they are trained on. */
  readonly anomalyDetectors: Map<string, AnomalyDetector>;
  /** Alarm mute rules by name. */
  readonly muteRules: Map<string, MuteRule>;
  /** Data points; `recordMetric` takes them. */
  readonly metrics: Map<string, MetricSeries>;
  readonly invocationLogging: InvocationLogging;
  /** The sink by its ARN: AWS allows one. */
  readonly sinks: Map<string, Sink>;
  /** Links to sinks of other accounts, by ARN. */
  readonly links: Map<string, Link>;
  /** KMS keys by ARN. */
  readonly keys: Map<string, KmsKey>;
  /** SNS topics by ARN. CloudWatch does not look whether an action's topic exists; tests may. */
  readonly topics: Map<string, Topic>;
  /** Firehose delivery streams by name. */
  readonly deliveryStreams: Set<string>;
  readonly retentionPolicies: AccountRetentionPolicy[];
  /** Account policies of the types DATA_PROTECTION_POLICY and FIELD_INDEX_POLICY, over all log groups of the Region. */
  accountDataProtection: AccountPolicy | undefined;
  accountIndexPolicy: AccountPolicy | undefined;
  /** By ARN. */
  readonly logAnomalyDetectors: Map<string, LogAnomalyDetector>;
  /** ARNs of Kinesis streams, Firehose streams, Lambda functions and logical destinations that take log events. */
  readonly logDestinations: Set<string>;
  /** Client tokens of PutQueryDefinition: the request under each, and the definition that it made. */
  readonly queryTokens: Map<string, { readonly id: string; readonly request: string; readonly at: number }>;
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: number;
  /** The trust policy document. */
  trust: JsonObject;
  /** Documents of attached policies; what a test gives a role. */
  policies: JsonObject[];
  /** Inline policy documents by name. */
  readonly inline: Map<string, JsonObject>;
  /** ARNs of managed policies that are attached: they say nothing here, and keep the role from being deleted. */
  readonly attached: Set<string>;
  permissionsBoundary: string | undefined;
  tags: Record<string, string>;
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
  tags: Record<string, string>;
  /** Attribute-based access control: tags are changed by the tag API of S3 Control alone. */
  abac: boolean;
  /** The documents as S3's XML has them: members are elements, values strings. */
  encryption: JsonObject;
  publicAccessBlock: JsonObject | undefined;
  lifecycle: JsonObject | undefined;
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
  /** Whether it lets Bedrock encrypt what it delivers to a bucket. */
  allowsBedrock: boolean;
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
  /** By name. */
  readonly metricFilters: Map<string, MetricFilter>;
  /** By name. */
  readonly subscriptionFilters: Map<string, SubscriptionFilter>;
  /** The group's own field index policy. */
  indexPolicy: { readonly document: string; readonly lastUpdateTime: number } | undefined;
}

export interface MetricFilter {
  readonly name: string;
  /** As put: the pattern, the transformations and what else the caller may set. */
  readonly configuration: JsonObject;
  readonly creationTime: number;
  /** Combinations of dimension values by the clock milliseconds of their latest data point. */
  readonly combinations: Map<string, number>;
  /** AWS switched it off: it is listed as before, and publishes nothing. A new put switches it on. */
  disabled: boolean;
}

interface SubscriptionFilter {
  readonly name: string;
  readonly configuration: JsonObject;
  readonly creationTime: number;
  /** What it has forwarded, as the destination sees it. */
  readonly delivered: string[];
}

/** CreateLogAnomalyDetector. */
export interface LogAnomalyDetector {
  readonly arn: string;
  readonly name: string | undefined;
  readonly logGroupARN: string;
  readonly kmsKeyId: string | undefined;
  readonly creationTime: number;
  lastModified: number;
  evaluationFrequency: string;
  filterPattern: string | undefined;
  anomalyVisibilityTime: number;
  enabled: boolean;
  tags: Record<string, string>;
}

/** PutAccountPolicy of a type that names a document: there is at most one of the type here. */
export interface AccountPolicy {
  readonly name: string;
  readonly document: string;
  /** Clock milliseconds of the put. */
  readonly createdAt: number;
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
  /** The group's policy in force at ingestion: it and the account's alone decide what reads as masked. */
  readonly masking: string | undefined;
  /** The account's policy in force at ingestion; both mask. */
  readonly accountMasking?: string | undefined;
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

/** A query that was started: its results are known then, and shown as time goes by. */
export interface InsightsQuery {
  readonly id: string;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
  /** Whether it runs over a log group of a class other than Standard. */
  readonly infrequent: boolean;
  /** Clock milliseconds. */
  readonly startedAt: number;
  stoppedAt: number | undefined;
  /** Values by column. */
  readonly rows: readonly ReadonlyMap<string, string>[];
  readonly statistics: Readonly<
    Record<'recordsMatched' | 'recordsScanned' | 'bytesScanned' | 'logGroupsScanned', number>
  >;
  /** ARN of the caller. */
  readonly startedBy: string;
}

export interface Alarm {
  readonly kind: 'MetricAlarm' | 'CompositeAlarm' | 'LogAlarm';
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

export interface MuteRule {
  readonly name: string;
  readonly description?: string;
  /** `cron(…)` or `at(…)`. */
  readonly expression: string;
  /** ISO 8601. */
  readonly duration: string;
  readonly timeZone: string;
  /** Undefined: no targets were put. */
  readonly alarmNames: readonly string[] | undefined;
  /** Epoch seconds. */
  readonly startDate: number | undefined;
  readonly expireDate: number | undefined;
  tags: Record<string, string>;
  readonly lastUpdated: number;
}

/** PutAnomalyDetector, or an alarm with a band. */
export interface AnomalyDetector {
  readonly id: string;
  readonly training: Training;
  /** As put; empty for one that an alarm made. */
  readonly configuration: JsonObject;
  readonly characteristics?: JsonObject;
  readonly state: 'PENDING_TRAINING' | 'TRAINED_INSUFFICIENT_DATA' | 'TRAINED';
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

/** A bucket as S3 makes it: without ACLs, closed to the public, encrypted under keys of S3. */
export function newBucket(named: Pick<Bucket, 'name' | 'accountID' | 'region'>): Bucket {
  return {
    ...named,
    objectOwnership: 'BucketOwnerEnforced',
    policy: undefined,
    tags: {},
    abac: false,
    encryption: {
      Rule: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: 'false' }],
    },
    publicAccessBlock: {
      BlockPublicAcls: 'true',
      IgnorePublicAcls: 'true',
      BlockPublicPolicy: 'true',
      RestrictPublicBuckets: 'true',
    },
    lifecycle: undefined,
    objects: new Map(),
  };
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
    organization: undefined,
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
    queries: new Map(),
    alarms: new Map(),
    anomalyDetectors: new Map(),
    muteRules: new Map(),
    metrics: new Map(),
    invocationLogging: { configuration: undefined, defaults: defaultDataTypes() },
    sinks: new Map(),
    links: new Map(),
    keys: new Map(),
    topics: new Map(),
    deliveryStreams: new Set(),
    retentionPolicies: [],
    accountDataProtection: undefined,
    accountIndexPolicy: undefined,
    logAnomalyDetectors: new Map(),
    logDestinations: new Set(),
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
