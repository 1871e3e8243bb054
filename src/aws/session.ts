import type { Owner, Place } from '#src/domain/owner.ts';
import type { Mark, ResourceRef, Tags } from '#src/domain/resource.ts';
import type { Clock } from './clock.ts';
import type { FirstRefusals } from './first-refusal.ts';
import type { LogsMemory } from './logs-memory.ts';
import { markOfTags } from './marks.ts';
import type { Input, OperationName, Output } from './operations.ts';
import type { RecentChanges } from './recent-changes.ts';
import type { SharedCalls } from './shared-calls.ts';

/** AWS as one monitor's pass sees it: what the handlers are made of. */
export interface Session {
  readonly place: Place;
  readonly owner: Owner;
  readonly clock: Clock;
  readonly refusals: FirstRefusals;
  /** Of roles and buckets that Bedrock uses, by this process. */
  readonly changes: RecentChanges;
  /** A call of the gateway, in the pass's lane and place. */
  call<N extends OperationName>(name: N, resource: string, input: Input<N>, signal: AbortSignal): Promise<Output<N>>;
  /** Calls that many monitors share. */
  readonly shared: {
    readonly [K in keyof SharedCalls]: (name: string, signal: AbortSignal) => ReturnType<SharedCalls[K]>;
  };
  /** Notes our own create, so that a stale read is not taken for absence. */
  created(ref: ResourceRef): void;
  deleted(ref: ResourceRef): void;
  /** For a read that found nothing: undefined, or Waiting `Propagating` shortly after our own create. */
  absent(ref: ResourceRef): undefined;
  /** AWS's warnings on dashboards as put, by name: AWS says them once, in the answer to the Put. */
  readonly warnings: Map<string, Warnings>;
  readonly logs: LogsMemory;
  /** What the monitor owns by its inventory, as `kind/name`; undefined where it has none: it is new, or lost it. */
  readonly inventory: ReadonlySet<string> | undefined;
}

/** What AWS said of one dashboard body. */
export interface Warnings {
  /** The body that they are about. */
  readonly body: string;
  readonly messages: readonly string[];
}

/** The tags and the mark in them of a CloudWatch alarm or dashboard. */
export async function monitoringTags(session: Session, arn: string, signal: AbortSignal): Promise<Tagged> {
  const { Tags: list = [] } = await session.call('cloudwatch:ListTagsForResource', arn, { ResourceARN: arn }, signal);
  const tags = Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));
  return { tags, mark: markOfTags(tags) };
}

/** Tags as read, and the mark in them. */
export interface Tagged {
  readonly tags: Tags;
  readonly mark: Mark;
}

/** CloudWatch takes tags as a list. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
