/**
 * All metrics of Bedrock that AWS documents ("Monitor the performance of Amazon Bedrock" and "Monitor Amazon Bedrock
 * Guardrails using CloudWatch metrics", Bedrock user guide). A table of facts: nothing is refused because of it. AWS
 * publishes points of one minute, and none where nothing happened.
 */
interface MetricFacts {
  /** As the newest pages have it. Pages disagree (`Count`, `SampleCount`), so no alarm and no query sets a unit. */
  readonly unit: 'Count' | 'Milliseconds';
  /** AWS lists none. Of counts the sum is of use, and the number of points; of times the average, extremes, percentiles. */
  readonly statistic: 'Sum' | 'p99';
  /** Sets of dimensions under which it is published; an empty one is the metric over all. */
  readonly dimensions: readonly (readonly string[])[];
}

const perModel: readonly (readonly string[])[] = [[], ['ModelId']];
const counts: MetricFacts = { unit: 'Count', statistic: 'Sum', dimensions: perModel };
const times: MetricFacts = { unit: 'Milliseconds', statistic: 'p99', dimensions: perModel };
/** "Across all model IDs". */
const deliveries: MetricFacts = { ...counts, dimensions: [[]] };

const runtime = {
  Invocations: counts,
  InvocationLatency: times,
  InvocationClientErrors: counts,
  InvocationServerErrors: counts,
  InvocationThrottles: counts,
  InputTokenCount: counts,
  OutputTokenCount: counts,
  CacheReadInputTokenCount: counts,
  CacheWriteInputTokenCount: counts,
  OutputImageCount: { ...counts, dimensions: [['ModelId', 'ImageSize', 'BucketedStepSize']] },
  LegacyModelInvocations: counts,
  TimeToFirstToken: { ...times, dimensions: [['ModelId']] },
  EstimatedTPMQuotaUsage: { ...counts, dimensions: [['ModelId']] },
  ModelInvocationLogsCloudWatchDeliverySuccess: deliveries,
  ModelInvocationLogsCloudWatchDeliveryFailure: deliveries,
  ModelInvocationLogsS3DeliverySuccess: deliveries,
  ModelInvocationLogsS3DeliveryFailure: deliveries,
  ModelInvocationLargeDataS3DeliverySuccess: deliveries,
  ModelInvocationLargeDataS3DeliveryFailure: deliveries,
} as const satisfies Record<string, MetricFacts>;

const ofGuardrails: readonly (readonly string[])[] = [
  ['Operation'],
  ['GuardrailContentSource'],
  ['GuardrailArn', 'GuardrailVersion'],
];
const ofPolicies: readonly (readonly string[])[] = [...ofGuardrails, ['GuardrailPolicyType']];
/** Automated reasoning checks. */
const ofFindings: readonly (readonly string[])[] = [
  ['FindingType', 'PolicyArn', 'PolicyVersion'],
  ['FindingType', 'GuardrailArn', 'GuardrailVersion'],
];
const ofReasoning: readonly (readonly string[])[] = [
  ['PolicyArn', 'PolicyVersion'],
  ['GuardrailArn', 'GuardrailVersion'],
];

const guardrails = {
  Invocations: { ...counts, dimensions: ofGuardrails },
  InvocationLatency: { ...times, dimensions: ofGuardrails },
  InvocationClientErrors: { ...counts, dimensions: ofGuardrails },
  InvocationServerErrors: { ...counts, dimensions: ofGuardrails },
  InvocationThrottles: { ...counts, dimensions: ofGuardrails },
  TextUnitCount: { ...counts, dimensions: ofPolicies },
  InvocationsIntervened: { ...counts, dimensions: ofPolicies },
  FindingCounts: { ...counts, dimensions: ofFindings },
  TotalFindings: { ...counts, dimensions: ofReasoning },
  Latency: { ...times, dimensions: ofReasoning },
} as const satisfies Record<string, MetricFacts>;

const ofAgents: readonly (readonly string[])[] = [
  ['Operation'],
  ['Operation', 'ModelId'],
  ['Operation', 'AgentAliasArn', 'ModelId'],
];
const agentCounts: MetricFacts = { ...counts, dimensions: ofAgents };
const agentTimes: MetricFacts = { ...times, dimensions: ofAgents };

const agents = {
  InvocationCount: agentCounts,
  TotalTime: agentTimes,
  TTFT: agentTimes,
  InvocationThrottles: agentCounts,
  InvocationServerErrors: agentCounts,
  InvocationClientErrors: agentCounts,
  ModelLatency: agentTimes,
  ModelInvocationCount: agentCounts,
  ModelInvocationThrottles: agentCounts,
  ModelInvocationClientErrors: agentCounts,
  ModelInvocationServerErrors: agentCounts,
  InputTokenCount: agentCounts,
  OutputTokenCount: agentCounts,
} as const satisfies Record<string, MetricFacts>;

const ofMantle: readonly (readonly string[])[] = [[], ['Project'], ['Model'], ['Project', 'Model']];
const mantleCounts: MetricFacts = { ...counts, dimensions: ofMantle };
const perCall: MetricFacts = { unit: 'Count', statistic: 'p99', dimensions: [['Project', 'Model']] };

/** The endpoint bedrock-mantle, whose calls neither AWS/Bedrock nor the invocation log show. It has no latency. */
const mantle = {
  Inferences: mantleCounts,
  InferenceClientErrors: mantleCounts,
  TotalInputTokens: mantleCounts,
  TotalOutputTokens: mantleCounts,
  InputTokens: perCall,
  OutputTokens: perCall,
} as const satisfies Record<string, MetricFacts>;

/** By namespace and name. */
export const metricCatalogue = {
  'AWS/Bedrock': runtime,
  'AWS/Bedrock/Guardrails': guardrails,
  'AWS/Bedrock/Agents': agents,
  'AWS/BedrockMantle': mantle,
} as const satisfies Record<string, Record<string, MetricFacts>>;

/** The metrics of `AWS/Bedrock`. */
export type BedrockMetricName = keyof typeof runtime;

const byNamespace: ReadonlyMap<string, ReadonlyMap<string, MetricFacts>> = new Map(
  Object.entries(metricCatalogue).map(([namespace, metrics]) => [namespace, new Map(Object.entries(metrics))]),
);

/**
 * Why an alarm on a metric may never see data, in a sentence: it is in a namespace of Bedrock, and AWS does not document
 * it, or not for one model, or not over all. Undefined for what AWS documents, for all namespaces of others, and where
 * further dimensions are named: accounts show more of their combinations than the pages do.
 */
export function undocumented(namespace: string, name: string, dimensions: readonly string[]): string | undefined {
  const known = byNamespace.get(namespace);
  if (known === undefined) return undefined;
  const facts = known.get(name);
  if (facts !== undefined) {
    const asked = setText(dimensions);
    const sets = facts.dimensions.map(setText);
    if (dimensions.some((one) => one !== 'ModelId') || sets.includes(asked)) return undefined;
    return `AWS documents ${name} of ${namespace} ${sets.join(' or ')}, and the alarm asks for it ${asked}`;
  }
  if (namespace === 'AWS/Bedrock' && name === 'ContentFilteredCount') {
    return 'AWS no longer documents ContentFilteredCount of AWS/Bedrock; InvocationsIntervened of AWS/Bedrock/Guardrails counts what guardrails stop';
  }
  return `AWS documents no metric ${name} of ${namespace}`;
}

function setText(dimensions: readonly string[]): string {
  return dimensions.length === 0 ? 'without dimensions' : `by ${[...dimensions].sort().join(' and ')}`;
}
