import type { AlarmMetric } from '../resource.ts';
import type { BedrockMetricName } from './metric-catalogue.ts';

export const BEDROCK = 'AWS/Bedrock';
export const GUARDRAILS = 'AWS/Bedrock/Guardrails';

/** A metric of one model, or of all models together: Bedrock also publishes its runtime metrics without a dimension. */
export function bedrockMetric(
  name: BedrockMetricName,
  statistic: string,
  period: number,
  modelID: string | undefined,
): AlarmMetric {
  return { namespace: BEDROCK, name, dimensions: modelID === undefined ? {} : { ModelId: modelID }, statistic, period };
}

/**
 * Whether ModelId alone selects the metric of `AWS/Bedrock`. The log-delivery metrics exist only across all models,
 * OutputImageCount only with image size and quality beside the model ("Monitor using CloudWatch metrics", Bedrock user
 * guide). One that AWS does not document is taken for an ordinary one. The schema's rules have the same words.
 */
export function isPerModel(name: string): boolean {
  return !name.startsWith('ModelInvocationL') && name !== 'OutputImageCount';
}
