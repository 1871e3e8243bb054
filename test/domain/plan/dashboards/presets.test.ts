import { describe, expect, test } from 'vitest';
import { DASHBOARD_PRESETS } from '#src/api/schema/dashboards.ts';
import { textOf } from '#src/domain/json.ts';
import { dashboardQueries } from '#src/domain/plan/dashboards/log-queries.ts';
import { metricCatalogue } from '#src/domain/plan/metric-catalogue.ts';
import { dashboardMessages } from '#src/playground/aws/dashboard-body.ts';
import { widgetQuery } from '#src/playground/aws/insights/source.ts';
import { facts, logging } from '../given.ts';
import { bodyOf, drawn, metricsOf, type Preset, titled, titles } from './drawn.ts';

const FINDINGS = '/aws/bedrock/findings';
const everything = {
  invocationLogging: logging,
  dataProtection: { categories: ['PII' as const], findings: { logGroup: { name: FINDINGS } } },
  alarms: [{ name: 'throttling', preset: 'Throttling' as const }],
  modelPrices: [{ model: 'a', inputUSDPerMillion: 3, outputUSDPerMillion: 15 }],
};

/** What each preset shows where the monitor has everything that it can show. */
const shown: Readonly<Record<Preset, readonly string[]>> = {
  Overview: [
    'alarm: Alarms',
    'metric: Invocations by model',
    'metric: Latency by model (p99, ms)',
    'metric: Input tokens by model',
    'metric: Output tokens by model',
    'log: Latest prompts',
    'metric: Calls: CHOSEN_MODEL',
    'metric: Latency (ms): CHOSEN_MODEL',
  ],
  Latency: [
    'metric: Latency by model (p50, ms)',
    'metric: Latency by model (p99, ms)',
    'metric: Time to first token by model (p50, ms)',
    'metric: Time to first token by model (p99, ms)',
    'metric: Output tokens per invocation by model',
    'log: Slowest invocations',
    'metric: Latency (ms): CHOSEN_MODEL',
    'metric: Time to first token (ms): CHOSEN_MODEL',
  ],
  TokensAndCost: [
    'metric: Input tokens by model',
    'metric: Output tokens by model',
    'metric: Cost by model (USD per hour)',
    'metric: Cost (USD per day)',
    'metric: Tokens per minute against the quota',
    'metric: Input tokens read from cache by model',
    'metric: Tokens: CHOSEN_MODEL',
    'log: Tokens by caller',
  ],
  Errors: [
    'alarm: Alarms',
    'metric: Error rate (%)',
    'metric: Calls and failures',
    'metric: Server errors by model',
    'metric: Throttles by model',
    'metric: Client errors by model',
    'log: Failed invocations by error',
    'log: Latest failed invocations',
    'metric: Calls: CHOSEN_MODEL',
    'log: Latest invocations of the chosen model',
    'metric: Invocations of legacy models',
  ],
  Guardrails: [
    'metric: Checks by guardrail',
    'metric: Interventions by guardrail',
    'metric: Interventions by policy',
    'metric: Interventions by side',
    'metric: Latency by guardrail (p99, ms)',
    'metric: Text units by guardrail',
    'metric: Throttles by guardrail',
    'metric: Server errors by guardrail',
    'metric: Client errors by guardrail',
    'log: Latest invocations that a guardrail stopped',
  ],
  Privacy: [
    'metric: Log events with findings, in all masked groups of the Region',
    'metric: Log events in the group of the records',
    'log: Findings by identifier',
    'log: Latest findings',
    'log: Masked records by model',
    'log: Latest masked records',
  ],
  Delivery: [
    'metric: Records to CloudWatch Logs',
    'metric: Records to S3',
    'metric: Large bodies to S3',
    'metric: Invocations',
    'metric: Bytes that the log group takes in',
    'log: Records in the log',
    'log: Records by model and operation',
  ],
};

describe.each(DASHBOARD_PRESETS)('%s', (preset) => {
  test('shows what it is there for', () => {
    expect(titles(drawn(preset, everything))).toEqual(shown[preset]);
  });

  test('shows the graphs alone where there are neither records nor alarms', () => {
    const prices = { modelPrices: everything.modelPrices };
    expect(titles(drawn(preset, prices))).toEqual(
      shown[preset].filter(
        (title) => title.startsWith('metric') && !title.includes('the group') && !title.includes('the log group'),
      ),
    );
  });

  test.each([
    ['with everything', everything, {}],
    ['without anything', {}, {}],
    ['of named models', { ...everything, models: ['a', 'b'] }, {}],
    ['over other accounts', everything, { sourceAccountIDs: ['444455556666', '777788889999'] }],
  ])('%s is a body that AWS takes without a word', (_, members, entry) => {
    expect(dashboardMessages(JSON.stringify(bodyOf(preset, members, entry)))).toEqual({ errors: [], warnings: [] });
  });

  test('names its Region in every widget but that of the alarms: dashboards are shown in all Regions', () => {
    const given = facts({ place: { accountID: '111122223333', region: 'eu-central-1', partition: 'aws' } });
    const widgets = drawn(preset, everything, {}, given).filter(({ type }) => type !== 'alarm');
    expect(widgets.map(({ properties }) => properties['region'])).toEqual(widgets.map(() => 'eu-central-1'));
  });

  test('asks one group in each table, and nothing that is not tried over recorded records', () => {
    const tables = drawn(preset, everything).filter(({ type }) => type === 'log');
    const asked = tables.map(({ properties }) => widgetQuery(textOf(properties['query']) ?? ''));
    expect(asked.flatMap(({ logGroupNames }) => logGroupNames)).toEqual(
      asked.map(({ queryString }) => (queryString.includes('dataIdentifiers') ? FINDINGS : '/aws/bedrock/production')),
    );
    const tried = new Set<string>(Object.values(dashboardQueries));
    expect(asked.filter(({ queryString }) => !tried.has(queryString))).toEqual([]);
  });

  test('shows no time range of its own: logs and metrics beside each other cover the same one', () => {
    const body = bodyOf(preset, everything);
    expect(Object.keys(body).filter((member) => member !== 'widgets' && member !== 'variables')).toEqual([]);
    for (const { properties } of drawn(preset, everything)) {
      expect(Object.keys(properties)).not.toContain('start');
    }
  });
});

describe('the graphs by model', () => {
  test('are searches for all that have metrics, where no models are named', () => {
    const graphs = drawn('Overview').slice(0, 4);
    expect(graphs.map(metricsOf)).toEqual(
      [
        ['Invocations', 'Sum'],
        ['InvocationLatency', 'p99'],
        ['InputTokenCount', 'Sum'],
        ['OutputTokenCount', 'Sum'],
      ].map(([metric, statistic]) => [
        [
          {
            id: 'found',
            expression: `SEARCH('{AWS/Bedrock,ModelId} MetricName="${metric}"', '${statistic}', 300)`,
            label: "${PROP('Dim.ModelId')}",
          },
        ],
      ]),
    );
  });

  test.each([
    ['spec.models', { models: ['a', 'arn:aws:bedrock:us-east-1::foundation-model/b'] }, {}],
    ['its own models', { models: ['z'] }, { models: ['a', 'b'] }],
    ['a pattern of models', { models: ['z'] }, { models: ['a', 'b*'] }],
  ])('have one line for each of %s', (_, members, entry) => {
    const given = facts({ modelsInUse: { known: ['b', 'c'] } });
    expect(drawn('Overview', members, entry, given).slice(0, 1).map(metricsOf)).toEqual([
      [
        ['AWS/Bedrock', 'Invocations', 'ModelId', 'a', { label: 'a' }],
        ['AWS/Bedrock', 'Invocations', 'ModelId', 'b', { label: 'b' }],
      ],
    ]);
  });

  test('say what a percentile is of', () => {
    const first = titled('Time to first token by model (p50, ms)', drawn('Latency', { models: ['a'] }));
    expect(first.properties).toMatchObject({ stat: 'p50', period: 300 });
    expect(metricsOf(first)).toEqual([['AWS/Bedrock', 'TimeToFirstToken', 'ModelId', 'a', { label: 'a' }]]);
  });
});

describe('the logs', () => {
  const query = (title: string, ...of: Parameters<typeof drawn>): unknown =>
    titled(title, drawn(...of)).properties['query'];

  test('are those of the monitor’s group, else of the one that Bedrock delivers to', () => {
    expect(query('Latest prompts', 'Overview', { invocationLogging: logging })).toMatch(
      /^SOURCE '\/aws\/bedrock\/production' \| filter /,
    );
    const delivered = facts({ deliveredLogGroup: { known: '/shared' } });
    expect(query('Latest prompts', 'Overview', {}, {}, delivered)).toMatch(/^SOURCE '\/shared' \| /);
    for (const column of ['model', 'operation', 'inputTokens', 'outputTokens', 'prompt']) {
      expect(query('Latest prompts', 'Overview', everything)).toMatch(new RegExp(`display .*\\b${column}\\b`));
    }
  });

  test('of findings are those of the group that receives them', () => {
    expect(query('Latest findings', 'Privacy', everything)).toMatch(/^SOURCE '\/aws\/bedrock\/findings' \| /);
    expect(query('Latest masked records', 'Privacy', everything)).toMatch(/^SOURCE '\/aws\/bedrock\/production' \| /);
  });

  test('of one model are those of the model that the reader chooses', () => {
    expect(query('Latest invocations of the chosen model', 'Errors', everything)).toContain('model = "CHOSEN_MODEL"');
  });
});

describe('the cost', () => {
  const modelPrices = [
    { model: 'arn:aws:bedrock:us-east-1::foundation-model/a', inputUSDPerMillion: 3, outputUSDPerMillion: 15 },
    { model: 'b', inputUSDPerMillion: 0.0000001, outputUSDPerMillion: 1200 },
    { model: 'c', inputUSDPerMillion: 1, outputUSDPerMillion: 1 },
  ];

  test('is tokens times prices, of the models that are shown', () => {
    const widgets = drawn('TokensAndCost', { modelPrices }, { models: ['a', 'b', 'x'] });
    const byHour = titled('Cost by model (USD per hour)', widgets);
    expect(byHour.properties).toMatchObject({ period: 3600, stat: 'Sum', stacked: true });
    expect(metricsOf(byHour)).toEqual([
      [
        {
          id: 'cost0',
          expression: '(FILL(input0, 0) * 3 + FILL(output0, 0) * 15) / 1000000',
          label: 'a',
          visible: true,
        },
      ],
      ['AWS/Bedrock', 'InputTokenCount', 'ModelId', 'a', { id: 'input0', visible: false }],
      ['AWS/Bedrock', 'OutputTokenCount', 'ModelId', 'a', { id: 'output0', visible: false }],
      [
        {
          id: 'cost1',
          expression: '(FILL(input1, 0) * 0.0000001 + FILL(output1, 0) * 1200) / 1000000',
          label: 'b',
          visible: true,
        },
      ],
      ['AWS/Bedrock', 'InputTokenCount', 'ModelId', 'b', { id: 'input1', visible: false }],
      ['AWS/Bedrock', 'OutputTokenCount', 'ModelId', 'b', { id: 'output1', visible: false }],
    ]);
    expect(metricsOf(titled('Cost (USD per day)', widgets))).toContainEqual([
      { id: 'total', expression: 'cost0 + cost1', label: 'All models' },
    ]);
  });

  test('is of all that have prices, where no models are named', () => {
    const byDay = titled('Cost (USD per day)', drawn('TokensAndCost', { modelPrices }));
    expect(byDay.properties).toMatchObject({ period: 86_400 });
    expect(metricsOf(byDay)).toContainEqual([
      { id: 'total', expression: 'cost0 + cost1 + cost2', label: 'All models' },
    ]);
  });

  test('is not there without a price of a model that is shown', () => {
    const costs = (...of: Parameters<typeof drawn>) => titles(drawn(...of)).filter((title) => title.includes('Cost'));
    expect(costs('TokensAndCost')).toEqual([]);
    expect(costs('TokensAndCost', { modelPrices }, { models: ['x'] })).toEqual([]);
    expect(costs('TokensAndCost', { modelPrices }, { models: ['a'] })).toHaveLength(2);
  });

  test('of one model that is priced twice is by the first price', () => {
    const twice = [{ ...modelPrices[2], model: 'a', inputUSDPerMillion: 7, outputUSDPerMillion: 7 }, ...modelPrices];
    const byHour = titled(
      'Cost by model (USD per hour)',
      drawn('TokensAndCost', { modelPrices: twice }, { models: ['a'] }),
    );
    expect(metricsOf(byHour)).toMatchObject([
      [{ expression: '(FILL(input0, 0) * 7 + FILL(output0, 0) * 7) / 1000000' }],
      ['AWS/Bedrock', 'InputTokenCount', 'ModelId', 'a', {}],
      ['AWS/Bedrock', 'OutputTokenCount', 'ModelId', 'a', {}],
    ]);
  });
});

test('the error rate is that of the alarm, without its minimum of requests', () => {
  const [rate, requests, errors, ...sums] = JSON.parse(
    JSON.stringify(metricsOf(titled('Error rate (%)', drawn('Errors')))),
  );
  expect(rate).toEqual([
    {
      id: 'rate',
      label: 'Error rate (%)',
      visible: true,
      expression: 'IF(requests < 1, 0, 100 * errors / IF(requests < 1, 1, requests))',
    },
  ]);
  expect([requests, errors]).toMatchObject([
    [{ id: 'requests', expression: 'FILL(invocations, 0) + errors', visible: false }],
    [{ id: 'errors', expression: 'FILL(serverErrors, 0) + FILL(throttles, 0)', visible: false }],
  ]);
  expect(sums).toEqual([
    ['AWS/Bedrock', 'Invocations', { id: 'invocations', visible: false, stat: 'Sum', period: 300 }],
    ['AWS/Bedrock', 'InvocationServerErrors', { id: 'serverErrors', visible: false, stat: 'Sum', period: 300 }],
    ['AWS/Bedrock', 'InvocationThrottles', { id: 'throttles', visible: false, stat: 'Sum', period: 300 }],
  ]);
});

test('Delivery shows the six delivery metrics, which exist over all models only', () => {
  const names = drawn('Delivery', { models: ['a'] })
    .slice(0, 3)
    .flatMap((widget): unknown[] => JSON.parse(JSON.stringify(metricsOf(widget))));
  expect(names).toEqual(
    ['LogsCloudWatchDelivery', 'LogsS3Delivery', 'LargeDataS3Delivery'].flatMap((of) => [
      ['AWS/Bedrock', `ModelInvocation${of}Success`, { label: 'Delivered', stat: 'Sum' }],
      ['AWS/Bedrock', `ModelInvocation${of}Failure`, { label: 'Failed', stat: 'Sum' }],
    ]),
  );
});

test('what Guardrails searches for is what AWS documents: metrics under sets of dimensions', () => {
  const documented = new Map(Object.entries(metricCatalogue['AWS/Bedrock/Guardrails']));
  const searches = drawn('Guardrails').flatMap((widget) => {
    const [, dimensions = '', name = ''] =
      /\{\\"AWS\/Bedrock\/Guardrails\\",([^}]+)\} MetricName=\\"(\w+)\\"/.exec(JSON.stringify(metricsOf(widget))) ?? [];
    return name === '' ? [] : [{ name, dimensions: dimensions.split(',') }];
  });
  expect(searches.length).toBeGreaterThan(5);
  for (const { name, dimensions } of searches) expect(documented.get(name)?.dimensions).toContainEqual(dimensions);
});
