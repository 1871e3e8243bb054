import { GetMetricDataCommand, ListMetricsCommand, type ListMetricsCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from 'vitest';
import { accountID, region, simulated } from './clients.ts';

const minute = 60_000;
const namespace = 'AWS/Bedrock';

function metrics() {
  const simulation = simulated();
  const account = simulation.aws.account(accountID);
  const start = simulation.clock.now();
  return {
    ...simulation,
    start,
    /** Points of Invocations, `[minutes after the start, value]`. */
    record: (model: string | undefined, ...points: readonly (readonly [number, number])[]) =>
      account.metric(region, {
        namespace,
        name: 'Invocations',
        ...(model !== undefined && { dimensions: { ModelId: model } }),
        points: points.map(([at, value]) => ({ timestamp: start + at * minute, value })),
      }),
    list: async (input: ListMetricsCommandInput = {}) => {
      const answer = await simulation.monitoring.send(new ListMetricsCommand(input));
      return (answer.Metrics ?? []).map(({ Dimensions }) => Dimensions?.map(({ Value }) => Value).join());
    },
  };
}

describe('ListMetrics', () => {
  test('shows a metric a quarter of an hour after its first point, and forgets it two weeks after its last', async () => {
    const { record, list, clock } = metrics();
    record('a', [0, 1]);
    await clock.advance(14 * minute);
    expect(await list()).toEqual([]);
    await clock.advance(minute);
    expect(await list()).toEqual(['a']);
    await clock.advance(13 * 24 * 60 * minute);
    expect(await list()).toEqual(['a']);
    await clock.advance(24 * 60 * minute);
    expect(await list()).toEqual([]);
  });

  test('selects by namespace, name, dimensions and recent activity', async () => {
    const { record, list, clock } = metrics();
    record(undefined, [0, 1]);
    record('a', [0, 1]);
    record('b', [0, 1], [300, 1]);
    await clock.advance(301 * minute);
    expect(await list({ Namespace: namespace, MetricName: 'Invocations' })).toEqual(['', 'a', 'b']);
    expect(await list({ Dimensions: [{ Name: 'ModelId' }] })).toEqual(['a', 'b']);
    expect(await list({ Dimensions: [{ Name: 'ModelId', Value: 'b' }] })).toEqual(['b']);
    expect(await list({ RecentlyActive: 'PT3H' })).toEqual(['b']);
    expect(await list({ Namespace: 'AWS/Logs' })).toEqual([]);
    await expect(list({ IncludeLinkedAccounts: true })).rejects.toThrow('one account only');
    await expect(list({ NextToken: 'nonsense' })).rejects.toThrow('Invalid NextToken');
  });

  test('answers 500 metrics at a time', async () => {
    const { record, clock, monitoring } = metrics();
    for (let index = 0; index < 501; index++) record(`model-${index}`, [0, 1]);
    await clock.advance(15 * minute);
    const first = await monitoring.send(new ListMetricsCommand({}));
    expect(first.Metrics).toHaveLength(500);
    const second = await monitoring.send(new ListMetricsCommand({ NextToken: first.NextToken }));
    expect(second.Metrics).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
  });
});

describe('GetMetricData', () => {
  const query = (stat: string, model?: string) => ({
    Id: 'q',
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: 'Invocations',
        Dimensions: model === undefined ? [] : [{ Name: 'ModelId', Value: model }],
      },
      Period: 300,
      Stat: stat,
    },
  });

  test.each([
    ['Sum', [6, 4]],
    ['Average', [2, 4]],
    ['Minimum', [1, 4]],
    ['Maximum', [3, 4]],
    ['SampleCount', [3, 1]],
    ['p50', [2, 4]],
    ['p99', [3, 4]],
  ])('works out %s of each period, the newest first', async (stat, [earlier, later]) => {
    const { record, monitoring, start } = metrics();
    record('a', [0, 1], [1, 2], [2, 3], [5, 4], [10, 100]);
    const window = { StartTime: new Date(start), EndTime: new Date(start + 10 * minute) };
    const { MetricDataResults } = await monitoring.send(
      new GetMetricDataCommand({ MetricDataQueries: [query(stat, 'a')], ...window }),
    );
    expect(MetricDataResults).toEqual([
      {
        Id: 'q',
        Label: 'Invocations',
        StatusCode: 'Complete',
        Timestamps: [new Date(start + 5 * minute), new Date(start)],
        Values: [later, earlier],
      },
    ]);
  });

  test('a metric without points has none, and points with a dimension are not those without', async () => {
    const { record, monitoring, start } = metrics();
    record('a', [0, 1]);
    const window = { StartTime: new Date(start), EndTime: new Date(start + 10 * minute) };
    const { MetricDataResults } = await monitoring.send(
      new GetMetricDataCommand({ MetricDataQueries: [query('Sum')], ...window }),
    );
    expect(MetricDataResults).toMatchObject([{ Values: [], StatusCode: 'Complete' }]);
  });

  test('divides long answers into pages; what goes on is partial', async () => {
    const { record, monitoring, start } = metrics();
    record('a', [0, 1], [5, 2], [10, 3]);
    const input = {
      MetricDataQueries: [query('Sum', 'a'), { ...query('Sum', 'b'), Id: 'r' }],
      StartTime: new Date(start),
      EndTime: new Date(start + 15 * minute),
      MaxDatapoints: 2,
      ScanBy: 'TimestampAscending' as const,
    };
    const first = await monitoring.send(new GetMetricDataCommand(input));
    expect(first.MetricDataResults).toMatchObject([{ Id: 'q', Values: [1, 2], StatusCode: 'PartialData' }]);
    const second = await monitoring.send(new GetMetricDataCommand({ ...input, NextToken: first.NextToken }));
    expect(second.MetricDataResults).toMatchObject([
      { Id: 'q', Values: [3], StatusCode: 'Complete' },
      { Id: 'r', Values: [], StatusCode: 'Complete' },
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  test('refuses what it does not evaluate, in a sentence', async () => {
    const { monitoring, start } = metrics();
    const window = { StartTime: new Date(start), EndTime: new Date(start + minute) };
    const refused = (changes: object) =>
      monitoring.send(new GetMetricDataCommand({ MetricDataQueries: [{ ...query('Sum'), ...changes }], ...window }));
    await expect(refused({ MetricStat: undefined, Expression: 'SEARCH(1)' })).rejects.toThrow('q is an expression');
    await expect(refused({ ...query('tm90') })).rejects.toThrow('tm90 for parameter Stat of q');
    await expect(refused({ AccountId: '999988887777' })).rejects.toThrow('one account only');
    await expect(
      monitoring.send(
        new GetMetricDataCommand({ MetricDataQueries: [query('Sum')], ...window, EndTime: new Date(start) }),
      ),
    ).rejects.toThrow('StartTime must be less than');
  });
});
