import { describe, expect, test } from 'vitest';
import type { BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { masksNothing } from '#src/domain/plan/data-protection-policy.ts';
import { planFieldIndexes } from '#src/domain/plan/field-index-policy.ts';
import { planLogAnomalyDetector } from '#src/domain/plan/log-anomaly-detector.ts';
import { planMetricFilters } from '#src/domain/plan/metric-filter.ts';
import { planSubscriptionFilters } from '#src/domain/plan/subscription-filter.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

const group = '/aws/bedrock/production';
const kinesis = 'arn:aws:kinesis:us-east-1:111122223333:stream/records';
const central = 'arn:aws:logs:us-east-1:999988887777:destination:central';

type Logs = NonNullable<NonNullable<BedrockMonitorSpec['invocationLogging']>['cloudWatchLogs']>;
const given = (logs: Partial<Logs>, members: Partial<BedrockMonitorSpec> = {}): BedrockMonitorSpec =>
  spec({ invocationLogging: { ...logging, cloudWatchLogs: { ...logging.cloudWatchLogs, ...logs } }, ...members });

describe('subscription filters', () => {
  const copy = { name: 'copy', destinationARN: kinesis, roleARN: 'arn:aws:iam::111122223333:role/bedrockmonitor/f' };

  test('AWS’s defaults are written out, and masking comes first', () => {
    const of = given({ subscriptionFilters: [copy] }, { dataProtection: { categories: ['PII'] } });
    expect(planSubscriptionFilters(of, facts()).resources).toEqual([
      {
        resource: {
          kind: 'SubscriptionFilter',
          name: `${group}:bedrockmonitor/test/genai/production/copy`,
          destinationARN: kinesis,
          filterPattern: '',
          roleARN: copy.roleARN,
          distribution: 'ByLogStream',
        },
        part: 'Logging',
        path: 'invocationLogging/subscriptionFilters/copy',
        after: [
          { kind: 'LogGroup', name: group },
          { kind: 'DataProtectionPolicy', name: group },
        ],
      },
    ]);
  });

  test.each([
    ['another account', central],
    ['another Region', kinesis.replace('us-east-1', 'us-west-2')],
  ])('a destination of %s needs the platform’s word', (_what, destinationARN) => {
    const of = given({ subscriptionFilters: [{ ...copy, destinationARN }] });
    const refused = planSubscriptionFilters(of, facts());
    expect(refused.resources).toEqual([]);
    expect(remarks(refused)).toEqual(['ActionNotAllowed invocationLogging/subscriptionFilters/copy']);
    expect(refused.keep).toEqual(['Logging']);
    const allowed = planSubscriptionFilters(
      of,
      facts({ actionARNs: ['arn:aws:logs:*:999988887777:destination:*', 'arn:aws:kinesis:us-west-2:*'] }),
    );
    expect(planned('SubscriptionFilter', allowed)).toMatchObject([{ destinationARN }]);
  });
});

test('masking that masks nothing: what carries text of records is not planned, and nothing is pruned', () => {
  const nothing: Partial<BedrockMonitorSpec> = { dataProtection: { categories: ['PHI'], countries: ['JP'] } };
  const of = given({ subscriptionFilters: [{ name: 'copy', destinationARN: kinesis }], anomalyDetector: {} }, nothing);
  expect(masksNothing(nothing.dataProtection ?? {})).toContain('masks nothing');
  expect(planSubscriptionFilters(of, facts())).toEqual({ keep: ['Logging'] });
  expect(planLogAnomalyDetector(of, facts())).toEqual({ keep: ['Logging'] });
  const filters = planMetricFilters({ ...of, metricFilters: [{ name: 'errors', preset: 'ErrorsByCode' }] }, facts());
  expect([remarks(filters), filters.keep]).toEqual([['InvalidSpec metricFilters'], ['MetricFilters']]);
});

describe('field indexes', () => {
  test('the fields, sorted, once each', () => {
    const plan = planFieldIndexes(given({ fieldIndexes: ['requestId', 'modelId'] }), facts());
    expect(plan.resources).toEqual([
      {
        resource: { kind: 'FieldIndexPolicy', name: group, fields: ['modelId', 'requestId'] },
        part: 'Logging',
        path: 'invocationLogging/fieldIndexes',
        after: [{ kind: 'LogGroup', name: group }],
      },
    ]);
  });

  test.each([[undefined], [[]]])('%j: none', (fieldIndexes) => {
    expect(planFieldIndexes(given(fieldIndexes === undefined ? {} : { fieldIndexes }), facts())).toEqual({});
  });
});

describe('the log anomaly detector', () => {
  test('off unless present; {} is one with AWS’s defaults, under the name and tags of the monitor', () => {
    expect(planLogAnomalyDetector(given({}), facts())).toEqual({});
    const plan = planLogAnomalyDetector(given({ anomalyDetector: {} }), facts());
    expect(planned('LogAnomalyDetector', plan)).toEqual([
      {
        kind: 'LogAnomalyDetector',
        name: `${group}:bedrockmonitor/test/genai/production`,
        evaluationFrequency: 'FIVE_MIN',
        filterPattern: '',
        visibilityDays: 21,
        enabled: true,
        tags: { 'bedrockmonitor.io/cluster': 'test', 'bedrockmonitor.io/monitor': 'genai/production' },
      },
    ]);
  });

  test.each([
    ['1m', 'ONE_MIN'],
    ['15m', 'FIFTEEN_MIN'],
    ['1h', 'ONE_HOUR'],
  ] as const)('%s is %s', (evaluationFrequency, word) => {
    const plan = planLogAnomalyDetector(
      given({ anomalyDetector: { evaluationFrequency, visibilityDays: 7 } }),
      facts(),
    );
    expect(planned('LogAnomalyDetector', plan)).toMatchObject([{ evaluationFrequency: word, visibilityDays: 7 }]);
  });
});
