import { describe, expect, it } from 'vitest';
import type { Condition } from '#src/api/v1alpha1.ts';
import { deeds, transitions } from '#src/domain/news.ts';
import type { Result } from '#src/domain/result.ts';

const condition = (type: Condition['type'], status: Condition['status'], reason: string): Condition => ({
  type,
  status,
  reason,
  message: `because of ${reason}`,
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const ready = condition('Ready', 'True', 'InSync');
const waits = condition('Ready', 'False', 'Progressing');
const denied = condition('Ready', 'False', 'AccessDenied');
const conflict = condition('Ready', 'False', 'Conflict');

describe('Events of conditions', () => {
  it.each<[string, readonly Condition[], readonly Condition[], readonly string[]]>([
    ['nothing changed', [ready], [ready], []],
    ['it came to be in sync', [waits], [ready], ['Normal InSync']],
    ['it came to be, at once', [], [ready], ['Normal InSync']],
    ['it ceased to be', [ready], [waits], ['Normal Progressing']],
    ['it ceased to be, and a person must act', [ready], [denied], ['Warning AccessDenied']],
    ['it waits, and then a person must act', [waits], [denied], ['Warning AccessDenied']],
    ['still the same stall', [denied], [{ ...denied, message: 'another sentence' }], []],
    ['another stall', [denied], [conflict], ['Warning Conflict']],
    ['waiting for something else is no news', [waits], [condition('Ready', 'False', 'Propagating')], []],
    ['a stall that turns to waiting is no news', [denied], [waits], []],
    ['another note is no news', [ready], [condition('Ready', 'True', 'NobodyNotified')], []],
    ['AWS was not looked at, and Ready says why', [], [condition('AlarmsConfigured', 'Unknown', 'RoleNotAllowed')], []],
    [
      'the passing conditions say what Ready says',
      [],
      [condition('Stalled', 'True', 'Conflict'), condition('Reconciling', 'True', 'Progressing')],
      [],
    ],
    ['it was suspended', [], [condition('Suspended', 'True', 'Suspended')], ['Normal Suspended']],
  ])('%s', (_, before, after, expected) => {
    expect(transitions(before, after).map(({ type, reason }) => `${type} ${reason}`)).toEqual(expected);
  });
});

describe('Events of deeds', () => {
  const result = (rest: Partial<Result>): Result => ({
    ref: { kind: 'MetricAlarm', name: 'a' },
    part: 'Alarms',
    path: 'alarms/a',
    state: 'InSync',
    ...rest,
  });

  it.each<[string, Partial<Result>, boolean, readonly string[]]>([
    ['nothing was done', {}, true, []],
    ['made as the spec says', { action: 'created' }, false, []],
    ['made again', { action: 'created' }, true, ['DriftCorrected']],
    ['changed as the spec says', { action: 'updated' }, false, []],
    ['put back', { action: 'updated' }, true, ['DriftCorrected']],
    ['deleted', { action: 'deleted', state: 'Gone' }, true, ['Deleted']],
    ['left in AWS', { action: 'retained', state: 'Gone' }, true, ['Retained']],
    ['not ours any more', { action: 'released', state: 'Gone' }, true, ['Released']],
  ])('%s', (_, rest, drifted, expected) => {
    expect(deeds([result({ ...rest, ...(drifted && { drifted }) })]).map(({ reason }) => reason)).toEqual(expected);
  });

  it('name fields with from and to, long values cut, many counted', () => {
    const changes = Array.from({ length: 7 }, (_, index) => ({
      path: `f${index}`,
      from: undefined,
      to: 'x'.repeat(500),
    }));
    const [news] = deeds([result({ action: 'updated', changes, drifted: true })]);
    expect(news?.note).toMatch(
      /^MetricAlarm\/a was changed in AWS and put back: f0 from nothing to sha256:[0-9a-f]{16} \(502 characters\), .*and 2 more$/,
    );
    expect(news?.note.length).toBeLessThan(1024);
  });

  it.each<[string, Partial<Result>, readonly string[]]>([
    ['an edit', { action: 'updated' }, ['DataLoss']],
    ['an adoption', { action: 'adopted' }, ['DataLoss', 'Adopted']],
    ['what is put back', { action: 'updated', drifted: true }, ['DataLoss', 'DriftCorrected']],
    ['what was not written', {}, []],
  ])('data that is lost is told by an Event of its own: %s', (_, rest, expected) => {
    const changes = [
      { path: 'tags.team', from: 'a', to: 'b' },
      { path: 'retentionInDays', from: 90, to: 7, losesData: true as const },
    ];
    const news = deeds([result({ ref: { kind: 'LogGroup', name: '/g' }, changes, ...rest })]);
    expect(news.map(({ reason }) => reason)).toEqual(expected);
    const told = news.filter(({ reason }) => reason === 'DataLoss').map(({ type, note }) => `${type} ${note}`);
    const sentence = expect.stringMatching(/^Warning LogGroup\/\/g .*: retentionInDays from 90 to 7$/);
    expect(told).toEqual(expected.slice(0, 1).map(() => sentence));
  });
});
