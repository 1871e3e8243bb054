import { describe, expect, it } from 'vitest';
import type { BedrockMonitorStatus } from '#src/api/v1alpha1.ts';
import { driftStatus, reportedBefore, sayDrifted } from '#src/domain/drift.ts';
import { holdOf, reportOnly } from '#src/domain/hold.ts';
import type { Planned } from '#src/domain/plan.ts';
import type { Change } from '#src/domain/resource.ts';
import type { Result, Trouble } from '#src/domain/result.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const threshold: Change = { path: 'threshold', from: 99, to: 0 };
const periods: Change = { path: 'evaluationPeriods', from: 1, to: 3 };
const contended: Trouble = { kind: 'stall', reason: 'Contended', message: '' };
const waiting: Trouble = { kind: 'wait', reason: 'Propagating', message: '' };

function result(more: Partial<Result>): Result {
  return { ref: { kind: 'MetricAlarm', name: 'a' }, part: 'Alarms', path: 'alarms/a', state: 'Differs', ...more };
}
const field = { path: 'alarms/a/threshold', from: '99', to: '0', since: '2026-01-01T00:00:00Z' };
const before: BedrockMonitorStatus['drift'] = { count: 1, fields: [field] };

describe('what is reported as drift', () => {
  it.each<[string, Result, readonly string[]]>([
    ['under Report', result({ trouble: reportOnly, changes: [threshold] }), ['alarms/a/threshold 99 0']],
    ['in mode Observe', result({ trouble: holdOf('Observe'), changes: [threshold] }), ['alarms/a/threshold 99 0']],
    ['given up', result({ trouble: contended, changes: [threshold] }), ['alarms/a/threshold 99 0']],
    ['gone', result({ trouble: reportOnly, would: 'Create' }), ['alarms/a - "present"']],
    ['to be deleted', result({ trouble: holdOf('Observe'), would: 'Delete' }), ['alarms/a "present" -']],
    ['in mode Plan: that is a plan', result({ trouble: holdOf('Plan'), would: 'Update', changes: [threshold] }), []],
    [
      'beside a plan',
      result({ trouble: holdOf('Plan'), would: 'Update', changes: [periods], reported: [threshold] }),
      ['alarms/a/threshold 99 0'],
    ],
    ['put right', result({ state: 'InSync', action: 'updated', changes: [threshold] }), []],
    ['in sync', result({ state: 'InSync' }), []],
  ])('%s', (_, of, expected) => {
    const { fields = [], count } = driftStatus([of], undefined, NOW);
    expect(fields.map(({ path, from = '-', to = '-' }) => `${path} ${from} ${to}`)).toEqual(expected);
    expect(count).toBe(expected.length);
  });

  it('keeps since when, and what is new is since now', () => {
    const now = driftStatus([result({ trouble: reportOnly, changes: [threshold, periods] })], before, NOW);
    expect(now.fields?.map(({ since }) => since)).toEqual([field.since, '2026-01-01T12:00:00Z']);
  });

  it.each<[Result['state'], number]>([
    ['Updated', 1],
    ['Pending', 1],
    ['Waiting', 1],
    ['Failed', 1],
    ['InSync', 0],
    ['Gone', 0],
  ])('keeps what was reported of a resource that was not judged: %s', (state, count) => {
    expect(driftStatus([result({ state, trouble: waiting })], before, NOW).count).toBe(count);
  });

  it('keeps it for the resource that it is of', () => {
    const group = { path: 'invocationLogging/logGroup/retentionInDays', since: field.since };
    const logging = result({ path: 'invocationLogging', state: 'Waiting', trouble: waiting });
    const logGroup = result({ path: 'invocationLogging/logGroup', state: 'InSync' });
    expect(driftStatus([logging, logGroup], { count: 1, fields: [group] }, NOW)).toEqual({ count: 0 });
  });

  it('is bounded, and counts all', () => {
    const changes = Array.from({ length: 30 }, (_, index) => ({ path: `f${index}`, from: 'x'.repeat(500), to: index }));
    const drift = driftStatus([result({ trouble: reportOnly, changes })], undefined, NOW);
    expect(drift.count).toBe(30);
    expect(drift.fields).toHaveLength(20);
    expect(drift.fields?.[0]?.from?.length).toBeLessThanOrEqual(128);
    const [saying] = sayDrifted(drift);
    expect(saying).toMatchObject({ type: 'Drifted', status: 'True', reason: 'DriftDetected' });
    expect(saying?.message).toMatch(/and 25 more$/);
  });

  it('is no condition where there is none', () => {
    expect(sayDrifted({ count: 0 })).toEqual([]);
  });

  it('is told from an edit: the same field, towards the same declared value', () => {
    const planned = { path: 'alarms/a' } as Planned;
    const status = { drift: before };
    expect(reportedBefore(status, planned, [threshold, periods])).toEqual([threshold]);
    expect(reportedBefore(status, planned, [{ ...threshold, from: 50 }])).toHaveLength(1);
    expect(reportedBefore(status, planned, [{ ...threshold, to: 7 }])).toEqual([]);
    expect(reportedBefore(undefined, planned, [threshold])).toEqual([]);
  });
});
