import type { Flag } from './command-line.ts';
import { describeEntry, describeFlags } from './command-line.ts';

/** All flags, in the order of `--help`. Nothing else is read from the command line or, by the operator, the environment. */
export const flags: readonly Flag[] = [
  {
    name: 'cluster-name',
    env: 'CLUSTER_NAME',
    metavar: 'NAME',
    about: 'Part of every name in AWS; keep it for ever. Default: 8 hex digits of the UID of namespace kube-system.',
  },
  {
    name: 'namespace',
    env: 'POD_NAMESPACE',
    metavar: 'NAMESPACE',
    about:
      "The operator's own namespace: leader Lease and credentials ConfigMap. Default: that of the kubeconfig or pod.",
  },
  {
    name: 'claim-namespace',
    metavar: 'NAMESPACE',
    about: "Where the Leases of the claims lie; the same for all operators of a cluster. Default: the operator's own.",
  },
  {
    name: 'credentials-configmap',
    default: 'bedrock-monitor-credentials',
    metavar: 'NAME',
    about: 'ConfigMap that says which namespaces may use which AWS credentials.',
  },
  {
    name: 'watch-namespace',
    env: 'WATCH_NAMESPACE',
    metavar: 'A,B',
    about: 'Only look after monitors in these namespaces. Default: all.',
  },
  { name: 'workers', default: '8', metavar: 'N', about: 'Monitors that are worked on at a time (1 to 100).' },
  {
    name: 'resync',
    default: '10m',
    metavar: 'DURATION',
    about: 'How often each monitor is compared with AWS, with jitter (10s to 24h).',
  },
  {
    name: 'deletion-deadline',
    default: '10m',
    metavar: 'DURATION',
    about: 'After this long a blocked deletion says what blocks and how to force it.',
  },
  {
    name: 'max-slice',
    default: '20s',
    metavar: 'DURATION',
    about: 'A pass acts for this long, then makes room for others and for newer specs (1s to 30s).',
  },
  {
    name: 'dry-run-all',
    default: 'false',
    metavar: 'true|false',
    bare: 'true',
    about: 'Every monitor that says Enforce is in Plan, and no approval counts: nothing is written to AWS.',
  },
  {
    name: 'hide-foreign-names',
    default: 'false',
    metavar: 'true|false',
    bare: 'true',
    about: 'Messages do not name monitors of other namespaces.',
  },
  {
    name: 'prices',
    metavar: 'NAME=USD,…',
    about:
      "What AWS asks of you, for the estimate in the status: alarmMetric, compositeAlarm, dashboard, customMetric (a month), thousandCalls. Default: AWS's list prices.",
  },
  {
    name: 'features',
    metavar: 'A,B',
    about:
      'What may be made on request beyond the usual: LoggingRole, LoggingBucket. Needs manifests/iam-policy-create.json. Default: none.',
  },
  {
    name: 'leader-elect',
    default: 'true',
    metavar: 'true|false',
    bare: 'true',
    about: 'Elect one leader among the replicas; only it writes.',
  },
  { name: 'leader-election-id', default: 'bedrock-monitor', metavar: 'NAME', about: 'The Lease of the election.' },
  { name: 'metrics-address', default: ':8080', metavar: 'HOST:PORT', about: 'Serves /metrics; 0 serves nothing.' },
  {
    name: 'health-address',
    default: ':8081',
    metavar: 'HOST:PORT',
    about: 'Serves /healthz and /readyz; 0 serves nothing.',
  },
  {
    name: 'aws-endpoint',
    metavar: 'URL',
    about: 'Send every AWS call there instead of to AWS. For simulators; never set it in production.',
  },
  {
    name: 'kubeconfig',
    metavar: 'FILE',
    about: "Default: KUBECONFIG, then ~/.kube/config, then the pod's service account.",
  },
  { name: 'log-level', env: 'LOG_LEVEL', default: 'info', metavar: 'LEVEL', about: 'debug, info, warn or error.' },
  { name: 'help', metavar: '', bare: '', about: 'Show this and exit.' },
  { name: 'version', metavar: '', bare: '', about: 'Show the version and exit.' },
];

/** What the first word of the command line may be instead of a flag; `src/cli` runs them. */
export const commands = [
  {
    name: 'orphan',
    about: 'When the operator is gone for good: lists what monitors leave in AWS, and removes their finalizers.',
  },
] as const;

export type CommandName = (typeof commands)[number]['name'];

/** The text of `--help`. */
export function usage(): string {
  return [
    'Usage: bedrock-monitor [flags]',
    '       bedrock-monitor COMMAND [flags]',
    '',
    'Makes Amazon Bedrock invocation logging, its masking, CloudWatch alarms, dashboards and saved',
    'queries match the BedrockMonitor resources of a Kubernetes cluster, until it is told to stop.',
    "AWS credentials come from the SDK's default chain: IRSA, Pod Identity, environment, profile.",
    '',
    'Flags (durations as in 30s, 10m, 1h30m):',
    ...describeFlags(flags),
    '',
    'Commands, each with a --help of its own:',
    ...commands.flatMap(({ name, about }) => describeEntry(name, about)),
    '',
  ].join('\n');
}
