import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bedrockMetric, isPerModel } from '#src/domain/plan/bedrock-metric.ts';
import { type BedrockMetricName, metricCatalogue, undocumented } from '#src/domain/plan/metric-catalogue.ts';

const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');

describe('the metrics of Bedrock', () => {
  test.each(Object.entries(metricCatalogue))(
    'of %s are all on the page, with unit and dimensions',
    (namespace, metrics) => {
      const section = page.split(/^## /m).find((text) => text.startsWith(`\`${namespace}\``)) ?? '';
      const rows = section.split('\n').filter((line) => line.startsWith('| `'));
      const expected = Object.entries(metrics).map(([name, { unit, statistic, dimensions }]) => {
        const sets = dimensions.map((set: readonly string[]) => (set.length === 0 ? 'none' : set.join(' + ')));
        return `| \`${name}\` | ${unit} | ${statistic} | ${sets.join('; ')} |`;
      });
      expect(rows).toEqual(expected);
    },
  );

  test("of the nine of AWS's post eight are there, and one AWS documents no longer", () => {
    const eight = [
      'Invocations', 'InvocationLatency', 'InvocationClientErrors', 'InvocationServerErrors', 'InvocationThrottles',
      'InputTokenCount', 'OutputTokenCount', 'OutputImageCount',
    ]; // biome-ignore format: a list of words
    expect(eight.filter((name) => /documents no/.test(undocumented('AWS/Bedrock', name, []) ?? ''))).toEqual([]);
    expect(undocumented('AWS/Bedrock', 'ContentFilteredCount', [])).toContain('no longer');
  });

  test('which of them ModelId alone selects', () => {
    const runtime: Readonly<Record<string, { readonly dimensions: readonly (readonly string[])[] }>> =
      metricCatalogue['AWS/Bedrock'];
    const byModel = Object.entries(runtime).filter(([, { dimensions }]) =>
      dimensions.some((set) => set.length === 1 && set[0] === 'ModelId'),
    );
    expect(Object.keys(runtime).filter(isPerModel)).toEqual(byModel.map(([name]) => name));
    expect(byModel.length).toBeGreaterThan(10);
  });

  test.each([
    ['Invocations', [], undefined],
    ['Invocations', ['ModelId'], undefined],
    ['OutputImageCount', ['ImageSize', 'ModelId', 'BucketedStepSize'], undefined],
    [
      'OutputImageCount',
      ['ModelId'],
      'AWS documents OutputImageCount of AWS/Bedrock by BucketedStepSize and ImageSize and ModelId, and the alarm asks for it by ModelId',
    ],
    [
      'TimeToFirstToken',
      [],
      'AWS documents TimeToFirstToken of AWS/Bedrock by ModelId, and the alarm asks for it without dimensions',
    ],
  ])('%s by %j', (name, dimensions, expected) => {
    expect(undocumented('AWS/Bedrock', name, dimensions)).toBe(expected);
  });

  test('nothing is said of namespaces that are not of Bedrock', () => {
    expect(undocumented('Shop', 'Orders', ['Stage'])).toBeUndefined();
    expect(undocumented('AWS/BedrockMantle', 'Latency', [])).toBe(
      'AWS documents no metric Latency of AWS/BedrockMantle',
    );
  });

  test('a metric over all models has no dimension', () => {
    const name: BedrockMetricName = 'Invocations';
    expect(bedrockMetric(name, 'Sum', 60, undefined).dimensions).toEqual({});
    expect(bedrockMetric(name, 'Sum', 60, 'm').dimensions).toEqual({ ModelId: 'm' });
  });
});
