// By path: the package's index loads every model, which costs 13 MB of memory at rest.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

export type { KubeConfig };

export interface KubeConfigSource {
  /** A kubeconfig file. Absent: `KUBECONFIG`, then `~/.kube/config`, then the pod's service account. */
  readonly file?: string;
  /** A kubeconfig as YAML or JSON text; wins over `file`. */
  readonly text?: string;
  /** Another context than the current one. */
  readonly context?: string;
}

/** Where the cluster is and as whom to call it. Throws with the remedy where that cannot be told. */
export function loadKubeConfig(source: KubeConfigSource = {}): KubeConfig {
  const config = new KubeConfig();
  if (source.text !== undefined) config.loadFromString(source.text);
  else if (source.file !== undefined) config.loadFromFile(source.file);
  else config.loadFromDefault();
  if (source.context !== undefined) {
    if (!config.getContextObject(source.context)) {
      const known = config.getContexts().map(({ name }) => name);
      throw new Error(`kubeconfig: no context ${source.context}; there are: ${known.join(', ') || 'none'}`);
    }
    config.setCurrentContext(source.context);
  }
  if (!config.getCurrentCluster()) {
    throw new Error('kubeconfig: no current context with a cluster; set current-context, or name one');
  }
  return config;
}

/**
 * A copy without anything cached about credentials. It never touches the original. Changed on the way:
 * - plain HTTP is allowed: the original refuses it unless skipTLSVerify is set, which means nothing there;
 * - exec plugins get KUBERNETES_EXEC_INFO, which client-node leaves out and some plugins require
 *   (client-go: plugin/pkg/client/auth/exec).
 */
export function freshCopy(config: KubeConfig): KubeConfig {
  const copy = new KubeConfig();
  copy.loadFromOptions({
    contexts: config.contexts,
    currentContext: config.currentContext,
    clusters: config.clusters.map((cluster) =>
      cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
    ),
    users: config.users.map((user) => (user.exec ? { ...user, exec: withExecInfo(user.exec) } : user)),
  });
  return copy;
}

interface ExecConfig {
  readonly apiVersion?: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

function withExecInfo(exec: ExecConfig): ExecConfig {
  const env = exec.env ?? [];
  if (env.some(({ name }) => name === 'KUBERNETES_EXEC_INFO')) return exec;
  const value = JSON.stringify({
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value }] };
}
