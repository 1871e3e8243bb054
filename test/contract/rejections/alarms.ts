import { bare, many, metricAlarm, presetAlarm, type Rejection } from './row.ts';

const alarm = 'spec.alarms[0]';
const tooLong = 'period x evaluationPeriods may be at most one day, or seven days for periods of an hour and more';
const minutes = 'must be whole minutes: Bedrock publishes metrics once a minute';
const duration = 'must be a duration such as 30s, 5m, 1h or 1h30m';
const statistic =
  'must be a CloudWatch statistic: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000)';
const oneForm = 'set exactly one of preset, metric, metricMath, metricsInsights and logQuery';
const needsModels =
  'presets QuotaHeadroom and TimeToFirstToken need models: AWS documents their metrics per model only';
const datapoints =
  "datapointsToAlarm may not exceed evaluationPeriods, which is the preset's, else 1, where it is absent";
const elsewhere = 'arn:aws:sns:eu-west-1:111122223333:pager';
const region = 'must be in the Region of the monitor: CloudWatch cannot notify a topic or function of another Region';

const form: readonly Rejection[] = [
  {
    what: 'an alarm that watches nothing',
    spec: bare({ alarms: [{ name: 'calls', threshold: 1 }] }),
    field: alarm,
    says: `alarm calls: ${oneForm}`,
  },
  {
    what: 'an alarm that watches two things',
    spec: metricAlarm({ preset: 'Throttling' }),
    field: alarm,
    says: `alarm calls: ${oneForm}`,
  },
  {
    what: 'a metric without a threshold',
    spec: metricAlarm({ threshold: undefined }),
    field: alarm,
    says: 'alarm calls: set either threshold or anomalyBand',
  },
  {
    what: 'a threshold in quotes',
    spec: metricAlarm({ threshold: '5' }),
    field: `${alarm}.threshold`,
    cause: 'FieldValueTypeInvalid',
  },
  {
    what: 'another operator for a preset',
    spec: presetAlarm('Throttling', { comparisonOperator: 'GreaterThanOrEqualToThreshold' }),
    field: `${alarm}.comparisonOperator`,
    says: 'a preset brings its own comparisonOperator: use metric or metricMath to choose another',
  },
  {
    what: 'parameters of another preset',
    spec: presetAlarm('Throttling', { errorRate: { minimumInvocations: 5 } }),
    field: `${alarm}.errorRate`,
    says: 'errorRate holds the parameters of preset ErrorRate',
  },
  {
    what: 'a preset of a later release',
    spec: presetAlarm('Forecast'),
    field: `${alarm}.preset`,
    cause: 'FieldValueNotSupported',
  },
  ...['sum', 'p101', 'p', 'PR5000', 'p99.'].map(
    (wrong): Rejection => ({
      what: `the statistic ${wrong}`,
      spec: metricAlarm({ metric: { name: 'Invocations', statistic: wrong } }),
      field: `${alarm}.metric.statistic`,
      says: statistic,
    }),
  ),
  {
    what: '31 dimensions',
    spec: metricAlarm({
      metric: {
        name: 'Invocations',
        statistic: 'Sum',
        dimensions: Object.fromEntries(many(31, (n) => [`d${n}`, 'v'])),
      },
    }),
    field: `${alarm}.metric.dimensions`,
    cause: 'FieldValueTooMany',
  },
];

const time: readonly Rejection[] = [
  ...['5', '5 m', '5min', '', '1d', '-5m', '1.5h', '5m1h'].map(
    (wrong): Rejection => ({
      what: `the period "${wrong}"`,
      spec: metricAlarm({ period: wrong }),
      field: `${alarm}.period`,
      says: duration,
    }),
  ),
  ...['30s', '90s', '0m'].map(
    (wrong): Rejection => ({
      what: `the period ${wrong}`,
      spec: metricAlarm({ period: wrong }),
      field: `${alarm}.period`,
      says: minutes,
    }),
  ),
  {
    what: 'more datapointsToAlarm than the one period of a metric',
    spec: metricAlarm({ datapointsToAlarm: 2 }),
    field: `${alarm}.datapointsToAlarm`,
    says: datapoints,
  },
  {
    what: 'more datapointsToAlarm than a preset has periods',
    spec: presetAlarm('Throttling', { datapointsToAlarm: 6 }),
    field: `${alarm}.datapointsToAlarm`,
    says: datapoints,
  },
  {
    what: 'more datapointsToAlarm than evaluationPeriods',
    spec: metricAlarm({ datapointsToAlarm: 4, evaluationPeriods: 3 }),
    field: `${alarm}.datapointsToAlarm`,
    says: datapoints,
  },
  {
    what: 'more than a day of short periods',
    spec: metricAlarm({ period: '5m', evaluationPeriods: 289 }),
    field: alarm,
    says: tooLong,
  },
  {
    what: 'more than a day of periods of 59 minutes',
    spec: metricAlarm({ period: '59m', evaluationPeriods: 25 }),
    field: alarm,
    says: tooLong,
  },
  {
    what: 'more than seven days of hours',
    spec: metricAlarm({ period: '1h', evaluationPeriods: 169 }),
    field: alarm,
    says: tooLong,
  },
  {
    what: 'one period of more than seven days',
    spec: metricAlarm({ period: '169h' }),
    field: alarm,
    says: tooLong,
  },
  {
    what: 'more than a day of the default period',
    spec: metricAlarm({ evaluationPeriods: 289 }),
    field: alarm,
    says: tooLong,
  },
  {
    what: "more than seven days in a preset's number of periods",
    spec: presetAlarm('Throttling', { period: '34h' }),
    field: alarm,
    says: tooLong,
  },
  {
    what: "more than seven days of a preset's period",
    spec: presetAlarm('LegacyModel', { evaluationPeriods: 169 }),
    field: alarm,
    says: tooLong,
  },
  {
    what: '1441 evaluationPeriods',
    spec: metricAlarm({ period: '1m', evaluationPeriods: 1441 }),
    field: `${alarm}.evaluationPeriods`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'a less-than alarm that does not say what silence means',
    spec: metricAlarm({ comparisonOperator: 'LessThanThreshold' }),
    field: alarm,
    says: 'set treatMissingData: without traffic Bedrock sends no data points, so a less-than alarm must say what silence means',
  },
];

const targets: readonly Rejection[] = [
  {
    what: 'ModelId beside models',
    spec: metricAlarm({
      metric: { name: 'Invocations', statistic: 'Sum', dimensions: { ModelId: 'amazon.nova-pro-v1:0' } },
      models: ['amazon.nova-pro-v1:0'],
    }),
    field: alarm,
    says: 'ModelId is set by models: use one of the two',
  },
  {
    what: 'awsName beside models',
    spec: metricAlarm({ awsName: 'calls', models: ['amazon.nova-pro-v1:0'] }),
    field: `${alarm}.awsName`,
    says: 'awsName names one alarm, but models asks for one alarm per model: remove one of the two',
  },
  {
    what: 'awsName beside spec.models',
    spec: presetAlarm('Throttling', { awsName: 'throttling' }, { models: ['amazon.nova-pro-v1:0'] }),
    field: 'spec.alarms',
    says: 'awsName names one alarm, but spec.models asks for one alarm per model: remove one of the two',
  },
  {
    what: 'preset TimeToFirstToken without models',
    spec: presetAlarm('TimeToFirstToken'),
    field: 'spec.alarms',
    says: needsModels,
  },
  {
    what: 'preset TimeToFirstToken with no models of its own',
    spec: presetAlarm('TimeToFirstToken', { models: [] }, { models: ['amazon.nova-pro-v1:0'] }),
    field: 'spec.alarms',
    says: needsModels,
  },
  ...['alarmActions', 'okActions', 'insufficientDataActions'].flatMap((list): Rejection[] => [
    {
      what: `${list} of an alarm in another Region`,
      spec: presetAlarm('Throttling', { [list]: [elsewhere] }),
      field: 'spec.alarms',
      says: `alarm actions ${region}`,
    },
    {
      what: `${list} of a route in another Region`,
      spec: bare({ notifications: { routes: [{ severity: 'Critical', [list]: [elsewhere] }] } }),
      field: 'spec.notifications.routes',
      says: `notifications ${region}`,
    },
  ]),
  {
    what: 'six actions',
    spec: presetAlarm('Throttling', {
      alarmActions: many(6, (n) => `arn:aws:sns:us-east-1:111122223333:t${n}`),
    }),
    field: `${alarm}.alarmActions`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a severity of its own',
    spec: presetAlarm('Throttling', { severity: 'Fatal' }),
    field: `${alarm}.severity`,
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'two routes of one severity',
    spec: bare({ notifications: { routes: [{ severity: 'Info' }, { severity: 'Info' }] } }),
    field: 'spec.notifications.routes[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: 'an alarm without a name',
    spec: bare({ alarms: [{ preset: 'Throttling' }] }),
    field: `${alarm}.name`,
    cause: 'FieldValueRequired',
  },
  {
    what: 'two alarms of one name',
    spec: bare({ alarms: many(2, () => ({ name: 'throttling', preset: 'Throttling' })) }),
    field: 'spec.alarms[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: '101 alarms',
    spec: bare({ alarms: many(101, (n) => ({ name: `a${n}`, preset: 'Throttling' })) }),
    field: 'spec.alarms',
    cause: 'FieldValueTooMany',
  },
];

export const alarmRejections: readonly Rejection[] = [...form, ...time, ...targets];
