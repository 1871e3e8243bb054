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
const units = [
  'Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits',
  'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count', 'Bytes/Second', 'Kilobytes/Second',
  'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second',
  'Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None',
]; // biome-ignore format: a list of words
const statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/** `p99`, `tm90`, `tm(5%:95%)`, `PR(:5000)`, `IQM`: percentiles, trimmed and winsorised means, counts, sums, ranks. */
const extendedStatistic =
  /^(?:(?:p|tm|wm|tc|ts)(?:100(?:\.0{0,10})?|[0-9]{1,2}(?:\.[0-9]{0,10})?)|(?:TM|WM|PR|TC|TS)\([^)]*:[^)]*\)|IQM)$/;
/** No control characters. */
export const alarmName: Constraint = string(1, 255, /^\P{Cc}+$/u);

const dimensions = array(0, 30, structure({ Name: required(string(1, 255)), Value: required(string(1, 1024)) }));
const actions = array(0, 5, string(1, 1024));
const metricStat = structure({
  Metric: required(
    structure({ Namespace: string(1, 255, /^[^:].*$/), MetricName: string(1, 255), Dimensions: dimensions }),
  ),
  Period: required(integer(1)),
  Stat: required(string()),
  Unit: oneOf(units),
});
/** A member of Metrics, and of MetricDataQueries. */
export const metricDataQuery = structure({
  Id: required(string(1, 255)),
  MetricStat: metricStat,
  Expression: string(1, 2048),
  Label: string(),
  ReturnData: boolean(),
  Period: integer(1),
  AccountId: string(1, 255),
});

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

function checkMetrics(input: JsonObject): void {
  const foreign = ['Namespace', 'Statistic', 'ExtendedStatistic', 'Dimensions', 'Period', 'Unit'];
  const beside = foreign.find((member) => {
    const value = input[member];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
  if (beside !== undefined) throw validationError(`The parameters Metrics and ${beside} are mutually exclusive.`);
  const metrics = objects(input, 'Metrics');
  if (JSON.stringify(metrics).length > 120 * 1024) {
    throw validationError('The Metrics parameter exceeds 120 KB.');
  }
  const ids = metrics.map((metric) => text(metric, 'Id') ?? '');
  for (const metric of metrics) checkQuery(metric);
  if (new Set(ids).size < ids.length) throw validationError('The values of Id in Metrics must be unique.');
  if (metrics.filter((metric) => object(metric, 'MetricStat')).length > 10) {
    throw validationError('An alarm on a metric math expression can have at most 10 metrics.');
  }
  if (metrics.filter((metric) => flag(metric, 'ReturnData') ?? true).length !== (bandID(input) === undefined ? 1 : 2)) {
    throw validationError('Exactly one element of the metrics list should return data.');
  }
}

function checkQuery(metric: JsonObject): void {
  const id = text(metric, 'Id') ?? '';
  if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) throw validationError(`Invalid metrics list: the Id ${id} is not valid.`);
  const stat = object(metric, 'MetricStat');
  const expression = text(metric, 'Expression');
  if ((stat === undefined) === (expression === undefined)) {
    throw validationError(`Invalid metrics list: ${id} must have either MetricStat or Expression.`);
  }
  if (stat === undefined) return;
  const inner = object(stat, 'Metric');
  if (text(inner ?? {}, 'Namespace') === undefined || text(inner ?? {}, 'MetricName') === undefined) {
    throw validationError(`Invalid metrics list: the metric ${id} must have Namespace and MetricName.`);
  }
  const statistic = text(stat, 'Stat') ?? '';
  if (!statistics.includes(statistic) && !extendedStatistic.test(statistic)) {
    throw validationError(`Invalid metrics list: the Stat ${statistic} of ${id} is not supported.`);
  }
  checkPeriod(number(stat, 'Period') ?? 0);
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
  if (!/^\s*ANOMALY_DETECTION_BAND\(/.test(text(expression ?? {}, 'Expression') ?? '')) {
    throw validationError('ThresholdMetricId must be the Id of an ANOMALY_DETECTION_BAND expression in Metrics.');
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

function checkPeriod(period: number): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0) {
    throw validationError('Period must be 10, 20, 30 or a multiple of 60');
  }
}

function bandID(input: JsonObject): string | undefined {
  return text(input, 'ThresholdMetricId');
}

function periodsOf(input: JsonObject): readonly number[] {
  const own = number(input, 'Period');
  const inner = objects(input, 'Metrics').flatMap((metric) => [
    number(object(metric, 'MetricStat') ?? {}, 'Period'),
    number(metric, 'Period'),
  ]);
  return [own, ...inner].filter((period) => period !== undefined);
}
