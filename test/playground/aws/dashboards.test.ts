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
