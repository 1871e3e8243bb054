import { Type } from 'typebox';
import { form, listByKey, object, text } from './shape.ts';

/** USD per million tokens; more than this is a slip of the pen. */
const HIGHEST = 1_000_000;

const price = object('What a million tokens of one model cost.', {
  model: text(
    'A model ID, an inference profile ID, or the ARN of either, as callers use it.',
    { minLength: 1, maxLength: 256 },
    [form('^[A-Za-z0-9][A-Za-z0-9._:/-]*$', 'a price is for one model: write its ID or ARN, without *')],
  ),
  inputUSDPerMillion: Type.Number({
    description: 'USD for a million input tokens. Tokens read from a cache and written to one are not in it.',
    minimum: 0,
    maximum: HIGHEST,
  }),
  outputUSDPerMillion: Type.Number({
    description: 'USD for a million output tokens.',
    minimum: 0,
    maximum: HIGHEST,
  }),
});

export const modelPrices = listByKey(
  'Prices of models, for alarms of preset CostBudget and dashboards of preset TokensAndCost: AWS publishes tokens as metrics, and no prices. At most 50.',
  'model',
  price,
  { maxItems: 50 },
);
