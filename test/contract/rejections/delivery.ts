import { type Acceptance, bare, type Draft, logging, type Rejection } from './row.ts';

const role = 'spec.invocationLogging.cloudWatchLogs.role';
const key = 'arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d-1111-2222-3333-444455556666';
const toMake = (create: Draft): Draft => logging({ logs: { role: { create } } });

/** Every rule of a bucket, for each of the two places that Bedrock delivers to. */
function bucketRejections(at: string, of: string, spec: (bucket: Draft) => Draft): readonly Rejection[] {
  const eitherOr = 'set exactly one of name (a bucket that exists) and create (a bucket that the operator makes)';
  return [
    { what: `neither name nor create of ${of}`, spec: spec({}), field: at, says: eitherOr },
    { what: `both name and create of ${of}`, spec: spec({ name: 'records', create: {} }), field: at, says: eitherOr },
    {
      what: `an upper-case name for ${of} to be made`,
      spec: spec({ create: { name: 'Records' } }),
      field: `${at}.create.name`,
      says: 'a bucket name may hold lower-case letters, digits, . and -',
    },
    {
      what: `an alias as the key of ${of}`,
      spec: spec({ create: { kmsKeyARN: 'alias/records' } }),
      field: `${at}.create.kmsKeyARN`,
      says: 'must be the ARN of a KMS key, not of an alias, such as arn:aws:kms:us-east-1:111122223333:key/1a2b3c4d-1111-2222-3333-444455556666',
    },
    {
      what: `a key of another Region for ${of}`,
      spec: spec({ create: { kmsKeyARN: key.replace('us-east-1', 'eu-west-1') } }),
      field: `${at}.create.kmsKeyARN`,
      says: 'bucket.create.kmsKeyARN is a key of another Region; S3 needs a key of the Region of the bucket',
    },
    {
      what: `an expiration of no days of ${of}`,
      spec: spec({ create: { expirationInDays: 0 } }),
      field: `${at}.create.expirationInDays`,
      cause: 'FieldValueInvalid',
    },
  ];
}

const large = (bucket: Draft): Draft => logging({ logs: { largeDataDelivery: { bucket } } });
const whole = (bucket: Draft): Draft => bare({ invocationLogging: { dataTypes: ['Text'], s3: { bucket } } });
const both = (one: Draft, other: Draft): Draft =>
  logging({
    logs: { largeDataDelivery: { bucket: { create: one }, keyPrefix: 'large' } },
    members: { s3: { bucket: { create: other }, keyPrefix: 'whole' } },
  });

function oneBucket(what: string, one: Draft, other: Draft): Rejection {
  return {
    what,
    spec: both(one, other),
    field: 'spec.invocationLogging.s3.bucket',
    says: 's3 and largeDataDelivery create the same bucket: give both the same settings, or two names',
  };
}

export const deliveryRejections: readonly Rejection[] = [
  ...[{}, { arn: 'arn:aws:iam::111122223333:role/Writer', create: {} }].map(
    (members): Rejection => ({
      what: `${Object.keys(members).join(' and ') || 'neither arn nor create'} of a role`,
      spec: logging({ logs: { role: members } }),
      field: role,
      says: 'set exactly one of arn (a role that exists) and create (a role that the operator makes)',
    }),
  ),
  {
    what: 'a slash in the name of a role',
    spec: toMake({ name: 'bedrock/writer' }),
    field: `${role}.create.name`,
    says: 'a role name may hold letters, digits and _ + = , . @ -',
  },
  {
    what: 'a role name of 65 characters',
    spec: toMake({ name: 'a'.repeat(65) }),
    field: `${role}.create.name`,
    cause: 'FieldValueTooLong',
  },
  {
    what: 'a role path without a slash at its end',
    spec: toMake({ path: '/bedrockmonitor' }),
    field: `${role}.create.path`,
    says: 'a role path begins and ends with /, as in /bedrockmonitor/',
  },
  {
    what: 'a role as a permissions boundary',
    spec: toMake({ permissionsBoundaryARN: 'arn:aws:iam::111122223333:role/Boundary' }),
    field: `${role}.create.permissionsBoundaryARN`,
    says: 'must be the ARN of a managed policy, such as arn:aws:iam::111122223333:policy/Boundary',
  },
  ...bucketRejections(
    'spec.invocationLogging.cloudWatchLogs.largeDataDelivery.bucket',
    'the bucket of large bodies',
    large,
  ),
  ...bucketRejections('spec.invocationLogging.s3.bucket', 'the bucket of records', whole),
  oneBucket('one bucket that expires twice', { expirationInDays: 30 }, {}),
  oneBucket('one bucket with a key and without', { name: 'records' }, { name: 'records', kmsKeyARN: key }),
];

export const deliveryAcceptances: readonly Acceptance[] = [
  { what: 'a role to be made, with nothing said', spec: toMake({}) },
  {
    what: 'a role to be made, with everything said',
    spec: toMake({
      name: 'Bedrock_Writer+1',
      path: '/',
      permissionsBoundaryARN: 'arn:aws:iam::aws:policy/PowerUserAccess',
    }),
  },
  { what: 'a bucket to be made, with nothing said', spec: whole({ create: {} }) },
  {
    what: 'a bucket to be made, with everything said',
    spec: large({ create: { name: 'abc', kmsKeyARN: key, expirationInDays: 36_500 } }),
  },
  {
    what: 'one bucket for both, with the same settings',
    spec: both({ expirationInDays: 30, kmsKeyARN: key }, { kmsKeyARN: key, expirationInDays: 30 }),
  },
  { what: 'two buckets with settings of their own', spec: both({ name: 'large', expirationInDays: 30 }, {}) },
];
