import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Check } from './checks.ts';

/** Where to listen. Without a host: on all addresses. Port 0: any free one. */
export interface ListenAddress {
  readonly host?: string;
  readonly port: number;
}

export interface HttpServer {
  /** The port in use. */
  readonly port: number;
  /** Takes no new requests and resolves when those under way are answered, or cut after a second. */
  close(): Promise<void>;
}

/** What metrics are read from; prom-client's Registry is one. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

type Routes = Readonly<Record<string, (query: URLSearchParams) => Promise<Answer> | Answer>>;

/** Longest time that `close` waits for requests under way. */
const CLOSE_MS = 1_000;

/**
 * `/healthz`: 200 while the process works, else it should be restarted. `/readyz`: 200 while it can take work.
 * Both answer 503 with what is wrong; `?verbose` lists every check. Throws where the address cannot be used.
 */
export function serveHealth(
  address: ListenAddress,
  alive: readonly Check[],
  ready: readonly Check[],
): Promise<HttpServer> {
  return serve('health', address, {
    '/healthz': (query) => probe(alive, query.has('verbose')),
    '/readyz': (query) => probe(ready, query.has('verbose')),
  });
}

/** `/metrics`, in the format that Prometheus scrapes. Throws where the address cannot be used. */
export function serveMetrics(address: ListenAddress, source: MetricsSource): Promise<HttpServer> {
  return serve('metrics', address, {
    '/metrics': async () => ({ status: 200, contentType: source.contentType, body: await source.metrics() }),
  });
}

function probe(checks: readonly Check[], verbose: boolean): Answer {
  const said = checks.map(({ name, wrong }) => ({ name, why: wrong() }));
  const failing = said.filter(({ why }) => why !== undefined);
  const lines = (verbose ? said : failing).map(({ name, why }) =>
    why === undefined ? `[+]${name} ok` : `[-]${name} failed: ${why}`,
  );
  if (failing.length === 0) return { status: 200, body: [...lines, 'ok', ''].join('\n') };
  return { status: 503, body: [...lines, 'failed', ''].join('\n') };
}

async function serve(what: string, address: ListenAddress, routes: Routes): Promise<HttpServer> {
  let closing = false;
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const said = await answer(routes, request);
    // A connection kept open would hold up `close`.
    if (closing) response.setHeader('connection', 'close');
    send(request, response, said);
  };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    void respond(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(what, address, cause)));
    server.listen(address, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    close: () =>
      new Promise((resolve) => {
        closing = true;
        const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function answer(routes: Routes, request: IncomingMessage): Promise<Answer> {
  const { method = '', url = '/' } = request;
  const [path = '', query] = url.split('?', 2);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) return { status: 404, body: 'not found\n' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'only GET is served here\n' };
  try {
    return await route(new URLSearchParams(query));
  } catch (error) {
    return { status: 500, body: `${error instanceof Error ? error.message : String(error)}\n` };
  }
}

function send(request: IncomingMessage, response: ServerResponse, said: Answer): void {
  const body = Buffer.from(said.body);
  response.writeHead(said.status, {
    'content-type': said.contentType ?? 'text/plain; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(said.status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function cannotListen(what: string, { host = '', port }: ListenAddress, cause: NodeJS.ErrnoException): Error {
  const why = whys[cause.code ?? ''] ?? cause.message;
  return new Error(
    `cannot serve ${what} on ${host}:${port}: ${why}. Choose another address with --${what}-address, or 0 to serve none`,
    { cause },
  );
}

const whys: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process uses that address',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EACCES: 'this user may not use that port',
};
