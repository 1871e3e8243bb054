import type { ReasonText } from './reason.ts';

/** Reasons of DataProtected. */
export const dataProtection = {
  MaskedInLogGroupOnly: {
    kind: 'note',
    means: 'Masking is in force in the log group, and S3 also receives bodies, which are not masked.',
    heals: 'Accepted by dataProtection.s3Bodies: AcceptUnmasked. Remove s3 and largeDataDelivery to end it.',
  },
  UnlistedIdentifier: {
    kind: 'note',
    means: 'This release does not list a data identifier of the spec; AWS took it.',
    heals: 'Nothing to do.',
  },
  UnknownIdentifier: {
    kind: 'stall',
    means: 'AWS knows no data identifier of that name.',
    heals: 'Correct dataProtection.identifiers.',
  },
  FindingsDestinationNotUsable: {
    kind: 'stall',
    means:
      'The log group, bucket or stream of the findings is missing or not permitted. Masking is in force all the same; no findings are delivered.',
    heals: 'Create the destination or permit it, as the message says.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reasons of AlarmsConfigured. */
export const alarms = {
  ActionTargetNotUsable: {
    kind: 'stall',
    means:
      'A topic that an alarm notifies is missing, or is encrypted with a key that CloudWatch cannot use. The alarm exists all the same, and nobody hears it.',
    heals: 'Correct the topic or its key as the message says, or name another topic.',
  },
  ActionNotAllowed: {
    kind: 'stall',
    means:
      "The platform's credentials list (actionARNs) does not give this namespace that target of an alarm action, or that destination of a subscription filter.",
    heals:
      'Ask the platform team for an entry, or use an SNS topic, stream or function of the same account and Region.',
  },
  AlarmRuleInvalid: {
    kind: 'stall',
    means:
      "The rule of a composite alarm is not in CloudWatch's grammar, names the composite itself or an alarm of another account or Region, or is over the limits of AWS (100 alarms, 10,240 characters, 500 elements); the message says which.",
    heals: 'Correct the rule, or divide it among several composite alarms.',
  },
  UnknownAlarmReference: {
    kind: 'stall',
    means:
      'The rule of a composite alarm names what is no alarm or slo of this monitor, or an alarm that AWS does not have.',
    heals: 'Correct the name. Names of alarms that others made stand in double quotes, or are ARNs.',
  },
  NoModelsMatched: {
    kind: 'note',
    means: 'A pattern of models matches no model with traffic yet.',
    heals:
      'Nothing to do: a model gets its alarms at the first pass after CloudWatch lists its metrics, about 15 minutes after its first call.',
  },
  UndocumentedMetric: {
    kind: 'note',
    means:
      'An alarm watches a metric of Bedrock that AWS does not document, or not per model, or not over all models: it may never see data.',
    heals:
      'Correct the name of the metric, its dimensions or models, or leave it so. docs/metrics.md lists what AWS documents.',
  },
  NobodyNotified: {
    kind: 'note',
    means:
      'Alarms have a severity without a route and no actions of their own: they set nothing off. The message lists them.',
    heals: 'Add a route to notifications, or leave it so.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reasons of Delivering, which says whether records arrive and does not touch Ready. */
export const delivering = {
  Delivered: {
    kind: 'ok',
    means: "The latest records arrived at each destination, as AWS's delivery metrics say.",
    heals: 'Nothing to do.',
  },
  NoTraffic: {
    kind: 'ok',
    means: 'Bedrock has not tried to deliver a record since logging was switched on.',
    heals: 'Call a model and look again after some minutes. Calls to the bedrock-mantle endpoint are not logged.',
  },
  DeliveryFailing: {
    kind: 'stall',
    means: 'The latest records did not arrive at a destination; the message names it.',
    heals:
      'Check the role, the log group, the bucket and its policy, and the key: something changed since logging was switched on.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reasons of DashboardsConfigured. */
export const dashboards = {
  AcceptedWithWarnings: {
    kind: 'note',
    means: 'AWS took the dashboard and warned; its words are in the message.',
    heals: 'Correct the body, or leave it so.',
  },
  TooManyLines: {
    kind: 'note',
    means:
      'The models and accounts of a dashboard make more lines than a graph takes: its graphs show all models of these accounts instead, or leave out the cost.',
    heals: 'Name fewer models or accounts, or divide them among several dashboards; or leave it so.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reasons of QueriesConfigured. */
export const queries = {
  LogGroupUnknown: {
    kind: 'stall',
    means:
      'A query, or an alarm over one, names no log groups, this monitor has none, and Bedrock delivers to none. Of an alarm AlarmsConfigured says so.',
    heals: 'Set logGroupNames, or switch logging on.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reasons of CrossAccountConfigured; Conflict is of it as well. */
export const crossAccount = {
  SinkHasLinks: {
    kind: 'stall',
    means: 'AWS deletes no sink that accounts are linked to; the message names their links.',
    heals:
      'Delete the links in the source accounts (or crossAccount.link of their monitors), or keep the sink with deletionPolicy.crossAccount: Retain.',
  },
  AdmitsOthers: {
    kind: 'note',
    means:
      'The sink was adopted, and its policy goes on admitting whom it admitted before, beside those of the spec; the message names them.',
    heals: 'Name them in the spec, or remove their statements (Sid BedrockMonitorKept…) from the policy in AWS.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reasons of MetricFiltersConfigured. */
export const metricFilters = {
  FilterDisabled: {
    kind: 'stall',
    means:
      'A metric filter made 1,000 or more values of its dimensions within three hours. At 1,000 in an hour AWS switches a filter off, and shows it nowhere.',
    heals:
      'Use dimensions with few values, or a filterPattern that names the values that count: the edit switches the filter on again.',
  },
} as const satisfies Record<string, ReasonText>;

/** Reason of Drifted, which is present only while true. */
export const drifted = {
  DriftDetected: {
    kind: 'note',
    means: 'Others changed AWS, and it is reported and not put right: status.drift has the fields.',
    heals: 'See NotEnforced and Contended.',
  },
} as const satisfies Record<string, ReasonText>;
