import type {
  MetricDataQuery,
  PutMetricAlarmInput,
  Statistic,
  MetricAlarm as WireAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmMetric, MetricAlarm, MetricQuery } from '#src/domain/resource.ts';

/** The statistics that have a member of their own; all others go as ExtendedStatistic. */
const simpleStatistics: readonly Statistic[] = ['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum'];
/** Settings beside what a spec declares; PutMetricAlarm replaces all, so they are put again as they are. */
const carriedOver = ['ActionConfiguration', 'EvaluationWindow', 'WarmUpConfiguration'] as const;

/** `description` has the mark already. `now`: the alarm as AWS has it, absent for a new one. */
export function putInput(desired: MetricAlarm, description: string, now: WireAlarm | undefined): PutMetricAlarmInput {
  const { metric, metrics } = desired;
  const lowSampleCount = desired.evaluateLowSampleCountPercentile ?? carriedLowSampleCount(desired, now);
  return {
    AlarmName: desired.name,
    AlarmDescription: description,
    ActionsEnabled: desired.actionsEnabled,
    AlarmActions: [...desired.alarmActions],
    OKActions: [...desired.okActions],
    InsufficientDataActions: [...desired.insufficientDataActions],
    EvaluationPeriods: desired.evaluationPeriods,
    DatapointsToAlarm: desired.datapointsToAlarm,
    Threshold: desired.threshold,
    // AWS's word, which AWS checks.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    ComparisonOperator: desired.comparisonOperator as NonNullable<PutMetricAlarmInput['ComparisonOperator']>,
    TreatMissingData: desired.treatMissingData,
    ...(lowSampleCount !== undefined && { EvaluateLowSampleCountPercentile: lowSampleCount }),
    ...(metric !== undefined && singleMetric(metric)),
    ...(metrics !== undefined && { Metrics: metrics.map(wireQuery) }),
    ...Object.fromEntries(
      carriedOver.flatMap((member) => (now?.[member] === undefined ? [] : [[member, now[member]]])),
    ),
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

function wireQuery({ id, expression, metric, label, returnData }: MetricQuery): MetricDataQuery {
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
    threshold: wire.Threshold ?? Number.NaN,
    comparisonOperator: wire.ComparisonOperator ?? '',
    evaluationPeriods,
    datapointsToAlarm: wire.DatapointsToAlarm ?? evaluationPeriods,
    treatMissingData: wire.TreatMissingData ?? 'missing',
    evaluateLowSampleCountPercentile: wire.EvaluateLowSampleCountPercentile ?? 'evaluate',
    actionsEnabled: wire.ActionsEnabled ?? true,
    alarmActions: [...(wire.AlarmActions ?? [])].sort(),
    okActions: [...(wire.OKActions ?? [])].sort(),
    insufficientDataActions: [...(wire.InsufficientDataActions ?? [])].sort(),
    tags: {},
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
  const { Id, Expression, MetricStat, Label, ReturnData } = wire;
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
      },
    }),
    ...(Label !== undefined && { label: Label }),
    returnData: ReturnData ?? true,
  };
}

/**
 * What an alarm of ours never has and which would change what it watches: a unit (the alarm then sees no data), another
 * account, another form. Empty for an alarm as declared.
 */
export function strayMembers(wire: WireAlarm): { readonly [member: string]: string | number } {
  const { Unit, ThresholdMetricId, EvaluationCriteria, EvaluationInterval } = wire;
  const ofQueries = (wire.Metrics ?? []).flatMap(
    ({ Id = '', AccountId, Period, MetricStat }): [string, string | number | undefined][] => [
      [`metrics.${Id}.unit`, MetricStat?.Unit],
      [`metrics.${Id}.accountID`, AccountId],
      [`metrics.${Id}.period`, Period],
    ],
  );
  const members: [string, string | number | undefined][] = [
    ['unit', Unit],
    ['thresholdMetricID', ThresholdMetricId],
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
