import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { parseConfig } from '#src/config.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { configMaps } from '#src/operator/access-watch.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { OperatorProcess } from '#src/operator/process.ts';
import { startProcess } from '#src/operator/process.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { createLog } from '#src/telemetry/log.ts';
import { installBasics } from '#test/support/basics.ts';
import { said } from '#test/support/said.ts';
import { ACCOUNT, REGION } from '#test/support/world.ts';

const OPERATOR = 'bedrock-monitor-system';
const CUSTOMER = '444455556666';
const at = { namespace: OPERATOR, name: 'bedrock-monitor-credentials' };

/** One process throughout: what changes is the list, as `kubectl edit configmap` changes it. */
let api: KubernetesApi;
let aws: Aws;
let client: Client;
let operator: OperatorProcess;
beforeEach(async () => {
  aws = createAws();
  api = await startKubernetesApi();
  client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await installBasics(client, [OPERATOR, 'team-a', 'team-b', 'other']);
  await client.create(configMaps, { metadata: at, data: { 'credentials.yaml': '[]' } });
  const flags = ['--leader-elect=false', '--metrics-address=0', '--health-address=0', '--cluster-name=test'];
  const parsed = parseConfig([...flags, `--namespace=${OPERATOR}`], {});
  if (parsed.kind !== 'config') throw new Error('these are flags');
  operator = await startProcess(parsed.config, {
    log: createLog('error'),
    kubeconfigText: api.kubeconfig(),
    awsRequestHandler: aws.requestHandler,
    awsCredentials: aws.account(ACCOUNT).credentials(),
    onLost: () => undefined,
  });
});
afterEach(async () => {
  await operator.stop();
  await client.close();
  await api.close();
});

const spec: BedrockMonitorSpec = { region: REGION, alarms: [{ name: 'throttling', preset: 'Throttling' }] };

async function apply(namespace: string, name: string, declared: BedrockMonitorSpec): Promise<void> {
  // The server makes the rest.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const metadata = { namespace, name } as BedrockMonitor['metadata'];
  await client.create(monitors, { apiVersion, kind, metadata, spec: declared });
}

/** Waits until the condition of the monitor's newest generation has this reason. */
const reads = (namespace: string, name: string, reason: string, type = 'Ready'): Promise<string> =>
  vi.waitFor(
    async () => {
      const monitor = await client.get(monitors, { namespace, name });
      const observedGeneration = monitor.metadata.generation;
      expect(said(monitor, type)).toMatchObject({ reason, observedGeneration });
      return said(monitor, type)?.message ?? '';
    },
    { timeout: 10_000, interval: 20 },
  );

async function list(text: string): Promise<void> {
  await client.patch(configMaps, at, { type: 'merge', body: { data: { 'credentials.yaml': text } } });
}

const alarmsIn = (account: string) => [...aws.account(account).region(REGION).alarms.keys()];

test('namespaces by name and glob get and lose the own account without a restart', async () => {
  for (const namespace of ['team-a', 'team-b', 'other']) await apply(namespace, 'm', spec);
  for (const namespace of ['team-a', 'team-b', 'other']) await reads(namespace, 'm', 'RoleNotAllowed');
  expect(aws.calls).toEqual([]);
  await list('- {namespaces: ["team-*"], ownAccount: true}');
  for (const namespace of ['team-a', 'team-b']) await reads(namespace, 'm', 'InSync');
  expect(await reads('other', 'm', 'RoleNotAllowed')).toContain('namespace other');
  await list('- {namespaces: [other, team-b], ownAccount: true}');
  await reads('other', 'm', 'InSync');
  await reads('team-a', 'm', 'RoleNotAllowed');
  // What it made stays as it is.
  expect(alarmsIn(ACCOUNT)).toHaveLength(3);
});

test('roles by glob, with an externalID that the list may set', async () => {
  const role = aws.account(CUSTOMER).assumableRole({
    name: 'monitor',
    trusted: `arn:aws:iam::${ACCOUNT}:root`,
    externalID: 'agreed',
  });
  await apply('team-a', 'm', { ...spec, assumeRole: { roleARN: role.arn } });
  await list(`- {namespaces: [team-a], roleARNs: ["arn:aws:iam::${CUSTOMER}:role/other-*"]}`);
  expect(await reads('team-a', 'm', 'RoleNotAllowed')).toContain(role.arn);
  expect(aws.calls).toEqual([]);
  await list(`- {namespaces: [team-a], roleARNs: ["arn:aws:iam::${CUSTOMER}:role/mon*"]}`);
  expect(await reads('team-a', 'm', 'AssumeRoleDenied')).toContain('test/team-a');
  await list(`- {namespaces: [team-a], roleARNs: ["arn:aws:iam::${CUSTOMER}:role/mon*"], externalID: agreed}`);
  await reads('team-a', 'm', 'InSync');
  expect(alarmsIn(CUSTOMER)).toHaveLength(1);
  expect(alarmsIn(ACCOUNT)).toEqual([]);
});

test('alarm actions elsewhere need actionARNs', async () => {
  const pager = aws.account(CUSTOMER).topic(REGION, 'pager');
  const paging: BedrockMonitorSpec = {
    region: REGION,
    alarms: [{ name: 'throttling', preset: 'Throttling', alarmActions: [pager] }],
  };
  await list('- {namespaces: [team-a], ownAccount: true}');
  await apply('team-a', 'm', paging);
  expect(await reads('team-a', 'm', 'ActionNotAllowed')).toContain(pager);
  expect(alarmsIn(ACCOUNT)).toEqual([]);
  await list(`- {namespaces: [team-a], ownAccount: true, actionARNs: ["arn:aws:sns:*:${CUSTOMER}:pager"]}`);
  await reads('team-a', 'm', 'InSync', 'AlarmsConfigured');
  expect(alarmsIn(ACCOUNT)).toHaveLength(1);
});

test('a list that cannot be read allows nothing and writes nothing, until it is mended', async () => {
  await list('- {namespaces: [team-a], ownAccount: true}');
  await apply('team-a', 'm', spec);
  await reads('team-a', 'm', 'InSync');
  await list('- {namespaces: [team-a], ownAcount: true}');
  expect(await reads('team-a', 'm', 'RoleNotAllowed')).toContain('cannot be read');
  aws.forgetCalls();
  const monitor = await client.get(monitors, { namespace: 'team-a', name: 'm' });
  await client.replace(monitors, { ...monitor, spec: { ...spec, alarms: [] } });
  await reads('team-a', 'm', 'RoleNotAllowed');
  expect(aws.calls).toEqual([]);
  await list('- {namespaces: [team-a], ownAccount: true}');
  await reads('team-a', 'm', 'InSync');
  expect(alarmsIn(ACCOUNT)).toEqual([]);
});
