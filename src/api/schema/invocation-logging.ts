import { Type } from 'typebox';
import { deliveryRole, oneBucket, s3Destination } from './delivery.ts';
import { anomalyDetector, attachmentRules, fieldIndexes, subscriptionFilters } from './log-attachments.ts';
import { logGroup } from './log-group.ts';
import { choice, object, setOf } from './shape.ts';

/** Kinds of bodies that Bedrock can put into a record; each is one flag of AWS's. */
export const DATA_TYPES = ['Text', 'Image', 'Embedding', 'Video', 'Audio'] as const;

const cloudWatchLogs = object(
  'Delivery to a CloudWatch log group, where masking applies.',
  {
    logGroup: logGroup('The log group that receives the records.'),
    role: deliveryRole,
    largeDataDelivery: Type.Optional(
      s3Destination(
        'Where bodies over 100 KB and binary ones go. Default: nowhere, they are not kept unless s3 is set. Not masked.',
      ),
    ),
    subscriptionFilters: Type.Optional(subscriptionFilters),
    fieldIndexes: Type.Optional(fieldIndexes),
    anomalyDetector: Type.Optional(anomalyDetector),
  },
  attachmentRules,
);

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
    deliveryAlarm: Type.Optional(
      choice(
        'Enabled: an alarm log-delivery-failure, of preset LogDeliveryFailure, as if it stood in alarms; an entry of that name or preset there takes its place. Default: Enabled.',
        ['Enabled', 'Disabled'],
      ),
    ),
  },
  [
    {
      rule: 'has(self.cloudWatchLogs) || has(self.s3)',
      message: 'choose where Bedrock delivers: set cloudWatchLogs, s3 or both',
    },
    oneBucket,
  ],
);
