import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { globMatch } from '../glob.ts';
import { modelSegment } from '../names.ts';
import type { MetricQuery } from '../resource.ts';
import { bedrockMetric } from './bedrock-metric.ts';
import { isPattern } from './models.ts';
import type { Obstacle } from './obstacle.ts';
import { listed } from './remark.ts';
import type { Signal } from './signal.ts';

/** Two metrics for each model, and AWS takes ten for one alarm (PutMetricAlarm, CloudWatch API reference). */
const MAX_PRICED_MODELS = 5;

/**
 * What the tokens of a period cost in USD: the models of the entry, else all that have a price, each token at its price.
 * A metric without events has no data points, so each is filled with 0.
 */
export function costBudget(
  entry: Pick<AlarmEntry, 'models'>,
  { modelPrices = [] }: Pick<BedrockMonitorSpec, 'modelPrices'>,
  period: number,
): Signal | Obstacle {
  const prices = new Map(modelPrices.map((price) => [modelSegment(price.model), price]));
  const models = pricedModels(entry.models ?? [], [...prices.keys()]);
  if (models.length === 0) return { reason: 'InvalidSpec', message: 'has no prices: set modelPrices' };
  const unpriced = models.filter((model) => !prices.has(model));
  if (unpriced.length > 0) {
    return {
      reason: 'InvalidSpec',
      message: `has no price for ${listed(unpriced, 3)}: add it to modelPrices, or name other models`,
    };
  }
  if (models.length > MAX_PRICED_MODELS) {
    return {
      reason: 'InvalidSpec',
      message: `adds up ${models.length} models, and CloudWatch takes 10 metrics, two for each model: name at most ${MAX_PRICED_MODELS} in models, or divide them among several alarms`,
    };
  }
  const counted = models.flatMap((model, index) => {
    const price = prices.get(model);
    return [
      { id: `input${index + 1}`, name: 'InputTokenCount' as const, model, usd: price?.inputUSDPerMillion ?? 0 },
      { id: `output${index + 1}`, name: 'OutputTokenCount' as const, model, usd: price?.outputUSDPerMillion ?? 0 },
    ];
  });
  const cost: MetricQuery = {
    id: 'cost',
    expression: `(${counted.map(({ id, usd }) => `FILL(${id}, 0) * ${decimalText(usd)}`).join(' + ')}) / 1000000`,
    label: 'USD',
    returnData: true,
  };
  const metrics = counted.map(
    ({ id, name, model }): MetricQuery => ({
      id,
      metric: bedrockMetric(name, 'Sum', period, model),
      returnData: false,
    }),
  );
  return { metrics: [cost, ...metrics] };
}

/** All that have a price, where none is named. A pattern stands for those among them that match: no other has a price. */
function pricedModels(named: readonly string[], priced: readonly string[]): readonly string[] {
  if (named.length === 0) return priced;
  const models = named.flatMap((model) =>
    isPattern(model) ? priced.filter((one) => globMatch(model, one)) : [modelSegment(model)],
  );
  return [...new Set(models)];
}

/** Without an exponent, which metric math may not read. */
function decimalText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12) : text;
}
