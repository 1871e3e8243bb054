import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { stringify } from 'yaml';
import type { Api } from './api.ts';
import { timestamp } from './api.ts';
import { namespaces } from './built-in/resources.ts';
import { collectContent } from './deleting.ts';
import type { Faults } from './faults.ts';
import { createFaults } from './faults.ts';
import { handle } from './handler.ts';
import type { ApiAnswer, ApiRequest, WatchAnswer } from './http.ts';
import { createRegistry } from './registry.ts';
import { StatusError } from './status-error.ts';
import { createStore, keyOf } from './store.ts';
import { createWatchHub } from './watch-hub.ts';

export interface KubernetesApiOptions {
  /** 0, the default, takes any free port of the loopback interface. */
  readonly port?: number;
  /** Wall milliseconds, for every timestamp that the server writes. */
  readonly clock?: { now(): number };
  /** How many changes can be watched from before resourceVersions expire. */
  readonly historyLimit?: number;
}

/** One request that was served, for tests that count them. */
interface ServedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** 0 where the connection was cut instead. */
  readonly status: number;
}

/** A running API server, and the levers by which a test makes its life hard. */
export interface KubernetesApi {
  readonly url: string;
  /** A kubeconfig in YAML with this server as its only context. */
  kubeconfig(): string;
  close(): Promise<void>;
  /** Answers without a socket. Watches are only opened, not fed. */
  handle(request: ApiRequest): ApiAnswer | WatchAnswer;
  /** Expires all resourceVersions given out so far: watches and continued lists from them answer 410. */
  compact(): void;
  /** Cuts every open watch in the middle. */
  dropWatches(): void;
  /** Ends every open watch properly, as at its timeout. */
  endWatches(): void;
  /** Leaves watches open but silent, like a connection whose other end is gone. */
  pauseWatches(): void;
  /** Sends what was held back. */
  resumeWatches(): void;
  /** Sends a bookmark now instead of at the minute. */
  sendBookmarks(): void;
  openWatches(): number;
  readonly failNext: Faults['failNext'];
  /** Holds every new request until `release` is called. */
  holdRequests(): () => void;
  /** Requests since the start, oldest first; the last 10,000. */
  readonly requests: readonly ServedRequest[];
}

const remembered = 10_000;

/** Starts the embedded Kubernetes API on loopback HTTP. It keeps everything in memory and serves anybody. */
export async function startKubernetesApi(options: KubernetesApiOptions = {}): Promise<KubernetesApi> {
  const now = (): number => options.clock?.now() ?? Date.now();
  const store = createStore(options.historyLimit);
  const registry = createRegistry(store);
  const api: Api = { store, registry, now, newUID: randomUUID, newSuffix };
  collectContent(api);
  const hub = createWatchHub(api);
  const faults = createFaults();
  const requests: ServedRequest[] = [];
  let gate: Promise<void> | undefined;

  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) createNamespace(api, name);

  const note = (method: string, url: string, status: number): void => {
    requests.push({ method, url, status });
    if (requests.length > remembered) requests.splice(0, remembered / 10);
  };

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    await gate;
    const { method, url } = request;
    const fault = faults.take(method, url);
    if (fault === 'ResetBefore') {
      note(method, url, 0);
      message.socket.destroy();
      return;
    }
    if (typeof fault === 'number') {
      note(method, url, fault);
      send(response, injected(fault));
      return;
    }
    const answer = handle(api, request);
    if (fault === 'ResetAfter') {
      note(method, url, 0);
      message.socket.destroy();
      return;
    }
    note(method, url, 'watch' in answer ? 200 : answer.status);
    if (!('watch' in answer)) send(response, answer);
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
      response.flushHeaders();
      const stop = hub.attach(answer, {
        write: (event) => void response.write(`${JSON.stringify(event)}\n`),
        end: () => void response.end(),
        destroy: () => void response.destroy(),
      });
      response.on('close', stop);
    }
  };

  const server = createServer((message, response) => {
    serve(message, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : (options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    kubeconfig: () => kubeconfigOf(url),
    async close() {
      hub.drop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
    handle: (request) => handle(api, request),
    compact: store.compact,
    dropWatches: hub.drop,
    endWatches: hub.end,
    pauseWatches: hub.pause,
    resumeWatches: hub.resume,
    sendBookmarks: hub.bookmark,
    openWatches: hub.open,
    failNext: faults.failNext,
    holdRequests() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return () => {
        gate = undefined;
        held.resolve();
      };
    },
    requests,
  };
}

/** Like client-go's name generator: no vowels, so that no words come out. */
function newSuffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return [...randomBytes(5)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function createNamespace(api: Api, name: string): void {
  api.store.put(namespaces.storedAs, keyOf('', name), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: api.newUID(),
      creationTimestamp: timestamp(api.now()),
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}

async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  const { accept, 'content-type': contentType, 'user-agent': userAgent } = message.headers;
  return {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    ...(accept === undefined ? {} : { accept }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(userAgent === undefined ? {} : { userAgent }),
    body: Buffer.concat(chunks).toString(),
  };
}

function send(response: ServerResponse, { status, body, warnings }: ApiAnswer): void {
  const text = typeof body === 'string';
  const payload = text ? body : `${JSON.stringify(body)}\n`;
  for (const warning of warnings) response.appendHeader('warning', `299 - ${JSON.stringify(warning)}`);
  response.writeHead(status, {
    'content-type': text ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': String(Buffer.byteLength(payload)),
    ...(status === 429 ? { 'retry-after': '1' } : {}),
  });
  response.end(payload);
}

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function injected(status: number): ApiAnswer {
  const details = status === 429 ? { retryAfterSeconds: 1 } : undefined;
  const error = new StatusError(status, reasons[status] ?? '', `injected failure with status ${status}`, details);
  return { status, body: error.status, warnings: [] };
}

function kubeconfigOf(server: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'playground', cluster: { server } }],
    users: [{ name: 'playground', user: { token: 'playground' } }],
    contexts: [{ name: 'playground', context: { cluster: 'playground', user: 'playground', namespace: 'default' } }],
    'current-context': 'playground',
  });
}
