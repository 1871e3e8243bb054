import * as fc from 'fast-check';
import { ERROR_KINDS } from '#src/api/schema/alarm-presets.ts';
import { DASHBOARD_PRESETS } from '#src/api/schema/dashboards.ts';
import { CATEGORIES } from '#src/api/schema/data-protection.ts';
import { DATA_TYPES } from '#src/api/schema/invocation-logging.ts';
import { RETENTION_DAYS } from '#src/api/schema/log-group.ts';
import { SEVERITIES } from '#src/api/schema/notifications.ts';
import { QUERY_PRESETS } from '#src/api/schema/saved-queries.ts';
import type {
  AlarmEntry,
  BedrockMonitorSpec,
  DashboardEntry,
  DataProtectionSpec,
  InvocationLoggingSpec,
  NotificationsSpec,
  SavedQueryEntry,
} from '#src/api/v1alpha1.ts';
import { masksNothing } from '#src/domain/plan/data-protection-policy.ts';
import {
  anomalyDetectors,
  fittedAlarm,
  furtherAlarmForms,
  tagsPropagation,
  withFittingAlarms,
} from './arbitrary-alarms.ts';
import { composed, composition } from './arbitrary-composition.ts';
import { attachments, destinationARN, metricFilters } from './arbitrary-log-attachments.ts';

/** What the specs name and AWS must have before one of them can converge. */
export const surroundings = {
  region: 'us-east-1',
  accountID: '111122223333',
  deliveryRoleARN: 'arn:aws:iam::111122223333:role/bedrockmonitor/BedrockCloudWatchLogs',
  buckets: ['bedrock-records', 'bedrock-large'],
  destinations: [destinationARN],
  topicARNs: ['arn:aws:sns:us-east-1:111122223333:page', 'arn:aws:sns:us-east-1:111122223333:ticket'],
} as const;

const { region, deliveryRoleARN, buckets, topicARNs } = surroundings;

const entryName = fc.constantFrom('calls', 'errors', 'latency', 'overview', 'a', 'z9-z');
const models = fc.subarray(['amazon.nova-pro-v1:0', 'us.anthropic.claude-sonnet-4-20250514-v1:0', 'cohere.embed-v4:0']);
const someModels = models.filter((chosen) => chosen.length > 0);
const actions = fc.subarray([...topicARNs]);
const severity = fc.constantFrom(...SEVERITIES);
const threshold = fc.oneof(fc.integer({ min: -5, max: 100_000 }), fc.constantFrom(0.05, 99.9));

/** Every member optional, but those that are named. */
function some<T, K extends keyof T>(members: { [Key in keyof T]: fc.Arbitrary<T[Key]> }, ...requiredKeys: K[]) {
  return fc.record<T, K>(members, { requiredKeys });
}

function entries<T extends { readonly name: string }>(entry: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  return fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength });
}

/** M of N within a day, or seven where the periods are hours. */
const time = fc.oneof(
  fc.constant({}),
  fc.record({ period: fc.constantFrom('1m', '5m', '300s') }),
  fc
    .tuple(fc.constantFrom('1m', '5m', '15m', '1h', '1h30m'), fc.integer({ min: 1, max: 12 }), fc.nat())
    .map(([period, evaluationPeriods, m]) => ({
      period,
      evaluationPeriods,
      datapointsToAlarm: 1 + (m % evaluationPeriods),
    })),
);

const form = fc.oneof(
  fc.record({ preset: fc.constantFrom('Throttling', 'ServerErrors', 'ClientErrors', 'LegacyModel', 'LatencyP99') }),
  fc.record({
    preset: fc.constant('ErrorRate'),
    errorRate: some({
      include: fc.subarray([...ERROR_KINDS], { minLength: 1 }),
      minimumInvocations: fc.nat(1000),
    }),
  }),
  fc.record({ preset: fc.constant('TimeToFirstToken'), models: someModels }),
  fc.record({
    metric: fc.record({
      name: fc.constantFrom('Invocations', 'InvocationLatency', 'OutputTokenCount'),
      statistic: fc.constantFrom('Sum', 'Average', 'p99', 'tm90', 'PR(:5000)'),
    }),
    threshold,
    comparisonOperator: fc.constantFrom('GreaterThanThreshold', 'LessThanOrEqualToThreshold'),
    treatMissingData: fc.constantFrom('Missing', 'NotBreaching', 'Breaching', 'Ignore'),
  }),
  { weight: 4, arbitrary: furtherAlarmForms },
);

const alarm: fc.Arbitrary<AlarmEntry> = fc
  .tuple(
    some(
      {
        name: entryName,
        threshold,
        models,
        severity,
        alarmActions: actions,
        okActions: actions,
        actionsEnabled: fc.boolean(),
        evaluateLowSampleCountPercentile: fc.constantFrom('Evaluate', 'Ignore'),
        description: fc.constantFrom('Who is called?', 'Ünïcode — "quoted"'),
        runbookURL: fc.constant('https://runbooks.example.com/bedrock'),
      },
      'name',
    ),
    time,
    form,
  )
  .map(([rest, when, what]) => fittedAlarm({ ...rest, ...when, ...what }));

const modelPrices = fc.constantFrom(
  [],
  [{ model: 'amazon.nova-pro-v1:0', inputUSDPerMillion: 0.8, outputUSDPerMillion: 3.2 }],
);

const ownWidgets = fc.subarray(
  [
    { type: 'text' as const, width: 24, height: 1, properties: { markdown: '# Ours' } },
    { type: 'metric' as const, properties: { metrics: [['AWS/Bedrock', 'Invocations', { stat: 'Sum' }]] } },
    { type: 'log' as const, width: 20, properties: { query: "SOURCE '/app/chat' | fields @message | limit 5" } },
  ],
  { minLength: 1 },
);

const dashboard: fc.Arbitrary<DashboardEntry> = fc.oneof(
  some(
    {
      name: entryName,
      preset: fc.constantFrom(...DASHBOARD_PRESETS),
      models,
      sourceAccountIDs: fc.subarray(['111122223333', '444455556666']),
      widgets: ownWidgets,
    },
    'name',
    'preset',
  ),
  fc.record({ name: entryName, widgets: ownWidgets }),
  fc.record({ name: entryName, body: fc.constantFrom('{"widgets":[]}', '{"widgets": [], "start": "-PT3H"}') }),
);

const logGroupNames = fc.subarray(['/aws/bedrock', '/app/chat'], { minLength: 1 });

const savedQuery: fc.Arbitrary<SavedQueryEntry> = fc.oneof(
  some(
    { name: entryName, preset: fc.constantFrom(...QUERY_PRESETS), logGroupNames },
    'name',
    'preset',
    'logGroupNames',
  ),
  some(
    {
      name: entryName,
      queryString: fc.constantFrom('fields @message', 'fields @message\n| limit 5'),
      logGroupNames,
      parameters: fc.subarray([{ name: 'team', defaultValue: 'search' }, { name: 'days' }]),
    },
    'name',
    'queryString',
    'logGroupNames',
  ),
);

const s3 = (bucket: string) =>
  some({ bucket: fc.constant({ name: bucket }), keyPrefix: fc.constantFrom('records', 'a/b') }, 'bucket');

const logGroup = some(
  {
    name: fc.constantFrom('/aws/bedrock', '/aws/bedrock/other'),
    retentionInDays: fc.constantFrom(...RETENTION_DAYS, 'NeverExpire' as const),
    deletionProtection: fc.constantFrom('Enabled' as const, 'Disabled' as const),
  },
  'name',
);

const invocationLogging: fc.Arbitrary<InvocationLoggingSpec> = some(
  {
    dataTypes: fc.subarray([...DATA_TYPES]),
    cloudWatchLogs: fc
      .tuple(
        some(
          { logGroup, role: fc.constant({ arn: deliveryRoleARN }), largeDataDelivery: s3(buckets[1]) },
          'logGroup',
          'role',
        ),
        attachments,
      )
      .map(([logs, attached]) => ({ ...logs, ...attached })),
    s3: s3(buckets[0]),
    deliveryAlarm: fc.constantFrom('Enabled' as const, 'Disabled' as const),
  },
  'dataTypes',
  'cloudWatchLogs',
);

const dataProtection: fc.Arbitrary<DataProtectionSpec> = some(
  {
    identifiers: fc.subarray(['EmailAddress', 'IpAddress', 'Ssn-US'], { minLength: 1 }),
    categories: fc.subarray([...CATEGORIES], { minLength: 1 }),
    countries: fc.subarray(['US', 'DE'], { minLength: 1 }),
    customIdentifiers: fc.constant([{ name: 'MRN', regex: 'MRN-[0-9]{8}' }]),
    s3Bodies: fc.constant('AcceptUnmasked' as const),
    onFailure: fc.constantFrom('StopLogging' as const, 'KeepLogging' as const),
  },
  'categories',
  's3Bodies',
).filter((one) => masksNothing(one) === undefined);

const notifications: fc.Arbitrary<NotificationsSpec> = fc
  .record({
    routes: fc.uniqueArray(some({ severity, alarmActions: actions, okActions: actions }, 'severity'), {
      selector: (route) => route.severity,
      maxLength: 3,
    }),
  })
  .chain((routes) => tagsPropagation.map((propagation): NotificationsSpec => ({ ...routes, ...propagation })));

/**
 * Valid specs, small enough for a property over whole passes: at most three alarm entries, two dashboards, two queries,
 * and perhaps logging, perhaps with masking. Each is enforced, and converges where `surroundings` exist.
 */
export const arbitraryValidSpec: fc.Arbitrary<BedrockMonitorSpec> = fc
  .tuple(
    some({
      mode: fc.constant('Enforce' as const),
      tags: fc.dictionary(fc.constantFrom('team', 'stage'), fc.constantFrom('search', ''), { maxKeys: 2 }),
      models,
      notifications,
      alarms: entries(alarm, 3),
      anomalyDetectors,
      modelPrices,
      dashboards: entries(dashboard, 2),
      savedQueries: entries(savedQuery, 2),
    }),
    fc.oneof(fc.constant({}), fc.record({ invocationLogging }), fc.record({ invocationLogging, dataProtection })),
    metricFilters,
    composition,
  )
  .map(([rest, logging, filters, over]) => {
    // Metric filters stand on a log group.
    const onGroup = 'invocationLogging' in logging ? filters : {};
    return composed(withFittingAlarms({ region, ...rest, ...logging, ...onGroup }), over);
  });

/** One that is over counts for nothing. */
const pauseEnd = fc.constantFrom('2020-01-01T00:00:00Z', '2024-02-29T23:59:59.5+01:00', '2999-01-01T00:00:00Z');

const deletion = fc.constantFrom('Delete' as const, 'Retain' as const);
const drift = fc.constantFrom('Correct' as const, 'Report' as const);
const tagged = fc.constantFrom('Never' as const, 'IfTagged' as const, 'Always' as const);
const untagged = fc.constantFrom('Never' as const, 'Always' as const);

const deletionPolicy = some({
  default: deletion,
  alarms: deletion,
  dashboards: deletion,
  savedQueries: deletion,
  dataProtection: deletion,
  invocationLogging: fc.constantFrom('Restore' as const, 'Disable' as const, 'Retain' as const),
  logGroup: deletion,
}).filter((policy) => policy.logGroup !== 'Delete' || policy.invocationLogging !== 'Retain');

const adoptionPolicy = some({
  default: tagged,
  logGroup: tagged,
  alarms: tagged,
  dashboards: tagged,
  savedQueries: untagged,
  dataProtection: untagged,
  invocationLogging: untagged,
});

const driftPolicy = some({
  default: drift,
  alarms: drift,
  dashboards: drift,
  savedQueries: drift,
  invocationLogging: drift,
  logGroup: drift,
  ignore: fc.subarray([
    'alarms/*/threshold',
    'alarms/latency',
    'alarms/*/amazon.nova-pro-v1:0/metric.period',
    'dashboards/overview/body',
    'anomalyDetectors/*/timeZone',
    'savedQueries/*/queryString',
    'invocationLogging/videoDataDeliveryEnabled',
    'invocationLogging/logGroup/retentionInDays',
  ]),
});

/** The same in any mode, perhaps paused, with any policies: what somebody may try on the way. */
export const arbitrarySpecInAnyMode: fc.Arbitrary<BedrockMonitorSpec> = fc
  .tuple(
    arbitraryValidSpec,
    some({
      mode: fc.oneof(
        { weight: 3, arbitrary: fc.constant('Enforce' as const) },
        { weight: 2, arbitrary: fc.constantFrom('Plan' as const, 'Observe' as const) },
      ),
      deletionPolicy,
      adoptionPolicy,
      driftPolicy,
    }),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.record({ suspend: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ suspendUntil: pauseEnd }) },
    ),
  )
  .map(([spec, policies, pause]): BedrockMonitorSpec => ({ ...spec, ...policies, ...pause }));
