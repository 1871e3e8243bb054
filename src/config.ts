import packageJson from '../package.json' with { type: 'json' };
import type { Environment } from './command-line.ts';
import { flagValues, readWords, UsageError } from './command-line.ts';
import {
  address,
  amounts,
  clusterName,
  duration,
  httpURL,
  namespaceName,
  namespaceNames,
  objectName,
  oneOf,
  someOf,
  wholeNumber,
  yesOrNo,
} from './flag-values.ts';
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
  /** What AWS asks, where it is not the list price. */
  readonly prices: Partial<Record<(typeof PRICES)[number], number>>;
  /** What may be made in AWS beyond the usual. */
  readonly features: readonly (typeof FEATURES)[number][];
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

/** What can be priced, in US dollars. */
const FEATURES = ['LoggingRole', 'LoggingBucket'] as const;
const PRICES = ['alarmMetric', 'compositeAlarm', 'dashboard', 'customMetric', 'thousandCalls'] as const;

export type Parsed =
  | { readonly kind: 'config'; readonly config: Config }
  /** `--help` or `--version` was asked for: print and exit 0. */
  | { readonly kind: 'print'; readonly text: string }
  /** Print to standard error and exit 2. */
  | { readonly kind: 'usage-error'; readonly message: string };

/**
 * The configuration from the command line and the environment; a flag wins over a variable, the last of a repeated flag
 * over the others. Pure. Every value is checked, and the first that is wrong is named together with where it came from.
 */
export function parseConfig(argv: readonly string[], env: Environment): Parsed {
  try {
    const { given, others } = readWords(argv, flags);
    if (others[0] !== undefined) throw new UsageError(`unexpected argument ${others[0]}: see --help`);
    if (given.has('help')) return { kind: 'print', text: usage() };
    if (given.has('version')) return { kind: 'print', text: `bedrock-monitor ${version}\n` };
    return { kind: 'config', config: build(given, env) };
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage-error', message: error.message };
    throw error;
  }
}

function build(given: ReadonlyMap<string, string>, env: Environment): Config {
  const { optional, required } = flagValues(flags, given, env);
  return {
    clusterName: optional('cluster-name', clusterName),
    namespace: optional('namespace', namespaceName),
    claimNamespace: optional('claim-namespace', namespaceName),
    credentialsConfigMap: required('credentials-configmap', objectName),
    watchNamespaces: optional('watch-namespace', namespaceNames) ?? [],
    workers: required('workers', wholeNumber(1, 100)),
    resyncMs: required('resync', duration('10s', '24h')),
    deletionDeadlineMs: required('deletion-deadline', duration('0s', '24h')),
    sliceMs: required('max-slice', duration('1s', '30s')),
    dryRunAll: required('dry-run-all', yesOrNo),
    hideForeignNames: required('hide-foreign-names', yesOrNo),
    prices: optional('prices', amounts(...PRICES)) ?? {},
    features: optional('features', someOf(...FEATURES)) ?? [],
    leaderElect: required('leader-elect', yesOrNo),
    leaderElectionID: required('leader-election-id', objectName),
    metricsAddress: optional('metrics-address', address),
    healthAddress: optional('health-address', address),
    awsEndpoint: optional('aws-endpoint', httpURL),
    kubeconfig: optional('kubeconfig', (file) => file),
    logLevel: required('log-level', oneOf('debug', 'info', 'warn', 'error')),
  };
}
