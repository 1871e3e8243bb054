import type { BedrockMonitorSpec, LogGroupSpec } from '#src/api/v1alpha1.ts';
import type { LogGroup } from '../resource.ts';
import { declaredTags } from './tags.ts';
import type { Facts, Part, Plan, Planned } from './types.ts';

/** The log group that receives the records, and the one that receives masking findings. */
export function planLogGroups(spec: BedrockMonitorSpec, facts: Facts): Partial<Plan> {
  const records = spec.invocationLogging?.cloudWatchLogs?.logGroup;
  const findings = spec.dataProtection?.findings?.logGroup;
  const planned = (group: LogGroupSpec | undefined, part: Part, path: string): Planned[] =>
    group === undefined ? [] : [{ resource: logGroup(group, spec, facts), part, path, after: [] }];
  return {
    resources: [
      ...planned(records, 'Logging', 'invocationLogging/logGroup'),
      ...planned(findings, 'DataProtection', 'dataProtection/findings/logGroup'),
    ],
  };
}

/**
 * An absent retention or class stays absent: the group keeps what it has, and only a group that we create gets the
 * default. Deletion protection is the one setting that is kept on unless the spec says otherwise.
 */
function logGroup(group: LogGroupSpec, spec: BedrockMonitorSpec, facts: Facts): LogGroup {
  if (group.management === 'Unmanaged') {
    return { kind: 'LogGroup', name: group.name, management: 'Unmanaged', tags: {} };
  }
  return {
    kind: 'LogGroup',
    name: group.name,
    management: 'Managed',
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    ...(group.kmsKeyARN !== undefined && { kmsKeyARN: group.kmsKeyARN }),
    ...(group.class !== undefined && { class: group.class }),
    deletionProtection: group.deletionProtection ?? 'Enabled',
    tags: declaredTags(facts.owner, spec.tags),
  };
}
