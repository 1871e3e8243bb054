import { parseConfig } from '#src/config.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import type { OperatorProcess } from '#src/operator/process.ts';
import { startProcess } from '#src/operator/process.ts';
import type { Log } from '#src/telemetry/log.ts';
import type { Aws, AwsOptions } from './aws/simulator.ts';
import { createAws } from './aws/simulator.ts';
import { install } from './cluster.ts';
import type { KubernetesApi } from './kubernetes/server.ts';
import { startKubernetesApi } from './kubernetes/server.ts';
import { accessEntries, clusterName, ownAccountID, seedAws } from './seed.ts';

export interface PlaygroundOptions {
  /** Of the Kubernetes API; 0, the default, takes a free one. */
  readonly port?: number;
  /** Of AWS; 0, the default, takes a free one. */
  readonly awsPort?: number;
  readonly aws?: AwsOptions;
  /** The operator's. */
  readonly log: Log;
}

/** A cluster with the operator in it, an AWS, and the wires between them, all in this process. */
export interface Playground {
  readonly kubernetes: KubernetesApi;
  readonly aws: Aws;
  readonly awsURL: string;
  /** Acts as kubectl does. */
  readonly client: Client;
  /** The operator ends its passes first. */
  stop(): Promise<void>;
}

/** Drift is looked for more often than in production (10 min): somebody is watching. */
export const resync = '30s';
const keepCalls = 1_000;

/** Starts everything and resolves when the operator watches. Throws where a port is taken, with nothing left running. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    // IAM takes longer to spread in AWS; people who look on need not wait for it.
    const aws = createAws({ keepCalls, iamPropagationMs: 2_000, ...options.aws });
    seedAws(aws);
    const listening = await aws.listen(options.awsPort).catch(portTaken('--aws-port'));
    started.push(() => listening.close());
    const kubernetes = await startKubernetesApi({ port: options.port ?? 0 }).catch(portTaken('--port'));
    started.push(() => kubernetes.close());
    const client = connect({ kubeConfig: loadKubeConfig({ text: kubernetes.kubeconfig() }) });
    started.push(() => client.close());
    await install(client, accessEntries);
    const operator = await startOperator(kubernetes, aws, listening.url, options.log);
    started.push(() => operator.stop());
    return { kubernetes, aws, awsURL: listening.url, client, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOperator(kubernetes: KubernetesApi, aws: Aws, awsURL: string, log: Log): Promise<OperatorProcess> {
  const flags = {
    'cluster-name': clusterName,
    namespace: 'bedrock-monitor-system',
    'aws-endpoint': awsURL,
    resync,
    features: 'LoggingRole,LoggingBucket',
    // There is one process, and it must outlive a laptop's sleep.
    'leader-elect': 'false',
    'metrics-address': '0',
    'health-address': '0',
  };
  const parsed = parseConfig(
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    {},
  );
  if (parsed.kind !== 'config') throw new Error(parsed.kind === 'usage-error' ? parsed.message : parsed.text);
  return startProcess(parsed.config, {
    log,
    kubeconfigText: kubernetes.kubeconfig(),
    awsCredentials: aws.account(ownAccountID).credentials(),
    onLost: (reason) => log.error('leadership lost', { reason }),
  });
}

function portTaken(flag: string): (cause: unknown) => never {
  return (cause) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'EADDRINUSE') throw cause;
    throw new Error(`another process uses that port: choose another with ${flag}, or leave it out for a free one`, {
      cause,
    });
  };
}
