import { type Acceptance, bare, many, masked, metricAlarm, presetAlarm, type Rejection } from './row.ts';

const alarm = 'spec.alarms[0]';
const metric = { name: 'Invocations', statistic: 'Sum' };
const math = { expression: 'm1 * 2', metrics: [{ id: 'm1', ...metric }] };
const insights = { query: 'SELECT SUM(Invocations) FROM "AWS/Bedrock"' };
const model = 'amazon.nova-pro-v1:0';
const tokensPerMinute = { quotaHeadroom: { tokensPerMinute: 1000 } };
const amount = { costBudget: { amountUSD: 5 } };
const modelPrices = (count: number) =>
  many(count, (n) => ({ model: `m${n}`, inputUSDPerMillion: 1, outputUSDPerMillion: 2 }));
const operators =
  'the operators LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold and GreaterThanUpperThreshold belong to anomalyBand, the other four to threshold';
const noModels =
  'models does not apply here: the query decides what it selects, and the presets LogDeliveryFailure, GuardrailInterventions and SensitiveDataFindings have no model';
const warmUpMinutes = 'must be whole minutes between 1m and 48h';
const fiveModels =
  'preset CostBudget adds up at most 5 models, because CloudWatch takes 10 metrics for one alarm: name at most 5 in models, or divide them among several alarms';
const oneName = 'awsName names one alarm, but spec.models asks for one alarm per model: remove one of the two';

const bands: readonly Rejection[] = [
  {
    what: 'a threshold beside a band',
    spec: metricAlarm({ anomalyBand: {} }),
    field: alarm,
    says: 'alarm calls: set either threshold or anomalyBand',
  },
  {
    what: 'a threshold beside the band of a preset',
    spec: presetAlarm('LatencyP99', { anomalyBand: {}, threshold: 5 }),
    field: alarm,
    says: 'alarm ready-made: set either threshold or anomalyBand',
  },
  ...[
    presetAlarm('Throttling', { anomalyBand: {} }),
    metricAlarm({ metric: undefined, metricsInsights: insights, threshold: undefined, anomalyBand: {} }),
  ].map(
    (spec, index): Rejection => ({
      what: `a band around ${index === 0 ? 'a preset of counts' : 'a query'}`,
      spec,
      field: `${alarm}.anomalyBand`,
      says: 'anomalyBand needs metric, metricMath, or one of the presets TokenSpike, LatencyP99 and TimeToFirstToken',
    }),
  ),
  {
    what: 'a threshold for preset TokenSpike',
    spec: presetAlarm('TokenSpike', { threshold: 5 }),
    field: `${alarm}.threshold`,
    says: 'preset TokenSpike is an anomaly alarm: use anomalyBand, not threshold',
  },
  {
    what: 'an operator of bands for a threshold',
    spec: metricAlarm({ comparisonOperator: 'GreaterThanUpperThreshold' }),
    field: `${alarm}.comparisonOperator`,
    says: operators,
  },
  {
    what: 'an operator of thresholds for a band',
    spec: metricAlarm({ threshold: undefined, anomalyBand: {}, comparisonOperator: 'GreaterThanThreshold' }),
    field: `${alarm}.comparisonOperator`,
    says: operators,
  },
  {
    what: 'a band of no width',
    spec: metricAlarm({ threshold: undefined, anomalyBand: { standardDeviations: 0 } }),
    field: `${alarm}.anomalyBand.standardDeviations`,
    says: 'must be at least 0.1 standard deviations',
  },
  {
    what: 'an alarm below its band that does not say what silence means',
    spec: metricAlarm({ threshold: undefined, anomalyBand: {}, comparisonOperator: 'LessThanLowerThreshold' }),
    field: alarm,
    says: 'set treatMissingData: without traffic Bedrock sends no data points, so a less-than alarm must say what silence means',
  },
];

const expressions: readonly Rejection[] = [
  {
    what: 'eleven metrics in one expression',
    spec: metricAlarm({
      metric: undefined,
      metricMath: { expression: 'm1', metrics: many(11, (n) => ({ id: `m${n}`, ...metric })) },
    }),
    field: `${alarm}.metricMath.metrics`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'an expression over nothing',
    spec: metricAlarm({ metric: undefined, metricMath: { expression: '1', metrics: [] } }),
    field: `${alarm}.metricMath.metrics`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'two metrics of one id',
    spec: metricAlarm({
      metric: undefined,
      metricMath: { expression: 'm', metrics: many(2, () => ({ id: 'm', ...metric })) },
    }),
    field: `${alarm}.metricMath.metrics[1]`,
    cause: 'FieldValueDuplicate',
  },
  {
    what: 'an id that begins with a capital',
    spec: metricAlarm({ metric: undefined, metricMath: { expression: 'M', metrics: [{ id: 'M', ...metric }] } }),
    field: `${alarm}.metricMath.metrics[0].id`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'no statistic in an expression',
    spec: metricAlarm({
      metric: undefined,
      metricMath: { ...math, metrics: [{ id: 'm1', name: 'X', statistic: 'sum' }] },
    }),
    field: `${alarm}.metricMath.metrics[0].statistic`,
    says: 'must be a CloudWatch statistic: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000)',
  },
  ...[
    { field: `${alarm}.metric.accountID`, members: { metric: { ...metric, accountID: 'mine' } } },
    {
      field: `${alarm}.metricMath.metrics[0].accountID`,
      members: { metric: undefined, metricMath: { ...math, metrics: [{ ...math.metrics[0], accountID: '12' }] } },
    },
  ].map(
    ({ field, members }): Rejection => ({
      what: `a source account that is none at ${field}`,
      spec: metricAlarm(members),
      field,
      says: 'must be 12 digits, in quotes',
    }),
  ),
  {
    what: 'ModelId in an expression beside models',
    spec: metricAlarm({
      metric: undefined,
      metricMath: { ...math, metrics: [{ ...math.metrics[0], dimensions: { ModelId: model } }] },
      models: [model],
    }),
    field: alarm,
    says: 'ModelId is set by models: use one of the two',
  },
  {
    what: 'awsName of an expression beside spec.models',
    spec: metricAlarm({ metric: undefined, metricMath: math, awsName: 'x' }, { models: [model] }),
    field: 'spec.alarms',
    says: oneName,
  },
  {
    what: 'a pattern of ARNs in the models of an alarm',
    spec: presetAlarm('Throttling', { models: ['arn:aws:bedrock:*'] }),
    field: `${alarm}.models[0]`,
    says: 'a pattern matches model IDs: write it without arn:',
  },
  {
    what: 'models of a query',
    spec: metricAlarm({ metric: undefined, metricsInsights: insights, models: [model] }),
    field: `${alarm}.models`,
    says: noModels,
  },
];

const presets: readonly Rejection[] = [
  ...['LogDeliveryFailure', 'GuardrailInterventions'].map(
    (preset): Rejection => ({
      what: `models of preset ${preset}`,
      spec: presetAlarm(preset, { models: [model] }),
      field: `${alarm}.models`,
      says: noModels,
    }),
  ),
  {
    what: 'preset QuotaHeadroom without its quota',
    spec: presetAlarm('QuotaHeadroom', { models: [model] }),
    field: alarm,
    says: 'preset QuotaHeadroom and quotaHeadroom go together',
  },
  {
    what: 'a quota beside another preset',
    spec: presetAlarm('Throttling', tokensPerMinute),
    field: alarm,
    says: 'preset QuotaHeadroom and quotaHeadroom go together',
  },
  {
    what: 'preset QuotaHeadroom without models',
    spec: presetAlarm('QuotaHeadroom', tokensPerMinute),
    field: 'spec.alarms',
    says: 'presets QuotaHeadroom and TimeToFirstToken need models: AWS documents their metrics per model only',
  },
  {
    what: 'the parameters of guardrails beside another preset',
    spec: presetAlarm('Throttling', {
      guardrailInterventions: {
        guardrailARN: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/a1b2',
        guardrailVersion: '1',
      },
    }),
    field: `${alarm}.guardrailInterventions`,
    says: 'guardrailInterventions holds the parameters of preset GuardrailInterventions',
  },
  {
    what: 'a guardrail by its ID',
    spec: presetAlarm('GuardrailInterventions', {
      guardrailInterventions: { guardrailARN: 'a1b2', guardrailVersion: '1' },
    }),
    field: `${alarm}.guardrailInterventions.guardrailARN`,
    says: 'must be the ARN of a guardrail, such as arn:aws:bedrock:us-east-1:111122223333:guardrail/a1b2c3d4e5f6',
  },
  {
    what: 'preset CostBudget without its amount',
    spec: presetAlarm('CostBudget', {}, { modelPrices: modelPrices(1) }),
    field: alarm,
    says: 'preset CostBudget and costBudget go together',
  },
  {
    what: 'preset CostBudget without prices',
    spec: presetAlarm('CostBudget', amount),
    field: 'spec.alarms',
    says: 'preset CostBudget needs modelPrices',
  },
  {
    what: 'preset CostBudget over six prices',
    spec: presetAlarm('CostBudget', amount, { modelPrices: modelPrices(6) }),
    field: 'spec.alarms',
    says: fiveModels,
  },
  {
    what: 'preset CostBudget over six models',
    spec: presetAlarm('CostBudget', { ...amount, models: many(6, (n) => `m${n}`) }, { modelPrices: modelPrices(9) }),
    field: 'spec.alarms',
    says: fiveModels,
  },
  ...[{ threshold: 5 }, { period: '1h' }].map(
    (members): Rejection => ({
      what: `${Object.keys(members).join()} beside costBudget`,
      spec: presetAlarm('CostBudget', { ...amount, ...members }, { modelPrices: modelPrices(1) }),
      field: alarm,
      says: 'preset CostBudget takes costBudget.amountUSD and costBudget.per in place of threshold and period',
    }),
  ),
  {
    what: 'eight days of CostBudget',
    spec: presetAlarm('CostBudget', { ...amount, evaluationPeriods: 8 }, { modelPrices: modelPrices(1) }),
    field: alarm,
    says: 'period x evaluationPeriods may be at most one day, or seven days for periods of an hour and more',
  },
  {
    what: 'a day and more of TokenSpike',
    spec: presetAlarm('TokenSpike', { evaluationPeriods: 97 }),
    field: alarm,
    says: 'period x evaluationPeriods may be at most one day, or seven days for periods of an hour and more',
  },
  {
    what: 'an amount of nothing',
    spec: presetAlarm('CostBudget', { costBudget: { amountUSD: 0 } }, { modelPrices: modelPrices(1) }),
    field: `${alarm}.costBudget.amountUSD`,
    says: 'must be at least one cent',
  },
  {
    what: 'preset SensitiveDataFindings without masking',
    spec: presetAlarm('SensitiveDataFindings'),
    field: 'spec.alarms',
    says: "preset SensitiveDataFindings needs dataProtection: it watches what this monitor's masking finds",
  },
];

const settings: readonly Rejection[] = [
  ...['30s', '49h', '90s', '0m'].map(
    (wrong): Rejection => ({
      what: `a warm-up of ${wrong}`,
      spec: metricAlarm({ warmUp: { duration: wrong } }),
      field: `${alarm}.warmUp.duration`,
      says: warmUpMinutes,
    }),
  ),
  {
    what: 'a warm-up that is no time',
    spec: metricAlarm({ warmUp: { duration: 'soon' } }),
    field: `${alarm}.warmUp.duration`,
    says: 'must be a duration such as 30s, 5m, 1h or 1h30m',
  },
  {
    what: 'tags to include and to exclude',
    spec: bare({ notifications: { alarmTagsPropagation: { includedTagKeys: ['a'], excludedTagKeys: ['b'] } } }),
    field: 'spec.notifications.alarmTagsPropagation',
    says: 'set includedTagKeys or excludedTagKeys, not both',
  },
  {
    what: '51 tags to include',
    spec: bare({ notifications: { alarmTagsPropagation: { includedTagKeys: many(51, (n) => `k${n}`) } } }),
    field: 'spec.notifications.alarmTagsPropagation.includedTagKeys',
    cause: 'FieldValueTooMany',
  },
];

export const alarmFormRejections: readonly Rejection[] = [...bands, ...expressions, ...presets, ...settings];

/** Edges of the same rules. */
export const alarmFormAcceptances: readonly Acceptance[] = [
  { what: 'a band of the default width', spec: metricAlarm({ threshold: undefined, anomalyBand: {} }) },
  {
    what: 'a band below which an alarm fires, with silence explained',
    spec: metricAlarm({
      threshold: undefined,
      anomalyBand: { standardDeviations: 100 },
      comparisonOperator: 'LessThanLowerThreshold',
      treatMissingData: 'Breaching',
    }),
  },
  {
    what: 'a band around an expression',
    spec: metricAlarm({ metric: undefined, metricMath: math, threshold: undefined, anomalyBand: {} }),
  },
  ...['TokenSpike', 'LatencyP99'].map(
    (preset): Acceptance => ({
      what: `preset ${preset} with a band`,
      spec: presetAlarm(preset, { anomalyBand: { standardDeviations: 4.5 } }),
    }),
  ),
  { what: 'preset TokenSpike alone', spec: presetAlarm('TokenSpike') },
  {
    what: 'ten metrics in one expression',
    spec: metricAlarm({
      metric: undefined,
      metricMath: { expression: 'm0', metrics: many(10, (n) => ({ id: `m${n}`, ...metric })) },
    }),
  },
  {
    what: 'awsName of an expression over the application beside spec.models',
    spec: metricAlarm(
      {
        metric: undefined,
        awsName: 'x',
        metricMath: { ...math, metrics: [{ id: 'm1', ...metric, namespace: 'Shop' }] },
      },
      { models: [model] },
    ),
  },
  {
    what: 'awsName of a query beside spec.models',
    spec: metricAlarm({ metric: undefined, metricsInsights: insights, awsName: 'x' }, { models: [model] }),
  },
  { what: 'a metric of a source account', spec: metricAlarm({ metric: { ...metric, accountID: '444455556666' } }) },
  {
    what: 'preset QuotaHeadroom with its quota and models',
    spec: presetAlarm('QuotaHeadroom', { ...tokensPerMinute, models: [model] }),
  },
  {
    what: 'preset CostBudget over five of nine prices, in one alarm with a name of its own',
    spec: presetAlarm(
      'CostBudget',
      { costBudget: { amountUSD: 0.5, per: 'Hour' }, models: many(5, (n) => `m${n}`), awsName: 'spend' },
      { modelPrices: modelPrices(9) },
    ),
  },
  {
    what: 'seven days of CostBudget',
    spec: presetAlarm('CostBudget', { ...amount, evaluationPeriods: 7 }, { modelPrices: modelPrices(5) }),
  },
  {
    what: 'preset SensitiveDataFindings with masking',
    spec: masked({}, { spec: { alarms: [{ name: 'found', preset: 'SensitiveDataFindings' }] } }),
  },
  {
    what: 'preset GuardrailInterventions of one guardrail',
    spec: presetAlarm('GuardrailInterventions', {
      guardrailInterventions: {
        guardrailARN: 'arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:guardrail/a1b2',
        guardrailVersion: 'DRAFT',
      },
    }),
  },
  ...['1m', '48h', '1h30m', '120s'].map(
    (duration): Acceptance => ({
      what: `a warm-up of ${duration}`,
      spec: metricAlarm({ warmUp: { duration, startEvaluating: 'AfterWarmUp' } }),
    }),
  ),
  { what: 'all tags in notifications', spec: bare({ notifications: { alarmTagsPropagation: {} } }) },
  { what: 'all models with traffic', spec: presetAlarm('Throttling', { models: ['*', 'anthropic.*'] }) },
];
