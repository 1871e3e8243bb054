import { bare, type Draft, many, type Rejection } from './row.ts';

const price = (members: Draft = {}): Draft => ({
  model: 'amazon.nova-pro-v1:0',
  inputUSDPerMillion: 0.8,
  outputUSDPerMillion: 3.2,
  ...members,
});

export const priceRejections: readonly Rejection[] = [
  {
    what: 'a price of many models',
    spec: bare({ modelPrices: [price({ model: 'amazon.*' })] }),
    field: 'spec.modelPrices[0].model',
    says: 'a price is for one model: write its ID or ARN, without *',
  },
  {
    what: 'a price below zero',
    spec: bare({ modelPrices: [price({ inputUSDPerMillion: -1 })] }),
    field: 'spec.modelPrices[0].inputUSDPerMillion',
    cause: 'FieldValueInvalid',
  },
  {
    what: 'half a price',
    spec: bare({ modelPrices: [{ model: 'amazon.nova-pro-v1:0', inputUSDPerMillion: 1 }] }),
    field: 'spec.modelPrices[0].outputUSDPerMillion',
    cause: 'FieldValueRequired',
  },
  {
    what: 'two prices of one model',
    spec: bare({ modelPrices: [price(), price()] }),
    field: 'spec.modelPrices[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: '51 prices',
    spec: bare({ modelPrices: many(51, (n) => price({ model: `m${n}` })) }),
    field: 'spec.modelPrices',
    cause: 'FieldValueTooMany',
  },
];
