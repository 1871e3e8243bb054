import type {
  CompositeAlarm as WireComposite,
  LogAlarm as WireLog,
  MetricAlarm as WireMetric,
} from '@aws-sdk/client-cloudwatch';
import { namePrefixes } from '#src/domain/names.ts';
import type { Owner } from '#src/domain/owner.ts';
import type { Change, Observed, Resource, ResourceRef, Tags } from '#src/domain/resource.ts';
import { refKey } from '#src/domain/result.ts';
import type { MarkReading } from '#src/reconcile/ports.ts';
import { heldByComposite, isDependedUpon, letGoByComposite } from './depended-upon.ts';
import { isAbsent } from './errors.ts';
import { isMarkOf, markDescription, readDescription, saysOtherTags, tagsHash } from './marks.ts';
import { allPages } from './pages.ts';
import type { Session } from './session.ts';
import { monitoringTags, tagList } from './session.ts';
import type { FoundAlarm } from './shared-calls.ts';
import { setDifferences } from './structural-diff.ts';

/** The three kinds of alarms: one space of names, one form of the mark, one way of tagging. */
export type AlarmKind = 'MetricAlarm' | 'LogAlarm' | 'CompositeAlarm';
export type WireAlarm = WireMetric | WireLog | WireComposite;

/** What `raw` of an observed alarm holds. */
export interface RawAlarm<W extends WireAlarm> {
  readonly wire: W;
  /** Of the tags in force when the mark was written. */
  readonly tagsHash: string | undefined;
}

function alarmARN({ place }: Session, name: string): string {
  return `arn:${place.partition}:cloudwatch:${place.region}:${place.accountID}:alarm:${name}`;
}

/** An alarm of this kind as it was read. The mark is the last line of the description; only where it is missing are the tags asked. */
export async function observedAlarm<K extends AlarmKind>(
  session: Session,
  wire: WireAlarm,
  resourceOf: (text: string, arn: string) => Resource<K>,
  { name }: ResourceRef<K>,
  marks: MarkReading,
  signal: AbortSignal,
): Promise<Observed<K>> {
  const { text, mark, tagsHash: hash } = readDescription(wire.AlarmDescription ?? '');
  const arn = wire.AlarmArn ?? alarmARN(session, name);
  const resource = resourceOf(text, arn);
  const raw: RawAlarm<WireAlarm> = { wire, tagsHash: hash };
  const head = { resource, arn, raw, ...(wire.StateValue !== undefined && { alarmState: wire.StateValue }) };
  if (mark.state === 'Owned') return { ...head, mark };
  if (marks === 'IfFree') return { ...head, mark: { state: 'Unread' } };
  const tagged = await monitoringTags(session, arn, signal);
  return { ...head, resource: { ...resource, tags: tagged.tags }, mark: tagged.mark };
}

const nouns = { Metric: 'metric alarm', Log: 'log alarm', Composite: 'composite alarm' } as const;

/**
 * An alarm of another kind under the name: it stands in the way, and there is none of this kind. One that this monitor
 * made and still lists goes first; one that it retained stays.
 */
export function otherAlarm<K extends AlarmKind>(
  { owner, inventory }: Session,
  found: FoundAlarm,
  wanted: FoundAlarm['kind'],
  resource: Resource<K>,
): Observed<K> {
  const { AlarmArn, AlarmDescription = '' } = found.alarm;
  const { mark } = readDescription(AlarmDescription);
  const own = isMarkOf(mark, owner);
  if (own && inventory?.has(refKey({ kind: `${found.kind}Alarm`, name: resource.name }))) {
    return { resource, mark: { state: 'None' }, goesFirst: true };
  }
  return {
    resource,
    ...(AlarmArn !== undefined && { arn: AlarmArn }),
    mark: { state: 'None' },
    notAdoptable: own
      ? `It is a ${nouns[found.kind]} that this monitor made under the name before and let go of: set another awsName, or delete it in AWS.`
      : `It is a ${nouns[found.kind]}, and only a ${nouns[wanted]} can be taken over: set another awsName, or delete it in AWS.`,
  };
}

/**
 * Puts an alarm with its mark, and its tags in place before the line with their hash, which says that they are; and
 * before both a line that says nothing, or the old one would be believed if this ends half-way and the spec goes back
 * to the old tags. AWS takes tags with a new alarm only, and ignores them on an update.
 */
export async function putMarkedAlarm<K extends AlarmKind>(
  session: Session,
  desired: { readonly kind: K; readonly name: string; readonly description: string; readonly tags: Tags },
  now: Observed<K> | undefined,
  put: (arn: string, description: string, created: { Tags?: { Key: string; Value: string }[] }) => Promise<unknown>,
  signal: AbortSignal,
): Promise<ResourceRef<K>> {
  const { kind, name, description, tags } = desired;
  const arn = now?.arn ?? alarmARN(session, name);
  const hash = rawAlarm(now)?.tagsHash;
  if (now !== undefined && hash !== tagsHash(tags)) {
    if (saysOtherTags(hash, tags)) await put(arn, markDescription(description, session.owner, 'Changing'), {});
    await session.call('cloudwatch:TagResource', arn, { ResourceARN: arn, Tags: tagList(tags) }, signal);
  }
  const created = now === undefined ? { Tags: tagList(tags) } : {};
  await put(arn, markDescription(description, session.owner, tags), created);
  if (now === undefined) session.created({ kind, name });
  return { kind, name };
}

interface Targets {
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
}

/** The lists of actions that differ; AWS keeps no order in them. */
export function actionChanges(observed: Targets, desired: Targets): readonly Change[] {
  return (['alarmActions', 'okActions', 'insufficientDataActions'] as const).flatMap((list) =>
    setDifferences(list, observed[list], desired[list]),
  );
}

/** Whether the tags are those that the mark says are in place. */
export function tagChanges(now: Observed<AlarmKind>, tags: Tags): readonly Change[] {
  if (rawAlarm(now)?.tagsHash === tagsHash(tags)) return [];
  return [{ path: 'tags', from: { ...now.resource.tags }, to: { ...tags } }];
}

/** Deletes an alarm by a call of its own: AWS takes one composite or log alarm a call, where metric alarms go together. */
export async function deleteAlone(session: Session, ref: ResourceRef<AlarmKind>, signal: AbortSignal): Promise<void> {
  const { name } = ref;
  try {
    await session.call('cloudwatch:DeleteAlarms', name, { AlarmNames: [name] }, signal);
  } catch (error) {
    if (isDependedUpon(error)) throw heldByComposite(session, name);
    if (!isAbsent(error)) throw error;
  }
  letGoByComposite(session, name);
  session.deleted(ref);
}

/** The names under the owner's prefix. */
export async function findAlarms<K extends AlarmKind>(
  session: Session,
  kind: K,
  owner: Owner,
  signal: AbortSignal,
): Promise<readonly ResourceRef<K>[]> {
  const input = { AlarmNamePrefix: namePrefixes(owner).path, AlarmTypes: [kind], MaxRecords: 100 };
  const lists = { MetricAlarm: 'MetricAlarms', LogAlarm: 'LogAlarms', CompositeAlarm: 'CompositeAlarms' } as const;
  const alarms = await allPages<{ AlarmName?: string | undefined }>(async (NextToken) => {
    const page = await session.call('cloudwatch:DescribeAlarms', '*', { ...input, NextToken }, signal);
    return { items: page[lists[kind]], next: page.NextToken };
  });
  return alarms.map(({ AlarmName = '' }) => ({ kind, name: AlarmName }));
}

/** What was observed, as AWS had it. The kind of the alarm tells the kind of the wire object. */
export function rawAlarm<W extends WireAlarm>(now: Observed<AlarmKind> | undefined): RawAlarm<W> | undefined {
  const raw = now?.raw;
  return isRaw<W>(raw) ? raw : undefined;
}

function isRaw<W extends WireAlarm>(raw: unknown): raw is RawAlarm<W> {
  return typeof raw === 'object' && raw !== null && 'wire' in raw;
}
