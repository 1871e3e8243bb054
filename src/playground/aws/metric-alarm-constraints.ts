import type { JsonObject } from '#src/domain/json.ts';
import {
  array,
  boolean,
  type Constraint,
  check,
  double,
  integer,
  oneOf,
  required,
  type Shape,
  string,
  structure,
} from './constraints.ts';
import { validationError } from './errors.ts';
import { flag, number, object, objects, text, texts } from './members.ts';
import {
  bandID,
  checkMetrics,
  checkPeriod,
  dimensions,
  extendedStatistic,
  metricDataQuery,
  periodsOf,
  statistics,
  units,
} from './metric-query-constraints.ts';
import type { Scope } from './operation.ts';
import { tag, tagLimit } from './tag-constraints.ts';

const staticOperators = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
];
const bandOperators = [
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
];
/** No control characters. */
export const alarmName: Constraint = string(1, 255, /^\P{Cc}+$/u);

const actions = array(0, 5, string(1, 1024));
const putMetricAlarm: Shape = {
  AlarmName: required(alarmName),
  AlarmDescription: string(0, 1024),
  ActionsEnabled: boolean(),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  MetricName: string(1, 255),
  Namespace: string(1, 255, /^[^:].*$/),
  Statistic: oneOf(statistics),
  ExtendedStatistic: string(),
  Dimensions: dimensions,
  Period: integer(1),
  Unit: oneOf(units),
  EvaluationPeriods: required(integer(1)),
  DatapointsToAlarm: integer(1),
  Threshold: double(),
  ComparisonOperator: required(oneOf([...staticOperators, ...bandOperators])),
  TreatMissingData: string(1, 255),
  EvaluateLowSampleCountPercentile: string(1, 255),
  Metrics: array(0, 500, metricDataQuery),
  Tags: array(0, tagLimit, tag),
  ThresholdMetricId: string(1, 255),
  WarmUpConfiguration: structure({
    WarmUpPeriodDurationInMinutes: required(integer(1, 2880)),
    OnlyStartEvaluatingAfterWarmUpPeriodEnds: boolean(),
  }),
  ActionConfiguration: structure({
    AlarmTagsPropagation: structure({
      Enabled: required(boolean()),
      IncludedTagKeys: array(1, 50, string(1, 128)),
      ExcludedTagKeys: array(1, 50, string(1, 128)),
    }),
  }),
};

/** The longest description, metrics payload and so on that PutMetricAlarm takes; throws ValidationError. */
export function checkMetricAlarm(input: JsonObject, scope: Scope): void {
  check(input, putMetricAlarm, validationError);
  if (text(input, 'MetricName') !== undefined && objects(input, 'Metrics').length > 0) {
    throw validationError('The parameters MetricName and Metrics are mutually exclusive.');
  }
  if (text(input, 'MetricName') === undefined && objects(input, 'Metrics').length === 0) {
    throw validationError('An alarm must have either MetricName or Metrics.');
  }
  if (text(input, 'MetricName') === undefined) checkMetrics(input);
  else checkSingleMetric(input);
  checkThreshold(input);
  checkPeriods(input);
  checkWords(input);
  checkTagsPropagation(input);
  for (const member of ['OKActions', 'AlarmActions', 'InsufficientDataActions']) {
    for (const action of texts(input, member)) checkAction(action, scope);
  }
}

function checkSingleMetric(input: JsonObject): void {
  if (text(input, 'Namespace') === undefined)
    throw validationError('The parameter Namespace is required with MetricName.');
  if (number(input, 'Period') === undefined) throw validationError('The parameter Period is required with MetricName.');
  const extended = text(input, 'ExtendedStatistic');
  if ((text(input, 'Statistic') === undefined) === (extended === undefined)) {
    throw validationError('Exactly one of Statistic and ExtendedStatistic must be specified.');
  }
  if (extended !== undefined && !extendedStatistic.test(extended)) {
    throw validationError(`The value ${extended} for parameter ExtendedStatistic is not supported.`);
  }
  checkPeriod(number(input, 'Period') ?? 0);
}

function checkThreshold(input: JsonObject): void {
  const band = bandID(input);
  const operator = text(input, 'ComparisonOperator') ?? '';
  if (band === undefined) {
    if (bandOperators.includes(operator)) {
      throw validationError(`ComparisonOperator ${operator} can only be used with ThresholdMetricId.`);
    }
    if (number(input, 'Threshold') === undefined) throw validationError('The parameter Threshold is required.');
    return;
  }
  if (number(input, 'Threshold') !== undefined) {
    throw validationError('The parameters Threshold and ThresholdMetricId are mutually exclusive.');
  }
  if (staticOperators.includes(operator)) {
    throw validationError(`ComparisonOperator ${operator} can not be used with ThresholdMetricId.`);
  }
  const expression = objects(input, 'Metrics').find((metric) => text(metric, 'Id') === band);
  const banded = /^\s*ANOMALY_DETECTION_BAND\(\s*([A-Za-z0-9_]+)\s*(?:,\s*([0-9.]+)\s*)?\)\s*$/.exec(
    text(expression ?? {}, 'Expression') ?? '',
  );
  if (banded === null) {
    throw validationError('ThresholdMetricId must be the Id of an ANOMALY_DETECTION_BAND expression in Metrics.');
  }
  if (!(Number(banded[2] ?? 2) > 0)) {
    throw validationError('The second argument of ANOMALY_DETECTION_BAND must be a number greater than 0.');
  }
  const series = objects(input, 'Metrics').find((metric) => text(metric, 'Id') === banded[1]);
  if (series === undefined || flag(series, 'ReturnData') === false) {
    throw validationError(`ANOMALY_DETECTION_BAND needs a series of Metrics that returns data, not ${banded[1]}.`);
  }
  if (periodsOf(input).some((period) => period < 60)) {
    throw validationError('An anomaly detection alarm needs a period of at least 60 seconds.');
  }
}

function checkPeriods(input: JsonObject): void {
  const periods = number(input, 'EvaluationPeriods') ?? 1;
  if ((number(input, 'DatapointsToAlarm') ?? 1) > periods) {
    throw validationError('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  }
  const period = Math.max(...periodsOf(input), 0);
  if (period < 3600 && period * periods > 86_400) {
    throw validationError(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
    );
  }
  if (period * periods > 604_800) {
    throw validationError(
      'Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800).',
    );
  }
}

function checkWords(input: JsonObject): void {
  const missing = text(input, 'TreatMissingData');
  if (missing !== undefined && !['breaching', 'notBreaching', 'ignore', 'missing'].includes(missing)) {
    throw validationError(`The value ${missing} is unsupported for TreatMissingData parameter.`);
  }
  const low = text(input, 'EvaluateLowSampleCountPercentile');
  if (low !== undefined && !['evaluate', 'ignore'].includes(low)) {
    throw validationError(`Option ${low} is not supported for EvaluateLowSampleCountPercentile.`);
  }
  if (low !== undefined && text(input, 'ExtendedStatistic') === undefined && objects(input, 'Metrics').length === 0) {
    throw validationError('EvaluateLowSampleCountPercentile can only be used with a percentile statistic.');
  }
}

function checkTagsPropagation(input: JsonObject): void {
  const { IncludedTagKeys, ExcludedTagKeys } =
    object(object(input, 'ActionConfiguration'), 'AlarmTagsPropagation') ?? {};
  if (IncludedTagKeys !== undefined && ExcludedTagKeys !== undefined) {
    throw validationError('The parameters IncludedTagKeys and ExcludedTagKeys are mutually exclusive.');
  }
}

/** CloudWatch looks at the form and the Region of an action, not at whether its target exists. */
function checkAction(action: string, scope: Scope): void {
  const [prefix, partition, service, region] = action.split(':');
  const services = ['sns', 'lambda', 'automate', 'autoscaling', 'swf', 'ssm', 'ssm-incidents', 'aiops'];
  if (prefix !== 'arn' || partition === undefined || !services.includes(service ?? '')) {
    throw validationError(`Invalid arn syntax: ${action}`);
  }
  if (region !== scope.region.name && region !== '') {
    throw validationError(`Invalid region ${region} specified. Only ${scope.region.name} is supported.`);
  }
}
