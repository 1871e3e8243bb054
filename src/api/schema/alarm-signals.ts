import { Type } from 'typebox';
import { form, listByKey, mapOf, object, text } from './shape.ts';

const STATISTIC =
  '^(Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|tc|ts|wm)(100|[0-9]{1,2}([.][0-9]{1,10})?)|(PR|TM|TC|TS|WM)[(][0-9.%]*:[0-9.%]*[)])$';

const metricMembers = {
  namespace: Type.Optional(
    text('Namespace of the metric in CloudWatch. Default: AWS/Bedrock.', {
      minLength: 1,
      maxLength: 255,
      pattern: '^[^:]+$',
    }),
  ),
  name: text('Name of the metric, such as Invocations or InputTokenCount.', { minLength: 1, maxLength: 255 }),
  dimensions: Type.Optional(
    mapOf(
      'Dimensions and their values. Default: none, that is the metric over all models. Set models rather than ModelId.',
      text('Value of the dimension.', { minLength: 1, maxLength: 1024 }),
      30,
    ),
  ),
  statistic: text(
    'A statistic of CloudWatch: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000).',
    { maxLength: 64 },
    [
      form(
        STATISTIC,
        'must be a CloudWatch statistic: Average, Sum, Minimum, Maximum, SampleCount, IQM, a percentile such as p99, or tm, tc, ts, wm, PR(:5000)',
      ),
    ],
  ),
  accountID: Type.Optional(
    text(
      'In a monitoring account: the source account that has the metric. 12 digits, in quotes. Default: the account of the monitor.',
      { maxLength: 32 },
      [form('^[0-9]{12}$', 'must be 12 digits, in quotes')],
    ),
  ),
};

/** One metric and how it is summed up. The unit is never set: AWS's pages disagree on the units of Bedrock's metrics. */
export const metric = object('One metric of CloudWatch.', metricMembers);

/** CloudWatch takes at most ten metrics for one alarm (PutMetricAlarm, CloudWatch API reference). */
const MAX_METRICS = 10;

export const metricMath = object('An expression over metrics, in the metric math of CloudWatch.', {
  expression: text(
    'The expression, such as 100 * errors / calls, over the ids of metrics. It must give one series; SEARCH gives many and is refused by AWS. A metric without events has no data points: write FILL(errors, 0).',
    { minLength: 1, maxLength: 2048 },
  ),
  metrics: listByKey(
    'The metrics that the expression names. At most 10.',
    'id',
    object('A metric under a name.', {
      id: text('What the expression calls it: letters, digits and _, beginning with a lower-case letter.', {
        minLength: 1,
        maxLength: 63,
        pattern: '^[a-z][A-Za-z0-9_]*$',
      }),
      ...metricMembers,
    }),
    { minItems: 1, maxItems: MAX_METRICS },
  ),
});

export const metricsInsights = object(
  'A Metrics Insights query: one alarm over many series, which fires when any of them does. AWS takes 200 such alarms per Region and looks at the latest three hours of data.',
  {
    query: text(
      'The query, such as SELECT MAX(InvocationLatency) FROM SCHEMA("AWS/Bedrock", ModelId) GROUP BY ModelId.',
      { minLength: 1, maxLength: 2048 },
    ),
  },
);
