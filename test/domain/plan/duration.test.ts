import { describe, expect, test } from 'vitest';
import { asDuration, seconds } from '#src/domain/plan/duration.ts';

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

  test.each(['', '5', 'm', '5d', '1.5h', '-5m', '5m ', '1m30'])('%j is none', (text) => {
    expect(seconds(text)).toBeNaN();
  });
});
