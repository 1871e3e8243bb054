import { expectedMark, parseMark } from './names.ts';
import type { Owner, Place } from './owner.ts';
import type { Planned } from './plan.ts';
import type { Change, Observed, ResourceRef } from './resource.ts';
import type { Trouble } from './result.ts';

export type Decision =
  | { readonly do: 'nothing'; readonly planned: Planned; readonly observed: Observed }
  | { readonly do: 'create'; readonly planned: Planned }
  | {
      readonly do: 'update';
      readonly planned: Planned;
      readonly observed: Observed;
      readonly changes: readonly Change[];
    }
  | { readonly do: 'refuse'; readonly planned: Planned; readonly observed?: Observed; readonly trouble: Trouble };

/**
 * What to do about one resource, from what AWS says of it. Without our mark nothing is changed. `Unread` counts as
 * ours only where there is nothing to change: whoever would write reads the mark first.
 */
export function decide(
  planned: Planned,
  observed: Observed | undefined,
  changes: readonly Change[],
  owner: Owner,
  place: Place,
): Decision {
  if (observed === undefined) return { do: 'create', planned };
  const trouble = notOurs(planned, observed, owner, place);
  if (trouble !== undefined) return { do: 'refuse', planned, observed, trouble };
  if (changes.length === 0) return { do: 'nothing', planned, observed };
  return { do: 'update', planned, observed, changes };
}

/** Whether the mark in AWS says that this monitor may change or delete the resource. */
export function isOurs(ref: ResourceRef, observed: Observed, owner: Owner, place: Place): boolean {
  return observed.mark.state === 'Owned' && observed.mark.by === expectedMark(ref.kind, owner, place);
}

function notOurs(planned: Planned, observed: Observed, owner: Owner, place: Place): Trouble | undefined {
  const { resource } = planned;
  const { mark } = observed;
  if (mark.state === 'Unread' || isOurs(resource, observed, owner, place)) return undefined;
  const unmanaged = resource.kind === 'LogGroup' && resource.management === 'Unmanaged';
  const what = `${noun[resource.kind]} ${resource.name}`;
  if (mark.state === 'None') {
    if (unmanaged) return undefined;
    return {
      kind: 'stall',
      reason: 'NotOwned',
      message: `${what} exists in AWS and no BedrockMonitor made it, so it is left as it is. ${remedy[resource.kind]}`,
    };
  }
  const other = parseMark(mark.by);
  if (other === undefined) {
    return {
      kind: 'stall',
      reason: 'NotOwned',
      message: `${what} exists in AWS under the name ${mark.by}, which no BedrockMonitor wrote, so it is left as it is. ${remedy[resource.kind]}`,
    };
  }
  const elsewhere = other.cluster !== owner.cluster;
  return {
    kind: 'stall',
    reason: elsewhere ? 'OwnedByAnotherCluster' : 'OwnedByAnotherMonitor',
    message: `${what} belongs to BedrockMonitor ${other.namespace}/${other.name}${elsewhere ? ` of cluster ${other.cluster}` : ''}. ${remedy[resource.kind]}`,
  };
}

const noun: Record<Planned['resource']['kind'], string> = {
  LogGroup: 'log group',
  DataProtectionPolicy: 'the masking policy of log group',
  InvocationLogging: 'the configuration',
  MetricAlarm: 'alarm',
  Dashboard: 'dashboard',
  QueryDefinition: 'saved query',
};

const remedy: Record<Planned['resource']['kind'], string> = {
  LogGroup:
    'Give logGroup another name, or set management: Unmanaged to deliver to it without changing its settings (if it carries the tags of a monitor that is gone, remove those in AWS first).',
  DataProtectionPolicy: 'Remove that policy in AWS, or use another log group.',
  InvocationLogging: '',
  MetricAlarm: 'Set another awsName, or delete the alarm in AWS.',
  Dashboard: 'Set another awsName, or delete the dashboard in AWS.',
  QueryDefinition: 'Set another awsName, or delete the query in AWS.',
};
