import type { AlarmEntry, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import type { AlarmMetric, MetricQuery } from '../resource.ts';
import { bedrockMetric, GUARDRAILS } from './bedrock-metric.ts';
import type { BedrockMetricName } from './metric-catalogue.ts';
import type { Signal } from './signal.ts';

/** Tokens in and out together. A model without output tokens (embeddings) counts with its input alone. */
export function tokens(period: number, modelID: string | undefined): Signal {
  return {
    metrics: [
      { id: 'tokens', expression: 'FILL(input, 0) + FILL(output, 0)', label: 'Tokens', returnData: true },
      { id: 'input', metric: bedrockMetric('InputTokenCount', 'Sum', period, modelID), returnData: false },
      { id: 'output', metric: bedrockMetric('OutputTokenCount', 'Sum', period, modelID), returnData: false },
    ],
  };
}

/** Percent of the quota of tokens per minute that is used, on average over the period. */
export function quotaUse(tokensPerMinute: number, period: number, modelID: string | undefined): Signal {
  return {
    metrics: [
      {
        id: 'used',
        expression: `100 * usage / ${tokensPerMinute * (period / 60)}`,
        label: 'Quota in use (%)',
        returnData: true,
      },
      { id: 'usage', metric: bedrockMetric('EstimatedTPMQuotaUsage', 'Sum', period, modelID), returnData: false },
    ],
  };
}

/** Records that did not arrive at the destinations of this monitor, else at any: somebody else may have set them. */
export function deliveryFailures({ invocationLogging }: BedrockMonitorSpec, period: number): Signal {
  const large = invocationLogging?.cloudWatchLogs?.largeDataDelivery;
  const all: readonly (readonly [boolean, string, BedrockMetricName])[] = [
    [invocationLogging?.cloudWatchLogs !== undefined, 'logs', 'ModelInvocationLogsCloudWatchDeliveryFailure'],
    [invocationLogging?.s3 !== undefined, 's3', 'ModelInvocationLogsS3DeliveryFailure'],
    [large !== undefined, 'large', 'ModelInvocationLargeDataS3DeliveryFailure'],
  ];
  const inUse = all.filter(([declared]) => declared);
  const counted = (inUse.length > 0 ? inUse : all).map(([, id, name]) => ({
    id,
    metric: bedrockMetric(name, 'Sum', period, undefined),
  }));
  const [first, ...more] = counted;
  if (first !== undefined && more.length === 0) return { metric: first.metric };
  const failures: MetricQuery = {
    id: 'failures',
    expression: counted.map(({ id }) => `FILL(${id}, 0)`).join(' + '),
    label: 'Failed deliveries',
    returnData: true,
  };
  return { metrics: [failures, ...counted.map((one) => ({ ...one, returnData: false }))] };
}

/** What guardrails stopped or changed: all calls of ApplyGuardrail, or those of one guardrail and version. */
export function interventions({ guardrailInterventions: one }: AlarmEntry, period: number): Signal {
  const dimensions: AlarmMetric['dimensions'] =
    one === undefined
      ? { Operation: 'ApplyGuardrail' }
      : { GuardrailArn: one.guardrailARN, GuardrailVersion: one.guardrailVersion };
  return { metric: { namespace: GUARDRAILS, name: 'InvocationsIntervened', dimensions, statistic: 'Sum', period } };
}
