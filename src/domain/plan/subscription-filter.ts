import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { filterName, onGroup } from '../names.ts';
import type { SubscriptionFilter } from '../resource.ts';
import { attachedGroup } from './attached-group.ts';
import type { Facts, Plan, Planned } from './types.ts';

/** Live copies of the records, each once the masking of the log group is in force: what was copied cannot be masked. */
export function planSubscriptionFilters(spec: BedrockMonitorSpec, { owner, place }: Facts): Partial<Plan> {
  const group = attachedGroup(spec);
  if (group === undefined) return {};
  const entries = spec.invocationLogging?.cloudWatchLogs?.subscriptionFilters ?? [];
  const resources = entries.map((entry): Planned => {
    const resource: SubscriptionFilter = {
      kind: 'SubscriptionFilter',
      name: onGroup(group.name, filterName(owner, place, entry.name)),
      destinationARN: entry.destinationARN,
      filterPattern: entry.filterPattern ?? '',
      ...(entry.roleARN !== undefined && { roleARN: entry.roleARN }),
      distribution: entry.distribution ?? 'ByLogStream',
    };
    const path = `invocationLogging/subscriptionFilters/${entry.name}`;
    return { resource, part: 'Logging', path, after: group.afterMasking };
  });
  return { resources };
}
