import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '#src/domain/json.ts';
import { check, oneOf, required } from './constraints.ts';
import { AwsError } from './errors.ts';
import { object, objects, text } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { type Bucket, newBucket } from './state.ts';
import { newTags } from './tags.ts';

/** By IAM's name for each API call: many differ. */
const permission = (action: string) => (input: JsonObject, scope: Scope) => [
  { action: `s3:${action}`, resource: bucketARN(input, scope) },
];

const ownerships = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'] as const;

/**
 * Names are worldwide. In us-east-1 the Region is not to be named, and making a bucket that the caller has already is
 * 200, whatever is asked for; elsewhere it is a conflict ("CreateBucket", Amazon S3 API reference).
 */
const create: Operation = {
  service: 's3',
  name: 'CreateBucket',
  mutates: true,
  permissions: (input, scope) => {
    const resource = bucketARN(input, scope);
    const tagged = objects(object(object(input, 'CreateBucketConfiguration'), 'Tags'), 'Tag').length > 0;
    return [
      { action: 's3:CreateBucket', resource },
      ...(tagged ? [{ action: 's3:TagResource', resource }] : []),
      ...('ObjectOwnership' in input ? [{ action: 's3:PutBucketOwnershipControls', resource }] : []),
    ];
  },
  run(input, scope) {
    check(input, { ObjectOwnership: oneOf(ownerships) }, (message) => new AwsError('InvalidArgument', message));
    const name = text(input, 'Bucket') ?? '';
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
    const configuration = object(input, 'CreateBucketConfiguration');
    requirePlace(configuration, scope);
    const existing = scope.world.buckets.get(name);
    if (existing !== undefined) return again(existing, scope);
    const tags = newTags(tagsIn(configuration, 'Tags'), (message) => new AwsError('InvalidTag', message));
    const { account, region } = scope;
    scope.changing(scope.world.buckets, name);
    scope.world.buckets.set(name, {
      ...newBucket({ name, accountID: account.id, region: region.name }),
      objectOwnership: ownershipOf(text(input, 'ObjectOwnership')) ?? 'BucketOwnerEnforced',
      tags,
    });
    return { Headers: { location: `/${name}` } };
  },
};

function requirePlace(configuration: JsonObject | undefined, { region }: Scope): void {
  const constraint = text(configuration ?? {}, 'LocationConstraint');
  if (region.name === 'us-east-1') {
    if (constraint !== undefined)
      throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid');
  } else if (constraint !== region.name) {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
}

function again(existing: Bucket, { account, region }: Scope): JsonObject {
  if (existing.accountID !== account.id) {
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { status: 409 },
    );
  }
  if (region.name === 'us-east-1' && existing.region === 'us-east-1')
    return { Headers: { location: `/${existing.name}` } };
  throw new AwsError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { status: 409 },
  );
}

const head: Operation = {
  service: 's3',
  name: 'HeadBucket',
  mutates: false,
  permissions: permission('ListBucket'),
  run: (input, scope) => ({ Headers: { 'x-amz-bucket-region': bucketSeen(input, scope).region } }),
};

const remove: Operation = {
  service: 's3',
  name: 'DeleteBucket',
  mutates: true,
  permissions: permission('DeleteBucket'),
  run(input, scope) {
    const { name, objects: held } = bucketIn(input, scope);
    if (held.size > 0)
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', { status: 409 });
    scope.changing(scope.world.buckets, name);
    scope.world.buckets.delete(name);
    return {};
  },
};

const getPolicy: Operation = {
  service: 's3',
  name: 'GetBucketPolicy',
  mutates: false,
  permissions: permission('GetBucketPolicy'),
  run(input, scope) {
    const { policy } = bucketSeen(input, scope);
    if (!policy) throw absent('NoSuchBucketPolicy', 'The bucket policy does not exist');
    return { Policy: JSON.stringify(policy) };
  },
};

/** The whole policy is replaced, and comes back with lists of one as the one. */
const putPolicy: Operation = {
  service: 's3',
  name: 'PutBucketPolicy',
  mutates: true,
  permissions: permission('PutBucketPolicy'),
  run(input, scope) {
    const bucket = bucketChanging(input, scope);
    bucket.policy = normalised(text(input, 'Policy') ?? '', bucket, scope);
    return {};
  },
};

function normalised(policy: string, { name }: Bucket, scope: Scope): JsonObject {
  const malformed = (message: string) => new AwsError('MalformedPolicy', message);
  let document: JsonObject;
  try {
    document = JSON.parse(policy);
  } catch {
    throw malformed('Policies must be valid JSON and the first byte must be "{"');
  }
  const arn = `arn:${scope.account.partition}:s3:::${name}`;
  const statements = objects(document, 'Statement');
  if (statements.length === 0) throw malformed('Missing required field Statement');
  const sids = statements.map((one) => text(one, 'Sid')).filter((sid) => sid !== undefined);
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  const single = (value: JsonObject[string]) =>
    Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : value;
  return {
    ...document,
    Statement: statements.map((statement) => {
      const one = Object.fromEntries(
        Object.entries(statement).map(([member, value]): [string, JsonObject[string]] => [member, single(value)]),
      );
      const resources = [one['Resource']].flat().filter((resource) => typeof resource === 'string');
      if (resources.some((resource) => resource !== arn && !resource.startsWith(`${arn}/`)))
        throw malformed('Policy has invalid resource');
      return one;
    }),
  };
}

const getOwnershipControls: Operation = {
  service: 's3',
  name: 'GetBucketOwnershipControls',
  mutates: false,
  permissions: permission('GetBucketOwnershipControls'),
  run: (input, scope) => ({
    OwnershipControls: { Rule: [{ ObjectOwnership: bucketSeen(input, scope).objectOwnership }] },
  }),
};

const putOwnershipControls: Operation = {
  service: 's3',
  name: 'PutBucketOwnershipControls',
  mutates: true,
  permissions: permission('PutBucketOwnershipControls'),
  run(input, scope) {
    const [rule = {}] = objects(object(input, 'OwnershipControls'), 'Rule');
    check(
      rule,
      { ObjectOwnership: required(oneOf(ownerships)) },
      () => new AwsError('MalformedXML', 'The XML you provided was not well-formed'),
    );
    const bucket = bucketChanging(input, scope);
    bucket.objectOwnership = ownershipOf(text(rule, 'ObjectOwnership')) ?? bucket.objectOwnership;
    return {};
  },
};

const getTagging: Operation = {
  service: 's3',
  name: 'GetBucketTagging',
  mutates: false,
  permissions: permission('GetBucketTagging'),
  run(input, scope) {
    const tags = Object.entries(bucketSeen(input, scope).tags);
    if (tags.length === 0) throw absent('NoSuchTagSet', 'The TagSet does not exist');
    return { Tagging: { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } } };
  },
};

/** The whole set is replaced; those that AWS itself set must be among them, unchanged. With attribute-based access control on, only the tag API of S3 Control may change tags. */
const putTagging: Operation = {
  service: 's3',
  name: 'PutBucketTagging',
  mutates: true,
  permissions: permission('PutBucketTagging'),
  run(input, scope) {
    const bucket = bucketChanging(input, scope);
    if (bucket.abac) {
      throw new AwsError(
        'InvalidRequest',
        'This operation is not supported on buckets with attribute-based access control (ABAC) enabled. Use the TagResource API.',
      );
    }
    const tags = tagsIn(object(input, 'Tagging'), 'TagSet');
    const [system, own] = [
      Object.entries(bucket.tags).filter(([key]) => ofAWS(key)),
      tags.filter(([key]) => !ofAWS(key)),
    ];
    const sent = Object.fromEntries(tags.filter(([key]) => ofAWS(key)));
    const invalid = (message: string) => new AwsError('InvalidTag', message);
    if (system.some(([key]) => !(key in sent))) throw invalid('System tags cannot be removed by requester');
    if (!isDeepStrictEqual(sent, Object.fromEntries(system)))
      throw invalid('System tags cannot be added/updated by requester');
    bucket.tags = { ...newTags(own, invalid), ...sent };
    return {};
  },
};

export const bucketOperations: readonly Operation[] = [
  create,
  head,
  remove,
  getPolicy,
  putPolicy,
  getOwnershipControls,
  putOwnershipControls,
  getTagging,
  putTagging,
];

/** A bucket of another account answers as one that may not be read; one of another Region sends the caller there. */
function bucketIn(input: JsonObject, scope: Scope, buckets: ReadonlyMap<string, Bucket> = scope.world.buckets): Bucket {
  const bucket = buckets.get(text(input, 'Bucket') ?? '');
  if (!bucket) throw absent('NoSuchBucket', 'The specified bucket does not exist');
  const expected = text(input, 'ExpectedBucketOwner');
  if (bucket.accountID !== scope.account.id || (expected !== undefined && expected !== bucket.accountID))
    throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
  if (bucket.region !== scope.region.name) {
    throw new AwsError(
      'PermanentRedirect',
      'The bucket you are attempting to access must be addressed using the specified endpoint.',
      { status: 301 },
    );
  }
  return bucket;
}

/** As a read of its settings sees it: bucket configurations are eventually consistent ("Amazon S3 data consistency model"). */
export function bucketSeen(input: JsonObject, scope: Scope): Bucket {
  return bucketIn(input, scope, scope.seen(scope.world.buckets));
}

/** Itself, which is about to change. */
export function bucketChanging(input: JsonObject, scope: Scope): Bucket {
  const bucket = bucketIn(input, scope);
  scope.changing(scope.world.buckets, bucket.name);
  return bucket;
}

export function absent(code: string, message: string): AwsError {
  return new AwsError(code, message, { status: 404 });
}

export function bucketARN(input: JsonObject, { account }: Scope): string {
  return `arn:${account.partition}:s3:::${text(input, 'Bucket') ?? ''}`;
}

function ofAWS(key: string): boolean {
  return key.startsWith('aws:');
}

function tagsIn(owner: JsonObject | undefined, member: string): readonly [string, string][] {
  return objects(object(owner, member), 'Tag').map((one) => [text(one, 'Key') ?? '', text(one, 'Value') ?? '']);
}

function ownershipOf(value: string | undefined): Bucket['objectOwnership'] | undefined {
  return ownerships.find((one) => one === value);
}
