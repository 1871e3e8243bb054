import type { ObjectOwnership } from '@aws-sdk/client-s3';
import { Stalled } from '#src/domain/failure.ts';
import { withStatement } from '#src/domain/policy-statements.ts';
import type { LoggingBucket, Tags } from '#src/domain/resource.ts';
import { withExpiration } from './bucket-expiration.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { bucketARN } from './bucket-settings.ts';
import { awsName, messageOf } from './errors.ts';
import type { Session } from './session.ts';
import { tagList } from './session.ts';

/**
 * CreateBucket takes no lifecycle. The tag says that the default is still to be set, so that a crash between the two
 * calls does not leave a bucket that keeps everything for ever.
 */
export const pendingTag = 'bedrockmonitor.io/default-retention';

/**
 * Writes what differs, one call per document. Marked first, so that a crash leaves a bucket that the next pass knows
 * for ours; Bedrock is let in last, when what it delivers is encrypted and expires.
 */
export async function writeSettings(
  session: Session,
  desired: LoggingBucket,
  now: BucketSettings,
  changed: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const { name, kmsKeyARN, expirationInDays } = desired;
  const arn = bucketARN(session, name);
  const bucket = { Bucket: name, ExpectedBucketOwner: session.place.accountID };
  const { [pendingTag]: pending, ...tags } = now.tags ?? {};
  if (changed.has('tags')) {
    const kept = pending === undefined ? {} : { [pendingTag]: pending };
    await putTags(session, name, { ...tags, ...desired.tags, ...kept }, signal);
  }
  if (changed.has('publicAccess')) {
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await session.call('s3:PutBucketPublicAccessBlock', arn, { ...bucket, PublicAccessBlockConfiguration }, signal);
  }
  if (changed.has('objectOwnership')) {
    const ObjectOwnership: ObjectOwnership = 'BucketOwnerEnforced';
    const input = { ...bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } };
    await session.call('s3:PutBucketOwnershipControls', arn, input, signal);
  }
  if (changed.has('kmsKeyARN') && kmsKeyARN !== undefined) {
    const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: kmsKeyARN };
    // A bucket key saves nearly all calls to KMS.
    const rule = { ...now.encryption, ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true };
    const input = { ...bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } };
    await session.call('s3:PutEncryptionConfiguration', arn, input, signal);
  }
  if (expirationInDays !== undefined) {
    const rules = withExpiration(now.rules, desired.folders, expirationInDays);
    const size = now.minimumSize === undefined ? {} : { TransitionDefaultMinimumObjectSize: now.minimumSize };
    const input = { ...bucket, LifecycleConfiguration: { Rules: [...rules] }, ...size };
    if (rules !== now.rules) await session.call('s3:PutLifecycleConfiguration', arn, input, signal);
    if (pending !== undefined) await putTags(session, name, { ...tags, ...desired.tags }, signal);
  }
  if (changed.has('delivery')) {
    const Policy = JSON.stringify(withStatement(now.policy, desired.delivery));
    await session.call('s3:PutBucketPolicy', arn, { ...bucket, Policy }, signal);
  }
  if (changed.size > 0) session.changes.changed(`bucket ${name}`);
}

/** S3 replaces all tags: those of others are sent along. */
async function putTags(session: Session, name: string, tags: Tags, signal: AbortSignal): Promise<void> {
  const input = { Bucket: name, ExpectedBucketOwner: session.place.accountID, Tagging: { TagSet: tagList(tags) } };
  try {
    await session.call('s3:PutBucketTagging', bucketARN(session, name), input, signal);
  } catch (error) {
    throw byAttributes(error, session, name, tags) ?? error;
  }
}

/** Where access to a bucket goes by attributes (ABAC), only S3 Control's TagResource changes tags (PutBucketTagging, Amazon S3 API reference). */
function byAttributes(error: unknown, { place }: Session, name: string, tags: Tags): Stalled | undefined {
  if (!/\bABAC\b|attribute-based access control/i.test(messageOf(error)) || awsName(error) === '') return undefined;
  const list = Object.entries(tags).map(([key, value]) => `Key=${key},Value=${value}`);
  return new Stalled(
    'RejectedByAWS',
    `bucket ${name}: its tags cannot be put (${messageOf(error)}). Set them by hand: aws s3control tag-resource --account-id ${place.accountID} --resource-arn arn:${place.partition}:s3:::${name} --tags ${list.join(' ')}`,
    { cause: error },
  );
}
