import { type Acceptance, type Draft, logging, many, type Rejection } from './row.ts';

const attached = (logs: Draft, group: Draft = {}): Draft => logging({ logs, group });
const logs = 'spec.invocationLogging.cloudWatchLogs';
const kinesis = 'arn:aws:kinesis:us-east-1:111122223333:stream/records';
const lambda = 'arn:aws:lambda:us-east-1:111122223333:function:watch';
const roleARN = 'arn:aws:iam::111122223333:role/bedrockmonitor/forward';
const subscription = (members: Draft): Draft =>
  attached({ subscriptionFilters: [{ name: 'copy', destinationARN: kinesis, roleARN, ...members }] });
const filter = (members: Draft, options: Parameters<typeof logging>[0] = {}): Draft =>
  logging({ ...options, spec: { metricFilters: [{ name: 'count', ...members }] } });
const own = (transformation: Draft): Draft =>
  filter({
    filterPattern: '{ $.modelId = "*" }',
    metricTransformation: { metricName: 'Calls', metricValue: '1', ...transformation },
  });
const tokens = (parameters: Draft): Draft =>
  filter({ preset: 'TokensByMetadata', tokensByMetadata: { key: 'team', values: ['search'], ...parameters } });
const one = 'spec.metricFilters[0]';
const transformation = `${one}.metricTransformation`;
const destinationForm =
  'must be the ARN of a Kinesis stream, a Firehose stream, a Lambda function or a CloudWatch Logs destination';
const metricForm = 'the name of a metric or namespace may not hold : * or $';

/** What stands on the log group. */
export const attachmentRejections: readonly Rejection[] = [
  ...[
    { fieldIndexes: ['modelId'] },
    { anomalyDetector: {} },
    { subscriptionFilters: [{ name: 'copy', destinationARN: lambda }] },
  ].map(
    (extra): Rejection => ({
      what: `class InfrequentAccess with ${Object.keys(extra).join()}`,
      spec: attached(extra, { class: 'InfrequentAccess' }),
      field: `${logs}.logGroup.class`,
      says: 'class InfrequentAccess allows no fieldIndexes, subscriptionFilters or anomalyDetector: use class Standard',
    }),
  ),
  {
    what: 'a subscription to a topic',
    spec: subscription({ destinationARN: 'arn:aws:sns:us-east-1:111122223333:topic' }),
    field: `${logs}.subscriptionFilters[0].destinationARN`,
    says: destinationForm,
  },
  {
    what: 'a stream without a role',
    spec: attached({ subscriptionFilters: [{ name: 'copy', destinationARN: kinesis }] }),
    field: `${logs}.subscriptionFilters[0]`,
    says: 'a Kinesis or Firehose stream needs roleARN, the role under which CloudWatch Logs writes to it',
  },
  {
    what: 'a function with a role',
    spec: subscription({ destinationARN: lambda }),
    field: `${logs}.subscriptionFilters[0].roleARN`,
    says: 'a Lambda function takes no roleARN: its own policy must let logs.amazonaws.com invoke it',
  },
  {
    what: 'a subscription under something that is no role',
    spec: subscription({ roleARN: 'forward' }),
    field: `${logs}.subscriptionFilters[0].roleARN`,
    says: 'must be the ARN of an IAM role, such as arn:aws:iam::111122223333:role/Name',
  },
  {
    what: 'a subscription named as AWS would not',
    spec: subscription({ name: 'a:b' }),
    field: `${logs}.subscriptionFilters[0].name`,
    says: 'a name may hold lower-case letters, digits and -, and begins and ends with a letter or digit',
  },
  {
    what: 'six subscriptions',
    spec: attached({ subscriptionFilters: many(6, (n) => ({ name: `s${n}`, destinationARN: lambda })) }),
    field: `${logs}.subscriptionFilters`,
    cause: 'FieldValueTooMany',
  },
  {
    what: '20 field indexes: one is for the mark',
    spec: attached({ fieldIndexes: many(20, (n) => `f${n}`) }),
    field: `${logs}.fieldIndexes`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a field index that looks like the mark',
    spec: attached({ fieldIndexes: ['bedrockmonitor_prod_other_monitor'] }),
    field: `${logs}.fieldIndexes[0]`,
    says: "a field may not begin with bedrockmonitor_: so begins the operator's mark among the indexed fields",
  },
  {
    what: 'a log anomaly detector that forgets within the week',
    spec: attached({ anomalyDetector: { visibilityDays: 6 } }),
    field: `${logs}.anomalyDetector.visibilityDays`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'a log anomaly detector that looks every two minutes',
    spec: attached({ anomalyDetector: { evaluationFrequency: '2m' } }),
    field: `${logs}.anomalyDetector.evaluationFrequency`,
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'metric filters without a log group',
    spec: { region: 'us-east-1', metricFilters: [{ name: 'errors', preset: 'ErrorsByCode' }] },
    field: 'spec.metricFilters',
    says: 'metricFilters need invocationLogging.cloudWatchLogs with log group class Standard',
  },
  {
    what: 'metric filters on class InfrequentAccess',
    spec: filter({ preset: 'ErrorsByCode' }, { group: { class: 'InfrequentAccess' } }),
    field: 'spec.metricFilters',
    says: 'metricFilters need invocationLogging.cloudWatchLogs with log group class Standard',
  },
  {
    what: 'a metric filter named in capitals',
    spec: filter({ name: 'Errors', preset: 'ErrorsByCode' }),
    field: `${one}.name`,
    says: 'a name may hold lower-case letters, digits and -, and begins and ends with a letter or digit',
  },
  {
    what: 'a metric filter of nothing',
    spec: filter({}),
    field: one,
    says: 'set exactly one of preset and filterPattern',
  },
  {
    what: 'a metric filter of two forms',
    spec: filter({
      preset: 'ErrorsByCode',
      filterPattern: '',
      metricTransformation: { metricName: 'a', metricValue: '1' },
    }),
    field: one,
    says: 'set exactly one of preset and filterPattern',
  },
  {
    what: 'TokensByMetadata without its parameters',
    spec: filter({ preset: 'TokensByMetadata' }),
    field: one,
    says: 'preset TokensByMetadata and tokensByMetadata go together',
  },
  {
    what: 'tokensByMetadata beside another preset',
    spec: filter({ preset: 'ErrorsByCode', tokensByMetadata: { key: 'team', values: ['a'] } }),
    field: one,
    says: 'preset TokensByMetadata and tokensByMetadata go together',
  },
  {
    what: 'a pattern that publishes nothing',
    spec: filter({ filterPattern: 'ERROR' }),
    field: one,
    says: 'filterPattern and metricTransformation go together',
  },
  {
    what: 'a metadata key that patterns cannot name',
    spec: tokens({ key: 'team name' }),
    field: `${one}.tokensByMetadata.key`,
    says: 'must be a requestMetadata key of letters, digits, - and _: filter patterns can name no others',
  },
  {
    what: 'a metadata value with a wildcard',
    spec: tokens({ values: ['se*'] }),
    field: `${one}.tokensByMetadata.values[0]`,
    says: 'a value may hold letters, digits, blanks and _ : @ $ # = / + , . -',
  },
  {
    what: '51 metadata values',
    spec: tokens({ values: many(51, (n) => `v${n}`) }),
    field: `${one}.tokensByMetadata.values`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a metric named with a colon',
    spec: own({ metricName: 'a:b' }),
    field: `${transformation}.metricName`,
    says: metricForm,
  },
  {
    what: 'a namespace with an asterisk',
    spec: own({ metricNamespace: 'a*' }),
    field: `${transformation}.metricNamespace`,
    says: metricForm,
  },
  {
    what: 'a metric value that is neither number nor field',
    spec: own({ metricValue: 'inputTokenCount' }),
    field: `${transformation}.metricValue`,
    says: 'must be a number, or a field of the record such as $.input.inputTokenCount',
  },
  {
    what: 'a dimension with a fixed value',
    spec: own({ dimensions: { team: 'search' } }),
    field: `${transformation}.dimensions`,
    says: 'the value of a dimension must be a field of the record, such as $.modelId',
  },
  ...['$.requestId', '$.identity.arn'].map(
    (selector): Rejection => ({
      what: `a dimension over ${selector}`,
      spec: own({ dimensions: { who: selector } }),
      field: `${transformation}.dimensions`,
      says: 'a dimension over requestId or identity makes a billed metric per value, and CloudWatch Logs disables a filter that yields 1,000 of them in an hour',
    }),
  ),
  {
    what: 'a dimension whose name begins with a colon',
    spec: own({ dimensions: { ':team': '$.modelId' } }),
    field: `${transformation}.dimensions`,
    says: 'the name of a dimension holds at most 255 characters and may not begin with :',
  },
  {
    what: 'four dimensions',
    spec: own({ dimensions: { a: '$.a', b: '$.b', c: '$.c', d: '$.d' } }),
    field: `${transformation}.dimensions`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'a default value beside dimensions',
    spec: own({ dimensions: { model: '$.modelId' }, defaultValue: 0 }),
    field: `${transformation}.defaultValue`,
    says: 'AWS forbids defaultValue together with dimensions',
  },
];

export const attachmentAcceptances: readonly Acceptance[] = [
  {
    what: 'all that may stand on a log group',
    spec: attached({
      subscriptionFilters: [
        { name: 'stream', destinationARN: kinesis, roleARN, distribution: 'Random' },
        { name: 'function', destinationARN: lambda, filterPattern: '{ $.errorCode = "*" }' },
        { name: 'elsewhere', destinationARN: 'arn:aws:logs:us-east-1:999988887777:destination:central' },
      ],
      fieldIndexes: many(19, (n) => `f${n}`),
      anomalyDetector: { evaluationFrequency: '1h', visibilityDays: 90 },
    }),
  },
  { what: 'an empty anomalyDetector', spec: attached({ anomalyDetector: {} }) },
  { what: 'ErrorsByCode', spec: filter({ preset: 'ErrorsByCode' }) },
  { what: 'TokensByMetadata', spec: tokens({ key: 'cost-centre_2', values: ['a b', 'c/d+e@f'] }) },
  {
    what: 'a metric filter of every record',
    spec: filter({
      filterPattern: '',
      metricTransformation: { metricName: 'Calls', metricValue: '1', defaultValue: 0 },
    }),
  },
  {
    what: 'a metric by a field',
    spec: own({ metricValue: '$.input.inputTokenCount', dimensions: { model: '$.modelId', op: '$.operation' } }),
  },
];
