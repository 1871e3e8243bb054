import type { Part } from './plan.ts';
import type { Kind } from './resource.ts';

/** As `deletionPolicy`, `adoptionPolicy` and `driftPolicy` name a part; `default` has no line of its own there. */
type PolicyPart =
  | 'default'
  | 'logGroup'
  | 'dataProtection'
  | 'invocationLogging'
  | 'alarms'
  | 'dashboards'
  | 'savedQueries'
  | 'metricFilters'
  | 'crossAccount';

interface About {
  /** Whose condition tells of it. */
  readonly part: Part;
  readonly policy: PolicyPart;
  /** As messages name one, before its name. */
  readonly noun: string;
  /** Whether AWS can tag it, so that its owner can give it away. */
  readonly taggable: boolean;
  /** What to do where the name is another's. */
  readonly rename: string;
}

/** What is true of a whole kind, in the order of `Kind`. */
export const about: Readonly<Record<Kind, About>> = {
  LogGroup: {
    part: 'Logging',
    policy: 'logGroup',
    noun: 'log group',
    taggable: true,
    rename: 'Give logGroup another name, or set management: Unmanaged to deliver to it without changing its settings.',
  },
  DataProtectionPolicy: {
    part: 'DataProtection',
    policy: 'dataProtection',
    noun: 'the masking policy of log group',
    taggable: false,
    rename: 'Remove that policy in AWS, or use another log group.',
  },
  InvocationLogging: {
    part: 'Logging',
    policy: 'invocationLogging',
    noun: 'the configuration',
    taggable: false,
    rename: '',
  },
  LoggingRole: {
    part: 'Logging',
    policy: 'default',
    noun: 'role',
    taggable: true,
    rename: 'Set another role.create.name, or name the role by role.arn.',
  },
  LoggingBucket: {
    part: 'Logging',
    policy: 'default',
    noun: 'bucket',
    taggable: true,
    rename: 'Set another bucket.create.name, or name the bucket by bucket.name.',
  },
  SubscriptionFilter: {
    part: 'Logging',
    policy: 'default',
    noun: 'subscription filter',
    taggable: false,
    rename: 'Rename the entry, or delete the filter in AWS.',
  },
  FieldIndexPolicy: {
    part: 'Logging',
    policy: 'default',
    noun: 'the field indexes of log group',
    taggable: false,
    rename: 'Delete the index policy in AWS, or remove fieldIndexes.',
  },
  LogAnomalyDetector: {
    part: 'Logging',
    policy: 'default',
    noun: 'log anomaly detector',
    taggable: true,
    rename: 'Delete the detector in AWS, or remove anomalyDetector.',
  },
  AnomalyDetector: {
    part: 'Alarms',
    policy: 'alarms',
    noun: 'the anomaly detector of',
    taggable: false,
    rename: 'Remove the entry, or delete the detector in AWS.',
  },
  MetricAlarm: {
    part: 'Alarms',
    policy: 'alarms',
    noun: 'alarm',
    taggable: true,
    rename: 'Set another awsName, or delete the alarm in AWS.',
  },
  LogAlarm: {
    part: 'Alarms',
    policy: 'alarms',
    noun: 'log alarm',
    taggable: true,
    rename: 'Set another awsName, or delete the alarm in AWS.',
  },
  CompositeAlarm: {
    part: 'Alarms',
    policy: 'alarms',
    noun: 'composite alarm',
    taggable: true,
    rename: 'Set another awsName, or delete the alarm in AWS.',
  },
  AlarmMuteRule: {
    part: 'Alarms',
    policy: 'alarms',
    noun: 'mute rule',
    taggable: true,
    rename: 'Set another awsName, or delete the mute rule in AWS.',
  },
  Dashboard: {
    part: 'Dashboards',
    policy: 'dashboards',
    noun: 'dashboard',
    taggable: true,
    rename: 'Set another awsName, or delete the dashboard in AWS.',
  },
  QueryDefinition: {
    part: 'Queries',
    policy: 'savedQueries',
    noun: 'saved query',
    taggable: false,
    rename: 'Set another awsName, or delete the query in AWS.',
  },
  MetricFilter: {
    part: 'MetricFilters',
    policy: 'metricFilters',
    noun: 'metric filter',
    taggable: false,
    rename: 'Rename the entry, or delete the filter in AWS.',
  },
  Sink: {
    part: 'CrossAccount',
    policy: 'crossAccount',
    noun: 'the observability',
    taggable: true,
    rename: 'AWS has one sink per account and Region: delete it in AWS, or remove crossAccount.sink.',
  },
  Link: {
    part: 'CrossAccount',
    policy: 'crossAccount',
    noun: 'the link to',
    taggable: true,
    rename: 'Delete the link in AWS, or remove crossAccount.link.',
  },
};

/** All of them. */
export const kinds: readonly Kind[] = Object.keys(about).filter((kind) => isKind(kind));

export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(about, kind);
}

/** Whether it has one name space for all Regions of an account; `kind` may be one of a later release. */
export function isOfAllRegions(kind: string): boolean {
  return kind === 'Dashboard' || kind === 'LoggingRole';
}
