import { describe, expect, test } from 'vitest';
import { ownerMark } from '#src/domain/owner.ts';
import type { MetricFilter } from '#src/domain/resource.ts';
import { keepsItsPromises } from './promises.ts';
import type { Stage } from './stage.ts';
import { owner, region, signal, stage } from './stage.ts';

const logGroup = '/aws/bedrock/production';
const own = 'bedrockmonitor/prod/genai/production/tokens';
const name = `${logGroup}:${own}`;
const filter: MetricFilter = {
  kind: 'MetricFilter',
  name,
  filterPattern: '{ $.requestMetadata.team = "search" }',
  metricNamespace: 'BedrockMonitor/prod/genai/production',
  metricName: 'InputTokenCount',
  metricValue: '$.input.inputTokenCount',
  dimensions: { team: '$.requestMetadata.team' },
};

function prepare(on: Stage): void {
  on.account.logGroup(region, { name: logGroup });
}

function put(on: Stage, filterName: string, configuration: object = {}): void {
  const metricTransformations = [{ metricNamespace: 'Mine', metricName: 'm', metricValue: '1' }];
  on.region.logGroups.get(logGroup)?.metricFilters.set(filterName, {
    name: filterName,
    configuration: { filterPattern: 'x', metricTransformations, ...configuration },
    creationTime: 0,
    combinations: new Map(),
    disabled: false,
  });
}

const stored = (on: Stage) => on.region.logGroups.get(logGroup)?.metricFilters.get(own);

keepsItsPromises({
  kind: 'MetricFilter',
  prepare,
  desired: () => filter,
  edited: () => ({ ...filter, filterPattern: '{ $.errorCode = "*" }', dimensions: {}, defaultValue: 0 }),
  edit: ['filterPattern', 'dimensions.team', 'defaultValue'],
  mark: ownerMark(owner),
  undeclared(on) {
    const found = stored(on);
    if (found)
      put(on, own, {
        ...found.configuration,
        applyOnTransformedLogs: true,
        fieldSelectionCriteria: '@aws.region = "us-east-1"',
      });
    return () => {
      const { applyOnTransformedLogs, fieldSelectionCriteria } = stored(on)?.configuration ?? {};
      return applyOnTransformedLogs && { applyOnTransformedLogs, fieldSelectionCriteria };
    };
  },
});

describe('MetricFilter', () => {
  test('filters of a group that are asked for at one moment are one listing', async () => {
    const on = stage();
    prepare(on);
    const names = ['tokens', 'tokens-2', 'errors'].map(
      (entry) => `${logGroup}:bedrockmonitor/prod/genai/production/${entry}`,
    );
    const { MetricFilter } = on.handlers();
    await on.run(
      Promise.all(names.map((one) => MetricFilter.observe({ kind: 'MetricFilter', name: one }, 'IfFree', signal))),
    );
    expect(on.aws.calls).toMatchObject([
      { input: { logGroupName: logGroup, filterNamePrefix: 'bedrockmonitor/prod/genai/production/' } },
    ]);
  });

  test('a log group that is missing has none', async () => {
    const on = stage();
    expect(await on.run(on.handlers().MetricFilter.observe(filter, 'Always', signal))).toBeUndefined();
  });

  test('more filters than a page are all seen', async () => {
    const on = stage();
    prepare(on);
    for (let n = 0; n < 60; n += 1) put(on, `bedrockmonitor/prod/genai/production/a-${n}`);
    put(on, own);
    expect(await on.run(on.handlers().MetricFilter.observe(filter, 'Always', signal))).toMatchObject({
      resource: { filterPattern: 'x' },
      mark: { state: 'Owned', by: 'prod/genai/production' },
    });
  });

  test('the unit that somebody set stays', async () => {
    const on = stage();
    prepare(on);
    put(on, own, {
      metricTransformations: [{ metricNamespace: 'M', metricName: 'm', metricValue: '1', unit: 'Count' }],
    });
    const { MetricFilter } = on.handlers();
    const now = await on.run(MetricFilter.observe(filter, 'Always', signal));
    await on.run(MetricFilter.apply(filter, now, signal));
    expect(stored(on)?.configuration['metricTransformations']).toMatchObject([
      { metricName: 'InputTokenCount', unit: 'Count' },
    ]);
  });

  test('without inventory the filters are found in whatever log group, by the prefix of their names', async () => {
    const on = stage();
    prepare(on);
    put(on, own);
    put(on, 'bedrockmonitor/prod/genai/other/tokens');
    put(on, 'by-hand');
    expect(await on.run(on.handlers().MetricFilter.find?.(owner, signal) ?? Promise.resolve([]))).toEqual([
      { kind: 'MetricFilter', name },
    ]);
  });
});
