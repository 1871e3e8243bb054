import { isDuration, seconds } from './duration.ts';
import type { Rule } from './shape.ts';

/** The members of an alarm that say what is watched: exactly one is set. */
const SIGNALS = ['preset', 'metric', 'metricMath', 'metricsInsights', 'logQuery'] as const;
const SIGNAL_WORDS = `${SIGNALS.slice(0, -1).join(', ')} and ${SIGNALS.at(-1)}`;

/** CEL: whether the alarm is of one of these presets. */
function isPreset(...names: readonly string[]): string {
  const list = names.map((name) => `'${name}'`).join(', ');
  return `(has(self.preset) && self.preset in [${list}])`;
}

/** What the sum of periods is compared with, for an entry that leaves one of the two to its preset. */
const PERIOD = `(has(self.period) ? ${seconds('self.period')} : has(self.costBudget) ? (has(self.costBudget.per) && self.costBudget.per == 'Hour' ? 3600 : 86400) : ${isPreset('Throttling', 'ServerErrors', 'QuotaHeadroom')} ? 60 : ${isPreset('LegacyModel')} ? 3600 : ${isPreset('TokenSpike')} ? 900 : 300)`;
const PERIODS = `(has(self.evaluationPeriods) ? self.evaluationPeriods : !has(self.preset) || ${isPreset('LegacyModel', 'LogDeliveryFailure', 'SensitiveDataFindings', 'CostBudget')} ? 1 : ${isPreset('Throttling', 'ServerErrors', 'QuotaHeadroom')} ? 5 : ${isPreset('TokenSpike')} ? 2 : 3)`;

const BAND_OPERATORS =
  "['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold']";
const LESS_THAN = "['LessThanThreshold', 'LessThanOrEqualToThreshold', 'LessThanLowerThreshold']";

const form: readonly Rule[] = [
  {
    rule: `[${SIGNALS.map((member) => `has(self.${member})`).join(', ')}].filter(one, one).size() == 1`,
    message: `set exactly one of ${SIGNAL_WORDS}`,
    messageExpression: `'alarm ' + self.name + ': set exactly one of ${SIGNAL_WORDS}'`,
  },
  {
    rule: 'has(self.preset) ? !has(self.threshold) || !has(self.anomalyBand) : has(self.threshold) != has(self.anomalyBand)',
    message: 'set either threshold or anomalyBand',
    messageExpression: "'alarm ' + self.name + ': set either threshold or anomalyBand'",
  },
  {
    rule: `!has(self.anomalyBand) || has(self.metric) || has(self.metricMath) || ${isPreset('TokenSpike', 'LatencyP99', 'TimeToFirstToken')}`,
    message: 'anomalyBand needs metric, metricMath, or one of the presets TokenSpike, LatencyP99 and TimeToFirstToken',
    fieldPath: '.anomalyBand',
  },
  {
    rule: `!has(self.threshold) || !${isPreset('TokenSpike')}`,
    message: 'preset TokenSpike is an anomaly alarm: use anomalyBand, not threshold',
    fieldPath: '.threshold',
  },
  {
    rule: '!has(self.preset) || !has(self.comparisonOperator)',
    message: 'a preset brings its own comparisonOperator: use metric or metricMath to choose another',
    fieldPath: '.comparisonOperator',
  },
  {
    rule: `!has(self.comparisonOperator) || has(self.anomalyBand) == (self.comparisonOperator in ${BAND_OPERATORS})`,
    message:
      'the operators LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold and GreaterThanUpperThreshold belong to anomalyBand, the other four to threshold',
    fieldPath: '.comparisonOperator',
  },
  {
    rule: `!has(self.errorRate) || ${isPreset('ErrorRate')}`,
    message: 'errorRate holds the parameters of preset ErrorRate',
    fieldPath: '.errorRate',
  },
  {
    rule: `!has(self.guardrailInterventions) || ${isPreset('GuardrailInterventions')}`,
    message: 'guardrailInterventions holds the parameters of preset GuardrailInterventions',
    fieldPath: '.guardrailInterventions',
  },
  {
    rule: `has(self.quotaHeadroom) == ${isPreset('QuotaHeadroom')}`,
    message: 'preset QuotaHeadroom and quotaHeadroom go together',
  },
  {
    rule: `has(self.costBudget) == ${isPreset('CostBudget')}`,
    message: 'preset CostBudget and costBudget go together',
  },
  {
    rule: '!has(self.costBudget) || (!has(self.threshold) && !has(self.period))',
    message: 'preset CostBudget takes costBudget.amountUSD and costBudget.per in place of threshold and period',
  },
];

const time: readonly Rule[] = [
  {
    rule: `!has(self.datapointsToAlarm) || self.datapointsToAlarm <= ${PERIODS}`,
    message: "datapointsToAlarm may not exceed evaluationPeriods, which is the preset's, else 1, where it is absent",
    fieldPath: '.datapointsToAlarm',
  },
  {
    rule: `(has(self.period) && !${isDuration('self.period')}) || ${PERIOD} * ${PERIODS} <= (${PERIOD} >= 3600 ? 604800 : 86400)`,
    message: 'period x evaluationPeriods may be at most one day, or seven days for periods of an hour and more',
  },
  {
    rule: '!has(self.logQuery) || (!has(self.period) && (!has(self.evaluationPeriods) || self.evaluationPeriods <= 100))',
    message: 'a logQuery alarm has logQuery.every instead of period, and at most 100 evaluationPeriods',
  },
  {
    rule: `!has(self.comparisonOperator) || !(self.comparisonOperator in ${LESS_THAN}) || has(self.treatMissingData)`,
    message:
      'set treatMissingData: without traffic Bedrock sends no data points, so a less-than alarm must say what silence means',
  },
];

const models: readonly Rule[] = [
  {
    rule: `!has(self.models) || self.models.size() == 0 || !(has(self.metricsInsights) || has(self.logQuery) || ${isPreset('LogDeliveryFailure', 'GuardrailInterventions', 'SensitiveDataFindings')})`,
    message:
      'models does not apply here: the query decides what it selects, and the presets LogDeliveryFailure, GuardrailInterventions and SensitiveDataFindings have no model',
    fieldPath: '.models',
  },
  {
    rule: "!has(self.models) || !((has(self.metric) && has(self.metric.dimensions) && 'ModelId' in self.metric.dimensions) || (has(self.metricMath) && self.metricMath.metrics.exists(one, has(one.dimensions) && 'ModelId' in one.dimensions)))",
    message: 'ModelId is set by models: use one of the two',
  },
  {
    rule: `!has(self.awsName) || !has(self.models) || self.models.size() == 0 || ${isPreset('CostBudget')}`,
    message: 'awsName names one alarm, but models asks for one alarm per model: remove one of the two',
    fieldPath: '.awsName',
  },
];

/** Rules within one alarm. */
export const alarmRules: readonly Rule[] = [...form, ...time, ...models];
