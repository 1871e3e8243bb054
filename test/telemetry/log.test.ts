import { expect, test } from 'vitest';
import type { Fields, LogLevel } from '#src/telemetry/log.ts';
import { createLog, silentLog } from '#src/telemetry/log.ts';

function recording(level?: LogLevel) {
  const lines: string[] = [];
  const log = createLog(level, { write: (line) => void lines.push(line) });
  const parsed = (): Fields[] => lines.map((line): Fields => JSON.parse(line));
  return { log, lines, parsed };
}

test('a line is JSON: level as a word, ISO time, the fields and the message as it was given', () => {
  const { log, lines, parsed } = recording();
  log.info('alarm written', { resource: 'alarms/throttling', attempt: 2 });
  expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  expect(parsed()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      resource: 'alarms/throttling',
      attempt: 2,
      msg: 'alarm written',
    },
  ]);
});

test('lines below the level are left out', () => {
  const { log, parsed } = recording('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(parsed().map(({ level }) => level)).toEqual(['warn', 'error']);
});

test('a derived log carries its fields on each line, and the log that it came from does not', () => {
  const { log, parsed } = recording();
  log.with({ monitor: 'genai/production' }).with({ reconcileID: '7' }).info('pass ended');
  log.info('stopping');
  expect(parsed()[0]).toMatchObject({ monitor: 'genai/production', reconcileID: '7' });
  expect(parsed()[1]).not.toHaveProperty('monitor');
});

test('of an error only what is meant for people is written, never the request that it carries', () => {
  const { log, lines, parsed } = recording();
  const cause = new Error('socket hang up');
  const error = Object.assign(new Error('PutMetricAlarm failed', { cause }), {
    code: 'ECONNRESET',
    $response: { headers: { authorization: 'AWS4-HMAC-SHA256 Signature=abc' } },
  });
  log.error('pass failed', { error });
  expect(parsed()[0]?.['error']).toEqual({
    name: 'Error',
    message: 'PutMetricAlarm failed',
    code: 'ECONNRESET',
    stack: expect.stringContaining('PutMetricAlarm failed'),
    cause: { name: 'Error', message: 'socket hang up', stack: expect.stringContaining('socket hang up') },
  });
  expect(lines[0]).not.toContain('Signature');
});

test.each(['secretAccessKey', 'sessionToken', 'token', 'authorization', 'password'])('%s is redacted', (name) => {
  const { log, lines } = recording();
  log.info('signed in', { [name]: 'hunter2', identity: { [name]: 'hunter2' } });
  expect(lines[0]).not.toContain('hunter2');
  expect(lines[0]?.match(/\[redacted\]/g)).toHaveLength(2);
});

test('the silent log takes everything and stays silent when derived', () => {
  expect(silentLog.with({ monitor: 'a/b' })).toBe(silentLog);
  expect(silentLog.error('nothing', { error: new Error('x') })).toBeUndefined();
});
