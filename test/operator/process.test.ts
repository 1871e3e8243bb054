import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { parseConfig } from '#src/config.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import { createClaims } from '#src/operator/claims.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { OperatorProcess } from '#src/operator/process.ts';
import { startProcess } from '#src/operator/process.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { createLog } from '#src/telemetry/log.ts';
import { installBasics } from '#test/support/basics.ts';
import { basicSpec, loggingRole, rivalSpec } from '#test/support/specs.ts';
import { ACCOUNT, REGION } from '#test/support/world.ts';

const OPERATOR = 'bedrock-monitor-system';
const configMaps: ApiResource<KubernetesObject & { data: Record<string, string> }> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespaced: true,
};

let api: KubernetesApi;
let aws: Aws;
let client: Client;
let operator: OperatorProcess | undefined;
beforeEach(async () => {
  aws = createAws();
  api = await startKubernetesApi();
  client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await installBasics(client);
  await client.create(configMaps, {
    metadata: { namespace: OPERATOR, name: 'bedrock-monitor-credentials' },
    data: { 'credentials.yaml': '- {namespaces: ["*"], ownAccount: true}' },
  });
});
afterEach(async () => {
  await operator?.stop();
  operator = undefined;
  await client.close();
  await api.close();
});

async function start(...flags: readonly string[]): Promise<void> {
  const fixed = ['--leader-elect=false', '--metrics-address=0', '--health-address=0', '--cluster-name=test'];
  const parsed = parseConfig([...fixed, `--namespace=${OPERATOR}`, ...flags], {});
  if (parsed.kind !== 'config') throw new Error('these are flags');
  operator = await startProcess(parsed.config, {
    log: createLog('error'),
    kubeconfigText: api.kubeconfig(),
    awsRequestHandler: aws.requestHandler,
    awsCredentials: aws.account(ACCOUNT).credentials(),
    onLost: () => undefined,
  });
}

function apply(namespace: string, name: string, spec: BedrockMonitorSpec): Promise<BedrockMonitor> {
  // The server makes the rest.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const metadata = { namespace, name } as BedrockMonitor['metadata'];
  return client.create(monitors, { apiVersion, kind, metadata, spec });
}

/** The monitor, once that holds. */
const once = (namespace: string, name: string, holds: (monitor: BedrockMonitor) => void): Promise<BedrockMonitor> =>
  vi.waitFor(
    async () => {
      const monitor = await client.get(monitors, { namespace, name });
      holds(monitor);
      return monitor;
    },
    { timeout: 10_000, interval: 20 },
  );

test('--dry-run-all: a monitor that says Enforce is planned, and an approval of the plan does nothing', async () => {
  await start('--dry-run-all');
  await apply('genai', 'production', basicSpec(loggingRole(aws)));
  const planned = await once('genai', 'production', ({ status }) => {
    expect(status).toMatchObject({ mode: 'Plan', plan: { hash: expect.any(String) } });
  });
  const at = { namespace: 'genai', name: 'production' };
  const asked = { [annotations.approvePlan]: planned.status?.plan?.hash, [annotations.reconcileRequestedAt]: 'now' };
  await client.patch(monitors, at, { type: 'merge', body: { metadata: { annotations: asked } } });
  const after = await once('genai', 'production', ({ status }) => {
    expect(status?.lastHandledReconcileAt).toBe('now');
  });
  expect(after.metadata.finalizers).toBeUndefined();
  expect(after.status?.plan).toEqual(planned.status?.plan);
  expect(aws.writes()).toEqual([]);
});

test.each([
  { flags: [], says: 'genai/production' },
  { flags: ['--hide-foreign-names'], says: 'a BedrockMonitor of another namespace' },
])('a Conflict across namespaces, with flags $flags, names $says', async ({ flags, says }) => {
  const role = loggingRole(aws);
  await apply('genai', 'production', { ...basicSpec(role), suspend: true });
  await createClaims(createLeases(client, OPERATOR)).write(
    { of: 'invocation-logging', accountID: ACCOUNT, region: REGION },
    { holder: 'genai/production', previous: 'none' },
    undefined,
    new AbortController().signal,
  );
  await start(...flags);
  await apply('research', 'sandbox', rivalSpec(role));
  const { status } = await once('research', 'sandbox', ({ status }) => {
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'Conflict' }));
  });
  const said = JSON.stringify(status);
  expect(said).toContain(says);
  expect(said.includes('genai/production')).toBe(flags.length === 0);
});
