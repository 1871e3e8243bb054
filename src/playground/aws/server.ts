import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Engine } from './engine.ts';

export interface Listening {
  /** `http://127.0.0.1:<port>`: the endpoint of every simulated service. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the simulator on loopback. A call that gets no answer loses its connection. */
export async function listen(engine: Engine, port: number): Promise<Listening> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    answer(engine, request, response, closing.signal).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator has no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      closing.abort();
      server.closeAllConnections();
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}

async function answer(engine: Engine, request: IncomingMessage, response: ServerResponse, closing: AbortSignal) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url ?? '/', 'http://loopback');
  const { status, headers, body } = await engine(
    {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      ),
      body: Buffer.concat(chunks).toString(),
    },
    AbortSignal.any([gone.signal, closing]),
  );
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
