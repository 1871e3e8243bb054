import { nameFor } from './foreign-names.ts';
import { about } from './kinds.ts';
import { expectedMark, parseMark } from './names.ts';
import type { Owner, Place } from './owner.ts';
import type { Planned } from './plan.ts';
import type { Change, Kind, Observed, ResourceRef } from './resource.ts';
import type { Trouble } from './result.ts';

export type Decision =
  | { readonly do: 'nothing'; readonly planned: Planned; readonly observed: Observed }
  | { readonly do: 'create'; readonly planned: Planned }
  | {
      /** `adopt`: it carries nobody's mark, and the spec lets us take it. */
      readonly do: 'update' | 'adopt';
      readonly planned: Planned;
      readonly observed: Observed;
      readonly changes: readonly Change[];
    }
  | {
      /** It is ours and differs, and is left so: drift that is only reported, or that others make again and again. */
      readonly do: 'hold';
      readonly planned: Planned;
      readonly observed?: Observed;
      readonly changes: readonly Change[];
      readonly trouble: Trouble;
    }
  | {
      readonly do: 'refuse';
      readonly planned: Planned;
      readonly observed?: Observed;
      readonly trouble: Trouble;
      /** It is made as soon as what this monitor had under the name before is gone. */
      readonly later?: true;
    };

/** What the spec and the platform say about what is not ours. */
export interface Terms {
  readonly adoption: 'Never' | 'IfTagged' | 'Always';
  readonly hideForeignNames: boolean;
}

/** By this tag the owner of a resource gives it to the monitor that its value names: `<namespace>/<name>`. */
const ADOPT_BY = 'bedrockmonitor.io/adopt-by';

/** Reads show what is deleted for a while. */
const GONE_MS = 2_000;

/**
 * What to do about one resource, from what AWS says of it. Without our mark nothing is changed, unless the spec lets us
 * adopt what has nobody's. `Unread` counts as ours only where there is nothing to change: whoever would write reads
 * the mark first.
 */
export function decide(
  planned: Planned,
  observed: Observed | undefined,
  changes: readonly Change[],
  owner: Owner,
  place: Place,
  terms: Terms,
): Decision {
  if (observed === undefined) return { do: 'create', planned };
  if (observed.goesFirst) return { do: 'refuse', planned, observed, trouble: goesFirst(planned), later: true };
  const trouble = notOurs(planned, observed, owner, place, terms);
  if (trouble === 'adopt') return { do: 'adopt', planned, observed, changes };
  if (trouble !== undefined) return { do: 'refuse', planned, observed, trouble };
  if (changes.length === 0) return { do: 'nothing', planned, observed };
  return { do: 'update', planned, observed, changes };
}

function goesFirst({ resource: { kind, name } }: Planned): Trouble {
  const message = `${about[kind].noun} ${name} waits until the alarm of another kind that this monitor made under the name before is gone`;
  return { kind: 'wait', reason: 'DependencyNotReady', message, retryAfterMs: GONE_MS };
}

/** Whether the mark in AWS says that this monitor may change or delete the resource. */
export function isOurs(ref: ResourceRef, observed: Observed, owner: Owner, place: Place): boolean {
  return observed.mark.state === 'Owned' && observed.mark.by === expectedMark(ref.kind, owner, place);
}

function notOurs(
  planned: Planned,
  observed: Observed,
  owner: Owner,
  place: Place,
  terms: Terms,
): Trouble | 'adopt' | undefined {
  const { resource } = planned;
  const { mark } = observed;
  if (mark.state === 'Unread' || isOurs(resource, observed, owner, place)) return undefined;
  const unmanaged = resource.kind === 'LogGroup' && resource.management === 'Unmanaged';
  const what = `${about[resource.kind].noun} ${resource.name}`;
  const other = mark.state === 'None' ? undefined : parseMark(mark.by);
  if (other === undefined) {
    if (unmanaged && mark.state === 'None') return undefined;
    if (observed.notAdoptable === undefined && isGiven(observed, owner, terms)) return 'adopt';
    const under = mark.state === 'None' ? '' : ` under the name ${mark.by}`;
    return {
      kind: 'stall',
      reason: 'NotOwned',
      message: `${what} exists in AWS${under} and no BedrockMonitor made it, so it is left as it is. ${observed.notAdoptable ?? remedyOf(resource.kind, owner)}`,
    };
  }
  const elsewhere = other.cluster !== owner.cluster;
  return {
    kind: 'stall',
    reason: elsewhere ? 'OwnedByAnotherCluster' : 'OwnedByAnotherMonitor',
    message: `${what} belongs to ${nameFor(other, owner.namespace, terms.hideForeignNames)}${elsewhere ? ` of cluster ${other.cluster}` : ''}. ${leave[resource.kind] ?? about[resource.kind].rename}`,
  };
}

/** Whether the spec takes it as it is, or its owner has tagged it for this monitor. */
function isGiven({ resource }: Observed, { namespace, name }: Owner, { adoption }: Terms): boolean {
  if (adoption !== 'IfTagged') return adoption === 'Always';
  return 'tags' in resource && resource.tags[ADOPT_BY] === `${namespace}/${name}`;
}

/**
 * The way out where another monitor's mark is in the way, of what may outlive its monitor. Unmanaged is none for a log
 * group: such a group must carry no other monitor's mark.
 */
const leave: Partial<Record<Kind, string>> = {
  LogGroup:
    'Give logGroup another name; if that monitor is gone, remove the tags bedrockmonitor.io/cluster and bedrockmonitor.io/monitor of the group in AWS.',
  Sink: 'AWS has one sink per account and Region: remove crossAccount.sink; if that monitor is gone or asks no more, delete the sink in AWS, or remove its tags bedrockmonitor.io/cluster and bedrockmonitor.io/monitor and let it be adopted.',
};

/** How it can be taken, and how the name can be left to its owner. */
function remedyOf(kind: Planned['resource']['kind'], { namespace, name }: Owner): string {
  const { policy, rename, taggable } = about[kind];
  const tagged = taggable ? ` (or IfTagged, and the tag ${ADOPT_BY}=${namespace}/${name} on it)` : '';
  return `To take it over set adoptionPolicy.${policy}: Always${tagged}; else: ${rename}`;
}
