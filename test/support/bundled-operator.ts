import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'rolldown';
import { connect } from '#src/kubernetes/client.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import type { Aws } from '#src/playground/aws/simulator.ts';
import { createAws } from '#src/playground/aws/simulator.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { freePort } from '#test/e2e/support/free-port.ts';
import config from '../../rolldown.config.ts';
import { installBasics } from './basics.ts';

/** The bundle that the image carries, in a folder of its own. */
export interface Bundle {
  readonly file: string;
  /** Where `npm run bundle` puts it. */
  readonly output: string;
  remove(): Promise<void>;
}

/** `npm run bundle`, beside whatever lies in dist. */
export async function bundle(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'bedrock-monitor-bundle-'));
  const file = join(folder, 'bedrock-monitor.mjs');
  if (Array.isArray(config) || typeof config === 'function') throw new Error('rolldown.config.ts holds one bundle');
  const { output } = config;
  if (Array.isArray(output) || output?.file === undefined) throw new Error('rolldown.config.ts writes one file');
  await build({ ...config, logLevel: 'silent', output: { ...output, file } });
  return { file, output: output.file, remove: () => rm(folder, { recursive: true }) };
}

/** A Kubernetes API and an AWS on loopback, for an operator in a process of its own. */
export interface Surroundings {
  readonly api: KubernetesApi;
  readonly aws: Aws;
  /** On top of this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  close(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const aws = createAws({ keepCalls: 0 });
  const listening = await aws.listen();
  const api = await startKubernetesApi();
  const client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }) });
  await installBasics(client);
  await client.close();
  const folder = await mkdtemp(join(tmpdir(), 'bedrock-monitor-kubeconfig-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, api.kubeconfig());
  const { accessKeyId, secretAccessKey } = aws.account('111122223333').credentials();
  return {
    api,
    aws,
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: 'us-east-1' },
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--aws-endpoint=${listening.url}`,
      '--namespace=bedrock-monitor-system',
      '--cluster-name=test',
    ],
    async close() {
      await api.close();
      await listening.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The operator as the image runs it. */
export interface BundledOperator {
  readonly healthURL: string;
  readonly metricsURL: string;
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Resolves once the operator leads. Throws what it said where it ended before. */
export async function startBundled(
  { file }: Bundle,
  { env, args }: Surroundings,
  nodeArgs: readonly string[] = [],
): Promise<BundledOperator> {
  const [health, metrics] = [await freePort(), await freePort()];
  const child = spawn(
    process.execPath,
    [...nodeArgs, file, ...args, `--health-address=127.0.0.1:${health}`, `--metrics-address=127.0.0.1:${metrics}`],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const said: string[] = [];
  const leads = new Promise<void>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      said.push(line);
      if (line.includes('"msg":"leading"')) resolve();
    });
  });
  const ended = exited.then(() => {
    throw new Error(`the operator ended before it led: ${said.join('\n')}`);
  });
  await Promise.race([leads, ended]);
  ended.catch(() => undefined);
  return {
    healthURL: `http://127.0.0.1:${health}`,
    metricsURL: `http://127.0.0.1:${metrics}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
