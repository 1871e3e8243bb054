import { Type } from 'typebox';
import { CONDITION_TYPES } from '../conditions.ts';
import { choice, listByKey, object, text } from './shape.ts';

const condition = object('One condition, as in metav1.Condition.', {
  type: Type.Unsafe<(typeof CONDITION_TYPES)[number]>({
    type: 'string',
    description: 'What is said to be so.',
    maxLength: 316,
    pattern: '^[A-Za-z][A-Za-z0-9]*$',
  }),
  status: choice('Whether it is so.', ['True', 'False', 'Unknown']),
  observedGeneration: Type.Integer({
    description: 'The generation of the spec that this was said about.',
    minimum: 0,
    format: 'int64',
  }),
  lastTransitionTime: text('When the status last changed.', { maxLength: 64, format: 'date-time' }),
  reason: text('One word for why; docs/reasons.md has a sentence for each.', {
    minLength: 1,
    maxLength: 64,
    pattern: '^[A-Za-z][A-Za-z0-9]*$',
  }),
  message: text('What happened, to which resource, and what to do.', { maxLength: 1024 }),
});

export const conditions = listByKey(
  'Ready, then one condition per declared part, then Reconciling, Stalled and Suspended while they hold.',
  'type',
  condition,
  { maxItems: 20 },
);
