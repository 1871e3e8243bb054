import { parseArgs } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };
import { flags, usage } from './flags.ts';
import type { ListenAddress } from './telemetry/http.ts';
import type { LogLevel } from './telemetry/log.ts';

/** The release, as package.json has it. */
export const version: string = packageJson.version;

/** All that can be set from outside. */
export interface Config {
  /** Part of every name in AWS. Absent: the first 8 hex digits of the UID of namespace kube-system. */
  readonly clusterName: string | undefined;
  /** The operator's own. Absent: that of the kubeconfig's context or of the pod's service account. */
  readonly namespace: string | undefined;
  /** Where the claims on AWS singletons lie. Absent: the operator's own. */
  readonly claimNamespace: string | undefined;
  readonly credentialsConfigMap: string;
  /** Empty: all namespaces. */
  readonly watchNamespaces: readonly string[];
  readonly workers: number;
  readonly resyncMs: number;
  readonly deletionDeadlineMs: number;
  readonly sliceMs: number;
  /** Every monitor that says Enforce is in Plan, and no approval counts. */
  readonly dryRunAll: boolean;
  /** Messages do not name monitors of other namespaces. */
  readonly hideForeignNames: boolean;
  readonly leaderElect: boolean;
  readonly leaderElectionID: string;
  /** Absent: not served. */
  readonly metricsAddress: ListenAddress | undefined;
  /** Absent: not served. */
  readonly healthAddress: ListenAddress | undefined;
  /** Absent: AWS's own. For simulators. */
  readonly awsEndpoint: string | undefined;
  /** Absent: KUBECONFIG, then ~/.kube/config, then the pod's service account. */
  readonly kubeconfig: string | undefined;
  readonly logLevel: LogLevel;
}

export type Parsed =
  | { readonly kind: 'config'; readonly config: Config }
  /** `--help` or `--version` was asked for: print and exit 0. */
  | { readonly kind: 'print'; readonly text: string }
  /** Print to standard error and exit 2. */
  | { readonly kind: 'usage-error'; readonly message: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration from the command line and the environment; a flag wins over a variable, the last of a repeated flag
 * over the others. Pure. Every value is checked, and the first that is wrong is named together with where it came from.
 */
export function parseConfig(argv: readonly string[], env: Environment): Parsed {
  try {
    const given = readFlags(argv);
    if (given.has('help')) return { kind: 'print', text: usage() };
    if (given.has('version')) return { kind: 'print', text: `bedrock-monitor ${version}\n` };
    return { kind: 'config', config: build(given, env) };
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage-error', message: error.message };
    throw error;
  }
}

/** A mistake of the caller's, told in a sentence. */
class UsageError extends Error {}

/** Values by flag. Tokens are judged here, because parseArgs' own errors speak of its options, not of ours. */
function readFlags(argv: readonly string[]): ReadonlyMap<string, string> {
  const options = Object.fromEntries(
    flags.map(({ name, bare }) => [name, { type: bare === undefined ? 'string' : 'boolean' } as const]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw new UsageError(`unexpected argument ${token.value}: see --help`);
    const flag = flags.find(({ name }) => name === token.name);
    if (flag === undefined) throw new UsageError(`unknown flag ${token.rawName}: see --help`);
    const value = token.value ?? flag.bare;
    if (value === undefined || (token.inlineValue === false && value.startsWith('--'))) {
      throw new UsageError(`flag ${token.rawName} needs a value: ${token.rawName}=${flag.metavar}`);
    }
    given.set(flag.name, value);
  }
  return given;
}

function build(given: ReadonlyMap<string, string>, env: Environment): Config {
  /** The checked value; undefined where nothing was set and there is no default. */
  function optional<T>(name: string, parse: (value: string) => T): T | undefined {
    const flag = flags.find((one) => one.name === name);
    const variable = flag?.env;
    const fromFlag = given.get(name);
    const fromEnv = variable === undefined ? undefined : env[variable] || undefined;
    const value = fromFlag ?? fromEnv ?? flag?.default;
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      const source = fromFlag === undefined && fromEnv !== undefined ? `variable ${variable}` : `--${name}`;
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`${source}: ${JSON.stringify(value)} ${why}`, { cause: error });
    }
  }
  function required<T>(name: string, parse: (value: string) => T): T {
    const value = optional(name, parse);
    if (value === undefined) throw new UsageError(`flag --${name} is missing`);
    return value;
  }
  return {
    clusterName: optional('cluster-name', clusterName),
    namespace: optional('namespace', dnsLabel),
    claimNamespace: optional('claim-namespace', dnsLabel),
    credentialsConfigMap: required('credentials-configmap', dnsSubdomain),
    watchNamespaces: optional('watch-namespace', namespaces) ?? [],
    workers: required('workers', wholeNumber(1, 100)),
    resyncMs: required('resync', duration('10s', '24h')),
    deletionDeadlineMs: required('deletion-deadline', duration('0s', '24h')),
    sliceMs: required('max-slice', duration('1s', '30s')),
    dryRunAll: required('dry-run-all', yesOrNo),
    hideForeignNames: required('hide-foreign-names', yesOrNo),
    leaderElect: required('leader-elect', yesOrNo),
    leaderElectionID: required('leader-election-id', dnsSubdomain),
    metricsAddress: optional('metrics-address', address),
    healthAddress: optional('health-address', address),
    awsEndpoint: optional('aws-endpoint', httpURL),
    kubeconfig: optional('kubeconfig', (file) => file),
    logLevel: required('log-level', oneOf('debug', 'info', 'warn', 'error')),
  };
}

// Parsers throw the end of a sentence that begins with the value.

function clusterName(value: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(value)) return value;
  throw new Error('is no cluster name: use at most 32 lower-case letters, digits and -, as in prod-eu');
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function dnsLabel(value: string): string {
  if (DNS_LABEL.test(value)) return value;
  throw new Error('is no namespace name: use at most 63 lower-case letters, digits and -');
}

function namespaces(value: string): readonly string[] {
  const names = value.split(',').map((one) => one.trim());
  if (names.every((name) => DNS_LABEL.test(name))) return names;
  throw new Error('is no list of namespaces: separate their names by commas');
}

function dnsSubdomain(value: string): string {
  if (value.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(value)) return value;
  throw new Error('is no name of a Kubernetes object: use at most 253 lower-case letters, digits, - and .');
}

function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new Error(`is not a whole number from ${min} to ${max}`);
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Milliseconds of a Go duration such as `1h30m` or `500ms`; NaN for anything else. */
function milliseconds(value: string): number {
  if (!/^(\d{1,9}(ms|h|m|s))+$/.test(value)) return Number.NaN;
  return [...value.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? Number.NaN),
    0,
  );
}

function duration(min: string, max: string): (value: string) => number {
  return (value) => {
    const ms = milliseconds(value);
    if (Number.isNaN(ms)) throw new Error('is not a duration such as 30s, 10m or 1h30m');
    if (ms >= milliseconds(min) && ms <= milliseconds(max)) return ms;
    throw new Error(`is out of range: use a duration from ${min} to ${max}`);
  };
}

function oneOf<const T extends string>(...words: readonly T[]): (value: string) => T {
  return (value) => {
    const word = words.find((one) => one === value);
    if (word !== undefined) return word;
    throw new Error(`is not one of ${words.join(', ')}`);
  };
}

function yesOrNo(value: string): boolean {
  return oneOf('true', 'false')(value) === 'true';
}

/** `0` is Kubernetes' way to say: do not serve. */
function address(value: string): ListenAddress | undefined {
  if (value === '0') return undefined;
  const [, ipv6, name, port = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/.exec(value) ?? [];
  const host = ipv6 ?? name;
  if (port === '' || Number(port) > 65_535) {
    throw new Error('is not an address such as :8080, 127.0.0.1:8080 or [::1]:8080 (0 serves nothing)');
  }
  return { ...(host && { host }), port: Number(port) };
}

function httpURL(value: string): string {
  const url = URL.parse(value);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return value;
  throw new Error('is not a URL such as http://127.0.0.1:4566');
}
