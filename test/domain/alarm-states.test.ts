import { describe, expect, it } from 'vitest';
import { alarmNews, alarmStates } from '#src/domain/alarm-states.ts';
import type { AlarmState } from '#src/domain/resource.ts';
import type { Result } from '#src/domain/result.ts';

function alarm(path: string, alarmState?: AlarmState): Result {
  return {
    ref: { kind: 'MetricAlarm', name: path },
    part: 'Alarms',
    path,
    state: 'InSync',
    ...(alarmState !== undefined && { alarmState }),
  };
}

const many = Array.from({ length: 25 }, (_, index) => alarm(`alarms/a${String(index).padStart(2, '0')}`, 'ALARM'));

function status(results: readonly Result[]) {
  return {
    summary: '',
    total: 0,
    inSync: 0,
    ...alarmStates(results),
    firingNames: [...alarmStates(results).firingNames],
  };
}

describe('the states of alarms', () => {
  it('are counted, and those that fire are named as they were declared', () => {
    const results = [
      alarm('alarms/latency/anthropic.claude', 'ALARM'),
      alarm('alarms/errors', 'ALARM'),
      alarm('alarms/calls', 'OK'),
      alarm('alarms/quota', 'INSUFFICIENT_DATA'),
      alarm('alarms/unread'),
    ];
    expect(alarmStates(results)).toEqual({
      ok: 1,
      firing: 2,
      insufficientData: 1,
      firingNames: ['errors', 'latency/anthropic.claude'],
    });
  });

  it('name at most twenty', () => {
    const { firing, firingNames } = alarmStates(many);
    expect([firing, firingNames.length, firingNames[19]]).toEqual([25, 20, 'a19']);
  });
});

describe('the Events of alarms', () => {
  const quiet = status([alarm('alarms/errors', 'OK')]);
  const loud = status([alarm('alarms/errors', 'ALARM')]);

  it.each([
    ['begins to fire', quiet, loud, ['AlarmFiring alarm errors is in state ALARM']],
    ['is over', loud, quiet, ['AlarmOver alarm errors is no longer in state ALARM']],
    ['stays', loud, loud, []],
    ['is seen for the first time', undefined, loud, ['AlarmFiring alarm errors is in state ALARM']],
    ['is not declared any more', loud, undefined, []],
    ['is one of too many to name', status(many), status(many.slice(1)), []],
  ])('are said where one %s', (_, before, now, expected) => {
    expect(alarmNews(before, now).map(({ reason, note }) => `${reason} ${note}`)).toEqual(expected);
  });
});
