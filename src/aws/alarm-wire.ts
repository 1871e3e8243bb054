import type {
  MetricDataQuery,
  PutMetricAlarmInput,
  Statistic,
  MetricAlarm as WireAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmMetric, MetricAlarm, MetricQuery } from '#src/domain/resource.ts';
import { commonFromWire, commonInput, warmUpFromWire, warmUpInput } from './common-alarm-wire.ts';

/** The statistics that have a member of their own; all others go as ExtendedStatistic. */
const simpleStatistics: readonly Statistic[] = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'];

/** `description` has the mark already. `now`: the alarm as AWS has it, absent for a new one. */
export function putInput(desired: MetricAlarm, description: string, now: WireAlarm | undefined): PutMetricAlarmInput {
  const { metric, metrics } = desired;
  const lowSampleCount = desired.evaluateLowSampleCountPercentile ?? carriedLowSampleCount(desired, now);
  return {
    ...commonInput(desired, description, now),
    EvaluationPeriods: desired.evaluationPeriods,
    DatapointsToAlarm: desired.datapointsToAlarm,
    ...(desired.threshold !== undefined && { Threshold: desired.threshold }),
    ...(desired.thresholdMetricID !== undefined && { ThresholdMetricId: desired.thresholdMetricID }),
    // AWS's word, which AWS checks.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ComparisonOperator: desired.comparisonOperator as NonNullable<PutMetricAlarmInput['ComparisonOperator']>,
    TreatMissingData: desired.treatMissingData,
    ...(lowSampleCount !== undefined && { EvaluateLowSampleCountPercentile: lowSampleCount }),
    ...(metric !== undefined && singleMetric(metric)),
    ...(metrics !== undefined && { Metrics: metrics.map(wireQuery) }),
    ...warmUpInput(desired.warmUp, now?.WarmUpConfiguration),
    // Nobody can declare it: as AWS has it.
    ...(now?.EvaluationWindow !== undefined && { EvaluationWindow: now.EvaluationWindow }),
  };
}

function carriedLowSampleCount({ metric }: MetricAlarm, now: WireAlarm | undefined): string | undefined {
  return metric?.statistic.startsWith('p') === true ? now?.EvaluateLowSampleCountPercentile : undefined;
}

function singleMetric({ namespace, name, dimensions, statistic, period }: AlarmMetric) {
  const simple = simpleStatistics.find((one) => one === statistic);
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: wireDimensions(dimensions),
    Period: period,
    ...(simple === undefined ? { ExtendedStatistic: statistic } : { Statistic: simple }),
  };
}

function wireQuery({ id, expression, metric, label, period, returnData }: MetricQuery): MetricDataQuery {
  return {
    Id: id,
    ...(expression !== undefined && { Expression: expression }),
    ...(metric !== undefined && {
      MetricStat: {
        Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions: wireDimensions(metric.dimensions) },
        Period: metric.period,
        Stat: metric.statistic,
      },
    }),
    ...(label !== undefined && { Label: label }),
    ...(period !== undefined && { Period: period }),
    ...(metric?.accountID !== undefined && { AccountId: metric.accountID }),
    ReturnData: returnData,
  };
}

/** An alarm as planning has it, with AWS's defaults for what the answer leaves out. */
export function alarmFromWire(name: string, description: string, wire: WireAlarm): MetricAlarm {
  const evaluationPeriods = wire.EvaluationPeriods ?? 1;
  return {
    kind: 'MetricAlarm',
    name,
    description,
    ...(wire.MetricName !== undefined && { metric: metricFromWire(wire) }),
    ...(wire.Metrics !== undefined && wire.Metrics.length > 0 && { metrics: wire.Metrics.map(queryFromWire) }),
    ...(wire.Threshold !== undefined && { threshold: wire.Threshold }),
    ...(wire.ThresholdMetricId !== undefined && { thresholdMetricID: wire.ThresholdMetricId }),
    comparisonOperator: wire.ComparisonOperator ?? '',
    evaluationPeriods,
    datapointsToAlarm: wire.DatapointsToAlarm ?? evaluationPeriods,
    treatMissingData: wire.TreatMissingData ?? 'missing',
    evaluateLowSampleCountPercentile: wire.EvaluateLowSampleCountPercentile ?? 'evaluate',
    ...warmUpFromWire(wire.WarmUpConfiguration),
    ...commonFromWire(wire),
  };
}

function metricFromWire(wire: WireAlarm): AlarmMetric {
  return {
    namespace: wire.Namespace ?? '',
    name: wire.MetricName ?? '',
    dimensions: dimensionsFromWire(wire.Dimensions),
    statistic: wire.Statistic ?? wire.ExtendedStatistic ?? '',
    period: wire.Period ?? 0,
  };
}

function queryFromWire(wire: MetricDataQuery): MetricQuery {
  const { Id, Expression, MetricStat, Label, Period, AccountId, ReturnData } = wire;
  return {
    id: Id ?? '',
    ...(Expression !== undefined && { expression: Expression }),
    ...(MetricStat !== undefined && {
      metric: {
        namespace: MetricStat.Metric?.Namespace ?? '',
        name: MetricStat.Metric?.MetricName ?? '',
        dimensions: dimensionsFromWire(MetricStat.Metric?.Dimensions),
        statistic: MetricStat.Stat ?? '',
        period: MetricStat.Period ?? 0,
        ...(AccountId !== undefined && { accountID: AccountId }),
      },
    }),
    ...(Label !== undefined && { label: Label }),
    ...(Period !== undefined && { period: Period }),
    returnData: ReturnData ?? true,
  };
}

/**
 * What an alarm of ours never has and which would change what it watches: a unit (the alarm then sees no data), another
 * form. Empty for an alarm as declared.
 */
export function strayMembers(wire: WireAlarm): { readonly [member: string]: string | number } {
  const { Unit, EvaluationCriteria, EvaluationInterval } = wire;
  const ofQueries = (wire.Metrics ?? []).map(({ Id = '', MetricStat }): [string, string | undefined] => [
    `metrics.${Id}.unit`,
    MetricStat?.Unit,
  ]);
  const members: [string, string | number | undefined][] = [
    ['unit', Unit],
    ['evaluationCriteria', EvaluationCriteria === undefined ? undefined : JSON.stringify(EvaluationCriteria)],
    ['evaluationInterval', EvaluationInterval],
    ...ofQueries,
  ];
  return Object.fromEntries(members.flatMap(([member, value]) => (value === undefined ? [] : [[member, value]])));
}

function wireDimensions(dimensions: AlarmMetric['dimensions']) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function dimensionsFromWire(dimensions: WireAlarm['Dimensions']): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]));
}
