import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { connect } from '#src/kubernetes/client.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { monitors } from '#src/operator/monitors.ts';
import type { BundledOperator, Surroundings } from '#test/support/bundled-operator.ts';
import { bundle, startBundled, startSurroundings } from '#test/support/bundled-operator.ts';
import type { Row } from './print.ts';
import { ratio } from './print.ts';

const MIB = 1024 * 1024;
/** Accounts and Regions have rates of their own, so that a fleet is made without waiting long for a quota. */
const ACCOUNTS = 50;
const REGIONS = ['us-east-1', 'eu-central-1'];
const FLEET = 300;

const configMaps: ApiResource<KubernetesObject & { data: Record<string, string> }> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespaced: true,
};

/** RSS of the operator as the image runs it: idle, and with a fleet in sync. */
export async function processRows(): Promise<readonly Row[]> {
  const { nodeOptions, requestMiB, limitMiB } = await given();
  const built = await bundle();
  const around = await startSurroundings();
  const operator = await startBundled(built, around, nodeOptions);
  const rows: Row[] = [];
  const measure = async (what: string, cpuSecondsBefore = 0, forMs = 0) => {
    const { rssMiB, heapMiB: heap, cpuSeconds } = await read(operator);
    rows.push({
      measure: what,
      RSS: `${Math.round(rssMiB)} MiB`,
      heap: `${Math.round(heap)} MiB`,
      'of the request': ratio(rssMiB, requestMiB),
      'of the limit': ratio(rssMiB, limitMiB),
      CPU: forMs === 0 ? '' : `${Math.round(((cpuSeconds - cpuSecondsBefore) / forMs) * 1e6)}m`,
    });
  };
  const idle = async (what: string) => {
    const { cpuSeconds } = await read(operator);
    await sleep(4_000);
    await measure(what, cpuSeconds, 4_000);
  };
  await idle('idle, no monitor');
  const { cpuSeconds } = await read(operator);
  const startedAt = performance.now();
  await createFleet(around);
  await inSync(operator, FLEET);
  await measure(`just made in sync, ${FLEET} monitors`, cpuSeconds, performance.now() - startedAt);
  await idle(`at rest, ${FLEET} monitors`);
  await operator.stop();
  await around.close();
  await built.remove();
  return rows;
}

async function createFleet({ api, aws }: Surroundings): Promise<void> {
  const client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'bedrock-monitor-system', name: 'bedrock-monitor-credentials' },
    data: { 'credentials.yaml': '- {namespaces: ["*"], roleARNs: ["arn:aws:iam::*:role/bedrock-monitor"]}' },
  });
  const roles = Array.from({ length: ACCOUNTS }, (_, index) =>
    aws.account(String(200_000_000_000 + index)).assumableRole({
      name: 'bedrock-monitor',
      trusted: 'arn:aws:iam::111122223333:root',
      externalID: 'test/genai',
    }),
  );
  for (let index = 0; index < FLEET; index += 1) {
    await client.create(monitors, {
      apiVersion,
      kind,
      metadata: { namespace: 'genai', name: `monitor-${index}` } as never,
      spec: {
        region: REGIONS[Math.floor(index / ACCOUNTS) % REGIONS.length] ?? '',
        assumeRole: { roleARN: roles[index % ACCOUNTS]?.arn ?? '' },
        alarms: [{ name: 'throttling', preset: 'Throttling' }],
        dashboards: [{ name: 'overview', preset: 'Overview' }],
      },
    });
  }
  await client.close();
}

async function inSync({ metricsURL }: BundledOperator, count: number): Promise<void> {
  for (const end = performance.now() + 40_000; performance.now() < end; await sleep(250)) {
    const text = await (await fetch(`${metricsURL}/metrics`)).text();
    const ready = /^bedrockmonitor_monitors\{ready="True",reason="[^"]*"\} (\d+)$/m.exec(text)?.[1];
    if (Number(ready) >= count) return;
  }
  throw new Error('not all of the fleet was in sync in time');
}

interface Reading {
  readonly rssMiB: number;
  /** What V8 has taken for its heap, garbage included. */
  readonly heapMiB: number;
  readonly cpuSeconds: number;
}

async function read({ metricsURL }: BundledOperator): Promise<Reading> {
  const text = await (await fetch(`${metricsURL}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    rssMiB: value('process_resident_memory_bytes') / MIB,
    heapMiB: value('nodejs_heap_size_total_bytes') / MIB,
    cpuSeconds: value('process_cpu_seconds_total'),
  };
}

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: Record<'requests' | 'limits', { readonly memory: string }>;
}

/** What the Deployment asks for, and how it starts Node.js. */
async function given() {
  const text = await readFile(new URL('../../manifests/deployment.yaml', import.meta.url), 'utf8');
  const deployment: { spec: { template: { spec: { containers: [Container] } } } } = parse(text);
  const [{ env, resources }] = deployment.spec.template.spec.containers;
  const mib = (quantity: string) => Number(/^(\d+)Mi$/.exec(quantity)?.[1]);
  return {
    nodeOptions: env.find(({ name }) => name === 'NODE_OPTIONS')?.value?.split(' ') ?? [],
    requestMiB: mib(resources.requests.memory),
    limitMiB: mib(resources.limits.memory),
  };
}
