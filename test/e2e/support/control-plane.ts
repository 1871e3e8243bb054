import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, connect } from './api.ts';
import { type AuditEvent, auditFlags, readAuditLog } from './audit.ts';
import { type ControlPlaneBinaries, controlPlaneBinaries } from './control-plane-binaries.ts';
import { freePort } from './free-port.ts';
import { type Access, writeKubeconfig } from './kubeconfig.ts';
import { type ServerProcess, startServer } from './server-process.ts';

interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

type Part = 'apiServer' | 'etcd';

/**
 * A real kube-apiserver over a real etcd, on loopback, with RBAC on. As in envtest there are no controllers: nothing
 * collects garbage, empties a deleted namespace, or runs a Pod.
 */
export interface ControlPlane {
  readonly url: string;
  /** As a member of system:masters. */
  readonly admin: Access;
  readonly adminKubeconfigPath: string;
  /** The same as `admin`, connected. */
  readonly api: Api;
  /** What the API server noted of the requests that it answered, oldest first; see audit.ts. */
  audit(): Promise<readonly AuditEvent[]>;
  /** A token for a service account that exists, by the TokenRequest API, as the kubelet asks for it. */
  accessFor(account: ServiceAccount): Promise<Access>;
  /** The same as a kubeconfig; its path. */
  kubeconfigFor(account: ServiceAccount): Promise<string>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(part: Part): Promise<void>;
  resume(part: Part): void;
  /** SIGKILL. */
  kill(part: Part): Promise<void>;
  /** Starts again what was killed, at the same address and with the same data; resolves when it is ready. */
  start(part: Part): Promise<void>;
  /** Stops the API server in order, as an upgrade does, and starts it with these flags on top of its own. */
  restartApiServer(flags?: readonly string[]): Promise<void>;
  /** Ends both and removes their files. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Further flags of kube-apiserver, such as `--goaway-chance=0.02` or `--watch-cache=false`. */
  readonly flags?: readonly string[];
}

const readyWithinMs = 60_000;

/** Starts a control plane of its own for the caller, who must stop it. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = await controlPlaneBinaries();
  const directory = await mkdtemp(join(tmpdir(), 'bedrock-monitor-e2e-'));
  const servers = new Map<Part, ServerProcess>();
  const end = async (): Promise<void> => {
    await Promise.all([...servers.values()].map((server) => server.stop(0)));
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    return await boot(binaries, directory, servers, options, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function boot(
  binaries: ControlPlaneBinaries,
  directory: string,
  servers: Map<Part, ServerProcess>,
  options: ControlPlaneOptions,
  end: () => Promise<void>,
): Promise<ControlPlane> {
  const etcdUrl = `http://127.0.0.1:${await freePort()}`;
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const token = randomBytes(24).toString('hex');
  const flags = [...(await apiServerFlags(directory, { etcdUrl, port, token })), ...(options.flags ?? [])];

  const startEtcd = async (): Promise<void> => {
    const server = startServer(binaries.etcd, etcdFlags(directory, etcdUrl), join(directory, 'etcd.log'));
    servers.set('etcd', server);
    await waitUntil('etcd', server, async () => (await fetch(`${etcdUrl}/health`)).ok);
  };
  const startApiServer = async (more: readonly string[] = []): Promise<void> => {
    const server = startServer(binaries.apiServer, [...flags, ...more], join(directory, 'kube-apiserver.log'));
    servers.set('apiServer', server);
    await waitUntil('kube-apiserver', server, async () => {
      const probe = connect({ url, certificateAuthority: await certificateAuthority(directory), token });
      try {
        const ready = await probe.request('GET', '/readyz');
        return ready.status === 200 && (await probe.request('GET', '/api/v1/namespaces/default')).status === 200;
      } finally {
        await probe.close();
      }
    });
  };
  await startEtcd();
  await startApiServer();

  const admin = { url, certificateAuthority: await certificateAuthority(directory), token };
  const adminKubeconfigPath = join(directory, 'admin.kubeconfig');
  await writeKubeconfig(adminKubeconfigPath, admin);
  const api = connect(admin);
  const running = (part: Part): ServerProcess => {
    const server = servers.get(part);
    if (server === undefined) throw new Error(`${part} was never started`);
    return server;
  };
  const accessFor = async ({ namespace, name }: ServiceAccount): Promise<Access> => {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } };
    const answer = await api.request<{ status: { token: string } }>('POST', path, { body });
    if (answer.status !== 201) throw new Error(`no token for ${namespace}/${name}: ${JSON.stringify(answer.body)}`);
    return { ...admin, token: answer.body.status.token };
  };

  return {
    url,
    admin,
    adminKubeconfigPath,
    api,
    audit: () => readAuditLog(directory),
    accessFor,
    kubeconfigFor: async (account) => {
      const path = join(directory, `${account.namespace}.${account.name}.kubeconfig`);
      await writeKubeconfig(path, await accessFor(account), account.namespace);
      return path;
    },
    pause: (part) => running(part).pause(),
    resume: (part) => running(part).resume(),
    kill: (part) => running(part).stop(0),
    start: (part) => (part === 'etcd' ? startEtcd() : startApiServer()),
    restartApiServer: async (more) => {
      await running('apiServer').stop(15_000);
      await startApiServer(more);
    },
    stop: async () => {
      await api.close();
      await end();
    },
  };
}

function etcdFlags(directory: string, url: string): readonly string[] {
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    // The data need not survive the machine.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

async function apiServerFlags(
  directory: string,
  { etcdUrl, port, token }: { etcdUrl: string; port: number; token: string },
): Promise<readonly string[]> {
  const certificates = join(directory, 'certificates');
  await mkdir(certificates);
  const key = join(certificates, 'service-accounts.pem');
  const tokens = join(certificates, 'tokens.csv');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(tokens, `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  return [
    `--etcd-servers=${etcdUrl}`,
    // It writes itself a certificate here, once, together with the authority that signed it.
    `--cert-dir=${certificates}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // A loopback address is no endpoint of the Service `kubernetes`.
    '--endpoint-reconciler-type=none',
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    '--disable-admission-plugins=ServiceAccount',
    // Otherwise it waits for open watches when it is stopped in order, and there is no other server to go to.
    '--shutdown-watch-termination-grace-period=1s',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${tokens}`,
    ...(await auditFlags(directory)),
  ];
}

/** The file holds the server's certificate and, after it, that of the authority. */
async function certificateAuthority(directory: string): Promise<string> {
  return readFile(join(directory, 'certificates', 'apiserver.crt'), 'utf8');
}

async function waitUntil(name: string, server: ServerProcess, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    if (await ready().catch(() => false)) return;
    if (!server.running()) throw new Error(`${name} ended before it was ready:\n${await server.lastWords()}`);
    if (Date.now() > deadline) throw new Error(`${name} is not ready after a minute:\n${await server.lastWords()}`);
    await sleep(50);
  }
}
