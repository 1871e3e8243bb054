import type { Json } from '../../json.ts';
import { BEDROCK } from '../bedrock-metric.ts';
import { type Block, type Row, row } from './grid.ts';
import { graph, perAccount } from './metric-graph.ts';
import type { ModelPrice, Subject } from './subject.ts';

/** Priced lines of one graph: each reads two metrics, and AWS takes 500 metrics and expressions in a widget. */
const MAX_LINES = 100;
const HOUR = 3600;
const DAY = 86_400;

/** Tokens times prices by model and hour, and of all together by day; no row without prices of models that are shown. */
export function costRows(subject: Subject): readonly Row[] {
  const priced = pricedModels(subject);
  if (priced.length === 0 || costsTooMany(subject)) return [];
  return [row(6, byHour(priced, subject), byDay(priced, subject))];
}

/** Whether the prices make more lines than a widget takes: then none is drawn, since a sum of some would mislead. */
export function costsTooMany(subject: Subject): boolean {
  return pricedModels(subject).length * Math.max(subject.accounts.length, 1) > MAX_LINES;
}

function pricedModels({ models, prices }: Subject): readonly ModelPrice[] {
  return prices.filter(({ model }) => models === undefined || models.includes(model));
}

function byHour(priced: readonly ModelPrice[], subject: Subject): Block {
  const { entries } = costs(priced, subject, true);
  return graph('Cost by model (USD per hour)', entries, subject, { stacked: true, period: HOUR, stat: 'Sum' });
}

function byDay(priced: readonly ModelPrice[], subject: Subject): Block {
  const { entries, ids } = costs(priced, subject, false);
  const total = { id: 'total', expression: ids.join(' + '), label: 'All models' };
  return graph('Cost (USD per day)', [[total], ...entries], subject, { period: DAY, stat: 'Sum' });
}

/** Per model and account the cost, and unseen the tokens that it is made of. */
function costs(
  priced: readonly ModelPrice[],
  subject: Subject,
  visible: boolean,
): { readonly entries: readonly Json[]; readonly ids: readonly string[] } {
  const lines = priced.flatMap((price) => perAccount(subject, price.model).map((options) => ({ price, options })));
  return {
    ids: lines.map((_, index) => `cost${index}`),
    entries: lines.flatMap(({ price, options: { label = '', ...account } }, index): Json[] => [
      [{ id: `cost${index}`, expression: cost(price, index), label, visible }],
      [BEDROCK, 'InputTokenCount', 'ModelId', price.model, { ...account, id: `input${index}`, visible: false }],
      [BEDROCK, 'OutputTokenCount', 'ModelId', price.model, { ...account, id: `output${index}`, visible: false }],
    ]),
  };
}

/** An hour without tokens has no data point, and arithmetic with a missing point is missing: hence FILL. */
function cost({ inputUSDPerMillion, outputUSDPerMillion }: ModelPrice, index: number): string {
  const input = `FILL(input${index}, 0) * ${plain(inputUSDPerMillion)}`;
  const output = `FILL(output${index}, 0) * ${plain(outputUSDPerMillion)}`;
  return `(${input} + ${output}) / 1000000`;
}

/** Metric math has no exponents: 0.0000001, not 1e-7. */
function plain(price: number): string {
  return price.toFixed(10).replace(/\.?0+$/, '');
}
