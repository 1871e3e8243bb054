import { describe, expect, it } from 'vitest';
import { grafted } from '#src/domain/graft.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Change, Dashboard, InvocationLogging, LogGroup, MetricAlarm, Resource } from '#src/domain/resource.ts';

const alarm: MetricAlarm = {
  kind: 'MetricAlarm',
  name: 'a',
  description: 'ours',
  metric: { namespace: 'AWS/Bedrock', name: 'Invocations', dimensions: {}, statistic: 'Sum', period: 60 },
  threshold: 0,
  comparisonOperator: 'GreaterThanThreshold',
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: 'missing',
  actionsEnabled: true,
  alarmActions: ['a'],
  okActions: [],
  insufficientDataActions: [],
  tags: { team: 'search' },
};
const dashboard: Dashboard = {
  kind: 'Dashboard',
  name: 'd',
  body: { start: '-PT3H', widgets: [{ title: 'one' }, { title: 'two' }] },
  tags: { 'a.b': '1', a: '2' },
};
const group: LogGroup = { kind: 'LogGroup', name: '/g', management: 'Managed', retentionInDays: 30, tags: {} };

function result(desired: Resource, observed: Resource, ...paths: readonly string[]): Resource {
  const planned: Planned = { resource: desired, part: 'Alarms', path: 'x/y', after: [] };
  const changes = paths.map((path): Change => ({ path, from: 1, to: 2 }));
  return grafted(planned, { resource: observed, mark: { state: 'None' } }, changes).resource;
}

describe('a planned resource with the fields that AWS keeps', () => {
  it.each<[string, Resource, Resource, readonly string[], object]>([
    ['a field', alarm, { ...alarm, threshold: 9, evaluationPeriods: 5 }, ['threshold'], { ...alarm, threshold: 9 }],
    [
      'two fields',
      alarm,
      { ...alarm, threshold: 9, evaluationPeriods: 5 },
      ['threshold', 'evaluationPeriods'],
      { ...alarm, threshold: 9, evaluationPeriods: 5 },
    ],
    [
      'a field within one',
      alarm,
      { ...alarm, metric: { namespace: 'x', name: 'y', dimensions: {}, statistic: 'Average', period: 300 } },
      ['metric.statistic'],
      { ...alarm, metric: { ...alarm.metric, statistic: 'Average' } },
    ],
    [
      'a whole list',
      alarm,
      { ...alarm, alarmActions: ['b', 'c'] },
      ['alarmActions'],
      { ...alarm, alarmActions: ['b', 'c'] },
    ],
    ['an alarm’s tags are not known, and stay', alarm, { ...alarm, tags: {} }, ['tags'], alarm],
    [
      'an item of a list',
      dashboard,
      { ...dashboard, body: { start: '-PT1H', widgets: [{ title: 'uno' }, { title: 'due' }] } },
      ['body.widgets.1.title'],
      { ...dashboard, body: { start: '-PT3H', widgets: [{ title: 'one' }, { title: 'due' }] } },
    ],
    [
      'a tag whose key holds a dot',
      dashboard,
      { ...dashboard, tags: { 'a.b': '7', a: '8' } },
      ['tags.a.b'],
      { ...dashboard, tags: { 'a.b': '7', a: '2' } },
    ],
    ['what is not declared', group, { ...group, kmsKeyARN: 'k' }, ['kmsKeyARN'], { ...group, kmsKeyARN: 'k' }],
    ['nothing', group, { ...group, retentionInDays: 1 }, [], group],
    ['what neither has', group, group, ['nothing'], group],
  ])('has %s', (_, desired, observed, paths, expected) => {
    const before = structuredClone(desired);
    expect(result(desired, observed, ...paths)).toEqual(expected);
    expect(desired).toEqual(before);
  });

  it('drops a declared member that AWS does not have', () => {
    const { retentionInDays: _, ...without } = group;
    expect(result(group, without, 'retentionInDays')).toEqual(without);
  });

  it('has members of the logging configuration by their own paths', () => {
    const logging = (configuration: InvocationLogging['configuration']): InvocationLogging => ({
      kind: 'InvocationLogging',
      name: 'invocation-logging',
      configuration,
    });
    const desired = logging({ cloudWatchConfig: { logGroupName: 'g', roleArn: 'r' }, textDataDeliveryEnabled: true });
    const observed = logging({ cloudWatchConfig: { logGroupName: 'h', roleArn: 's' }, textDataDeliveryEnabled: false });
    expect(result(desired, observed, 'cloudWatchConfig.roleArn')).toEqual(
      logging({ cloudWatchConfig: { logGroupName: 'g', roleArn: 's' }, textDataDeliveryEnabled: true }),
    );
  });
});
