import type { LifecycleRule, ServerSideEncryptionRule, TransitionDefaultMinimumObjectSize } from '@aws-sdk/client-s3';
import { Stalled, Waiting } from '#src/domain/failure.ts';
import type { JsonObject } from '#src/domain/json.ts';
import type { Tags } from '#src/domain/resource.ts';
import type { MarkReading } from '#src/reconcile/ports.ts';
import { awsName, isAbsent } from './errors.ts';
import { parseDocument } from './policy-document.ts';
import type { Session } from './session.ts';

/** What S3 holds of a bucket's settings: each is a document that a Put replaces as a whole. */
export interface BucketSettings {
  readonly objectOwnership: string;
  /** Absent: there is none. */
  readonly policy?: JsonObject;
  readonly encryption?: ServerSideEncryptionRule;
  /** All four of S3's switches are on. */
  readonly isPrivate: boolean;
  readonly rules: readonly LifecycleRule[];
  /** S3 sets it to its default where a Put of rules leaves it out. */
  readonly minimumSize?: TransitionDefaultMinimumObjectSize;
  /** Absent: not read. */
  readonly tags?: Tags;
}

/**
 * Reads them; undefined: there is no such bucket. Every call names the account that must own it: bucket names are
 * worldwide, and one that was deleted may be made again by anybody.
 */
export async function readSettings(
  session: Session,
  Bucket: string,
  marks: MarkReading,
  signal: AbortSignal,
): Promise<BucketSettings | undefined> {
  const arn = bucketARN(session, Bucket);
  const input = { Bucket, ExpectedBucketOwner: session.place.accountID };
  const objectOwnership = await readOwnership(session, Bucket, signal);
  if (objectOwnership === undefined) return undefined;
  const [policy, encryption, access, lifecycle, tags] = await Promise.all([
    unlessNone(session.call('s3:GetBucketPolicy', arn, input, signal)),
    unlessNone(session.call('s3:GetEncryptionConfiguration', arn, input, signal)),
    unlessNone(session.call('s3:GetBucketPublicAccessBlock', arn, input, signal)),
    unlessNone(session.call('s3:GetLifecycleConfiguration', arn, input, signal)),
    marks === 'Always' ? readTags(session, Bucket, signal) : undefined,
  ]);
  const document = policy?.Policy === undefined ? undefined : parseDocument(policy.Policy);
  const rule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0];
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
    access?.PublicAccessBlockConfiguration ?? {};
  const minimumSize = lifecycle?.TransitionDefaultMinimumObjectSize;
  return {
    objectOwnership,
    ...(document !== undefined && { policy: document }),
    ...(rule !== undefined && { encryption: rule }),
    isPrivate: [BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets].every(
      (one) => one === true,
    ),
    rules: lifecycle?.Rules ?? [],
    ...(minimumSize !== undefined && { minimumSize }),
    ...(tags !== undefined && { tags }),
  };
}

export async function readTags(session: Session, Bucket: string, signal: AbortSignal): Promise<Tags> {
  const input = { Bucket, ExpectedBucketOwner: session.place.accountID };
  const tagging = await unlessNone(session.call('s3:GetBucketTagging', bucketARN(session, Bucket), input, signal));
  return Object.fromEntries((tagging?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function bucketARN({ place }: Session, name: string): string {
  return `arn:${place.partition}:s3:::${name}`;
}

/** Undefined: there is no such bucket. A bucket from before there were such controls may have none, and so has ACLs. */
async function readOwnership(session: Session, Bucket: string, signal: AbortSignal): Promise<string | undefined> {
  const input = { Bucket, ExpectedBucketOwner: session.place.accountID };
  try {
    const arn = bucketARN(session, Bucket);
    const { OwnershipControls } = await session.call('s3:GetBucketOwnershipControls', arn, input, signal);
    return OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'ObjectWriter';
  } catch (error) {
    if (awsName(error) === 'NoSuchBucket') return undefined;
    if (awsName(error) === 'OwnershipControlsNotFoundError') return 'ObjectWriter';
    throw elsewhere(error, session, Bucket) ?? perhapsTheirs(error, Bucket);
  }
}

/** What there is none of is 404 in S3, with a name for each setting. */
async function unlessNone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function elsewhere(error: unknown, { place }: Session, name: string): Stalled | undefined {
  if (
    !['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(
      awsName(error),
    )
  )
    return undefined;
  return new Stalled(
    'BucketNotUsable',
    `bucket ${name} is in another Region than ${place.region}, and Bedrock delivers to buckets of its own Region only: give bucket.create.name another value`,
    { cause: error },
  );
}

/** S3 answers in one way for a bucket of another account and for a permission that is missing. */
function perhapsTheirs(error: unknown, name: string): unknown {
  if (awsName(error) !== 'AccessDenied') return error;
  const hint = `bucket ${name} cannot be read. Perhaps it is another account's (names are worldwide): then give bucket.create.name another value. Or else: `;
  if (error instanceof Stalled) return new Stalled(error.reason, `${hint}${error.message}`, { cause: error });
  if (!(error instanceof Waiting)) return error;
  const { reason, message, retryAfterMs } = error;
  return new Waiting(reason, `${hint}${message}`, {
    cause: error,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
