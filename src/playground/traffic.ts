import type { Invocation } from './aws/invocations.ts';
import type { Aws } from './aws/simulator.ts';

const metadata = { team: 'search', 'cost-center': 'cc-42' };

/** Calls of models in the forms that there are, with what must not be read in a log. */
const invocations: readonly Omit<Invocation, 'identity'>[] = [
  {
    modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
    operation: 'InvokeModel',
    prompt: 'Summarise this ticket for me.',
    completion: 'The customer cannot log in.',
    inputTokenCount: 9,
    outputTokenCount: 7,
  },
  {
    modelId: 'us.anthropic.claude-sonnet-4-20250514-v1:0',
    operation: 'ConverseStream',
    prompt: 'Tell me the story of our outage.',
    completion: 'Once upon a time a certificate expired.',
    inputTokenCount: 31,
    outputTokenCount: 412,
    latencyMs: 9130,
    inferenceRegion: 'us-east-2',
    requestMetadata: metadata,
  },
  {
    modelId: 'amazon.titan-embed-text-v2:0',
    operation: 'InvokeModel',
    modality: 'Embedding',
    prompt: 'host is up',
    completion: '',
    inputTokenCount: 3,
    outputTokenCount: 0,
    latencyMs: 60,
  },
  {
    modelId: 'amazon.nova-pro-v1:0',
    prompt: '',
    completion: '',
    inputTokenCount: 0,
    outputTokenCount: 0,
    errorCode: 'ThrottlingException',
  },
  {
    modelId: 'amazon.nova-pro-v1:0',
    prompt: 'Write to jane.doe@example.com that 192.168.0.1 (patient MRN-00012345) is up again.',
    completion: 'Dear Jane, the host is up again.',
    inputTokenCount: 24,
    outputTokenCount: 8,
    requestMetadata: metadata,
  },
];

/** Plays some calls of models wherever invocation logging is on. */
export function playInvocations(aws: Aws): void {
  for (const { id, regions } of aws.world.accounts.values()) {
    for (const { name, invocationLogging } of regions.values()) {
      if (invocationLogging.configuration === undefined) continue;
      const identity = `arn:aws:sts::${id}:assumed-role/assistant/session`;
      for (const invocation of invocations) aws.account(id).invoke(name, { ...invocation, identity });
    }
  }
}
