import { describe, expect, test } from 'vitest';
import type { AlarmEntry } from '#src/api/v1alpha1.ts';
import { planDashboards } from '#src/domain/plan/dashboard.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Resource } from '#src/domain/resource.ts';
import { facts, logging, planned, remarks, spec } from '../given.ts';
import { widgetsOf } from '../widgets.ts';
import { bodyOf, drawn, metricsOf, titled, titles } from './drawn.ts';

const accounts = ['444455556666', '777788889999'];

describe('variables', () => {
  test('let the reader choose the Region, at first that of the monitor', () => {
    const place = { accountID: '111122223333', region: 'eu-west-3', partition: 'aws' };
    const [region] = listed(bodyOf('Latency', {}, {}, facts({ place })));
    expect(region).toMatchObject({
      type: 'property',
      property: 'region',
      inputType: 'select',
      defaultValue: 'eu-west-3',
    });
    const values = region?.values?.map(({ value }) => value) ?? [];
    expect(values[0]).toBe('eu-west-3');
    expect(values).toContain('us-east-1');
    expect(new Set(values).size).toBe(values.length);
  });

  test('offer no Region of another partition', () => {
    const place = { accountID: '111122223333', region: 'us-gov-east-1', partition: 'aws-us-gov' };
    const [region] = listed(bodyOf('Latency', {}, {}, facts({ place })));
    expect(region?.values).toEqual([{ value: 'us-gov-east-1' }, { value: 'us-gov-west-1' }]);
  });

  test('let the reader choose among the models watched, else among those that have metrics', () => {
    expect(listed(bodyOf('Latency', { models: ['b', 'a'] }))[1]).toEqual({
      type: 'pattern',
      pattern: 'CHOSEN_MODEL',
      inputType: 'select',
      id: 'model',
      label: 'Model',
      visible: true,
      values: [{ value: 'b' }, { value: 'a' }],
      defaultValue: 'b',
    });
    expect(listed(bodyOf('Latency'))[1]).toMatchObject({
      search: '{AWS/Bedrock,ModelId} MetricName="Invocations"',
      populateFrom: 'ModelId',
      defaultValue: '__FIRST',
    });
  });

  test('are those that something on the dashboard follows', () => {
    const ids = (...of: Parameters<typeof bodyOf>) => listed(bodyOf(...of)).map(({ id }) => id);
    expect(ids('Guardrails')).toEqual(['region']);
    expect(ids('Privacy')).toEqual([]);
    for (const preset of ['Overview', 'Latency', 'TokensAndCost', 'Errors'] as const) {
      expect(ids(preset)).toEqual(['region', 'model']);
      expect(JSON.stringify(bodyOf(preset)['widgets'])).toContain('"ModelId","CHOSEN_MODEL"');
    }
  });
});

describe('the state of the alarms', () => {
  const many = (count: number): AlarmEntry[] =>
    Array.from({ length: count }, (_, n) => ({ name: `a${n}`, preset: 'Throttling' }));
  const widgets = (members: Parameters<typeof spec>[0]) =>
    drawn('Errors', members).filter(({ type }) => type === 'alarm');

  test('is that of this monitor’s alarms, in their Region and account', () => {
    const [widget, ...more] = widgets({ alarms: many(2) });
    expect(more).toEqual([]);
    expect(widget?.properties).toEqual({
      title: 'Alarms',
      sortBy: 'stateUpdatedTimestamp',
      alarms: ['a0', 'a1'].map(
        (name) => `arn:aws:cloudwatch:us-east-1:111122223333:alarm:bedrockmonitor/test/genai/production/${name}`,
      ),
    });
  });

  test('takes several widgets where there are more than 100, each of which is shown once', () => {
    const models = Array.from({ length: 21 }, (_, n) => `m${n}`);
    const shown = widgets({ alarms: many(10), models });
    expect(titles(shown)).toEqual([1, 2, 3].map((n) => `alarm: Alarms (${n} of 3)`));
    const arns = shown.map(({ properties }): string[] => JSON.parse(JSON.stringify(properties['alarms'])));
    expect(arns.map(({ length }) => length)).toEqual([100, 100, 10]);
    expect(new Set(arns.flat()).size).toBe(210);
  });

  test('has composite and log alarms too, composites first', () => {
    const dashboards = [{ name: 'one', preset: 'Overview' as const }];
    const before = [resource('LogGroup', 'g'), resource('LogAlarm', 'l'), resource('CompositeAlarm', 'c')];
    const body = planned('Dashboard', planDashboards(spec({ dashboards }), facts(), before))[0]?.body ?? null;
    expect(titled('Alarms', widgetsOf(body)).properties['alarms']).toEqual(
      ['c', 'l'].map((name) => `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${name}`),
    );
  });
});

describe('over other accounts', () => {
  test('a search names them, and so do the lines', () => {
    const [graph] = drawn('Latency', {}, { sourceAccountIDs: accounts });
    expect(graph === undefined ? undefined : metricsOf(graph)).toEqual([
      [
        {
          id: 'found',
          expression: `SEARCH('{AWS/Bedrock,ModelId} MetricName="InvocationLatency" :aws.AccountId=(444455556666 OR 777788889999)', 'p50', 300)`,
          label: "${PROP('Dim.ModelId')} (${PROP('AccountId')})",
        },
      ],
    ]);
  });

  test('there is one line for each model and account', () => {
    const [graph] = drawn('Latency', {}, { sourceAccountIDs: accounts, models: ['a'] });
    expect(graph === undefined ? undefined : metricsOf(graph)).toEqual(
      accounts.map((accountId) => [
        'AWS/Bedrock',
        'InvocationLatency',
        'ModelId',
        'a',
        { label: `a (${accountId})`, accountId },
      ]),
    );
  });

  test('metric math is done for each', () => {
    const rate = titled('Error rate (%)', drawn('Errors', {}, { sourceAccountIDs: accounts }));
    const expressions = JSON.stringify(metricsOf(rate));
    expect(expressions).toContain('IF(requests0 < 1, 0, 100 * errors0 / IF(requests0 < 1, 1, requests0))');
    expect(expressions).toContain('FILL(invocations1, 0) + errors1');
    expect(expressions).toContain('"id":"throttles1","visible":false,"accountId":"777788889999"');
  });

  test('no records are shown, and none need be known: those of this account are not theirs', () => {
    const given = facts({ deliveredLogGroup: { unknown: 'time-out' } });
    const shown = drawn('Overview', { invocationLogging: logging }, { sourceAccountIDs: accounts }, given);
    expect(shown.filter(({ type }) => type === 'log')).toEqual([]);
    expect(shown.length).toBeGreaterThan(4);
  });

  test('too many lines are searched for instead, with a note', () => {
    const dashboards = [
      { name: 'one', preset: 'Latency' as const, models: models(50), sourceAccountIDs: ids(5) },
      { name: 'fits', preset: 'Latency' as const, models: models(50), sourceAccountIDs: ids(4) },
    ];
    const plan = planDashboards(spec({ dashboards }), facts());
    expect(remarks(plan)).toEqual(['TooManyLines (note) dashboards/one']);
    expect(plan.keep).toEqual([]);
    const [one, fits] = planned('Dashboard', plan).map(({ body }) => JSON.stringify(widgetsOf(body)[0]));
    expect(one).toContain('SEARCH(');
    expect(fits).not.toContain('SEARCH(');
  });

  test('a cost that a widget does not take is left out, with a note', () => {
    const modelPrices = models(50).map((model) => ({ model, inputUSDPerMillion: 1, outputUSDPerMillion: 1 }));
    const dashboards = [{ name: 'one', preset: 'TokensAndCost' as const, sourceAccountIDs: ids(3) }];
    const plan = planDashboards(spec({ dashboards, modelPrices }), facts());
    expect(remarks(plan)).toEqual(['TooManyLines (note) dashboards/one']);
    expect(JSON.stringify(planned('Dashboard', plan)[0]?.body)).not.toContain('cost0');
  });
});

describe('own widgets', () => {
  const text = { type: 'text' as const, properties: { markdown: 'hello' } };
  const corners = (widgets: readonly { x: number; y: number; width: number; height: number }[]) =>
    widgets.map(({ x, y, width, height }) => [x, y, width, height]);

  test('stand below the preset, row by row', () => {
    const preset = drawn('Latency');
    const bottom = Math.max(...preset.map(({ y, height }) => y + height));
    const widgets = [text, { ...text, width: 12, height: 3 }, text, { ...text, width: 1 }, { ...text, width: 24 }];
    expect(corners(drawn('Latency', {}, { widgets }).slice(preset.length))).toEqual([
      [0, bottom, 6, 6],
      [6, bottom, 12, 3],
      [18, bottom, 6, 6],
      [0, bottom + 6, 1, 6],
      [0, bottom + 12, 24, 6],
    ]);
  });

  test('are a dashboard of their own, which needs no fact', () => {
    const given = facts({ deliveredLogGroup: { unknown: 'time-out' }, modelsInUse: { unknown: 'time-out' } });
    const plan = planDashboards(spec({ dashboards: [{ name: 'own', widgets: [text] }] }), given);
    expect(planned('Dashboard', plan)[0]?.body).toEqual({ widgets: [{ ...text, x: 0, y: 0, width: 6, height: 6 }] });
    expect(plan.remarks).toEqual([]);
  });

  test('have the Region of the monitor where they need one and name none', () => {
    const widgets = [
      { type: 'metric' as const, properties: { metrics: [] } },
      { type: 'log' as const, properties: { query: 'x', region: 'eu-west-1' } },
      { type: 'explorer' as const, properties: { labels: [] } },
    ];
    const plan = planDashboards(spec({ dashboards: [{ name: 'own', widgets }] }), facts());
    const [metric, log, explorer] = widgetsOf(planned('Dashboard', plan)[0]?.body ?? null);
    expect(metric?.properties).toEqual({ metrics: [], region: 'us-east-1' });
    expect(log?.properties).toEqual({ query: 'x', region: 'eu-west-1' });
    expect(explorer?.properties).toEqual({ labels: [] });
  });
});

describe('from what is not known nothing is drawn, and nothing is pruned', () => {
  test.each([
    ['the log group of the records', { deliveredLogGroup: { unknown: 'time-out' } }],
    ['the models of a pattern', { modelsInUse: { unknown: 'time-out' } }],
  ])('%s', (_, unknown) => {
    const dashboards = [{ name: 'one', preset: 'Overview' as const, models: ['a*'] }];
    const plan = planDashboards(spec({ dashboards }), facts(unknown));
    expect(remarks(plan)).toEqual(['DependencyNotReady dashboards/one']);
    expect(plan).toMatchObject({ resources: [], keep: ['Dashboards'] });
  });

  test('models that a pattern finds are seen; a pattern that finds none is a note', () => {
    const dashboards = [{ name: 'one', preset: 'Overview' as const, models: ['a*', 'z*'] }];
    const plan = planDashboards(spec({ dashboards }), facts({ modelsInUse: { known: ['a1', 'b1'] } }));
    expect(plan.models).toEqual(['a1']);
    expect(remarks(plan)).toEqual(['NoModelsMatched (note) dashboards/one']);
    expect(plan.resources).toHaveLength(1);
  });
});

interface Variable {
  readonly id: string;
  readonly values?: readonly { readonly value: string }[];
}

function listed(body: ReturnType<typeof bodyOf>): Variable[] {
  return JSON.parse(JSON.stringify(body['variables'] ?? []));
}

function models(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `m${n}`);
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${111122223333 + n}`);
}

/** A resource as far as the planner of dashboards looks at it. */
function resource(kind: Resource['kind'], name: string): Planned {
  const bare: Resource = JSON.parse(JSON.stringify({ kind, name }));
  return { resource: bare, part: 'Alarms', path: `alarms/${name}`, after: [] };
}
