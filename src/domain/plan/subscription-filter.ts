import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { globMatch } from '../glob.ts';
import { filterName, onGroup } from '../names.ts';
import type { Owner, Place } from '../owner.ts';
import type { SubscriptionFilter } from '../resource.ts';
import { attachedGroup } from './attached-group.ts';
import { blocked } from './remark.ts';
import type { Facts, Plan, Planned, Remark } from './types.ts';

/** Live copies of the records, each once the masking of the log group is in force: what was copied cannot be masked. */
export function planSubscriptionFilters(spec: BedrockMonitorSpec, { owner, place, actionARNs }: Facts): Partial<Plan> {
  const group = attachedGroup(spec);
  if (group === undefined) return {};
  if (group.unmasked !== undefined) return { keep: ['Logging'] };
  const all = spec.invocationLogging?.cloudWatchLogs?.subscriptionFilters ?? [];
  const entries = all.filter(({ destinationARN }) => isAllowed(destinationARN, place, actionARNs));
  const remarks = all.filter((entry) => !entries.includes(entry)).map((entry) => notAllowed(entry, owner));
  const resources = entries.map((entry): Planned => {
    const resource: SubscriptionFilter = {
      kind: 'SubscriptionFilter',
      name: onGroup(group.name, filterName(owner, place, entry.name)),
      destinationARN: entry.destinationARN,
      filterPattern: entry.filterPattern ?? '',
      ...(entry.roleARN !== undefined && { roleARN: entry.roleARN }),
      distribution: entry.distribution ?? 'ByLogStream',
    };
    return { resource, part: 'Logging', path: pathOf(entry), after: group.afterMasking };
  });
  return { resources, remarks, keep: remarks.length > 0 ? ['Logging'] : [] };
}

type Entry = NonNullable<
  NonNullable<NonNullable<BedrockMonitorSpec['invocationLogging']>['cloudWatchLogs']>['subscriptionFilters']
>[number];

function pathOf({ name }: Entry): string {
  return `invocationLogging/subscriptionFilters/${name}`;
}

/** Prompts may not leave the account on the word of a namespace alone: beyond the own account the platform's list decides. */
function isAllowed(destinationARN: string, place: Place, actionARNs: readonly string[]): boolean {
  const [, partition, , region, account] = destinationARN.split(':');
  const isOwn = partition === place.partition && region === place.region && account === place.accountID;
  return isOwn || actionARNs.some((glob) => globMatch(glob, destinationARN));
}

function notAllowed(entry: Entry, { namespace }: Owner): Remark {
  const message = `subscription filter ${entry.name} is not made: the platform's credentials list (actionARNs) does not let namespace ${namespace} send records to ${entry.destinationARN}, which is not of the monitor's own account and Region`;
  return blocked('Logging', pathOf(entry), 'ActionNotAllowed', message);
}
