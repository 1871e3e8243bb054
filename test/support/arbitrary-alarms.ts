import * as fc from 'fast-check';
import type { AlarmEntry, AnomalyDetectorEntry, BedrockMonitorSpec, NotificationsSpec } from '#src/api/v1alpha1.ts';

/** The forms and presets beyond the plain ones. Members that do not go together are taken out by `fittedAlarm`. */
const model = 'amazon.nova-pro-v1:0';
const metric = fc.record({
  name: fc.constantFrom('Invocations', 'InputTokenCount', 'ContentFilteredCount'),
  statistic: fc.constantFrom('Sum', 'p90'),
});
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
);

const roleARN = 'arn:aws:iam::111122223333:role/bedrockmonitor/queries';
const logQuery = fc
  .record({
    every: fc.constantFrom('1m', '2h'),
    logGroupNames: fc.constantFrom(undefined, ['/aws/bedrock/b', '/aws/bedrock/a']),
    startTimeOffset: fc.constantFrom(undefined, '3h'),
    logLines: fc.constantFrom(undefined, { count: 3, roleARN }),
  })
  .map(({ every, logGroupNames, startTimeOffset, logLines }) => ({
    queryString: 'filter ispresent(errorCode)',
    aggregationExpression: 'count(*)',
    every,
    roleARN,
    ...(logGroupNames && { logGroupNames }),
    ...(startTimeOffset !== undefined && { startTimeOffset }),
    ...(logLines && { logLines }),
  }));

/** What each says of the alarm is said in full: whatever stands beside it is fitted to it. */
export const furtherAlarmForms: fc.Arbitrary<Partial<AlarmEntry>> = fc.oneof(
  fc.record({
    preset: fc.constantFrom('TokenSpike', 'GuardrailInterventions', 'LogDeliveryFailure', 'SensitiveDataFindings'),
  }),
  fc.record({ preset: fc.constantFrom('TokenSpike', 'LatencyP99'), anomalyBand: band }),
  fc.constant({ preset: 'QuotaHeadroom' as const, quotaHeadroom: { tokensPerMinute: 100_000 }, models: [model] }),
  fc.record({
    preset: fc.constant('CostBudget'),
    costBudget: fc.constantFrom({ amountUSD: 400 }, { amountUSD: 0.5, per: 'Hour' as const }),
  }),
  fc.record({ metric, anomalyBand: band }),
  fc.record({
    metric: fc.constant({ name: 'Invocations', statistic: 'Sum', accountID: '444455556666' }),
    threshold: fc.nat(9),
  }),
  fc.record({
    metricMath: math,
    threshold: fc.nat(9),
    warmUp: fc.constantFrom({ duration: '5m' }, { duration: '2h', startEvaluating: 'AfterWarmUp' as const }),
  }),
  fc.record({ metricMath: math, anomalyBand: band }),
  fc.record({
    metricsInsights: fc.constant({
      query: 'SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId',
    }),
    threshold: fc.nat(9),
  }),
  fc.record({ logQuery, threshold: fc.nat(9) }),
);

/** Tuned models, on series of their own. */
export const anomalyDetectors: fc.Arbitrary<readonly AnomalyDetectorEntry[]> = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('calls', 'tokens'),
      metric,
      excludedTimeRanges: fc.constantFrom(
        [],
        [{ startTime: '2026-11-01T00:00:00+01:00', endTime: '2026-11-02T00:00:00.5Z' }],
      ),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
      adaptationSpeed: fc.constantFrom('Fast', 'Normal', 'Slow'),
      outlierFilteringStrength: fc.constantFrom('Minimal', 'Moderate', 'Strict'),
      periodicSpikes: fc.boolean(),
    },
    { requiredKeys: ['name', 'metric'] },
  ),
  { maxLength: 2, comparator: (a, b) => a.name === b.name || JSON.stringify(a.metric) === JSON.stringify(b.metric) },
);

export const tagsPropagation: fc.Arbitrary<Pick<NotificationsSpec, 'alarmTagsPropagation'>> = fc.constantFrom(
  {},
  {},
  { alarmTagsPropagation: {} },
  { alarmTagsPropagation: { includedTagKeys: ['team', 'stage'] } },
);

const withoutModels: readonly unknown[] = ['GuardrailInterventions', 'LogDeliveryFailure', 'SensitiveDataFindings'];

/** Without the members that its form refuses. */
export function fittedAlarm(entry: AlarmEntry): AlarmEntry {
  const { threshold, models, period, evaluationPeriods, datapointsToAlarm, ...rest } = entry;
  const perResult = entry.logQuery !== undefined;
  const banded = entry.anomalyBand !== undefined || entry.preset === 'TokenSpike' || entry.preset === 'CostBudget';
  const oneModel =
    entry.metricsInsights !== undefined ||
    perResult ||
    withoutModels.includes(entry.preset) ||
    entry.preset === 'CostBudget' ||
    entry.metricMath?.metrics.some(({ namespace }) => namespace !== undefined) === true;
  return {
    ...rest,
    ...(threshold !== undefined && !banded && { threshold }),
    ...(models !== undefined && !oneModel && { models }),
    ...(entry.preset !== 'CostBudget' && {
      ...(period !== undefined && !perResult && { period }),
      ...(evaluationPeriods !== undefined && { evaluationPeriods }),
      ...(datapointsToAlarm !== undefined && { datapointsToAlarm }),
    }),
  };
}

/** Without the alarms that need another part of the spec. */
export function withFittingAlarms(spec: BedrockMonitorSpec): BedrockMonitorSpec {
  const { alarms, ...rest } = spec;
  if (alarms === undefined) return spec;
  const group = spec.invocationLogging?.cloudWatchLogs?.logGroup.name;
  const fit = ({ preset, logQuery: query }: AlarmEntry): boolean =>
    (query === undefined || query.logGroupNames !== undefined || group !== undefined) &&
    (preset !== 'CostBudget' || (spec.modelPrices?.length ?? 0) > 0) &&
    (preset !== 'SensitiveDataFindings' || spec.dataProtection !== undefined);
  return { ...rest, alarms: alarms.filter(fit) };
}
