import { bare, type Draft, logging, masked, type Rejection, roleARN } from './row.ts';

const group = 'spec.invocationLogging.cloudWatchLogs.logGroup';
const findings = 'spec.dataProtection.findings.logGroup';
const chosen = 'invocationLogging.cloudWatchLogs.role.arn is a role of another account';
const otherAccount = `${chosen} than accountID (or than assumeRole's); Bedrock can use only a role of its own account`;
const foreignKey = 'arn:aws:kms:eu-west-1:111122223333:key/1a2b3c4d-1111-2222-3333-444455556666';

/** Every rule of a log group, for the one of the records and the one of the findings. */
function logGroupRejections(at: string, of: string, spec: (members: Draft) => Draft): readonly Rejection[] {
  const unmanaged = (members: Draft): Rejection => ({
    what: `${Object.keys(members).join()} of an Unmanaged log group of ${of}`,
    spec: spec({ management: 'Unmanaged', ...members }),
    field: at,
    says: 'an Unmanaged log group is not changed: remove retentionInDays, kmsKeyARN, class and deletionProtection, or set management: Managed',
  });
  return [
    {
      what: `a blank in the log group name of ${of}`,
      spec: spec({ name: '/aws/bed rock' }),
      field: `${at}.name`,
      says: 'a log group name may hold letters, digits and . - _ / #',
    },
    {
      what: `a log group name of ${of} in AWS's own space`,
      spec: spec({ name: 'aws/bedrock' }),
      field: `${at}.name`,
      says: "a log group name may not start with aws/; AWS's own groups start with /aws/",
    },
    {
      what: `a log group name of ${of} of 513 characters`,
      spec: spec({ name: 'a'.repeat(513) }),
      field: `${at}.name`,
      cause: 'FieldValueTooLong',
    },
    {
      what: `a retention of ${of} that AWS does not offer`,
      spec: spec({ retentionInDays: 31 }),
      field: `${at}.retentionInDays`,
      cause: 'FieldValueNotSupported',
    },
    {
      what: `a retention of ${of} in quotes`,
      spec: spec({ retentionInDays: '30' }),
      field: `${at}.retentionInDays`,
      cause: 'FieldValueNotSupported',
    },
    {
      what: `a KMS key of ${of} of another Region`,
      spec: spec({ kmsKeyARN: foreignKey }),
      field: `${at}.kmsKeyARN`,
      says: 'logGroup.kmsKeyARN is a key of another Region; CloudWatch Logs needs a key of the Region of the log group',
    },
    {
      what: `an unknown class of ${of}`,
      spec: spec({ class: 'Essentials' }),
      field: `${at}.class`,
      cause: 'FieldValueNotSupported',
    },
    unmanaged({ retentionInDays: 30 }),
    unmanaged({ kmsKeyARN: foreignKey.replace('eu-west-1', 'us-east-1') }),
    unmanaged({ class: 'Standard' }),
    unmanaged({ deletionProtection: 'Enabled' }),
    {
      what: `another class of the same log group of ${of}`,
      from: spec({}),
      spec: spec({ class: 'InfrequentAccess' }),
      field: at,
      says: 'class is fixed when AWS creates the log group; to change it give the log group a new name (the old group and its data stay)',
    },
    {
      what: `no class any more of the same log group of ${of}`,
      from: spec({ class: 'InfrequentAccess' }),
      spec: spec({}),
      field: at,
      says: 'class is fixed when AWS creates the log group; to change it give the log group a new name (the old group and its data stay)',
    },
  ];
}

export const loggingRejections: readonly Rejection[] = [
  {
    what: 'logging without a destination',
    spec: bare({ invocationLogging: { dataTypes: ['Text'] } }),
    field: 'spec.invocationLogging',
    says: 'choose where Bedrock delivers: set cloudWatchLogs, s3 or both',
  },
  {
    what: 'logging without data types',
    spec: bare({ invocationLogging: { s3: { bucket: { name: 'records' } } } }),
    field: 'spec.invocationLogging.dataTypes',
    cause: 'FieldValueRequired',
  },
  {
    what: 'an unknown data type',
    spec: logging({ members: { dataTypes: ['Speech'] } }),
    field: 'spec.invocationLogging.dataTypes[0]',
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'a data type twice',
    spec: logging({ members: { dataTypes: ['Text', 'Text'] } }),
    field: 'spec.invocationLogging.dataTypes[1]',
    cause: 'FieldValueDuplicate',
  },
  {
    what: 'the name of a role instead of its ARN',
    spec: logging({ logs: { role: { arn: 'BedrockCloudWatchLogs' } } }),
    field: 'spec.invocationLogging.cloudWatchLogs.role.arn',
    says: 'must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Name',
  },
  {
    what: 'a delivery role of another account than accountID',
    spec: logging({ spec: { accountID: '444455556666' } }),
    field: 'spec.invocationLogging.cloudWatchLogs.role.arn',
    says: otherAccount,
  },
  {
    what: 'a delivery role of another account than the assumed role',
    spec: logging({ spec: { assumeRole: { roleARN: roleARN.replace('111122223333', '444455556666') } } }),
    field: 'spec.invocationLogging.cloudWatchLogs.role.arn',
    says: otherAccount,
  },
  {
    what: 'a key prefix with a slash at its end',
    spec: logging({ members: { s3: { bucket: { name: 'records' }, keyPrefix: 'bedrock/' } } }),
    field: 'spec.invocationLogging.s3.keyPrefix',
    says: 'keyPrefix may not start or end with /: AWS adds the separators',
  },
  {
    what: 'a key prefix with a slash at its start',
    spec: logging({ logs: { largeDataDelivery: { bucket: { name: 'large' }, keyPrefix: '/large' } } }),
    field: 'spec.invocationLogging.cloudWatchLogs.largeDataDelivery.keyPrefix',
    says: 'keyPrefix may not start or end with /: AWS adds the separators',
  },
  {
    what: 'an S3 destination without a bucket',
    spec: logging({ members: { s3: { keyPrefix: 'bedrock' } } }),
    field: 'spec.invocationLogging.s3.bucket',
    cause: 'FieldValueRequired',
  },
  ...logGroupRejections(group, 'records', (members) => logging({ group: members })),
  ...logGroupRejections(findings, 'findings', (members) =>
    masked({ findings: { logGroup: { name: '/aws/bedrock/findings', ...members } } }),
  ),
];
