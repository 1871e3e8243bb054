import { describe, expect, test } from 'vitest';
import type { BedrockMonitorSpec, MetricFilterEntry } from '#src/api/v1alpha1.ts';
import { planMetricFilters } from '#src/domain/plan/metric-filter.ts';
import { parseFilterPattern } from '#src/playground/aws/filter-pattern.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';

const errors: MetricFilterEntry = { name: 'errors', preset: 'ErrorsByCode' };
const tokens = (values: string[], key = 'team'): MetricFilterEntry => ({
  name: 'tokens',
  preset: 'TokensByMetadata',
  tokensByMetadata: { key, values },
});
const planOf = (metricFilters: MetricFilterEntry[], members: Partial<BedrockMonitorSpec> = {}) =>
  planMetricFilters(spec({ invocationLogging: logging, metricFilters, ...members }), facts());
const filtersOf = (metricFilters: MetricFilterEntry[]) => planned('MetricFilter', planOf(metricFilters));

describe('metric filters', () => {
  test('one of one’s own is made as written, in the namespace of the monitor, on its log group', () => {
    const entry: MetricFilterEntry = {
      name: 'slow',
      filterPattern: '{ $.output.outputTokenCount > 4000 }',
      metricTransformation: { metricName: 'LongAnswers', metricValue: '1', defaultValue: 0 },
    };
    expect(planOf([entry]).resources).toEqual([
      {
        resource: {
          kind: 'MetricFilter',
          name: '/aws/bedrock/production:bedrockmonitor/test/genai/production/slow',
          filterPattern: '{ $.output.outputTokenCount > 4000 }',
          metricNamespace: 'BedrockMonitor/test/genai/production',
          metricName: 'LongAnswers',
          metricValue: '1',
          dimensions: {},
          defaultValue: 0,
        },
        part: 'MetricFilters',
        path: 'metricFilters/slow',
        after: [{ kind: 'LogGroup', name: '/aws/bedrock/production' }],
      },
    ]);
  });

  test('they come after the masking where it is declared', () => {
    const after = planOf([errors], { dataProtection: { categories: ['PII'] } }).resources?.[0]?.after;
    expect(after?.map(({ kind }) => kind)).toEqual(['LogGroup', 'DataProtectionPolicy']);
  });

  test('another namespace is taken exactly', () => {
    const metricTransformation = { metricName: 'm', metricValue: '1', metricNamespace: 'Mine' };
    expect(filtersOf([{ name: 'a', filterPattern: '', metricTransformation }])).toMatchObject([
      { metricNamespace: 'Mine' },
    ]);
  });

  test('tokens by metadata are two filters over the listed values', () => {
    expect(filtersOf([tokens(['support', 'search'])])).toMatchObject([
      {
        name: '/aws/bedrock/production:bedrockmonitor/test/genai/production/tokens',
        filterPattern: '{ $.requestMetadata.team = "search" || $.requestMetadata.team = "support" }',
        metricName: 'InputTokenCount',
        metricValue: '$.input.inputTokenCount',
        dimensions: { team: '$.requestMetadata.team' },
      },
      {
        name: '/aws/bedrock/production:bedrockmonitor/test/genai/production/tokens-2',
        metricName: 'OutputTokenCount',
        metricValue: '$.output.outputTokenCount',
      },
    ]);
    expect(planOf([tokens(['a'])]).resources?.map(({ path }) => path)).toEqual([
      'metricFilters/tokens',
      'metricFilters/tokens/2',
    ]);
  });

  test('as many as AWS’s pattern does not hold make further filters, each value in exactly one pair', () => {
    const values = Array.from({ length: 50 }, (_, n) => `value-${n}`.padEnd(128, '.'));
    const filters = filtersOf([tokens(values, 'k'.repeat(128))]);
    expect(filters.length).toBeGreaterThan(2);
    expect(new Set(filters.map(({ name }) => name)).size).toBe(filters.length);
    for (const { filterPattern } of filters) expect(filterPattern.length).toBeLessThanOrEqual(1024);
    for (const value of values) {
      const record = JSON.stringify({ requestMetadata: { ['k'.repeat(128)]: value } });
      const counting = filters.filter(({ filterPattern }) => parseFilterPattern(filterPattern).matches(record));
      expect(counting.map(({ metricName }) => metricName)).toEqual(['InputTokenCount', 'OutputTokenCount']);
    }
  });

  test('more values only add filters: the pair of the first ones keeps its names', () => {
    const few = filtersOf([tokens(['a'])]).map(({ name, metricName }) => [name, metricName]);
    const many = filtersOf([tokens(Array.from({ length: 40 }, (_, n) => `a${n}`))]);
    expect(many.map(({ name, metricName }) => [name, metricName]).slice(0, 2)).toEqual(few);
    expect(many.length).toBeGreaterThan(2);
  });

  test('errors are counted by their code, and nothing else is', () => {
    const [filter] = filtersOf([errors]);
    const pattern = parseFilterPattern(filter?.filterPattern ?? '');
    expect(pattern.matches('{"errorCode":"ThrottlingException","input":{}}')).toBe(true);
    expect(pattern.matches('{"input":{"inputBodyJson":{"errorCode":"spoofed"}}}')).toBe(false);
    expect(pattern.matches('Permissions are correctly set for Amazon Bedrock logs.')).toBe(false);
    expect(filter).toMatchObject({
      metricName: 'InvocationErrors',
      metricValue: '1',
      dimensions: { errorCode: '$.errorCode' },
    });
  });

  test('two entries that come to one name: the second is left out, and nothing is pruned', () => {
    const plan = planOf([tokens(['a']), { ...errors, name: 'tokens-2' }]);
    expect(planned('MetricFilter', plan)).toHaveLength(2);
    expect(remarks(plan)).toEqual(['InvalidSpec metricFilters/tokens-2']);
    expect(plan.keep).toEqual(['MetricFilters']);
  });

  test('what is over AWS’s hundred on a log group is left out with a sentence', () => {
    const long = (name: string) => ({
      ...tokens(
        Array.from({ length: 50 }, (_, n) => `${n}`.padEnd(128, '.')),
        'k'.repeat(128),
      ),
      name,
    });
    const plan = planOf(['a', 'b', 'c'].map(long));
    expect(planned('MetricFilter', plan).length).toBeLessThanOrEqual(100);
    expect(remarks(plan)).toEqual(['QuotaExceeded metricFilters/c']);
  });

  test('without a log group, and with a preset of a newer release, nothing is planned and nothing pruned', () => {
    const none = planMetricFilters(spec({ metricFilters: [errors] }), facts());
    expect([remarks(none), none.keep]).toEqual([['InvalidSpec metricFilters'], ['MetricFilters']]);
    const newer: MetricFilterEntry[] = JSON.parse('[{"name": "n", "preset": "Newer"}]');
    expect(remarks(planOf(newer))).toEqual(['UnsupportedField metricFilters/n']);
    expect(planMetricFilters(spec({ invocationLogging: logging }), facts())).toEqual({});
  });
});
