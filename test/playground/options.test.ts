import { expect, test } from 'vitest';
import { parseOptions, UsageError, usage } from '#src/playground/options.ts';

test('without options everything has a default', () => {
  expect(parseOptions([], 'examples')).toEqual({
    port: 0,
    awsPort: 0,
    examples: 'examples',
    once: false,
    timeoutMs: 60_000,
    verbose: false,
  });
});

test('every option is read, and named in the help', () => {
  const args = ['--once', '--timeout=2m', '--examples', 'mine', '--port=8001', '--aws-port', '4566', '--verbose'];
  expect(parseOptions(args, 'examples')).toEqual({
    port: 8001,
    awsPort: 4566,
    examples: 'mine',
    once: true,
    timeoutMs: 120_000,
    verbose: true,
  });
  for (const name of ['once', 'timeout', 'examples', 'port', 'aws-port', 'verbose', 'help']) {
    expect(usage).toContain(`  --${name}`);
  }
  expect(parseOptions(['--help'], 'examples')).toBeUndefined();
});

test.each([
  [['--port=http'], '--port: http is not a port from 0 to 65535'],
  [['--aws-port=70000'], '--aws-port: 70000 is not a port'],
  [['--timeout=60'], '--timeout: 60 is not a duration such as 90s or 2m'],
  [['--colour'], "Unknown option '--colour'"],
  [['once'], 'see --help'],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => parseOptions(args, 'examples')).toThrow(UsageError);
  expect(() => parseOptions(args, 'examples')).toThrow(sentence);
});
