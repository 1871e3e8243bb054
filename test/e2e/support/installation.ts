import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Aws, createAws, type SimulatedAccount } from '#src/playground/aws/simulator.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { kubectl } from './kubectl.ts';
import type { RunResult } from './run.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const repository = join(import.meta.dirname, '../../..');

/** The service account of manifests/. */
export const operatorAccount = { namespace: 'bedrock-monitor-system', name: 'bedrock-monitor' };

/** The operator as a user has it: manifests/ applied to a real API server, a process of its own, and an AWS. */
export interface Installation {
  readonly plane: ControlPlane;
  readonly aws: Aws;
  /** The operator's own account; it lets it do what the IAM policies in manifests/ allow, and nothing else. */
  readonly account: SimulatedAccount;
  readonly operator: ServerProcess;
  /** kubectl as an administrator. */
  readonly admin: (args: readonly string[], stdin?: string) => Promise<RunResult>;
  /** The same where it must succeed: it throws what everybody said. */
  readonly must: (args: readonly string[], stdin?: string) => Promise<string>;
  /** `kubectl wait` for a monitor in namespace default, for a minute at most. */
  readonly wait: (monitor: string, what: string) => Promise<void>;
  stop(): Promise<void>;
}

/** Installs and starts the operator. It works when it has won its Lease, which takes a moment more. */
export async function install(): Promise<Installation> {
  const plane = await startControlPlane();
  const admin: Installation['admin'] = (args, stdin) =>
    kubectl(args, { kubeconfig: plane.adminKubeconfigPath, ...(stdin !== undefined && { stdin }) });
  const applied = await admin(['apply', '-k', join(repository, 'manifests')]);
  if (applied.code !== 0) throw new Error(`kubectl apply -k manifests: ${applied.stderr}`);
  // The API server serves a new kind a moment after it took its definition.
  const established = 'wait --for=condition=Established --timeout=30s crd/bedrockmonitors.bedrockmonitor.io'.split(' ');
  const served = await admin(established);
  if (served.code !== 0) throw new Error(`kubectl ${established.join(' ')}: ${served.stderr}`);

  const aws = createAws();
  const account = aws.account('111122223333');
  account.state.policies = await Promise.all(
    ['iam-policy.json', 'iam-policy-create.json'].map(async (file) =>
      JSON.parse(await readFile(join(repository, 'manifests', file), 'utf8')),
    ),
  );
  const listening = await aws.listen();
  const operator = await startOperator(plane, account, listening.url);

  const must: Installation['must'] = async (args, stdin) => {
    const { code, stdout, stderr } = await admin(args, stdin);
    if (code === 0) return stdout;
    const seen = await admin(['get', 'bedrockmonitors,leases,events.events.k8s.io', '-A', '-o', 'wide']);
    throw new Error(`kubectl ${args.join(' ')}: ${stderr}\n${seen.stdout}\n${await operator.lastWords()}`);
  };
  return {
    plane,
    aws,
    account,
    operator,
    admin,
    must,
    wait: async (monitor, what) => {
      await must(['wait', `--for=${what}`, `bedrockmonitor/${monitor}`, '--timeout=60s']);
    },
    stop: async () => {
      await operator.stop(0);
      await listening.close();
      await plane.stop();
    },
  };
}

/** The operator's sources as a process of its own, with the token of its service account and the keys of its AWS user. */
async function startOperator(plane: ControlPlane, account: SimulatedAccount, endpoint: string): Promise<ServerProcess> {
  const { accessKeyId, secretAccessKey } = account.credentials();
  const flags = {
    kubeconfig: await plane.kubeconfigFor(operatorAccount),
    namespace: operatorAccount.namespace,
    'aws-endpoint': endpoint,
    features: 'LoggingRole,LoggingBucket',
    'metrics-address': '0',
    'health-address': '0',
  };
  return startServer(
    process.execPath,
    ['src/main.ts', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
    join(dirname(plane.adminKubeconfigPath), 'operator.log'),
    { cwd: repository, env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } },
  );
}

/** A monitor in namespace default with logging, an alarm, a dashboard and a query, and `more`; and the role that it needs. */
export function monitor(name: string, account: SimulatedAccount, more: object = {}): string {
  const logGroup = `/aws/bedrock/${name}`;
  const role = account.loggingRole({ name: `${name}-logs`, region: 'us-east-1', logGroup });
  const path = '/bedrockmonitor/';
  const { arn } = account.role({ name: role.name, path, trust: role.trust, policies: role.policies });
  return JSON.stringify({
    apiVersion: 'bedrockmonitor.io/v1alpha1',
    kind: 'BedrockMonitor',
    metadata: { name, namespace: 'default' },
    spec: {
      region: 'us-east-1',
      invocationLogging: { dataTypes: ['Text'], cloudWatchLogs: { logGroup: { name: logGroup }, role: { arn } } },
      dataProtection: { categories: ['Credentials', 'PII'] },
      alarms: [{ name: 'throttling', preset: 'Throttling' }],
      dashboards: [{ name: 'overview', preset: 'Overview' }],
      savedQueries: [{ name: 'latest', preset: 'LatestInvocations' }],
      ...more,
    },
  });
}
