import type { Rule } from './shape.ts';

/** CEL over every alarm action of `entry`: an ARN of the monitor's Region, or of a service without Regions. */
export function inRegion(entry: string): string {
  return ['alarmActions', 'okActions', 'insufficientDataActions']
    .map(
      (list) =>
        `(!has(${entry}.${list}) || ${entry}.${list}.all(arn, arn.split(':').size() < 4 || arn.split(':')[3] in ['', self.region]))`,
    )
    .join(' && ');
}

/** CEL: whether models apply to `alarm`: its own, else those of the spec. */
const WITH_MODELS = '(has(alarm.models) ? alarm.models.size() > 0 : has(self.models) && self.models.size() > 0)';

/** CEL: whether `metric` is not one that ModelId alone selects, so that spec.models says nothing of it. */
function withoutModel(metric: string): string {
  return `((has(${metric}.dimensions) && ${metric}.dimensions.size() > 0) || ${metric}.name.startsWith('ModelInvocationL') || ${metric}.name == 'OutputImageCount' || (has(${metric}.__namespace__) && ${metric}.__namespace__ != 'AWS/Bedrock'))`;
}

/** CEL: whether `alarm` is one alarm whatever spec.models says. */
const ALWAYS_ONE = `(has(alarm.models) || (has(alarm.metric) && ${withoutModel('alarm.metric')}) || (has(alarm.metricMath) && alarm.metricMath.metrics.exists(one, ${withoutModel('one')})) || has(alarm.metricsInsights) || has(alarm.logQuery) || (has(alarm.preset) && alarm.preset in ['LogDeliveryFailure', 'GuardrailInterventions', 'SensitiveDataFindings', 'CostBudget']))`;

/** Rules between the alarms and the rest of the spec. */
export const alarmSpecRules: readonly Rule[] = [
  {
    rule: `!has(self.alarms) || self.alarms.all(alarm, ${inRegion('alarm')})`,
    message:
      'alarm actions must be in the Region of the monitor: CloudWatch cannot notify a topic or function of another Region',
    fieldPath: '.alarms',
  },
  {
    rule: `!has(self.notifications) || !has(self.notifications.routes) || self.notifications.routes.all(route, ${inRegion('route')})`,
    message:
      'notifications must be in the Region of the monitor: CloudWatch cannot notify a topic or function of another Region',
    fieldPath: '.notifications.routes',
  },
  {
    rule: `!has(self.alarms) || self.alarms.all(alarm, !has(alarm.preset) || !(alarm.preset in ['QuotaHeadroom', 'TimeToFirstToken']) || ${WITH_MODELS})`,
    message: 'presets QuotaHeadroom and TimeToFirstToken need models: AWS documents their metrics per model only',
    fieldPath: '.alarms',
  },
  {
    rule: "!has(self.alarms) || has(self.modelPrices) || !self.alarms.exists(alarm, has(alarm.preset) && alarm.preset == 'CostBudget')",
    message: 'preset CostBudget needs modelPrices',
    fieldPath: '.alarms',
  },
  {
    rule: "!has(self.alarms) || !has(self.modelPrices) || self.alarms.all(alarm, !has(alarm.preset) || alarm.preset != 'CostBudget' || (has(alarm.models) && alarm.models.size() > 0 ? alarm.models.size() : self.modelPrices.size()) <= 5)",
    message:
      'preset CostBudget adds up at most 5 models, because CloudWatch takes 10 metrics for one alarm: name at most 5 in models, or divide them among several alarms',
    fieldPath: '.alarms',
  },
  {
    rule: "!has(self.alarms) || has(self.dataProtection) || !self.alarms.exists(alarm, has(alarm.preset) && alarm.preset == 'SensitiveDataFindings')",
    message: "preset SensitiveDataFindings needs dataProtection: it watches what this monitor's masking finds",
    fieldPath: '.alarms',
  },
  {
    rule: `!has(self.alarms) || !has(self.models) || self.models.size() == 0 || self.alarms.all(alarm, !has(alarm.awsName) || ${ALWAYS_ONE})`,
    message: 'awsName names one alarm, but spec.models asks for one alarm per model: remove one of the two',
    fieldPath: '.alarms',
  },
];
