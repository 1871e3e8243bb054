import { describe, expect, test } from 'vitest';
import type { Config } from '#src/config.ts';
import { parseConfig } from '#src/config.ts';
import { flags } from '#src/flags.ts';
import packageJson from '../package.json' with { type: 'json' };

function config(argv: readonly string[] = [], env: Record<string, string> = {}): Config {
  const parsed = parseConfig(argv, env);
  if (parsed.kind !== 'config') throw new Error(`no configuration: ${JSON.stringify(parsed)}`);
  return parsed.config;
}

test('without flags and variables every setting has a value that suits a cluster', () => {
  expect(config()).toEqual({
    credentialsConfigMap: 'bedrock-monitor-credentials',
    watchNamespaces: [],
    workers: 8,
    resyncMs: 600_000,
    deletionDeadlineMs: 600_000,
    sliceMs: 20_000,
    dryRunAll: false,
    hideForeignNames: false,
    prices: {},
    features: [],
    leaderElect: true,
    leaderElectionID: 'bedrock-monitor',
    metricsAddress: { port: 8080 },
    healthAddress: { port: 8081 },
    logLevel: 'info',
  });
});

test('each flag reaches its setting', () => {
  const argv = [
    '--cluster-name=prod-eu',
    '--namespace=ops',
    '--claim-namespace=claims',
    '--credentials-configmap=allowed',
    '--watch-namespace=genai, research',
    '--workers=3',
    '--resync=1h30m',
    '--deletion-deadline=90s',
    '--max-slice=5s',
    '--dry-run-all=true',
    '--hide-foreign-names=true',
    '--prices=alarmMetric=0.08, dashboard=0',
    '--features=LoggingRole, LoggingBucket',
    '--leader-elect=false',
    '--leader-election-id=monitors',
    '--metrics-address=127.0.0.1:9090',
    '--health-address=[::1]:0',
    '--aws-endpoint=http://127.0.0.1:4566',
    '--kubeconfig=/etc/kube/config',
    '--log-level=debug',
  ];
  expect(config(argv)).toEqual({
    clusterName: 'prod-eu',
    namespace: 'ops',
    claimNamespace: 'claims',
    credentialsConfigMap: 'allowed',
    watchNamespaces: ['genai', 'research'],
    workers: 3,
    resyncMs: 5_400_000,
    deletionDeadlineMs: 90_000,
    sliceMs: 5_000,
    dryRunAll: true,
    hideForeignNames: true,
    prices: { alarmMetric: 0.08, dashboard: 0 },
    features: ['LoggingRole', 'LoggingBucket'],
    leaderElect: false,
    leaderElectionID: 'monitors',
    metricsAddress: { host: '127.0.0.1', port: 9090 },
    healthAddress: { host: '::1', port: 0 },
    awsEndpoint: 'http://127.0.0.1:4566',
    kubeconfig: '/etc/kube/config',
    logLevel: 'debug',
  });
  const told = argv.map((one) => one.slice(2, one.indexOf('=')));
  expect(flags.map(({ name }) => name).filter((name) => !told.includes(name))).toEqual(['help', 'version']);
});

test.each([
  { reason: 'a value may follow as its own word', argv: ['--workers', '2'], env: {}, expected: { workers: 2 } },
  {
    reason: 'the last of a repeated flag wins',
    argv: ['--workers=2', '--workers=4'],
    env: {},
    expected: { workers: 4 },
  },
  {
    reason: 'a bare switch is true',
    argv: ['--leader-elect=false', '--leader-elect'],
    env: {},
    expected: { leaderElect: true },
  },
  {
    reason: 'bare switches do not take the next word',
    argv: ['--dry-run-all', '--hide-foreign-names', '--workers=2'],
    env: {},
    expected: { dryRunAll: true, hideForeignNames: true, workers: 2 },
  },
  { reason: 'a variable fills in', argv: [], env: { POD_NAMESPACE: 'ops' }, expected: { namespace: 'ops' } },
  {
    reason: 'a flag wins over its variable',
    argv: ['--namespace=a'],
    env: { POD_NAMESPACE: 'b' },
    expected: { namespace: 'a' },
  },
  { reason: 'an empty variable is none', argv: [], env: { LOG_LEVEL: '' }, expected: { logLevel: 'info' } },
])('$reason', ({ argv, env, expected }) => {
  expect(config(argv, env)).toMatchObject(expected);
});

test('address 0 serves nothing', () => {
  const quiet = config(['--metrics-address=0', '--health-address=0']);
  expect([quiet.metricsAddress, quiet.healthAddress]).toEqual([undefined, undefined]);
});

describe('a mistake is told in a sentence', () => {
  const mistakes: [argv: string[], env: Record<string, string>, message: string][] = [
    [['--retention=3'], {}, 'unknown flag --retention: see --help'],
    [['-v'], {}, 'unknown flag -v: see --help'],
    [['start'], {}, 'unexpected argument start: see --help'],
    [['--resync'], {}, 'flag --resync needs a value: --resync=DURATION'],
    [['--resync', '--workers=2'], {}, 'flag --resync needs a value: --resync=DURATION'],
    [['--resync=10'], {}, '--resync: "10" is not a duration such as 30s, 10m or 1h30m'],
    [['--resync=1s'], {}, '--resync: "1s" is out of range: use a duration from 10s to 24h'],
    [['--max-slice=2m'], {}, '--max-slice: "2m" is out of range: use a duration from 1s to 30s'],
    [['--workers=0'], {}, '--workers: "0" is not a whole number from 1 to 100'],
    [['--workers=two'], {}, '--workers: "two" is not a whole number from 1 to 100'],
    [['--leader-elect=no'], {}, '--leader-elect: "no" is not one of true, false'],
    [['--dry-run-all=yes'], {}, '--dry-run-all: "yes" is not one of true, false'],
    [
      ['--features=LoggingRole,Buckets'],
      {},
      '--features: "LoggingRole,Buckets" is no list of LoggingRole, LoggingBucket, separated by commas',
    ],
    [
      ['--prices=alarm=1'],
      {},
      '--prices: "alarm=1" is no list such as alarmMetric=0.5, of alarmMetric, compositeAlarm, dashboard, customMetric, thousandCalls',
    ],
    [['--hide-foreign-names='], {}, '--hide-foreign-names: "" is not one of true, false'],
    [['--log-level=loud'], {}, '--log-level: "loud" is not one of debug, info, warn, error'],
    [['--aws-endpoint=localhost'], {}, '--aws-endpoint: "localhost" is not a URL such as http://127.0.0.1:4566'],
    [
      ['--cluster-name=Prod_EU'],
      {},
      '--cluster-name: "Prod_EU" is no cluster name: use at most 32 lower-case letters, digits and -, as in prod-eu',
    ],
    [
      ['--cluster-name='],
      {},
      '--cluster-name: "" is no cluster name: use at most 32 lower-case letters, digits and -, as in prod-eu',
    ],
    [
      ['--watch-namespace=a,,b'],
      {},
      '--watch-namespace: "a,,b" is no list of namespaces: separate their names by commas',
    ],
    [
      [],
      { POD_NAMESPACE: 'A b' },
      'variable POD_NAMESPACE: "A b" is no namespace name: use at most 63 lower-case letters, digits and -',
    ],
    ...['8080', 'host:', ':70000', '::1:80', 'a b:1'].map((bad): [string[], Record<string, string>, string] => [
      [`--metrics-address=${bad}`],
      {},
      `--metrics-address: "${bad}" is not an address such as :8080, 127.0.0.1:8080 or [::1]:8080 (0 serves nothing)`,
    ]),
  ];
  test.each(mistakes)('%j %j', (argv, env, message) => {
    expect(parseConfig(argv, env)).toEqual({ kind: 'usage-error', message });
  });
});

test('--help names every flag, its default and its variable, in lines that fit a terminal', () => {
  const help = parseConfig(['--help', '--workers=3'], {});
  if (help.kind !== 'print') throw new Error('help prints');
  for (const flag of flags) expect(help.text).toContain(`--${flag.name}`);
  const prose = help.text.replaceAll(/\s+/g, ' ');
  for (const flag of flags.filter(({ env }) => env !== undefined)) expect(prose).toContain(`Variable: ${flag.env}.`);
  expect(prose).toContain('Default: 10m.');
  expect(help.text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(help.text.endsWith('\n')).toBe(true);
});

test('--version is the version of the package', () => {
  expect(parseConfig(['--version'], {})).toEqual({ kind: 'print', text: `bedrock-monitor ${packageJson.version}\n` });
});
