import { USUAL_LATENCY_MS } from './invocation-bodies.ts';
import type { Invocation } from './invocations.ts';
import { recordMetric } from './metrics.ts';
import type { Region } from './state.ts';

const NAMESPACE = 'AWS/Bedrock';

/** Where records go: `LargeData` are bodies that are objects of S3. */
export type Destination = 'CloudWatch' | 'S3' | 'LargeData';

const deliveryMetrics: Readonly<Record<Destination, string>> = {
  CloudWatch: 'ModelInvocationLogsCloudWatchDelivery',
  S3: 'ModelInvocationLogsS3Delivery',
  LargeData: 'ModelInvocationLargeDataS3Delivery',
};

/** These are documented per model only. */
const perModelOnly = new Set(['TimeToFirstToken', 'EstimatedTPMQuotaUsage', 'OutputImageCount']);

/**
 * Publishes what Bedrock publishes of a call: per model, by the last segment of an ARN, and over all models
 * ("Monitor using CloudWatch metrics", Bedrock user guide).
 */
export function publishInvocation(region: Region, invocation: Invocation, timestamp: number): void {
  const ModelId = invocation.modelId.split('/').at(-1) ?? invocation.modelId;
  const image: Record<string, string> =
    invocation.modality === 'Image' ? { ImageSize: '1024x1024', BucketedStepSize: '50' } : {};
  for (const [name, value] of pointsOf(invocation)) {
    const model = { ModelId, ...(name === 'OutputImageCount' && image) };
    recordMetric(region, { namespace: NAMESPACE, name, dimensions: model, timestamp, value });
    if (!perModelOnly.has(name)) recordMetric(region, { namespace: NAMESPACE, name, timestamp, value });
  }
}

/** One attempt to deliver a record or a body; these metrics have no dimension. */
export function publishDelivery(region: Region, destination: Destination, delivered: boolean, timestamp: number): void {
  const name = `${deliveryMetrics[destination]}${delivered ? 'Success' : 'Failure'}`;
  recordMetric(region, { namespace: NAMESPACE, name, timestamp, value: 1 });
}

function pointsOf(invocation: Invocation): readonly (readonly [string, number])[] {
  const { errorCode, inputTokenCount, outputTokenCount, latencyMs = USUAL_LATENCY_MS } = invocation;
  if (errorCode !== undefined) return failurePoints(errorCode);
  const streams = invocation.operation?.endsWith('Stream') === true;
  return [
    ['Invocations', 1],
    ['InvocationLatency', latencyMs],
    ['InputTokenCount', inputTokenCount],
    ...(invocation.modality === 'Image' ? [['OutputImageCount', 1] as const] : []),
    ...(invocation.modality === undefined || invocation.modality === 'Text'
      ? [['OutputTokenCount', outputTokenCount] as const]
      : []),
    ...(streams ? [['TimeToFirstToken', Math.round(latencyMs / 4)] as const] : []),
    ['EstimatedTPMQuotaUsage', inputTokenCount + outputTokenCount],
    ...(invocation.legacy === true ? [['LegacyModelInvocations', 1] as const] : []),
  ];
}

/** A throttled call counts neither as invocation nor as error; one that fails on AWS's side was accepted. */
function failurePoints(errorCode: string): readonly (readonly [string, number])[] {
  if (errorCode === 'ThrottlingException') return [['InvocationThrottles', 1]];
  const server = /^(?:InternalServer|ServiceUnavailable|ModelError|ModelTimeout|ModelStreamError)/.test(errorCode);
  if (!server) return [['InvocationClientErrors', 1]];
  return [
    ['Invocations', 1],
    ['InvocationServerErrors', 1],
  ];
}
