import type { JsonObject } from '#src/domain/json.ts';
import { AwsError } from './errors.ts';
import { text } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import type { Bucket } from './state.ts';

const getPolicy: Operation = {
  service: 's3',
  name: 'GetBucketPolicy',
  mutates: false,
  permissions: (input, scope) => [{ action: 's3:GetBucketPolicy', resource: arnOf(input, scope) }],
  run(input, scope) {
    const { policy } = bucketIn(input, scope);
    if (!policy) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', { status: 404 });
    return { Policy: JSON.stringify(policy) };
  },
};

const getOwnershipControls: Operation = {
  service: 's3',
  name: 'GetBucketOwnershipControls',
  mutates: false,
  permissions: (input, scope) => [{ action: 's3:GetBucketOwnershipControls', resource: arnOf(input, scope) }],
  run: (input, scope) => ({ ObjectOwnership: bucketIn(input, scope).objectOwnership }),
};

export const bucketOperations: readonly Operation[] = [getPolicy, getOwnershipControls];

/** A bucket of another account answers as one that may not be read; one of another Region sends the caller there. */
function bucketIn(input: JsonObject, scope: Scope): Bucket {
  const name = text(input, 'Bucket') ?? '';
  const bucket = scope.world.buckets.get(name);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', { status: 404 });
  if (bucket.accountID !== scope.account.id) throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
  if (bucket.region !== scope.region.name) {
    throw new AwsError(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint.',
      { status: 301 },
    );
  }
  return bucket;
}

function arnOf(input: JsonObject, { account }: Scope): string {
  return `arn:${account.partition}:s3:::${text(input, 'Bucket') ?? ''}`;
}
