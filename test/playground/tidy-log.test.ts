import { expect, test } from 'vitest';
import { tidyLine, tidyLog } from '#src/playground/tidy-log.ts';

test('a warning is one line for people, an error its message', () => {
  const lines: string[] = [];
  const log = tidyLog('warn', (line) => lines.push(line));
  log.info('watching', { monitors: 3 });
  log.warn('AWS write', { operation: 'PutMetricAlarm', attempts: 2 });
  log.error('pass failed', { monitor: 'genai/production', error: new Error('no\nanswer') });
  expect(lines).toEqual([
    'operator warn: AWS write  operation=PutMetricAlarm  attempts=2',
    'operator error: pass failed  monitor=genai/production  error="no\\nanswer"',
  ]);
});

test('what is no JSON stays as it is', () => {
  expect(tidyLine('plain\n')).toBe('plain');
  expect(tidyLine('12\n')).toBe('12');
});
