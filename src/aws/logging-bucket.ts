import type { CreateBucketConfiguration } from '@aws-sdk/client-s3';
import { DELIVERY_SID } from '#src/domain/bedrock-access.ts';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import { listOf } from '#src/domain/json.ts';
import { canonicalStatement, statementsOf } from '#src/domain/policy-statements.ts';
import type { Change, LoggingBucket, Observed, Tags } from '#src/domain/resource.ts';
import type { ResourceHandler } from '#src/reconcile/ports.ts';
import { expirationOf } from './bucket-expiration.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { bucketARN, readSettings, readTags } from './bucket-settings.ts';
import { awsName } from './errors.ts';
import { pendingTag, writeSettings } from './logging-bucket-update.ts';
import { isMarkOf, markOfTags } from './marks.ts';
import type { Session } from './session.ts';
import { tagList } from './session.ts';
import { declaredDifferences, differences, tagDifferences } from './structural-diff.ts';

/** Of a bucket that we create and whose spec names none: never infinite by omission. */
const DEFAULT_EXPIRATION_DAYS = 90;

/**
 * S3 buckets that Bedrock delivers to. Of each setting only what is ours is written: a statement of the policy, rules
 * of the lifecycle, tags; what others have beside them stays. A bucket is never deleted.
 */
export function loggingBuckets(session: Session): ResourceHandler<'LoggingBucket'> {
  return {
    async observe({ name }, marks, signal) {
      const settings = await readSettings(session, name, marks, signal);
      return settings === undefined
        ? session.absent({ kind: 'LoggingBucket', name })
        : observed(session, name, settings);
    },
    diff,
    async apply(desired, now, signal) {
      const ref = { kind: 'LoggingBucket', name: desired.name } as const;
      const created = now === undefined ? await create(session, desired, signal) : undefined;
      // What is replaced as a whole is read again just before.
      const settings = created ?? (await readSettings(session, desired.name, 'Always', signal));
      const mayTake = now !== undefined || isMarkOf(markOfTags(settings?.tags ?? {}), session.owner);
      if (settings === undefined || !mayTake) throw changedMeanwhile(desired.name);
      const found = observed(session, desired.name, settings);
      const changed = new Set(diff(desired, found).map(({ path }) => path.split('.')[0] ?? path));
      const expirationInDays = expirationFor(desired, found);
      await writeSettings(session, { ...desired, ...expirationInDays }, settings, changed, signal);
      return ref;
    },
    async delete({ name }) {
      throw new Error(`bucket ${name} stays: a bucket that was made for records is never deleted`);
    },
  };
}

/** Makes the bucket with our tags at once, and answers it as S3 makes buckets; undefined if we have one of that name already. */
async function create(
  session: Session,
  { name, expirationInDays, tags }: LoggingBucket,
  signal: AbortSignal,
): Promise<BucketSettings | undefined> {
  const { region } = session.place;
  const pending = expirationInDays === undefined ? { [pendingTag]: 'pending' } : {};
  const own: Tags = { ...tags, ...pending };
  // Elsewhere than in us-east-1 the SDK fills in its own Region as the place; there it must not be named.
  const CreateBucketConfiguration: CreateBucketConfiguration = { Tags: tagList(own) };
  try {
    await session.call(
      's3:CreateBucket',
      bucketARN(session, name),
      { Bucket: name, CreateBucketConfiguration },
      signal,
    );
  } catch (error) {
    if (awsName(error) === 'BucketAlreadyOwnedByYou') return undefined;
    throw taken(error, name) ?? error;
  }
  session.created({ kind: 'LoggingBucket', name });
  // There S3 answers the same for a bucket that we had already. One that is not shown yet is new.
  const shown = region === 'us-east-1' ? await readTags(session, name, signal) : own;
  if (Object.keys(shown).length > 0 && markOfTags(shown).state === 'None') throw changedMeanwhile(name);
  return { objectOwnership: 'BucketOwnerEnforced', isPrivate: true, rules: [], tags: own };
}

function observed(session: Session, name: string, settings: BucketSettings): Observed<'LoggingBucket'> {
  const { objectOwnership, isPrivate, policy, encryption, rules, tags } = settings;
  const delivery = statementsOf(policy).find((one) => one['Sid'] === DELIVERY_SID) ?? {};
  const key = encryption?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
  const arn = bucketARN(session, name);
  const folders = listOf(typeof delivery['Resource'] === 'string' ? [delivery['Resource']] : delivery['Resource'])
    .filter((one) => typeof one === 'string')
    .map((one) => one.slice(arn.length + 1).replace(/\*$/, ''))
    .sort();
  const expiration = expirationOf(rules, folders);
  return {
    resource: {
      kind: 'LoggingBucket',
      name,
      ...(key !== undefined && { kmsKeyARN: key }),
      ...(expiration !== undefined && { expirationInDays: expiration }),
      folders,
      delivery,
      objectOwnership,
      publicAccess: isPrivate ? 'Blocked' : 'Open',
      tags: tags ?? {},
    },
    arn,
    mark: tags === undefined ? { state: 'Unread' } : markOfTags(tags),
  };
}

function diff(desired: LoggingBucket, now: Observed<'LoggingBucket'>): readonly Change[] {
  const { resource, mark } = now;
  const { kmsKeyARN, objectOwnership, publicAccess } = desired;
  return [
    ...declaredDifferences(resource, { kmsKeyARN, objectOwnership, publicAccess }),
    ...differences(
      'delivery',
      isEmpty(resource.delivery) ? undefined : canonicalStatement(resource.delivery),
      canonicalStatement(desired.delivery),
    ),
    ...expirationDifference(desired, now),
    ...(mark.state === 'Unread' ? [] : tagDifferences(resource.tags, desired.tags)),
  ];
}

/**
 * Where the spec names no expiration the tags say whether our default is still to be set; as long as they are unread,
 * a bucket that keeps everything is a reason to read them.
 */
function expirationDifference(desired: LoggingBucket, now: Observed<'LoggingBucket'>): readonly Change[] {
  const from = now.resource.expirationInDays;
  const unread = now.mark.state === 'Unread' && from === 'NeverExpire' && desired.expirationInDays === undefined;
  const to = unread ? byDefault(desired) : expirationFor(desired, now).expirationInDays;
  if (to === undefined || (from === to && !isPending(now))) return [];
  // Only what is written shortens.
  const loses = desired.expirationInDays !== undefined && from !== undefined && daysOf(to) < daysOf(from);
  return [{ path: 'expirationInDays', from, to, ...(loses && { losesData: true }) }];
}

/** What is to hold: as declared; the default for a bucket that we are making; else as long as before or longer, if not for ever. */
function expirationFor(
  desired: LoggingBucket,
  now: Observed<'LoggingBucket'>,
): Pick<LoggingBucket, 'expirationInDays'> {
  const { expirationInDays, leastExpiration: least } = desired;
  if (expirationInDays !== undefined) return { expirationInDays };
  if (isPending(now)) return { expirationInDays: byDefault(desired) };
  const days = now.resource.expirationInDays;
  if (typeof days !== 'number') return {};
  return { expirationInDays: least !== undefined && daysOf(least) > days ? least : days };
}

function byDefault({ leastExpiration = DEFAULT_EXPIRATION_DAYS }: LoggingBucket): number | 'NeverExpire' {
  return leastExpiration;
}

/** Our own create is unfinished. On a bucket that carries no mark the tag says nothing. */
function isPending({ mark, resource }: Observed<'LoggingBucket'>): boolean {
  return mark.state === 'Owned' && pendingTag in resource.tags;
}

function isEmpty(statement: JsonObject): boolean {
  return Object.keys(statement).length === 0;
}

function daysOf(expiration: LoggingBucket['expirationInDays']): number {
  return typeof expiration === 'number' ? expiration : Number.POSITIVE_INFINITY;
}

function taken(error: unknown, name: string): Stalled | undefined {
  if (awsName(error) !== 'BucketAlreadyExists') return undefined;
  return new Stalled(
    'NotOwned',
    `bucket ${name} exists in another AWS account, and bucket names are worldwide: give bucket.create.name another value`,
    { cause: error },
  );
}

function changedMeanwhile(name: string): Waiting {
  const message = `bucket ${name} came into being or went while it was being written; it is looked at again`;
  return new Waiting('ConcurrentChange', message, { retryAfterMs: 2_000 });
}
