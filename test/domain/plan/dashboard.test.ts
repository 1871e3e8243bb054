import { describe, expect, test } from 'vitest';
import type { DashboardEntry } from '#src/api/v1alpha1.ts';
import type { Json } from '#src/domain/json.ts';
import { planDashboards } from '#src/domain/plan/dashboard.ts';
import { facts, logging, planned, remarks, spec } from './given.ts';
import { type Widget, widgetsOf } from './widgets.ts';

const entry = { name: 'overview', preset: 'Overview' } as const;

function body(members: Parameters<typeof spec>[0], given = facts()): Json | undefined {
  return planned('Dashboard', planDashboards(spec(members), given))[0]?.body;
}

function widgets(members: Parameters<typeof spec>[0], given = facts()): Widget[] {
  return widgetsOf(body({ dashboards: [entry], ...members }, given) ?? null);
}

describe('Overview', () => {
  test('is the dashboard of the post: invocations, latency, tokens in and out, latest prompts', () => {
    expect(
      widgets({ invocationLogging: logging }).map(({ type, properties }) => `${type}: ${properties.title}`),
    ).toEqual([
      'metric: Invocations by model',
      'metric: Latency by model (p99, ms)',
      'metric: Input tokens by model',
      'metric: Output tokens by model',
      'log: Latest prompts',
    ]);
  });

  test('every widget has its Region, every graph its period: dashboards are shown in all Regions', () => {
    const place = { accountID: '111122223333', region: 'eu-central-1', partition: 'aws' };
    const drawn = widgets({ invocationLogging: logging }, facts({ place }));
    expect(drawn.map(({ properties }) => properties['region'])).toEqual(drawn.map(() => 'eu-central-1'));
    const graphs = drawn.filter(({ type }) => type === 'metric');
    expect(graphs.map(({ properties }) => properties['period'])).toEqual([300, 300, 300, 300]);
  });

  test('without models a search finds all that have metrics', () => {
    expect(widgets({}).map(({ properties }) => properties['metrics'])).toEqual(
      [
        ['Invocations', 'Sum'],
        ['InvocationLatency', 'p99'],
        ['InputTokenCount', 'Sum'],
        ['OutputTokenCount', 'Sum'],
      ].map(([metric, statistic]) => [
        [
          {
            id: 'models',
            expression: `SEARCH('{AWS/Bedrock,ModelId} MetricName="${metric}"', '${statistic}', 300)`,
            label: "${PROP('Dim.ModelId')}",
          },
        ],
      ]),
    );
  });

  test.each([
    ['spec.models', { models: ['a', 'arn:aws:bedrock:us-east-1::foundation-model/b'] }],
    ['its own models', { models: ['z'], dashboards: [{ ...entry, models: ['a', 'b'] }] }],
  ])('with %s there is one line for each', (_, members) => {
    expect(widgets(members)[0]?.properties['metrics']).toEqual([
      ['AWS/Bedrock', 'Invocations', 'ModelId', 'a', { label: 'a' }],
      ['AWS/Bedrock', 'Invocations', 'ModelId', 'b', { label: 'b' }],
    ]);
  });

  test('the latest prompts come from the monitor’s group, else from the one that Bedrock delivers to', () => {
    const query = (...given: Parameters<typeof widgets>): unknown =>
      widgets(...given).find(({ type }) => type === 'log')?.properties['query'];
    expect(query({ invocationLogging: logging })).toMatch(/^SOURCE '\/aws\/bedrock\/production' \| filter schemaType/);
    expect(query({}, facts({ deliveredLogGroup: { known: '/shared' } }))).toMatch(/^SOURCE '\/shared' \| /);
    expect(query({})).toBeUndefined();
    for (const column of ['model', 'operation', 'inputTokens', 'outputTokens', 'prompt']) {
      expect(query({ invocationLogging: logging })).toMatch(new RegExp(`display .*\\b${column}\\b`));
    }
  });

  test('an unread log group is waited for: the dashboard is neither rewritten without its prompts nor pruned', () => {
    const plan = planDashboards(spec({ dashboards: [entry] }), facts({ deliveredLogGroup: { unknown: 'time-out' } }));
    expect(remarks(plan)).toEqual(['DependencyNotReady dashboards/overview']);
    expect(plan).toMatchObject({ resources: [], keep: ['Dashboards'] });
  });
});

describe('a whole body', () => {
  test('is taken as it is, and needs no fact', () => {
    const own = { widgets: [{ type: 'text', properties: { markdown: 'hello' } }], start: '-PT6H' };
    const given = facts({ deliveredLogGroup: { unknown: 'time-out' } });
    expect(body({ dashboards: [{ name: 'own', body: JSON.stringify(own) }] }, given)).toEqual(own);
  });

  test.each(['{"widgets": [', '[]', '"text"', 'null', ''])(
    '%j is refused in a sentence, and nothing is pruned',
    (text) => {
      const plan = planDashboards(spec({ dashboards: [{ name: 'own', body: text }, entry] }), facts());
      expect(remarks(plan)).toEqual(['InvalidSpec dashboards/own']);
      expect(plan.remarks?.[0]?.message).toMatch(
        /^the body of dashboard own is not a dashboard in JSON \(.+\): copy it from/,
      );
      expect(plan.resources).toHaveLength(1);
      expect(plan.keep).toEqual(['Dashboards']);
    },
  );
});

describe('names', () => {
  test('carry the Region, or are as written', () => {
    const dashboards: DashboardEntry[] = [entry, { name: 'other', preset: 'Overview', awsName: 'Team' }];
    expect(planned('Dashboard', planDashboards(spec({ dashboards }), facts())).map(({ name }) => name)).toEqual([
      'bedrockmonitor_test_genai_production_overview_us-east-1',
      'Team',
    ]);
  });

  test('two entries of one awsName: the first keeps it', () => {
    const dashboards = [
      { ...entry, awsName: 'Team' },
      { ...entry, name: 'other', awsName: 'Team' },
    ];
    const plan = planDashboards(spec({ dashboards }), facts());
    expect(remarks(plan)).toEqual(['InvalidSpec dashboards/other']);
    expect(plan.remarks?.[0]?.message).toBe(
      'dashboards/other and dashboards/overview both come to the dashboard name Team: give one of them another awsName',
    );
  });

  test('a preset of a newer release is left alone', () => {
    const newer: DashboardEntry[] = JSON.parse('[{"name": "privacy", "preset": "Privacy"}]');
    expect(remarks(planDashboards(spec({ dashboards: newer }), facts()))).toEqual([
      'UnsupportedField dashboards/privacy',
    ]);
  });
});
