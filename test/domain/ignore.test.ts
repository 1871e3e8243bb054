import { describe, expect, it } from 'vitest';
import { fieldPath, isIgnored } from '#src/domain/ignore.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Resource } from '#src/domain/resource.ts';

const tags = {};
const dashboard: Resource = { kind: 'Dashboard', name: 'd', body: {}, tags };
const alarm: Resource = {
  kind: 'MetricAlarm',
  name: 'a',
  description: '',
  threshold: 0,
  comparisonOperator: 'GreaterThanThreshold',
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: 'missing',
  actionsEnabled: true,
  alarmActions: [],
  okActions: [],
  insufficientDataActions: [],
  tags,
};
const group: Resource = { kind: 'LogGroup', name: '/g', management: 'Managed', tags };

function planned(resource: Resource, path: string): Planned {
  return { resource, part: 'Alarms', path, after: [] };
}
const one = planned(alarm, 'alarms/latency');
const perModel = planned(alarm, 'alarms/latency/amazon.nova-pro-v1:0');
const burn = planned(alarm, 'slos/goal/m/fast-1h');
const board = planned(dashboard, 'dashboards/overview');
const logs = planned(group, 'invocationLogging/logGroup');
const of = (path: string) => ({ path, from: 1, to: 2 });

describe('fields that are left to others', () => {
  it.each<[string, Planned, string, boolean]>([
    ['alarms/latency/threshold', one, 'threshold', true],
    ['alarms/*/threshold', one, 'threshold', true],
    ['*/*/threshold', one, 'threshold', true],
    ['alarms/latency/threshold', one, 'evaluationPeriods', false],
    ['alarms/latenc/threshold', one, 'threshold', false],
    ['alarms/lat*/threshold', one, 'threshold', false],
    ['dashboards/*/threshold', one, 'threshold', false],
    ['alarms/latency', one, 'threshold', true],
    ['alarms/latency/*', one, 'threshold', true],
    ['alarms/*', one, 'metric.statistic', true],
    ['alarms/*/metric', one, 'metric.statistic', true],
    ['alarms/*/metric', one, 'metrics', false],
    ['alarms/*/metric.statistic', one, 'metric.period', false],
    ['alarms/*/threshold', perModel, 'threshold', true],
    ['alarms/latency/amazon.nova-pro-v1:0/threshold', perModel, 'threshold', true],
    ['alarms/latency/*/threshold', perModel, 'threshold', true],
    ['alarms/latency/amazon.nova-lite-v1:0/threshold', perModel, 'threshold', false],
    ['alarms/latency', perModel, 'threshold', true],
    ['slos/*/actionsEnabled', burn, 'actionsEnabled', true],
    ['slos/goal/m/fast-1h/actionsEnabled', burn, 'actionsEnabled', true],
    ['slos/goal/m/fast-5m/actionsEnabled', burn, 'actionsEnabled', false],
    ['dashboards/*/body', board, 'body.widgets.0.properties.title', true],
    ['dashboards/*/body.widgets', board, 'body.start', false],
    ['dashboards/overview/tags.cost/center', board, 'tags.cost/center', true],
    ['invocationLogging/logGroup/retentionInDays', logs, 'retentionInDays', true],
    ['invocationLogging/logGroup/tags.team', logs, 'tags.stage', false],
  ])('%s of %o: %s is %s', (pattern, resource, path, expected) => {
    expect(isIgnored([pattern], resource, of(path))).toBe(expected);
  });

  it('are those of any pattern, and none without one', () => {
    expect(isIgnored([], one, of('threshold'))).toBe(false);
    expect(isIgnored(['alarms/x', 'alarms/latency/threshold'], one, of('threshold'))).toBe(true);
  });

  it('are written as plan and drift print them', () => {
    for (const [resource, path] of [
      [one, 'threshold'],
      [perModel, 'threshold'],
      [board, 'body.widgets.0'],
      [logs, 'tags.a/b'],
    ] as const)
      expect(isIgnored([fieldPath(resource, of(path))], resource, of(path))).toBe(true);
    expect(fieldPath(one, of(''))).toBe('alarms/latency');
  });
});
