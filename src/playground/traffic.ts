import type { Invocation } from './aws/invocations.ts';
import type { Aws } from './aws/simulator.ts';

/** Calls of models with what must not be read in a log. */
const invocations: readonly Omit<Invocation, 'identity'>[] = [
  {
    modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
    prompt: 'Summarise this ticket for me.',
    completion: 'The customer cannot log in.',
    inputTokenCount: 9,
    outputTokenCount: 7,
  },
  {
    modelId: 'amazon.nova-pro-v1:0',
    prompt: 'Write to jane.doe@example.com that 192.168.0.1 (patient MRN-00012345) is up again.',
    completion: 'Dear Jane, the host is up again.',
    inputTokenCount: 24,
    outputTokenCount: 8,
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
