import { Type } from 'typebox';
import { keyARN, policyARN, roleARN } from './arn.ts';
import { bucketName } from './names.ts';
import type { Rule } from './shape.ts';
import { form, integer, object, text } from './shape.ts';

/** CEL: exactly one of two members. */
function exactlyOne(one: string, other: string, message: string): Rule {
  return { rule: `has(self.${one}) != has(self.${other})`, message };
}

const createdRole = object(
  'A role that the operator makes, with the trust and permission that Bedrock needs for this log group and nothing more; {} suffices. Needs an operator that is started with --features=LoggingRole.',
  {
    name: Type.Optional(
      text(
        'Name of the role. Default: derived from the names of namespace and monitor.',
        { minLength: 1, maxLength: 64 },
        [form('^[A-Za-z0-9_+=,.@-]+$', 'a role name may hold letters, digits and _ + = , . @ -')],
      ),
    ),
    path: Type.Optional(
      text(
        'Path of the role; AWS cannot change it. The shipped IAM policies cover roles under the default only. Default: /bedrockmonitor/.',
        { minLength: 1, maxLength: 512 },
        [form('^/([A-Za-z0-9_+=,.@-]+/)*$', 'a role path begins and ends with /, as in /bedrockmonitor/')],
      ),
    ),
    permissionsBoundaryARN: Type.Optional(
      policyARN('ARN of a managed policy that bounds what the role may ever do. Removing it here does not lift it.'),
    ),
  },
);

/** The role that Bedrock writes with: one that exists, or one that is made. */
export const deliveryRole = object(
  'The IAM role under which Bedrock writes into the log group: one that exists, or one that the operator makes.',
  {
    arn: Type.Optional(roleARN('ARN of a role of the same account that trusts bedrock.amazonaws.com.')),
    create: Type.Optional(createdRole),
  },
  [
    exactlyOne(
      'arn',
      'create',
      'set exactly one of arn (a role that exists) and create (a role that the operator makes)',
    ),
  ],
);

const createdBucket = object(
  'A bucket that the operator makes: encrypted, without ACLs and public access, with a policy that lets Bedrock write; {} suffices. It stays with its data, whatever becomes of this monitor. Needs an operator that is started with --features=LoggingBucket.',
  {
    name: Type.Optional(
      bucketName('Name of the bucket; names are worldwide. Default: bedrock-logging-ACCOUNT-REGION.'),
    ),
    kmsKeyARN: Type.Optional(
      keyARN(
        "ARN of a KMS key of the same Region that Bedrock may use. Default: S3's own encryption. Objects keep the key under which they were written.",
      ),
    ),
    expirationInDays: Type.Optional(
      integer(
        "Days after which S3 deletes what Bedrock delivered. Default: the log group's retentionInDays if that is written, else 90, for a bucket that the operator creates; one that exists keeps its own, or the log group's if that is longer. Only what is written here shortens it.",
        1,
        36_500,
      ),
    ),
  },
);

/** A place in a bucket: one that exists, or one that is made. */
export function s3Destination(description: string) {
  return object(description, {
    bucket: object(
      'The bucket, of this account and Region: one that exists and whose policy lets Bedrock write, or one that the operator makes. It is never deleted.',
      {
        name: Type.Optional(bucketName('Name of the bucket, without s3:// and not its ARN.')),
        create: Type.Optional(createdBucket),
      },
      [
        exactlyOne(
          'name',
          'create',
          'set exactly one of name (a bucket that exists) and create (a bucket that the operator makes)',
        ),
      ],
    ),
    keyPrefix: Type.Optional(
      text('Put before the keys that AWS makes. Default: none.', { minLength: 1, maxLength: 1024 }, [
        {
          rule: "!self.startsWith('/') && !self.endsWith('/')",
          message: 'keyPrefix may not start or end with /: AWS adds the separators',
        },
      ]),
    ),
  });
}

const large = 'self.cloudWatchLogs.largeDataDelivery.bucket';
const whole = 'self.s3.bucket';
const bothMade = `has(self.cloudWatchLogs) && has(self.cloudWatchLogs.largeDataDelivery) && has(self.s3) && has(${large}.create) && has(${whole}.create)`;
const same = (member: string, none: string): string =>
  `(has(${large}.create.${member}) ? ${large}.create.${member} : ${none}) == (has(${whole}.create.${member}) ? ${whole}.create.${member} : ${none})`;

/** Over invocationLogging: two that are made under one name are one bucket. */
export const oneBucket: Rule = {
  rule: `!(${bothMade}) || !(${same('name', "''")}) || (${same('kmsKeyARN', "''")} && ${same('expirationInDays', '0')})`,
  message: 's3 and largeDataDelivery create the same bucket: give both the same settings, or two names',
  fieldPath: '.s3.bucket',
};
