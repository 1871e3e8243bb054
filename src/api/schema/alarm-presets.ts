import { Type } from 'typebox';
import { choice, decimal, form, integer, object, setOf, text } from './shape.ts';

/** The ready-made alarms. Those that need parameters have them in the member of the alarm that is named like them. */
export const ALARM_PRESETS = [
  'Throttling',
  'ServerErrors',
  'ClientErrors',
  'LegacyModel',
  'ErrorRate',
  'LatencyP99',
  'TimeToFirstToken',
  'TokenSpike',
  'QuotaHeadroom',
  'LogDeliveryFailure',
  'SensitiveDataFindings',
  'GuardrailInterventions',
  'CostBudget',
] as const;

export const ERROR_KINDS = ['ServerErrors', 'ClientErrors', 'Throttles'] as const;

/** `preset` as an alarm has it. */
export const preset = choice(
  'A ready-made alarm; threshold, period, evaluationPeriods, datapointsToAlarm and severity change its numbers. Throttling, ServerErrors: any, in 3 of 5 minutes. ClientErrors: over 10 in each of 3 times 5 minutes. LegacyModel: any use of a model of Legacy status within an hour. ErrorRate: over 5 percent for 15 minutes. LatencyP99: over 30000 ms for 15 minutes. TimeToFirstToken: p99 of streamed answers over 5000 ms for 15 minutes; needs models. TokenSpike: tokens above what CloudWatch expects, by 3 deviations, for 30 minutes. QuotaHeadroom: over 80 percent of a quota of tokens per minute, in 3 of 5 minutes; needs models. LogDeliveryFailure: Bedrock could not deliver records. SensitiveDataFindings: masking found something. GuardrailInterventions: over 10 in each of 3 times 5 minutes. CostBudget: the tokens of an hour or a day cost more than an amount; needs modelPrices.',
  ALARM_PRESETS,
);

const errorRate = object('Parameters of preset ErrorRate.', {
  include: Type.Optional(
    setOf('What counts as an error. Default: ServerErrors and Throttles.', choice('A kind of error.', ERROR_KINDS), {
      minItems: 1,
      maxItems: ERROR_KINDS.length,
    }),
  ),
  minimumInvocations: Type.Optional(
    integer('With fewer invocations and errors in a period the rate counts as 0. Default: 20.', 0, 1_000_000),
  ),
});

const quotaHeadroom = object('Parameters of preset QuotaHeadroom.', {
  tokensPerMinute: integer(
    'The quota of the model in this account and Region, as the Service Quotas console has it.',
    1,
    1_000_000_000_000,
  ),
});

const guardrailInterventions = object('Parameters of preset GuardrailInterventions. Default: all guardrails.', {
  guardrailARN: text('ARN of the guardrail.', { maxLength: 512 }, [
    form(
      '^arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[0-9]{12}:guardrail/[a-z0-9]+$',
      'must be the ARN of a guardrail, such as arn:aws:bedrock:us-east-1:111122223333:guardrail/a1b2c3d4e5f6',
    ),
  ]),
  guardrailVersion: text('Version of the guardrail: a number, or DRAFT.', {
    maxLength: 8,
    pattern: '^([1-9][0-9]{0,7}|DRAFT)$',
  }),
});

const costBudget = object(
  "Parameters of preset CostBudget. The models are the entry's models, else those of modelPrices: at most 5.",
  {
    amountUSD: decimal('What the tokens of one hour or day may cost, in USD.', { minimum: 0, maximum: 1e9 }, [
      { rule: 'self >= 0.01', message: 'must be at least one cent' },
    ]),
    per: Type.Optional(choice('The time that the amount is for. Default: Day.', ['Hour', 'Day'])),
  },
);

/** The parameters of presets, each under the name of its preset. */
export const presetParameters = {
  errorRate: Type.Optional(errorRate),
  quotaHeadroom: Type.Optional(quotaHeadroom),
  guardrailInterventions: Type.Optional(guardrailInterventions),
  costBudget: Type.Optional(costBudget),
};
