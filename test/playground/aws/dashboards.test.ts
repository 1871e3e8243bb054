import {
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { accountID, clientsOf, failure, simulated } from './clients.ts';

const arn = `arn:aws:cloudwatch::${accountID}:dashboard/overview`;
const metricWidget = (properties: object = {}) => ({
  type: 'metric',
  x: 0,
  y: 0,
  width: 12,
  height: 6,
  properties: {
    region: 'us-east-1',
    metrics: [['AWS/Bedrock', 'Invocations', 'ModelId', 'm', { stat: 'Sum' }]],
    ...properties,
  },
});
const body = (...widgets: object[]) => JSON.stringify({ widgets });
const alarmWidget = (count: number) => ({
  type: 'alarm',
  properties: {
    alarms: Array.from({ length: count }, (_, n) => `arn:aws:cloudwatch:us-east-1:${accountID}:alarm:a${n}`),
  },
});
const choices = (count: number) => Array.from({ length: count }, (_, n) => ({ value: `c${n}` }));
const variable = (members: object = {}) => ({
  type: 'property',
  property: 'region',
  inputType: 'select',
  id: 'region',
  values: choices(2),
  ...members,
});
const withVariables = (...variables: object[]) => JSON.stringify({ widgets: [], variables });

function dashboards() {
  const simulation = simulated();
  return {
    ...simulation,
    put: (DashboardBody: string, more: { DashboardName?: string; Tags?: { Key: string; Value: string }[] } = {}) =>
      simulation.monitoring.send(new PutDashboardCommand({ DashboardName: 'overview', DashboardBody, ...more })),
  };
}

describe('dashboards', () => {
  test('are one name space for all Regions of an account, and keep the body as it was put', async () => {
    const { aws, put } = dashboards();
    const stored = `{ "widgets" : [${JSON.stringify(metricWidget())}] }`;
    await put(stored);
    const elsewhere = clientsOf(aws, { region: 'eu-west-1' }).monitoring;
    expect(await elsewhere.send(new GetDashboardCommand({ DashboardName: 'overview' }))).toMatchObject({
      DashboardBody: stored,
      DashboardArn: arn,
    });
    const another = clientsOf(aws, { account: '444455556666' }).monitoring;
    await expect(failure(another.send(new GetDashboardCommand({ DashboardName: 'overview' })))).resolves.toMatchObject({
      name: 'ResourceNotFound',
      status: 404,
    });
  });

  test('take tags at creation only', async () => {
    const { monitoring, put } = dashboards();
    await put(body(), { Tags: [{ Key: 'a', Value: '1' }] });
    await put(body(metricWidget()), { Tags: [{ Key: 'b', Value: '2' }] });
    const tags = async () => (await monitoring.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags;
    expect(await tags()).toEqual([{ Key: 'a', Value: '1' }]);
    await monitoring.send(new TagResourceCommand({ ResourceARN: arn, Tags: [{ Key: 'b', Value: '2' }] }));
    expect(await tags()).toHaveLength(2);
  });

  test('answer warnings with success', async () => {
    const { put } = dashboards();
    expect((await put(body(metricWidget()))).DashboardValidationMessages).toEqual([]);
    expect((await put('{"widgets":[],"colour":"red"}')).DashboardValidationMessages).toEqual([
      { DataPath: '/colour', Message: 'Should NOT have additional properties' },
    ]);
    const unsourced = { type: 'log', properties: { region: 'us-east-1', query: 'fields @message', colour: 'red' } };
    expect((await put(body(unsourced))).DashboardValidationMessages?.map(({ DataPath }) => DataPath)).toEqual([
      '/widgets/0/properties/query',
      '/widgets/0/properties/colour',
    ]);
  });

  test('take variables, alarms, accounts, explorers and every edge of the bounds without a word', async () => {
    const { put } = dashboards();
    const search = { values: undefined, search: '{AWS/Bedrock,ModelId} MetricName="Invocations"' };
    const explorer = {
      type: 'explorer',
      properties: {
        metrics: [{ metricName: 'CPUUtilization', resourceType: 'AWS::EC2::Instance', stat: 'Average' }],
        labels: [{ key: 'State', value: 'running' }],
        aggregateBy: { key: 'InstanceType', func: 'MAX' },
      },
    };
    const widgets = [
      alarmWidget(100),
      explorer,
      metricWidget({
        metrics: [
          ['AWS/Bedrock', 'Invocations', { accountId: accountID }],
          ['.', '.', { stat: 'p99', id: 'm1' }],
        ],
      }),
      { type: 'metric', properties: { region: 'us-east-1', annotations: { alarms: ['arn'] } } },
    ];
    const variables = [
      variable({ label: 'l'.repeat(30), defaultValue: 'c1' }),
      variable({ id: 'model', type: 'pattern', pattern: 'x', ...search, populateFrom: 'ModelId' }),
      variable({ id: 'free', inputType: 'input', values: undefined }),
    ];
    const answer = await put(JSON.stringify({ widgets, variables, start: '-PT3H', periodOverride: 'inherit' }));
    expect(answer.DashboardValidationMessages).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['what is not JSON', '{', ''],
    ['a body without widgets', '{}', '/'],
    [
      '501 widgets',
      body(...Array.from({ length: 501 }, () => ({ type: 'text', properties: { markdown: '' } }))),
      '/widgets',
    ],
    ['an unknown type', body({ type: 'graph', properties: {} }), '/widgets/0/type'],
    ['a metric widget without region', body(metricWidget({ region: undefined })), '/widgets/0/properties'],
    [
      'a metric with an odd number of names',
      body(metricWidget({ metrics: [['AWS/Bedrock', 'Invocations', 'ModelId']] })),
      '/widgets/0/properties/metrics/0',
    ],
    [
      'a metric with a number in it',
      body(metricWidget({ metrics: [['AWS/Bedrock', 1]] })),
      '/widgets/0/properties/metrics/0/1',
    ],
    ['an unknown view', body(metricWidget({ view: 'donut' })), '/widgets/0/properties/view'],
    ['a gauge without bounds', body(metricWidget({ view: 'gauge' })), '/widgets/0/properties/yAxis/left'],
    ['a widget that leaves the grid', body({ ...metricWidget(), x: 20 }), '/widgets/0'],
    ['a width of 25', body({ ...metricWidget(), x: 0, width: 25 }), '/widgets/0/width'],
    ['a log widget without query', body({ type: 'log', properties: { region: 'us-east-1' } }), '/widgets/0/properties'],
    ['x without y', body({ ...metricWidget(), y: undefined }), '/widgets/0'],
    [
      'an account that is none',
      body(metricWidget({ metrics: [['AWS/Bedrock', 'Invocations', { accountId: '1' }]] })),
      '/widgets/0/properties/metrics/0/accountId',
    ],
    ['a period of 90 seconds', body(metricWidget({ period: 90 })), '/widgets/0/properties/period'],
    [
      'one id twice',
      body(metricWidget({ metrics: ['A', 'B'].map((name) => ['AWS/Bedrock', name, { id: 'm' }]) })),
      '/widgets/0/properties/metrics/1/id',
    ],
    [
      'two Metrics Insights queries',
      body(metricWidget({ metrics: ['a', 'b'].map((id) => [{ id, expression: 'SELECT SUM(x) FROM "AWS/Bedrock"' }]) })),
      '/widgets/0/properties/metrics',
    ],
    [
      '501 metrics in a widget',
      body(metricWidget({ metrics: Array.from({ length: 501 }, (_, n) => ['AWS/Bedrock', `M${n}`]) })),
      '/widgets/0/properties/metrics',
    ],
    [
      '2,501 metrics in all widgets',
      body(
        ...Array.from({ length: 6 }, (_, w) => ({
          ...metricWidget({ metrics: Array.from({ length: w < 5 ? 500 : 1 }, () => ['AWS/Bedrock', 'Invocations']) }),
        })),
      ),
      '/widgets',
    ],
    [
      'an alarm widget of no alarm',
      body({ type: 'alarm', properties: { alarms: [] } }),
      '/widgets/0/properties/alarms',
    ],
    ['an alarm widget of 101 alarms', body(alarmWidget(101)), '/widgets/0/properties/alarms'],
    [
      'an alarm by its name',
      body({ type: 'alarm', properties: { alarms: ['throttling'] } }),
      '/widgets/0/properties/alarms/0',
    ],
    ['an explorer of nothing', body({ type: 'explorer', properties: { labels: [] } }), '/widgets/0/properties/metrics'],
    [
      'an explorer of two kinds of resources',
      body({
        type: 'explorer',
        properties: {
          labels: [{ key: 'team' }],
          metrics: ['AWS::EC2::Instance', 'AWS::S3::Bucket'].map((resourceType) => ({ metricName: 'x', resourceType })),
        },
      }),
      '/widgets/0/properties/metrics',
    ],
    ['26 variables', withVariables(...Array.from({ length: 26 }, (_, n) => variable({ id: `v${n}` }))), '/variables'],
    ['a variable without choices', withVariables(variable({ values: undefined })), '/variables/0'],
    ['a variable of 501 choices', withVariables(variable({ values: choices(501) })), '/variables/0/values'],
    ['a default that is no choice', withVariables(variable({ defaultValue: 'x' })), '/variables/0/defaultValue'],
    ['two variables of one id', withVariables(variable(), variable()), '/variables/1/id'],
    ['a label of 31 characters', withVariables(variable({ label: 'l'.repeat(31) })), '/variables/0/label'],
    [
      'a search that does not find what it populates from',
      withVariables(variable({ values: undefined, search: '{AWS/Bedrock,ModelId} x', populateFrom: 'Model' })),
      '/variables/0/populateFrom',
    ],
    ['an end without start', '{"widgets":[],"end":"2026-01-01T00:00:00Z"}', '/'],
    ['a start that is no time', '{"widgets":[],"start":"yesterday"}', '/start'],
  ])('refuse %s with DashboardInvalidInputError, saying where', async (_reason, dashboardBody, path) => {
    const { aws, put } = dashboards();
    const error = await put(dashboardBody).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'DashboardInvalidInputError',
      $metadata: { httpStatusCode: 400 },
      dashboardValidationMessages: expect.arrayContaining([expect.objectContaining({ DataPath: path })]),
    });
    expect(aws.account(accountID).state.dashboards.size).toBe(0);
  });

  test('refuse a name with a slash', async () => {
    const { put } = dashboards();
    await expect(failure(put(body(), { DashboardName: 'a/b' }))).resolves.toMatchObject({
      name: 'DashboardInvalidInputError',
    });
  });

  test('are listed by prefix with size and time, 1,000 a page', async () => {
    const { aws, monitoring, put } = dashboards();
    await put(body());
    for (let i = 0; i < 1000; i++) {
      aws.account(accountID).state.dashboards.set(`z${i}`, { name: `z${i}`, body: '{}', tags: {}, lastModified: 0 });
    }
    const first = await monitoring.send(new ListDashboardsCommand({}));
    expect(first.DashboardEntries).toHaveLength(1000);
    const second = await monitoring.send(new ListDashboardsCommand({ NextToken: first.NextToken }));
    expect(second.DashboardEntries).toHaveLength(1);
    const named = await monitoring.send(new ListDashboardsCommand({ DashboardNamePrefix: 'over' }));
    expect(named.DashboardEntries).toEqual([
      { DashboardName: 'overview', DashboardArn: arn, Size: 14, LastModified: new Date('2026-01-01T00:00:00Z') },
    ]);
  });

  test('that are deleted together with one that is not there are gone all the same', async () => {
    const { aws, monitoring, put } = dashboards();
    await put(body());
    await expect(
      failure(monitoring.send(new DeleteDashboardsCommand({ DashboardNames: ['none', 'overview'] }))),
    ).resolves.toMatchObject({ name: 'ResourceNotFound', status: 404 });
    expect(aws.account(accountID).state.dashboards.size).toBe(0);
  });

  test('put twice at a time are a ConflictException', async () => {
    const { put } = dashboards();
    const results = await Promise.allSettled([put(body()), put(body(metricWidget()))]);
    expect(results[0]?.status).toBe('fulfilled');
    expect(results[1]).toMatchObject({ reason: { name: 'ConflictException', $metadata: { httpStatusCode: 409 } } });
  });
});
