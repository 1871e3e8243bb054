import * as fc from 'fast-check';
import { ERROR_KINDS } from '#src/api/schema/alarm-presets.ts';
import type { AlarmEntry, NotificationsSpec } from '#src/api/v1alpha1.ts';
import {
  actions,
  description,
  entryName,
  models,
  runbookURL,
  severity,
  some,
  someModels,
  threshold,
} from './entries.ts';
import { surroundings } from './surroundings.ts';

/** The forms and presets beyond the plain ones. Members that do not go together are taken out by `fittedAlarm`. */
const [model] = surroundings.models;
const metric = some(
  {
    name: fc.constantFrom('Invocations', 'InputTokenCount', 'ContentFilteredCount'),
    statistic: fc.constantFrom('Sum', 'p90'),
    dimensions: fc.constantFrom({}, { Operation: 'Converse' }),
  },
  'name',
  'statistic',
);
const band = fc.constantFrom({}, { standardDeviations: 0.5 }, { standardDeviations: 3 });
const math = fc.constantFrom(
  {
    expression: '100 * bad / calls',
    metrics: [
      { id: 'bad', name: 'InvocationThrottles', statistic: 'Sum' },
      { id: 'calls', name: 'Invocations', statistic: 'Sum' },
    ],
  },
  {
    expression: 'FILL(orders, 0)',
    metrics: [{ id: 'orders', name: 'Orders', namespace: 'Shop', statistic: 'Sum', dimensions: { Stage: 'live' } }],
  },
  {
    expression: 'theirs * 2',
    metrics: [{ id: 'theirs', name: 'Invocations', statistic: 'Sum', accountID: surroundings.otherAccountID }],
  },
);
const warmUp = fc.constantFrom(
  { duration: '5m' },
  { duration: '1h', startEvaluating: 'WhenDataSuffices' as const },
  { duration: '2h', startEvaluating: 'AfterWarmUp' as const },
);

const logQuery = some(
  {
    queryString: fc.constantFrom('filter ispresent(errorCode)', 'filter input.inputTokenCount > 100000'),
    aggregationExpression: fc.constantFrom('count(*)', 'count(*) by identity.arn'),
    logGroupNames: fc.constant([surroundings.applicationGroup]),
    every: fc.constantFrom('5m', '1h'),
    startTimeOffset: fc.constantFrom('65m', '24h'),
    endTimeOffset: fc.constantFrom('0s', '90s'),
    roleARN: fc.constant(surroundings.queryRoleARN),
    logLines: fc.record({ count: fc.integer({ min: 1, max: 50 }), roleARN: fc.constant(surroundings.linesRoleARN) }),
  },
  'queryString',
  'aggregationExpression',
  'every',
  'roleARN',
);

/** What each says of the alarm is said in full: whatever stands beside it is fitted to it. */
export const furtherAlarmForms: fc.Arbitrary<Partial<AlarmEntry>> = fc.oneof(
  fc.record({
    preset: fc.constantFrom('TokenSpike', 'GuardrailInterventions', 'LogDeliveryFailure', 'SensitiveDataFindings'),
  }),
  fc.constant({
    preset: 'GuardrailInterventions' as const,
    guardrailInterventions: {
      guardrailARN: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/a1b2c3d4e5f6',
      guardrailVersion: '3',
    },
  }),
  fc.record({ preset: fc.constantFrom('TokenSpike', 'LatencyP99'), anomalyBand: band }),
  fc.constant({ preset: 'QuotaHeadroom' as const, quotaHeadroom: { tokensPerMinute: 100_000 }, models: [model] }),
  fc.record({
    preset: fc.constant('CostBudget'),
    costBudget: fc.constantFrom(
      { amountUSD: 400 },
      { amountUSD: 9, per: 'Day' as const },
      { amountUSD: 0.5, per: 'Hour' as const },
    ),
  }),
  fc.record({ metric, anomalyBand: band }),
  fc.record({
    metric,
    anomalyBand: band,
    comparisonOperator: fc.constantFrom(
      'LessThanLowerThreshold',
      'GreaterThanUpperThreshold',
      'LessThanLowerOrGreaterThanUpperThreshold',
    ),
    treatMissingData: fc.constantFrom('Breaching', 'NotBreaching'),
  }),
  fc.record({
    metric: fc.constantFrom(
      { name: 'Invocations', statistic: 'Sum', accountID: surroundings.otherAccountID },
      { name: 'Orders', namespace: 'Shop', statistic: 'Sum', dimensions: { Stage: 'live' } },
    ),
    threshold: fc.nat(9),
  }),
  fc.record({ metricMath: math, threshold: fc.nat(9), warmUp }),
  fc.record({ metricMath: math, anomalyBand: band }),
  fc.record({
    metricsInsights: fc.constant({
      query: 'SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId',
    }),
    threshold: fc.nat(9),
  }),
);

/** They need roles and log groups. */
const logAlarmForms: fc.Arbitrary<Partial<AlarmEntry>> = some(
  {
    logQuery,
    threshold: fc.nat(9),
    comparisonOperator: fc.constantFrom('GreaterThanThreshold', 'LessThanThreshold'),
    treatMissingData: fc.constantFrom('Missing', 'NotBreaching', 'Breaching', 'Ignore'),
    warmUp,
  },
  'logQuery',
  'threshold',
  'treatMissingData',
);

const plainForms: fc.Arbitrary<Partial<AlarmEntry>> = fc.oneof(
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
    comparisonOperator: fc.constantFrom(
      'GreaterThanThreshold',
      'GreaterThanOrEqualToThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ),
    treatMissingData: fc.constantFrom('Missing', 'NotBreaching', 'Breaching', 'Ignore'),
  }),
);

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

/** An alarm of any form. Some need another part of the spec, as `fits` tells. */
export const alarm: fc.Arbitrary<AlarmEntry> = fc
  .tuple(
    some(
      {
        name: entryName,
        threshold,
        models,
        severity,
        alarmActions: actions,
        okActions: actions,
        insufficientDataActions: actions,
        actionsEnabled: fc.boolean(),
        evaluateLowSampleCountPercentile: fc.constantFrom('Evaluate', 'Ignore'),
        description,
        runbookURL,
      },
      'name',
    ),
    fc.boolean(),
    time,
    fc.oneof(
      { weight: 4, arbitrary: plainForms },
      { weight: 4, arbitrary: furtherAlarmForms },
      { weight: 1, arbitrary: logAlarmForms },
    ),
  )
  .map(([rest, named, when, what]) =>
    fittedAlarm({ ...rest, ...when, ...(named && { awsName: `by hand/${rest.name}` }), ...what }),
  );

export const tagsPropagation: fc.Arbitrary<Pick<NotificationsSpec, 'alarmTagsPropagation'>> = fc.constantFrom(
  {},
  {},
  { alarmTagsPropagation: {} },
  { alarmTagsPropagation: { includedTagKeys: ['team', 'stage'] } },
  { alarmTagsPropagation: { excludedTagKeys: ['team'] } },
);

const withoutModels: readonly unknown[] = ['GuardrailInterventions', 'LogDeliveryFailure', 'SensitiveDataFindings'];

/** Whether models never come into it. */
function isOfNoModel({ preset, metricsInsights, logQuery: query, metricMath }: AlarmEntry): boolean {
  return (
    metricsInsights !== undefined ||
    query !== undefined ||
    withoutModels.includes(preset) ||
    preset === 'CostBudget' ||
    metricMath?.metrics.some(({ namespace }) => namespace !== undefined) === true
  );
}

/** Whether the entry is one alarm in AWS for certain. */
export function isSingle(entry: AlarmEntry, defaultModels: readonly string[] = []): boolean {
  return isOfNoModel(entry) || (entry.models ?? defaultModels).length === 0;
}

/** Without the members that its form refuses. */
function fittedAlarm(entry: AlarmEntry): AlarmEntry {
  const { threshold: limit, models: chosen, period, evaluationPeriods, datapointsToAlarm, awsName, ...rest } = entry;
  const banded = entry.anomalyBand !== undefined || entry.preset === 'TokenSpike' || entry.preset === 'CostBudget';
  const ofNoModel = isOfNoModel(entry);
  const hasDimensions = Object.keys(entry.metric?.dimensions ?? {}).length > 0;
  return {
    ...rest,
    ...(limit !== undefined && !banded && { threshold: limit }),
    ...(chosen !== undefined && !ofNoModel && !hasDimensions && { models: chosen }),
    ...(awsName !== undefined && (ofNoModel || chosen?.length === 0) && { awsName }),
    ...(entry.preset !== 'CostBudget' && {
      ...(period !== undefined && entry.logQuery === undefined && { period }),
      ...(evaluationPeriods !== undefined && { evaluationPeriods }),
      ...(datapointsToAlarm !== undefined && { datapointsToAlarm }),
    }),
  };
}
