import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Aws, createAws } from '#src/playground/aws/simulator.ts';
import type { AuditEvent } from './support/audit.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { kubectl } from './support/kubectl.ts';
import type { RunResult } from './support/run.ts';
import { type ServerProcess, startServer } from './support/server-process.ts';

const repository = join(import.meta.dirname, '../..');
const operator = { namespace: 'bedrock-monitor-system', name: 'bedrock-monitor' };
const username = `system:serviceaccount:${operator.namespace}:${operator.name}`;
const account = '111122223333';

const monitor = (name: string): string => `
apiVersion: bedrockmonitor.io/v1alpha1
kind: BedrockMonitor
metadata: {name: ${name}, namespace: default}
spec:
  region: us-east-1
  invocationLogging:
    dataTypes: [Text]
    cloudWatchLogs:
      logGroup: {name: /aws/bedrock/${name}}
      role: {arn: "arn:aws:iam::${account}:role/bedrockmonitor/${name}-logs"}
  dataProtection: {categories: [Credentials, PII]}
  alarms: [{name: throttling, preset: Throttling}]
  dashboards: [{name: overview, preset: Overview}]
  savedQueries: [{name: latest, preset: LatestInvocations}]
`;

/** Granted, and needed only at other times. */
const notAskedHere = [
  // Servers that cannot stream the initial list.
  'list /configmaps',
  'list bedrockmonitor.io/bedrockmonitors',
  'list coordination.k8s.io/leases',
  // An Event that repeats.
  'patch events.k8s.io/events',
];

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `verb group/resource[/subresource]`, the core group without a name. */
const granted = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`))),
  );

function asked({ verb, objectRef = {} }: AuditEvent): string {
  const { apiGroup = '', resource = '', subresource } = objectRef;
  return `${verb} ${apiGroup}/${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}

describe('the operator with the permissions that manifests/ gives it', () => {
  let plane: ControlPlane;
  let aws: Aws;
  let process: ServerProcess;
  let closeAws: () => Promise<void>;
  const admin = (args: readonly string[], stdin?: string): Promise<RunResult> =>
    kubectl(args, { kubeconfig: plane.adminKubeconfigPath, ...(stdin !== undefined && { stdin }) });

  /** kubectl as an administrator; where it fails, with what everybody said. */
  async function must(args: readonly string[], stdin?: string): Promise<void> {
    const { code, stderr } = await admin(args, stdin);
    if (code === 0) return;
    const seen = await admin(['get', 'bedrockmonitors,leases,events.events.k8s.io', '-A', '-o', 'wide']);
    throw new Error(`kubectl ${args.join(' ')}: ${stderr}\n${seen.stdout}\n${await process?.lastWords()}`);
  }

  beforeAll(async () => {
    plane = await startControlPlane();
    await must(['apply', '-k', join(repository, 'manifests')]);

    aws = createAws();
    const simulated = aws.account(account);
    simulated.state.policies = [JSON.parse(await readFile(join(repository, 'manifests/iam-policy.json'), 'utf8'))];
    for (const monitorName of ['production', 'rival']) {
      const logGroup = `/aws/bedrock/${monitorName}`;
      const { name, trust, policies } = simulated.loggingRole({
        name: `${monitorName}-logs`,
        region: 'us-east-1',
        logGroup,
      });
      simulated.role({ name, path: '/bedrockmonitor/', trust, policies });
    }
    const listening = await aws.listen();
    closeAws = () => listening.close();

    const { accessKeyId, secretAccessKey } = simulated.credentials();
    const flags = {
      kubeconfig: await plane.kubeconfigFor(operator),
      namespace: operator.namespace,
      'aws-endpoint': listening.url,
      'metrics-address': '0',
      'health-address': '0',
    };
    process = startServer(
      globalThis.process.execPath,
      ['src/main.ts', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)],
      join(dirname(plane.adminKubeconfigPath), 'operator.log'),
      { cwd: repository, env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } },
    );
  });
  afterAll(async () => {
    await process?.stop(0);
    await closeAws?.();
    await plane?.stop();
  });

  test('brings a monitor up, holds a rival off, hands over and lets all go again', async () => {
    const wait = (name: string, what: string): Promise<void> =>
      must(['wait', `--for=${what}`, `bedrockmonitor/${name}`, '--timeout=60s']);
    await must(['apply', '-f', '-'], monitor('production'));
    await wait('production', 'condition=Ready');
    await must(['apply', '-f', '-'], monitor('rival'));
    await wait('rival', 'jsonpath={.status.conditions[?(@.type=="Ready")].reason}=Conflict');
    await must(['delete', 'bedrockmonitor', 'production', '--timeout=60s']);
    await wait('rival', 'condition=Ready');
    await must(['delete', 'bedrockmonitor', 'rival', '--timeout=60s']);

    const region = aws.account(account).region('us-east-1');
    expect([...region.alarms.keys()]).toEqual([]);
    expect([...region.queryDefinitions.keys()]).toEqual([]);
    // Logs outlive their monitors.
    expect([...region.logGroups.keys()].toSorted()).toEqual(['/aws/bedrock/production', '/aws/bedrock/rival']);
    await process.stop(45_000);
  });

  test('AWS refused it nothing', () => {
    expect(aws.calls.length).toBeGreaterThan(10);
    const denied = aws.calls.filter(
      ({ outcome }) => outcome?.kind === 'Refused' && outcome.code.startsWith('AccessDenied'),
    );
    expect(denied.map(({ service, operation, outcome }) => ({ service, operation, outcome }))).toEqual([]);
  });

  test('the API server refused it nothing, and hardly a permission was left over', async () => {
    const done = (await plane.audit()).filter(
      ({ user, objectRef }) => user.username === username && objectRef !== undefined,
    );
    expect(done.filter(({ responseStatus }) => responseStatus?.code === 403).map(asked)).toEqual([]);

    const used = new Set(done.map(asked));
    const inNamespace = await admin(['get', 'role', 'bedrock-monitor', '-n', operator.namespace, '-o', 'json']);
    const inCluster = await admin(['get', 'clusterrole', 'bedrock-monitor', '-o', 'json']);
    const rules = [inNamespace, inCluster].flatMap(({ stdout }): readonly Rule[] => JSON.parse(stdout).rules);
    expect(
      granted(rules)
        .filter((permission) => !used.has(permission))
        .toSorted(),
    ).toEqual(notAskedHere);
  });
});
