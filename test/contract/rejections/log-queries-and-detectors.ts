import { type Acceptance, bare, type Draft, many, type Rejection } from './row.ts';

const roleARN = 'arn:aws:iam::111122223333:role/bedrockmonitor/queries';
const query = 'spec.alarms[0].logQuery';
const duration = 'must be a duration such as 30s, 5m, 1h or 1h30m';
const role = 'must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Name';
const other = 'a logQuery alarm has logQuery.every instead of period, and at most 100 evaluationPeriods';
const between =
  'endTimeOffset must be shorter than startTimeOffset (which is as long as every where it is absent): the query looks at the time between the two';

/** One alarm over a log query, whose members a row changes. */
function logAlarm(members: Draft, logQuery: Draft = {}): Draft {
  const own = { queryString: 'filter ispresent(errorCode)', aggregationExpression: 'count(*)', every: '5m', roleARN };
  return bare({ alarms: [{ name: 'errors', logQuery: { ...own, ...logQuery }, threshold: 5, ...members }] });
}

export const logQueryRejections: readonly Rejection[] = [
  {
    what: 'a log query beside a preset',
    spec: logAlarm({ preset: 'Throttling' }),
    field: 'spec.alarms[0]',
    says: 'alarm errors: set exactly one of preset, metric, metricMath, metricsInsights and logQuery',
  },
  {
    what: 'a log query without a threshold',
    spec: logAlarm({ threshold: undefined }),
    field: 'spec.alarms[0]',
    says: 'alarm errors: set either threshold or anomalyBand',
  },
  {
    what: 'a band over a log query',
    spec: logAlarm({ threshold: undefined, anomalyBand: {} }),
    field: 'spec.alarms[0].anomalyBand',
    says: 'anomalyBand needs metric, metricMath, or one of the presets TokenSpike, LatencyP99 and TimeToFirstToken',
  },
  { what: 'a period for a log query', spec: logAlarm({ period: '5m' }), field: 'spec.alarms[0]', says: other },
  {
    what: 'more than 100 results of a log query',
    spec: logAlarm({ evaluationPeriods: 101 }),
    field: 'spec.alarms[0]',
    says: other,
  },
  {
    what: 'a log query per model',
    spec: logAlarm({ models: ['amazon.nova-pro-v1:0'] }),
    field: 'spec.alarms[0].models',
    says: 'models does not apply here: the query decides what it selects, and the presets LogDeliveryFailure, GuardrailInterventions and SensitiveDataFindings have no model',
  },
  {
    what: 'a log query every day or so',
    spec: logAlarm({}, { every: 'daily' }),
    field: `${query}.every`,
    says: duration,
  },
  {
    what: 'a log query every 90 seconds',
    spec: logAlarm({}, { every: '90s' }),
    field: `${query}.every`,
    says: 'must be whole minutes between 1m and 24h',
  },
  {
    what: 'a start that is no duration',
    spec: logAlarm({}, { startTimeOffset: '5 minutes' }),
    field: `${query}.startTimeOffset`,
    says: duration,
  },
  {
    what: 'an end that is no duration',
    spec: logAlarm({}, { endTimeOffset: '-5m' }),
    field: `${query}.endTimeOffset`,
    says: duration,
  },
  {
    what: 'a log query over 31 days',
    spec: logAlarm({}, { startTimeOffset: '744h' }),
    field: `${query}.startTimeOffset`,
    says: 'startTimeOffset may be at most 720h: CloudWatch looks back 30 days',
  },
  {
    what: 'a log query that ends before it begins',
    spec: logAlarm({}, { endTimeOffset: '5m' }),
    field: `${query}.endTimeOffset`,
    says: between,
  },
  {
    what: 'a user to run a log query with',
    spec: logAlarm({}, { roleARN: 'arn:aws:iam::111122223333:user/Name' }),
    field: `${query}.roleARN`,
    says: role,
  },
  {
    what: 'a user to fetch log lines with',
    spec: logAlarm({}, { logLines: { count: 5, roleARN: 'arn:aws:iam::111122223333:user/Name' } }),
    field: `${query}.logLines.roleARN`,
    says: role,
  },
  {
    what: '51 log lines',
    spec: logAlarm({}, { logLines: { count: 51, roleARN } }),
    field: `${query}.logLines.count`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'a log group with a blank in a log query',
    spec: logAlarm({}, { logGroupNames: ['my group'] }),
    field: `${query}.logGroupNames[0]`,
    says: 'a log group name may hold letters, digits and . - _ / #',
  },
  {
    what: 'a long aggregation',
    spec: logAlarm({}, { aggregationExpression: 'x'.repeat(257) }),
    field: `${query}.aggregationExpression`,
    cause: 'FieldValueTooLong',
  },
];

/** One tuned model, whose members a row changes. */
function detector(members: Draft, metric: Draft = {}): Draft {
  return bare({
    anomalyDetectors: [{ name: 'calls', metric: { name: 'Invocations', statistic: 'Sum', ...metric }, ...members }],
  });
}

const entry = 'spec.anomalyDetectors[0]';
const range = { startTime: '2026-11-01T00:00:00Z', endTime: '2026-11-02T00:00:00Z' };

export const anomalyDetectorRejections: readonly Rejection[] = [
  {
    what: 'a detector with capitals in its name',
    spec: detector({ name: 'Calls' }),
    field: `${entry}.name`,
    says: 'a name may hold lower-case letters, digits and -, and begins and ends with a letter or digit',
  },
  {
    what: 'a detector on an unknown statistic',
    spec: detector({}, { statistic: 'Median' }),
    field: `${entry}.metric.statistic`,
    says: 'must be a CloudWatch statistic: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000)',
  },
  {
    what: 'a detector on a metric of a short account',
    spec: detector({}, { accountID: '1234' }),
    field: `${entry}.metric.accountID`,
    says: 'must be 12 digits, in quotes',
  },
  {
    what: 'a detector with ModelId beside models',
    spec: detector({ models: ['amazon.nova-pro-v1:0'] }, { dimensions: { ModelId: 'amazon.nova-pro-v1:0' } }),
    field: entry,
    says: 'ModelId is set by models: use one of the two',
  },
  {
    what: 'a pattern of ARNs in a detector',
    spec: detector({ models: ['arn:aws:bedrock:*'] }),
    field: `${entry}.models[0]`,
    says: 'a pattern matches model IDs: write it without arn:',
  },
  {
    what: 'a range that ends before it begins',
    spec: detector({ excludedTimeRanges: [{ startTime: range.endTime, endTime: range.startTime }] }),
    field: `${entry}.excludedTimeRanges[0].endTime`,
    says: 'endTime must be after startTime',
  },
  {
    what: 'a range in local time',
    spec: detector({ excludedTimeRanges: [{ ...range, startTime: '2026-11-01 00:00' }] }),
    field: `${entry}.excludedTimeRanges[0].startTime`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'eleven excluded ranges',
    spec: detector({ excludedTimeRanges: many(11, () => range) }),
    field: `${entry}.excludedTimeRanges`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a speed of no detector',
    spec: detector({ adaptationSpeed: 'Rapid' }),
    field: `${entry}.adaptationSpeed`,
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'two detectors of one name',
    spec: bare({
      anomalyDetectors: [
        { name: 'calls', metric: { name: 'Invocations', statistic: 'Sum' } },
        { name: 'calls', metric: { name: 'Invocations', statistic: 'Average' } },
      ],
    }),
    field: 'spec.anomalyDetectors[1]',
    cause: 'FieldValueDuplicate',
  },
];

export const logQueryAndDetectorAcceptances: readonly Acceptance[] = [
  {
    what: 'a log query at its bounds',
    spec: logAlarm(
      { evaluationPeriods: 100, datapointsToAlarm: 100 },
      { every: '24h', startTimeOffset: '720h', endTimeOffset: '719h59m59s', logLines: { count: 50, roleARN } },
    ),
  },
  {
    what: 'a log query that looks back over several runs',
    spec: logAlarm({}, { startTimeOffset: '1h', endTimeOffset: '5m' }),
  },
  {
    what: 'a detector with every setting',
    spec: detector({
      models: [],
      excludedTimeRanges: many(10, () => ({ ...range, endTime: '2026-11-02T00:00:00.5+01:00' })),
      timeZone: 'America/Argentina/Buenos_Aires',
      adaptationSpeed: 'Slow',
      outlierFilteringStrength: 'Strict',
      periodicSpikes: true,
    }),
  },
];
