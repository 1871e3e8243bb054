import type { Flag } from '#src/command-line.ts';
import { describeFlags, flagValues, readWords, UsageError } from '#src/command-line.ts';
import { namespaceName, objectName, yesOrNo } from '#src/flag-values.ts';
import type { ObjectName } from '#src/kubernetes/api-resource.ts';
import { nameOf } from '#src/kubernetes/api-resource.ts';

/** Which monitors are meant. */
export type Selection =
  | { readonly kind: 'All'; readonly namespace?: string }
  | { readonly kind: 'Named'; readonly names: readonly Required<ObjectName>[] };

/** What the command line of `orphan` says. */
export interface OrphanOptions {
  /** As given, to be repeated. */
  readonly argv: readonly string[];
  readonly selection: Selection;
  /** Without it nothing is changed. */
  readonly yes: boolean;
  /** Do it although an operator runs. */
  readonly force: boolean;
  readonly operatorNamespace: string;
  readonly claimNamespace: string;
  readonly leaderElectionID: string;
  /** Absent: KUBECONFIG, then ~/.kube/config, then the pod's service account. */
  readonly kubeconfig: string | undefined;
}

/** A switch: off unless given. */
const flag = (name: string, about: string): Flag => ({ name, metavar: '', bare: 'true', about });

const flags: readonly Flag[] = [
  flag('all', 'All monitors of the cluster.'),
  { name: 'namespace', metavar: 'NAMESPACE', about: 'With --all: only those of this namespace.' },
  flag('yes', 'Do it. Without this flag the command only says what it would do.'),
  flag('force', 'Do it although an operator is running.'),
  {
    name: 'operator-namespace',
    default: 'bedrock-monitor-system',
    metavar: 'NAMESPACE',
    about: 'Where the operator ran.',
  },
  {
    name: 'claim-namespace',
    metavar: 'NAMESPACE',
    about: 'Where the Leases of the claims lie. Default: where the operator ran.',
  },
  { name: 'leader-election-id', default: 'bedrock-monitor', metavar: 'NAME', about: "The operator's Lease." },
  {
    name: 'kubeconfig',
    metavar: 'FILE',
    about: "Default: KUBECONFIG, then ~/.kube/config, then the pod's service account.",
  },
  { name: 'help', metavar: '', bare: '', about: 'Show this and exit.' },
];

/** Undefined: help was asked for. Throws UsageError. */
export function parseOrphan(argv: readonly string[]): OrphanOptions | undefined {
  const { given, others } = readWords(argv, flags);
  if (given.has('help')) return undefined;
  const { optional, required } = flagValues(flags, given);
  const operatorNamespace = required('operator-namespace', namespaceName);
  return {
    argv,
    selection: select(optional('all', yesOrNo) ?? false, optional('namespace', namespaceName), others),
    yes: optional('yes', yesOrNo) ?? false,
    force: optional('force', yesOrNo) ?? false,
    operatorNamespace,
    claimNamespace: optional('claim-namespace', namespaceName) ?? operatorNamespace,
    leaderElectionID: required('leader-election-id', objectName),
    kubeconfig: optional('kubeconfig', (file) => file),
  };
}

function select(all: boolean, namespace: string | undefined, words: readonly string[]): Selection {
  if (all && words.length > 0) throw new UsageError(`--all and ${words[0]}: give one or the other`);
  if (all) return { kind: 'All', ...(namespace !== undefined && { namespace }) };
  if (namespace !== undefined) throw new UsageError('--namespace goes with --all: name monitors as NAMESPACE/NAME');
  if (words.length === 0) throw new UsageError('which monitors? Give --all, or NAMESPACE/NAME');
  return { kind: 'Named', names: [...new Set(words)].map(monitorName) };
}

function monitorName(word: string): Required<ObjectName> {
  const { namespace, name } = nameOf(word);
  try {
    return { namespace: namespaceName(namespace ?? ''), name: objectName(name) };
  } catch (cause) {
    throw new UsageError(`${JSON.stringify(word)} names no monitor: use NAMESPACE/NAME`, { cause });
  }
}

/** The text of `bedrock-monitor orphan --help`. */
export function orphanUsage(): string {
  return [
    'Usage: bedrock-monitor orphan --all [--namespace=NAMESPACE] [--yes]',
    '       bedrock-monitor orphan NAMESPACE/NAME ... [--yes]',
    '',
    'For a cluster whose operator is gone for good, where deleted monitors hang on their finalizer. Lists',
    'what the monitors leave in AWS, then removes the finalizer bedrockmonitor.io/finalizer from them. A',
    'monitor that is not being deleted keeps existing. AWS is never called: everything there stays.',
    '',
    'Exit code 0: done. 1: not done, or not for all. 2: called wrongly.',
    '',
    'Flags:',
    ...describeFlags(flags),
    '',
  ].join('\n');
}
