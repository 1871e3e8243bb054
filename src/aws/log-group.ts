import type { LogGroup as WireLogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { Change, LogGroup, Observed, Tags } from '#src/domain/resource.ts';
import type { MarkReading, ResourceHandler } from '#src/reconcile/ports.ts';
import { awsName, messageOf } from './errors.ts';
import { deleteLogGroup, setDeletionProtection } from './log-group-deletion.ts';
import { isMarkOf, markOfTags } from './marks.ts';
import { keyUse } from './permission.ts';
import type { Session } from './session.ts';
import { declaredDifferences, differences, tagDifferences } from './structural-diff.ts';

/** Of a log group that we create and whose spec names none: never infinite by omission. */
const DEFAULT_RETENTION_DAYS = 90;
/**
 * CreateLogGroup takes no retention. The tag says that the default is still to be set, so that a crash between the two
 * calls does not leave a group that keeps logs for ever; a group whose retention a person removed does not have it.
 */
const pendingTag = 'bedrockmonitor.io/default-retention';

/**
 * CloudWatch Logs log groups. Only one that carries our mark is deleted, with all its data: whoever asks for it has
 * read that the spec says so.
 */
export function logGroups(session: Session): ResourceHandler<'LogGroup'> {
  const observe = async (name: string, marks: MarkReading, signal: AbortSignal) => {
    const found = await session.shared.logGroup(name, signal);
    if (found === undefined) return session.absent({ kind: 'LogGroup', name });
    const arn = arnOf(found, session, name);
    const tags = marks === 'Always' ? await tagsOf(session, arn, signal) : undefined;
    return observed(found, name, arn, tags);
  };
  return {
    observe: (ref, marks, signal) => observe(ref.name, marks, signal),
    diff,
    async apply(desired, observedNow, signal) {
      const ref = { kind: 'LogGroup', name: desired.name } as const;
      if (desired.management === 'Unmanaged') {
        if (observedNow === undefined) throw notFound(desired.name);
        return ref;
      }
      const now =
        observedNow ?? (await create(session, desired, signal)) ?? (await ours(observe, session, desired.name, signal));
      await update(session, desired, now, signal);
      return ref;
    },
    delete: ({ name }, now, signal) => deleteLogGroup(session, name, now.arn ?? arnOf({}, session, name), now, signal),
  };
}

/** Creates the group and answers it as it then is; undefined if one of that name exists after all. */
async function create(
  session: Session,
  desired: LogGroup,
  signal: AbortSignal,
): Promise<Observed<'LogGroup'> | undefined> {
  const { name, kmsKeyARN, deletionProtection } = desired;
  const pending = desired.retentionInDays === undefined ? { [pendingTag]: 'pending' } : {};
  const tags = { ...desired.tags, ...pending };
  const input = {
    logGroupName: name,
    tags,
    logGroupClass: desired.class === 'InfrequentAccess' ? ('INFREQUENT_ACCESS' as const) : ('STANDARD' as const),
    ...(kmsKeyARN !== undefined && { kmsKeyId: kmsKeyARN }),
    deletionProtectionEnabled: deletionProtection === 'Enabled',
  };
  const arn = arnOf({}, session, name);
  try {
    await session.call('logs:CreateLogGroup', arn, input, signal);
  } catch (error) {
    // Ours, if the answer to an earlier attempt was lost.
    if (awsName(error) === 'ResourceAlreadyExistsException') return undefined;
    throw keyFailure(error, desired, session) ?? error;
  }
  session.created({ kind: 'LogGroup', name });
  const { logGroupName, logGroupClass, deletionProtectionEnabled } = input;
  const wire = {
    logGroupName,
    logGroupClass,
    deletionProtectionEnabled,
    ...(kmsKeyARN !== undefined && { kmsKeyId: kmsKeyARN }),
  };
  return observed(wire, name, arn, tags);
}

async function ours(
  observe: (name: string, marks: MarkReading, signal: AbortSignal) => Promise<Observed<'LogGroup'> | undefined>,
  session: Session,
  name: string,
  signal: AbortSignal,
): Promise<Observed<'LogGroup'>> {
  const found = await observe(name, 'Always', signal);
  if (found !== undefined && isMarkOf(found.mark, session.owner)) return found;
  throw new Waiting(
    'ConcurrentChange',
    `log group ${name} came into being while it was being created; it is looked at again`,
    {
      retryAfterMs: 2_000,
    },
  );
}

/** One call per setting that differs: AWS has no call for all of them. */
async function update(
  session: Session,
  desired: LogGroup,
  now: Observed<'LogGroup'>,
  signal: AbortSignal,
): Promise<void> {
  const { name } = desired;
  const arn = now.arn ?? arnOf({}, session, name);
  const changed = new Set(diff(desired, now).map(({ path }) => path.split('.')[0]));
  if (now.mark.state === 'None') {
    // Being adopted. What can never be as declared is left as it is, and our default is for groups that we create.
    if (changed.has('class')) throw classDiffers(desired, now.resource);
    if (pendingTag in now.resource.tags) await untagPending(session, arn, signal);
  }
  // First, so that a crash leaves a group that the next pass knows for ours.
  if (changed.has('tags')) {
    await session.call('logs:TagResource', arn, { resourceArn: arn, tags: { ...desired.tags } }, signal);
  }
  if (changed.has('kmsKeyARN') && desired.kmsKeyARN !== undefined) {
    try {
      await session.call('logs:AssociateKmsKey', arn, { logGroupName: name, kmsKeyId: desired.kmsKeyARN }, signal);
    } catch (error) {
      throw keyFailure(error, desired, session) ?? error;
    }
  }
  if (changed.has('deletionProtection')) {
    await setDeletionProtection(session, name, arn, desired.deletionProtection === 'Enabled', signal);
  }
  // Without a declared value only our own, unfinished create is a reason to set one.
  const sets = desired.retentionInDays !== undefined || isPending(now);
  if (changed.has('retentionInDays') && sets) await setRetention(session, desired, now, arn, signal);
  if (changed.has('class')) throw classDiffers(desired, now.resource);
}

async function setRetention(
  session: Session,
  desired: LogGroup,
  now: Observed<'LogGroup'>,
  arn: string,
  signal: AbortSignal,
): Promise<void> {
  const { name } = desired;
  const retentionInDays = desired.retentionInDays ?? DEFAULT_RETENTION_DAYS;
  // Set before where only the tag is left to take off.
  if (retentionInDays !== now.resource.retentionInDays) {
    if (retentionInDays === 'NeverExpire')
      await session.call('logs:DeleteRetentionPolicy', arn, { logGroupName: name }, signal);
    else await session.call('logs:PutRetentionPolicy', arn, { logGroupName: name, retentionInDays }, signal);
  }
  if (isPending(now)) await untagPending(session, arn, signal);
}

/** Our own create is unfinished. On a group that carries no mark the tag says nothing. */
function isPending({ mark, resource }: Observed<'LogGroup'>): boolean {
  return mark.state !== 'None' && pendingTag in resource.tags;
}

async function untagPending(session: Session, arn: string, signal: AbortSignal): Promise<void> {
  await session.call('logs:UntagResource', arn, { resourceArn: arn, tagKeys: [pendingTag] }, signal);
}

function diff(desired: LogGroup, now: Observed<'LogGroup'>): readonly Change[] {
  const { resource, mark } = now;
  if (desired.management === 'Unmanaged') return [];
  const { class: ofClass, kmsKeyARN, deletionProtection } = desired;
  return [
    ...declaredDifferences(
      { class: resource.class, kmsKeyARN: resource.kmsKeyARN, deletionProtection: resource.deletionProtection },
      { class: ofClass, kmsKeyARN, deletionProtection },
    ),
    ...retentionDifference(desired, now),
    ...(mark.state === 'Unread' ? [] : tagDifferences(resource.tags, desired.tags)),
  ];
}

/**
 * An account retention policy wins over the group's own value, whatever is put: applying it again would go on for ever.
 * Where the spec names no retention and the group keeps logs for ever, the tags say whether our default is still to be
 * set; as long as they are unread, the difference is a reason to read them.
 */
function retentionDifference(desired: LogGroup, observedNow: Observed<'LogGroup'>): readonly Change[] {
  const { resource: now, mark } = observedNow;
  if (desired.retentionInDays === undefined) {
    const pending =
      mark.state === 'Unread'
        ? now.retentionInDays === 'NeverExpire' && now.retentionPolicyName === undefined
        : isPending(observedNow);
    return pending ? [{ path: 'retentionInDays', from: now.retentionInDays, to: DEFAULT_RETENTION_DAYS }] : [];
  }
  if (now.retentionPolicyName !== undefined) return [];
  const loses = daysOf(now.retentionInDays) > daysOf(desired.retentionInDays);
  return differences('retentionInDays', now.retentionInDays, desired.retentionInDays).map((change) =>
    loses ? { ...change, losesData: true } : change,
  );
}

function daysOf(retention: LogGroup['retentionInDays']): number {
  return typeof retention === 'number' ? retention : Number.POSITIVE_INFINITY;
}

function observed(wire: WireLogGroup, name: string, arn: string, tags: Tags | undefined): Observed<'LogGroup'> {
  const { retentionPolicyName, dataProtectionStatus, creationTime, kmsKeyId } = wire;
  const retention = wire.retentionInDays ?? 'NeverExpire';
  return {
    resource: {
      kind: 'LogGroup',
      name,
      management: 'Managed',
      retentionInDays: retention,
      ...(kmsKeyId !== undefined && { kmsKeyARN: kmsKeyId }),
      ...classes[wire.logGroupClass ?? 'STANDARD'],
      deletionProtection: wire.deletionProtectionEnabled === true ? 'Enabled' : 'Disabled',
      tags: tags ?? {},
      ...(retentionPolicyName !== undefined && { retentionPolicyName }),
      ...(dataProtectionStatus !== undefined && { dataProtectionStatus }),
      ...(creationTime !== undefined && { creationTime }),
    },
    arn,
    mark: tags === undefined ? { state: 'Unread' } : markOfTags(tags),
    ...(retentionPolicyName !== undefined && { notes: [overridden(name, retentionPolicyName, retention)] }),
  };
}

/** Classes that this release does not declare (Essentials, Delivery) have no word here and differ from every one. */
const classes: Readonly<Record<string, Pick<LogGroup, 'class'>>> = {
  STANDARD: { class: 'Standard' },
  INFREQUENT_ACCESS: { class: 'InfrequentAccess' },
};

/** Without the `:*` that DescribeLogGroups' `arn` ends with, and which the tag APIs refuse. */
function arnOf(wire: WireLogGroup, { place }: Session, name: string): string {
  const known = wire.logGroupArn ?? wire.arn?.replace(/:\*$/, '');
  return known ?? `arn:${place.partition}:logs:${place.region}:${place.accountID}:log-group:${name}`;
}

async function tagsOf(session: Session, arn: string, signal: AbortSignal): Promise<Tags> {
  const { tags = {} } = await session.call('logs:ListTagsForResource', arn, { resourceArn: arn }, signal);
  return tags;
}

/** AWS checks the key when it is given, and answers InvalidParameterException whatever is wrong with it. */
function keyFailure(error: unknown, { name, kmsKeyARN }: LogGroup, { place }: Session): Stalled | undefined {
  if (kmsKeyARN === undefined || awsName(error) !== 'InvalidParameterException') return undefined;
  if (!/kms|key/i.test(messageOf(error))) return undefined;
  return new Stalled(
    'KMSKeyNotUsable',
    `log group ${name}: CloudWatch Logs cannot use key ${kmsKeyARN} (${messageOf(error)}). It must be a symmetric, enabled key of ${place.region} whose key policy has: ${keyUse(place, name)}`,
    { cause: error },
  );
}

function notFound(name: string): Stalled {
  return new Stalled(
    'LogGroupNotFound',
    `log group ${name} does not exist, and management: Unmanaged says that others make it: create it, or set management: Managed`,
  );
}

function classDiffers(desired: LogGroup, now: LogGroup): Stalled {
  return new Stalled(
    'LogGroupClassDiffers',
    `log group ${desired.name} exists in class ${now.class ?? 'unknown to this release'}, and AWS cannot change it to ${desired.class ?? 'Standard'}: set class as it is, or give logGroup another name`,
  );
}

type Note = NonNullable<Observed['notes']>[number];

function overridden(name: string, policy: string, retention: LogGroup['retentionInDays']): Note {
  const days = typeof retention === 'number' ? `${retention} days` : 'for ever';
  return {
    reason: 'RetentionOverridden',
    message: `the account retention policy ${policy} decides how long log group ${name} keeps logs: ${days}`,
  };
}
