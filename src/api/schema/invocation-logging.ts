import { Type } from 'typebox';
import { roleARN } from './arn.ts';
import { logGroup } from './log-group.ts';
import { bucketName } from './names.ts';
import { choice, object, setOf, text } from './shape.ts';

/** Kinds of bodies that Bedrock can put into a record; each is one flag of AWS's. */
export const DATA_TYPES = ['Text', 'Image', 'Embedding', 'Video', 'Audio'] as const;

function s3Destination(description: string) {
  return object(description, {
    bucket: object(
      'A bucket that exists, of this account and Region, whose policy lets Bedrock write. It is never deleted.',
      { name: bucketName },
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

const cloudWatchLogs = object('Delivery to a CloudWatch log group, where masking applies.', {
  logGroup: logGroup('The log group that receives the records.'),
  role: object('The IAM role under which Bedrock writes into the log group.', {
    arn: roleARN('ARN of a role of the same account that trusts bedrock.amazonaws.com.'),
  }),
  largeDataDelivery: Type.Optional(
    s3Destination(
      'Where bodies over 100 KB and binary ones go. Default: nowhere, they are not kept unless s3 is set. Not masked.',
    ),
  ),
});

export const invocationLogging = object(
  'Bedrock model invocation logging: the one configuration of this account and Region. Only one monitor can hold it, and the oldest that asks does. What nobody declared here is never overwritten.',
  {
    dataTypes: setOf(
      'Bodies to record: Text, Image, Embedding, Video, Audio. What is not named is not recorded; an empty list gives records without bodies.',
      choice('A kind of body.', DATA_TYPES),
      { maxItems: DATA_TYPES.length },
    ),
    cloudWatchLogs: Type.Optional(cloudWatchLogs),
    s3: Type.Optional(s3Destination('Delivery of whole records to S3. Not masked.')),
  },
  [
    {
      rule: 'has(self.cloudWatchLogs) || has(self.s3)',
      message: 'choose where Bedrock delivers: set cloudWatchLogs, s3 or both',
    },
  ],
);
