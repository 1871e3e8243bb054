import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import { createSecureServer } from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { KubeConfig } from '#src/kubernetes/kube-config.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { loopbackCertificate, loopbackKey } from './loopback-certificate.ts';

/** One request, and the means to answer it in any way, right or wrong. */
export interface ScriptedCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
  readonly response: ServerResponse;
  /** Answers 200. */
  json(body: unknown): void;
  /** Answers a failure as the API server does. */
  fail(code: number, reason: string, headers?: Readonly<Record<string, string>>): void;
  /** Answers 200 and keeps the body open for the lines of a watch. */
  watch(...events: readonly object[]): Stream;
  /** Cuts the connection. */
  reset(): void;
}

export interface Stream {
  send(...events: readonly object[]): void;
  raw(bytes: string | Buffer): void;
  end(): void;
  reset(): void;
  readonly closed: boolean;
}

export interface ScriptedApi {
  readonly url: string;
  readonly port: number;
  /** Everything that was asked, in order. */
  readonly calls: ScriptedCall[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** Sends GOAWAY on every HTTP/2 session. */
  goAway(): void;
  kubeConfig(user?: object): KubeConfig;
  close(): Promise<void>;
}

export type Script = (call: ScriptedCall) => void;

export async function startScriptedApi(
  script: Script,
  options: { readonly h2?: boolean; readonly port?: number } = {},
): Promise<ScriptedApi> {
  const calls: ScriptedCall[] = [];
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;

  const receive = (
    request: { method?: string; url?: string; headers: IncomingHttpHeaders } & AsyncIterable<Buffer>,
    response: ServerResponse,
  ): void => {
    void (async () => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of request) chunks.push(chunk);
      } catch {
        return; // The client went away.
      }
      const call = scriptedCall(request, Buffer.concat(chunks).toString(), response);
      calls.push(call);
      script(call);
    })();
  };
  // Node's HTTP/2 responses do what ServerResponse does, though they are not declared so: hence the plain `Server`.
  const server: Server = options.h2
    ? createSecureServer({ key: loopbackKey, cert: loopbackCertificate, allowHTTP1: true })
    : createServer();
  server.on('request', receive);
  server.on(options.h2 ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.on('session', (session: ServerHttp2Session) => sessions.add(session));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `${options.h2 ? 'https' : 'http'}://127.0.0.1:${port}`;

  return {
    url,
    port,
    calls,
    get connections() {
      return connections;
    },
    goAway() {
      for (const session of sessions) if (!session.closed) session.goaway();
    },
    kubeConfig: (user = {}) => kubeConfigFor(url, user),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function kubeConfigFor(server: string, user: object = {}): KubeConfig {
  return loadKubeConfig({
    text: JSON.stringify({
      clusters: [
        {
          name: 'c',
          cluster: { server, 'certificate-authority-data': Buffer.from(loopbackCertificate).toString('base64') },
        },
      ],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'home' } }],
      'current-context': 'x',
    }),
  });
}

function scriptedCall(
  request: { method?: string; url?: string; headers: IncomingHttpHeaders },
  text: string,
  response: ServerResponse,
): ScriptedCall {
  const url = new URL(request.url ?? '/', 'http://api');
  const { method = '', headers } = request;
  const json = (status: number, body: unknown, extra: Readonly<Record<string, string>> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...extra });
    response.end(JSON.stringify(body));
  };
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: text === '' ? undefined : JSON.parse(text),
    response,
    json: (body) => json(200, body),
    fail: (code, reason, extra) =>
      json(code, { kind: 'Status', status: 'Failure', code, reason, message: `told to say ${reason}` }, extra),
    watch(...events) {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (!('stream' in response)) response.flushHeaders();
      let closed = false;
      response.on('close', () => {
        closed = true;
      });
      const raw = (line: string | Buffer) => void response.write(line);
      const stream: Stream = {
        send: (...more) => raw(more.map((event) => `${JSON.stringify(event)}\n`).join('')),
        raw,
        end: () => void response.end(),
        reset: () => cut(response),
        get closed() {
          return closed;
        },
      };
      if (events.length > 0) stream.send(...events);
      return stream;
    },
    reset: () => cut(response),
  };
}

function cut(response: ServerResponse): void {
  response.socket?.destroy();
}
