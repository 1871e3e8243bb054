import type { JsonObject } from '#src/domain/json.ts';
import { array, boolean, integer, oneOf, required, string, structure } from './constraints.ts';
import { validationError } from './errors.ts';
import { flag, number, object, objects, text } from './members.ts';

/** CloudWatch's units (StandardUnit, CloudWatch API reference). */
export const units = [
  'Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits',
  'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count', 'Bytes/Second', 'Kilobytes/Second',
  'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second',
  'Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None',
]; // biome-ignore format: a list of words
/** The statistics that are no percentiles. */
export const statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/** `p99`, `tm90`, `tm(5%:95%)`, `PR(:5000)`, `IQM`: percentiles, trimmed and winsorised means, counts, sums, ranks. */
export const extendedStatistic =
  /^(?:(?:p|tm|wm|tc|ts)(?:100(?:\.0{0,10})?|[0-9]{1,2}(?:\.[0-9]{0,10})?)|(?:TM|WM|PR|TC|TS)\([^)]*:[^)]*\)|IQM)$/;

/** What identifies a metric beside its name. */
export const dimensions = array(0, 30, structure({ Name: required(string(1, 255)), Value: required(string(1, 1024)) }));
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

/** What an alarm takes for Metrics: math over metrics, one Metrics Insights query, or a series and its band. */
export function checkMetrics(input: JsonObject): void {
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
  for (const metric of metrics) checkQuery(metric, ids);
  if (new Set(ids).size < ids.length) throw validationError('The values of Id in Metrics must be unique.');
  if (metrics.filter((metric) => object(metric, 'MetricStat')).length > 10) {
    throw validationError('An alarm on a metric math expression can have at most 10 metrics.');
  }
  const returned = metrics.filter((metric) => flag(metric, 'ReturnData') ?? true).length;
  if (bandID(input) === undefined && returned !== 1) {
    throw validationError('Exactly one element of the metrics list should return data.');
  }
  if (bandID(input) !== undefined && returned !== 2) {
    throw validationError('Exactly two elements of the metrics list should return data: the series and its band.');
  }
  if (metrics.filter(isInsightsQuery).length > 1) {
    throw validationError('Invalid metrics list: only one Metrics Insights query is supported.');
  }
}

/** Whether a member of Metrics is a Metrics Insights query. */
export function isInsightsQuery(metric: JsonObject): boolean {
  return /^\s*SELECT\s/i.test(text(metric, 'Expression') ?? '');
}

function checkQuery(metric: JsonObject, ids: readonly string[]): void {
  const id = text(metric, 'Id') ?? '';
  if (!/^[a-z][A-Za-z0-9_]*$/.test(id)) throw validationError(`Invalid metrics list: the Id ${id} is not valid.`);
  const stat = object(metric, 'MetricStat');
  const expression = text(metric, 'Expression');
  if ((stat === undefined) === (expression === undefined)) {
    throw validationError(`Invalid metrics list: ${id} must have either MetricStat or Expression.`);
  }
  const account = text(metric, 'AccountId');
  if (account !== undefined && (stat === undefined || !/^[0-9]{12}$/.test(account))) {
    throw validationError(`Invalid metrics list: the AccountId ${account} of ${id} is not valid.`);
  }
  if (stat === undefined) {
    checkExpression(metric, expression ?? '', id, ids);
    return;
  }
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

function checkExpression(metric: JsonObject, expression: string, id: string, ids: readonly string[]): void {
  if (isInsightsQuery(metric)) {
    if (!/\sFROM\s/i.test(expression)) throw validationError(`Invalid metrics list: Invalid syntax in query ${id}.`);
    const period = number(metric, 'Period');
    if (period === undefined) throw validationError(`Invalid metrics list: Period is required for the query ${id}.`);
    checkPeriod(period);
    return;
  }
  if (/\bSEARCH\s*\(/.test(expression)) {
    throw validationError(`Invalid metrics list: SEARCH in ${id} is not supported for alarms.`);
  }
  const unknown = identifiers(expression).find((name) => !ids.includes(name));
  if (unknown !== undefined) {
    throw validationError(`Invalid metrics list: Error in expression '${id}': the variable ${unknown} does not exist.`);
  }
}

/** IDs begin with a lower-case letter; functions and constants are in capitals, and texts are quoted. */
function identifiers(expression: string): readonly string[] {
  const outsideTexts = expression.replace(/'[^']*'|"[^"]*"/g, ' ');
  return [...outsideTexts.matchAll(/(?<![A-Za-z0-9_.])[a-z][A-Za-z0-9_]*/g)].map(([name]) => name);
}

/** Throws for a period that no metric has. */
export function checkPeriod(period: number): void {
  if (![10, 20, 30].includes(period) && period % 60 !== 0) {
    throw validationError('Period must be 10, 20, 30 or a multiple of 60');
  }
}

/** The Id of the band that the alarm compares with; absent: it compares with a number. */
export function bandID(input: JsonObject): string | undefined {
  return text(input, 'ThresholdMetricId');
}

/** All periods that a request names, in seconds. */
export function periodsOf(input: JsonObject): readonly number[] {
  const own = number(input, 'Period');
  const inner = objects(input, 'Metrics').flatMap((metric) => [
    number(object(metric, 'MetricStat') ?? {}, 'Period'),
    number(metric, 'Period'),
  ]);
  return [own, ...inner].filter((period) => period !== undefined);
}
