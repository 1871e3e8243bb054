import * as fc from 'fast-check';
import type { InvocationLoggingSpec, MetricFilterEntry } from '#src/api/v1alpha1.ts';
import { some } from './entries.ts';
import { surroundings } from './surroundings.ts';

type Attachments = Pick<
  NonNullable<InvocationLoggingSpec['cloudWatchLogs']>,
  'subscriptionFilters' | 'fieldIndexes' | 'anomalyDetector'
>;

const EVALUATION_FREQUENCIES = ['1m', '5m', '10m', '15m', '30m', '1h'] as const;
const filterPattern = fc.constantFrom('', '{ $.errorCode = "*" }', 'Converse');

const toFunction = some(
  { name: fc.constantFrom('copy', 'z9-z'), destinationARN: fc.constant(surroundings.functionARN), filterPattern },
  'name',
  'destinationARN',
);
const toStream = some(
  {
    name: fc.constantFrom('copy', 'z9-z'),
    destinationARN: fc.constant(surroundings.streamARN),
    roleARN: fc.constant(surroundings.forwardingRoleARN),
    distribution: fc.constantFrom('Random', 'ByLogStream'),
    filterPattern,
  },
  'name',
  'destinationARN',
  'roleARN',
);

/** What stands on a log group of records of class Standard. */
export const attachments: fc.Arbitrary<Attachments> = some({
  subscriptionFilters: fc.uniqueArray(fc.oneof(toFunction, toStream), {
    selector: ({ name }) => name,
    maxLength: 2,
  }),
  fieldIndexes: fc.subarray(['modelId', 'requestId', 'requestMetadata.team']),
  anomalyDetector: some({
    evaluationFrequency: fc.constantFrom(...EVALUATION_FREQUENCIES),
    filterPattern,
    visibilityDays: fc.constant(30),
  }),
});

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
      {
        metricName: 'Tokens',
        metricValue: '$.input.inputTokenCount',
        metricNamespace: 'Metering',
        dimensions: { model: '$.modelId' },
      },
    ),
  }),
);

/** For a spec with a log group of class Standard. */
export const metricFilters: fc.Arbitrary<MetricFilterEntry[]> = fc.uniqueArray(entry, {
  selector: ({ name }) => name,
  maxLength: 2,
});
