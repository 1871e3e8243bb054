import type { AlarmMetric } from '../resource.ts';

export const BEDROCK = 'AWS/Bedrock';

/** A metric of one model, or of all models together: Bedrock also publishes its runtime metrics without a dimension. */
export function bedrockMetric(
  name: string,
  statistic: string,
  period: number,
  modelID: string | undefined,
): AlarmMetric {
  return { namespace: BEDROCK, name, dimensions: modelID === undefined ? {} : { ModelId: modelID }, statistic, period };
}

/**
 * Whether ModelId alone selects the metric. The log-delivery metrics exist only across all models, OutputImageCount
 * only with image size and quality beside the model ("Monitor using CloudWatch metrics", Bedrock user guide).
 */
export function isPerModel(name: string): boolean {
  return !name.startsWith('ModelInvocationL') && name !== 'OutputImageCount';
}
