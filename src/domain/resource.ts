import type { Reason } from '#src/api/reasons.ts';
import type { Json, JsonObject } from './json.ts';
import type { AlarmMuteRule, AnomalyDetector, CompositeAlarm, LogAlarm } from './resource/alarms.ts';
import type { Link, Sink } from './resource/cross-account.ts';
import type { LoggingBucket, LoggingRole } from './resource/delivery.ts';
import type {
  FieldIndexPolicy,
  LogAnomalyDetector,
  MetricFilter,
  SubscriptionFilter,
} from './resource/log-attachments.ts';
import type { Tags } from './resource/tags.ts';

export type { AlarmMuteRule, AnomalyDetector, CompositeAlarm, LogAlarm } from './resource/alarms.ts';
export type { Link, Sink } from './resource/cross-account.ts';
export type { LoggingBucket, LoggingRole } from './resource/delivery.ts';
export type {
  FieldIndexPolicy,
  LogAnomalyDetector,
  MetricFilter,
  SubscriptionFilter,
} from './resource/log-attachments.ts';
export type { Tags } from './resource/tags.ts';

/** A CloudWatch Logs log group that the operator creates and keeps so, or one that it only uses. */
export interface LogGroup {
  readonly kind: 'LogGroup';
  /** 1 to 512 characters; the account and Region are those of the handlers. */
  readonly name: string;
  /** Unmanaged: must exist; nothing of it is ever changed, and it is never deleted. */
  readonly management: 'Managed' | 'Unmanaged';
  /** Days, `NeverExpire`, or absent: leave what AWS has (a group that we create gets 90, promise 6). */
  readonly retentionInDays?: number | 'NeverExpire';
  readonly kmsKeyARN?: string;
  /** Absent: Standard when created, not compared afterwards. AWS cannot change the class of a group. */
  readonly class?: 'Standard' | 'InfrequentAccess';
  readonly deletionProtection?: 'Enabled' | 'Disabled';
  readonly tags: Tags;
  /** Observed only: the account retention policy that wins over the group's own value (its name). */
  readonly retentionPolicyName?: string;
  /** Observed only: AWS's `dataProtectionStatus`, and whether the group ever held data (`storedBytes`). */
  readonly dataProtectionStatus?: string;
  readonly creationTime?: number;
}

/** The masking policy of one log group. Its name here is the name of the log group. */
export interface DataProtectionPolicy {
  readonly kind: 'DataProtectionPolicy';
  readonly name: string;
  /** The whole policy document as AWS takes it (capitalised keys, Audit then Deidentify, equal arrays). */
  readonly document: JsonObject;
  /** Observed only: `ACTIVATED`, `DELETED`, `ARCHIVED` or `DISABLED`, from DescribeLogGroups. */
  readonly status?: string;
  /** Observed only: the masking policy of the account that the group inherits; it masks as well, and is not ours. */
  readonly accountPolicyName?: string;
}

/** Bedrock's one logging configuration of an account and Region. Its name is always `invocation-logging`. */
export interface InvocationLogging {
  readonly kind: 'InvocationLogging';
  readonly name: 'invocation-logging';
  /** The raw `loggingConfig` member as it goes over the wire, unknown members included. */
  readonly configuration: JsonObject;
}

export interface MetricQuery {
  /** `^[a-z][A-Za-z0-9_]*` */
  readonly id: string;
  readonly expression?: string;
  readonly metric?: AlarmMetric;
  readonly label?: string;
  /** Seconds; of a Metrics Insights query, which has no metric to have it from. */
  readonly period?: number;
  readonly returnData: boolean;
}

export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** A CloudWatch statistic: `Sum`, `p99`, `PR(:5000)`, … */
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
  /** The source account that has it, in a monitoring account. Only in `metrics`: AWS takes it there alone. */
  readonly accountID?: string;
}

/** A time after an alarm is made in which it sets nothing off (CloudWatch API reference: WarmUpConfiguration). */
export interface AlarmWarmUp {
  /** 1 to 2,880. */
  readonly minutes: number;
  /** Whether it also waits where data suffice earlier. */
  readonly always: boolean;
}

/** Which tags of an alarm go into its notifications; with neither list all of them (AlarmTagsPropagation). Sorted. */
export interface TagsPropagation {
  readonly enabled: boolean;
  readonly includedTagKeys?: readonly string[];
  readonly excludedTagKeys?: readonly string[];
}

/** A metric alarm: one metric, metric math over several, a Metrics Insights query, or a series and its band. */
export interface MetricAlarm {
  readonly kind: 'MetricAlarm';
  readonly name: string;
  /** What people read, without the mark: the handler appends and strips the mark line. At most 1,024 with it. */
  readonly description: string;
  /** Exactly one of `metric` and `metrics`. */
  readonly metric?: AlarmMetric;
  readonly metrics?: readonly MetricQuery[];
  /** Exactly one of `threshold` and `thresholdMetricID`, which is the id of an ANOMALY_DETECTION_BAND in `metrics`. */
  readonly threshold?: number;
  readonly thresholdMetricID?: string;
  /** AWS's word, such as `GreaterThanThreshold`. */
  readonly comparisonOperator: string;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** AWS's word: `missing`, `notBreaching`, `breaching`, `ignore`. */
  readonly treatMissingData: string;
  /** AWS's word: `evaluate` or `ignore`; only for percentiles of one metric. */
  readonly evaluateLowSampleCountPercentile?: string;
  /** Absent: what AWS has stays. */
  readonly warmUp?: AlarmWarmUp;
  readonly tagsPropagation?: TagsPropagation;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly tags: Tags;
}

/** A CloudWatch dashboard: one name space for all Regions of an account. */
export interface Dashboard {
  readonly kind: 'Dashboard';
  readonly name: string;
  /** Compared by meaning; what AWS stores is the string. */
  readonly body: Json;
  readonly tags: Tags;
}

/** For `{{name}}` in a query. */
export interface QueryParameter {
  readonly name: string;
  readonly defaultValue?: string;
  readonly description?: string;
}

/** A saved Logs Insights query. Names are not unique in AWS: the ID is the identity. */
export interface QueryDefinition {
  readonly kind: 'QueryDefinition';
  readonly name: string;
  /** Without the mark: the handler adds and strips the first comment line. */
  readonly queryString: string;
  readonly queryLanguage: 'CWLI' | 'SQL' | 'PPL';
  readonly logGroupNames: readonly string[];
  /** Sorted by name. Absent: whatever AWS has is neither compared nor lost. */
  readonly parameters?: readonly QueryParameter[];
}

/** Adding a kind starts here; the compiler lists the rest. */
export interface ResourceByKind {
  LogGroup: LogGroup;
  DataProtectionPolicy: DataProtectionPolicy;
  InvocationLogging: InvocationLogging;
  LoggingRole: LoggingRole;
  LoggingBucket: LoggingBucket;
  SubscriptionFilter: SubscriptionFilter;
  FieldIndexPolicy: FieldIndexPolicy;
  LogAnomalyDetector: LogAnomalyDetector;
  AnomalyDetector: AnomalyDetector;
  MetricAlarm: MetricAlarm;
  LogAlarm: LogAlarm;
  CompositeAlarm: CompositeAlarm;
  AlarmMuteRule: AlarmMuteRule;
  Dashboard: Dashboard;
  QueryDefinition: QueryDefinition;
  MetricFilter: MetricFilter;
  Sink: Sink;
  Link: Link;
}
export type Kind = keyof ResourceByKind;
export type Resource<K extends Kind = Kind> = { [P in K]: ResourceByKind[P] }[K];

/** What the inventory keeps: enough to find and delete a resource without the spec. */
export interface ResourceRef<K extends Kind = Kind> {
  readonly kind: K;
  readonly name: string;
  /** Only where AWS generates one: saved queries, sinks, links, log anomaly detectors. */
  readonly id?: string;
}

/**
 * Who a resource belongs to, as AWS says it.
 * - `Unread`: the observing read does not carry the mark (tags); ask again with `marks: 'Always'`.
 * - `None`: nobody's mark.
 * - `Owned`: `by` is the mark itself: `<cluster>/<namespace>/<monitor>`, or the document name of a masking policy.
 */
export type Mark =
  | { readonly state: 'Unread' }
  | { readonly state: 'None' }
  | { readonly state: 'Owned'; readonly by: string };

/** The state of an alarm, in AWS's words. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A resource as AWS has it, in the shape of planning, so that one structural diff serves most kinds. */
export interface Observed<K extends Kind = Kind> {
  readonly resource: Resource<K>;
  readonly id?: string;
  readonly arn?: string;
  readonly mark: Mark;
  /** Of an alarm: its state. It comes with the observing read, and is no part of what is compared. */
  readonly alarmState?: AlarmState;
  /** Why it does not work although it is as declared: a person must act. */
  readonly ailing?: { readonly reason: Reason; readonly message: string };
  /** Why it can never be adopted, in a sentence: it is of another kind, or there are several of that name. */
  readonly notAdoptable?: string;
  /** It is an alarm of another kind that this monitor made under the name before: it goes first, by the inventory. */
  readonly goesFirst?: true;
  /** Notes worth reading in the condition: AWS's dashboard warnings, an overriding retention policy. */
  readonly notes?: readonly { readonly reason: Reason; readonly message: string }[];
  /** The wire object where a full-replace put must carry over what the spec does not declare. */
  readonly raw?: unknown;
}

/** One field that differs: `from` is what AWS has, `to` what the spec says. Paths are dotted, as in `retentionInDays`. */
export interface Change {
  readonly path: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  /** Set where the change loses log data (retention shortened). */
  readonly losesData?: true;
}
