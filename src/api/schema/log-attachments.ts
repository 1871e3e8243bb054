import { Type } from 'typebox';
import { roleARN } from './arn.ts';
import { entryName } from './names.ts';
import type { Rule } from './shape.ts';
import { choice, form, integer, listByKey, object, setOf, text } from './shape.ts';

/** What CloudWatch Logs forwards log events to (PutSubscriptionFilter). */
const DESTINATION_ARN = '^arn:aws[a-z-]*:(kinesis|firehose|lambda|logs):[a-z0-9-]+:[0-9]{12}:.+$';
const ofStream = "self.destinationARN.matches('^arn:[^:]+:(kinesis|firehose):')";
const ofFunction = "self.destinationARN.matches('^arn:[^:]+:lambda:')";

export const filterPattern = (what: string) =>
  text(`${what} In CloudWatch Logs' filter pattern syntax, at most 1,024 characters.`, { maxLength: 1024 });

export const subscriptionFilters = listByKey(
  'Live copies of the records to a stream, function or account of yours. At most 5 (AWS counts those that others made on the log group). They copy masked text; each begins only once the masking declared here is in force.',
  'name',
  object(
    'One copy.',
    {
      name: entryName('subscription filter'),
      destinationARN: text(
        'ARN of a Kinesis stream, a Firehose stream, a Lambda function or a logical destination of another account.',
        { maxLength: 512 },
        [
          form(
            DESTINATION_ARN,
            'must be the ARN of a Kinesis stream, a Firehose stream, a Lambda function or a CloudWatch Logs destination',
          ),
        ],
      ),
      filterPattern: Type.Optional(filterPattern('Which records are copied. Default: all.')),
      roleARN: Type.Optional(
        roleARN('ARN of the role under which CloudWatch Logs writes to a stream; a Lambda function takes none.'),
      ),
      distribution: Type.Optional(
        choice(
          'How records are spread over the shards of a Kinesis stream. Default: ByLogStream, which with Bedrock is one shard for all.',
          ['Random', 'ByLogStream'],
        ),
      ),
    },
    [
      {
        rule: `!${ofStream} || has(self.roleARN)`,
        message: 'a Kinesis or Firehose stream needs roleARN, the role under which CloudWatch Logs writes to it',
      },
      {
        rule: `!${ofFunction} || !has(self.roleARN)`,
        message: 'a Lambda function takes no roleARN: its own policy must let logs.amazonaws.com invoke it',
        fieldPath: '.roleARN',
      },
    ],
  ),
  { maxItems: 5 },
);

export const fieldIndexes = setOf(
  "Fields of the records by which Insights finds them faster and cheaper, such as modelId, requestId or requestMetadata.team. At most 19: AWS's 20 less the operator's mark.",
  text('A field, in its case; nested ones with dots.', { minLength: 1, maxLength: 100 }, [
    {
      rule: "!self.startsWith('bedrockmonitor_')",
      message: "a field may not begin with bedrockmonitor_: so begins the operator's mark among the indexed fields",
    },
  ]),
  { maxItems: 19 },
);

export const anomalyDetector = object(
  'CloudWatch log anomaly detection over the records: off unless present. It reads the first 1,500 characters of a record only, and trains on two weeks of records.',
  {
    evaluationFrequency: Type.Optional(
      choice('How often it looks for anomalies. Default: 5m.', ['1m', '5m', '10m', '15m', '30m', '1h']),
    ),
    filterPattern: Type.Optional(filterPattern('Which records it looks at. Default: all.')),
    visibilityDays: Type.Optional(integer('After so many days an anomaly counts as normal. Default: 21.', 7, 90)),
  },
);

/** Of `cloudWatchLogs`. */
export const attachmentRules: readonly Rule[] = [
  {
    rule: "!has(self.logGroup.class) || self.logGroup.class != 'InfrequentAccess' || (!has(self.fieldIndexes) && !has(self.subscriptionFilters) && !has(self.anomalyDetector))",
    message:
      'class InfrequentAccess allows no fieldIndexes, subscriptionFilters or anomalyDetector: use class Standard',
    fieldPath: '.logGroup.class',
  },
];
