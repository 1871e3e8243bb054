import * as fc from 'fast-check';
import type { InvocationLoggingSpec, MetricFilterEntry } from '#src/api/v1alpha1.ts';

/** Where records may be forwarded to: it must be there. */
export const destinationARN = 'arn:aws:lambda:us-east-1:111122223333:function:watch';

type Attachments = Pick<
  NonNullable<InvocationLoggingSpec['cloudWatchLogs']>,
  'subscriptionFilters' | 'fieldIndexes' | 'anomalyDetector'
>;

const filterPattern = fc.constantFrom('', '{ $.errorCode = "*" }', 'Converse');

/** What stands on the log group of records, mostly nothing. */
export const attachments: fc.Arbitrary<Attachments> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        subscriptionFilters: fc.uniqueArray(
          fc.record({
            name: fc.constantFrom('copy', 'z9-z'),
            destinationARN: fc.constant(destinationARN),
            filterPattern,
          }),
          { selector: ({ name }) => name, maxLength: 2 },
        ),
        fieldIndexes: fc.subarray(['modelId', 'requestId', 'requestMetadata.team']),
        anomalyDetector: fc.record(
          {
            evaluationFrequency: fc.constantFrom('1m' as const, '1h' as const),
            filterPattern,
            visibilityDays: fc.constant(30),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  },
);

const entry: fc.Arbitrary<MetricFilterEntry> = fc.oneof(
  fc.record({ name: fc.constantFrom('errors', 'a'), preset: fc.constant('ErrorsByCode' as const) }),
  fc.record({
    name: fc.constantFrom('tokens', 'a'),
    preset: fc.constant('TokensByMetadata' as const),
    tokensByMetadata: fc.record({
      key: fc.constantFrom('team', 'cost-centre'),
      // Enough for one pattern, or for several.
      values: fc.constantFrom(
        ['search'],
        Array.from({ length: 40 }, (_, n) => `value-${n}`),
      ),
    }),
  }),
  fc.record({
    name: fc.constantFrom('calls', 'a'),
    filterPattern,
    metricTransformation: fc.constantFrom<NonNullable<MetricFilterEntry['metricTransformation']>>(
      { metricName: 'Calls', metricValue: '1', defaultValue: 0 },
      { metricName: 'Tokens', metricValue: '$.input.inputTokenCount', dimensions: { model: '$.modelId' } },
    ),
  }),
);

/** For a spec with a log group. */
export const metricFilters: fc.Arbitrary<{ metricFilters?: MetricFilterEntry[] }> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record({
      metricFilters: fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 2 }),
    }),
  },
);
