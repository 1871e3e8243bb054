import { describe, expect, test } from 'vitest';
import { asDuration, milliseconds, seconds } from '#src/domain/plan/duration.ts';

describe('durations', () => {
  test.each([
    ['30s', 30],
    ['5m', 300],
    ['1h', 3600],
    ['1h30m', 5400],
    ['24h', 86_400],
  ])('%s is %d seconds, and back', (text, expected) => {
    expect(seconds(text)).toBe(expected);
    expect(asDuration(expected)).toBe(text);
  });

  test.each([
    ['500ms', 500],
    ['2s', 2000],
    ['1m30s', 90_000],
    ['1s500ms', 1500],
    ['5m', 300_000],
    ['0ms', 0],
  ])('%s is %d milliseconds', (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
  });

  test.each(['', '5', 'ms', '500ms1s', '1.5s'])('%j is no number of milliseconds', (text) => {
    expect(milliseconds(text)).toBeNaN();
  });

  test.each(['', '5', 'm', '5d', '1.5h', '-5m', '5m ', '1m30'])('%j is none', (text) => {
    expect(seconds(text)).toBeNaN();
  });
});
