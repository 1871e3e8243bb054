import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Check } from '#src/telemetry/checks.ts';
import type { HttpServer, MetricsSource } from '#src/telemetry/http.ts';
import { serveHealth, serveMetrics } from '#src/telemetry/http.ts';

const loopback = { host: '127.0.0.1', port: 0 };
const running: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function up(server: Promise<HttpServer>) {
  const { port, ...rest } = await server;
  const close = () => rest.close();
  running.push({ port, close });
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  return { port, ask, close };
}

const well = (name: string): Check => ({ name, wrong: () => undefined });
const ill = (name: string, why: string): Check => ({ name, wrong: () => why });

test('healthz and readyz answer by their own checks', async () => {
  const { ask } = await up(
    serveHealth(loopback, [well('event-loop')], [ill('caches', 'the caches are not filled yet')]),
  );
  expect(await ask('/healthz')).toEqual({ status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' });
  expect(await ask('/readyz')).toMatchObject({
    status: 503,
    body: '[-]caches failed: the caches are not filled yet\nfailed\n',
  });
});

test('?verbose lists every check', async () => {
  const { ask } = await up(serveHealth(loopback, [well('event-loop'), ill('workers', 'stuck')], []));
  expect((await ask('/healthz?verbose')).body).toBe('[+]event-loop ok\n[-]workers failed: stuck\nfailed\n');
  expect((await ask('/readyz?verbose')).body).toBe('ok\n');
});

test('a check is asked anew at each probe', async () => {
  let why: string | undefined = 'not yet';
  const { ask } = await up(serveHealth(loopback, [], [{ name: 'caches', wrong: () => why }]));
  expect((await ask('/readyz')).status).toBe(503);
  why = undefined;
  expect((await ask('/readyz')).status).toBe(200);
});

test('metrics come with the type that the source names', async () => {
  const source: MetricsSource = { contentType: 'text/plain; version=0.0.4', metrics: async () => 'up 1\n' };
  const { ask } = await up(serveMetrics(loopback, source));
  expect(await ask('/metrics')).toEqual({ status: 200, type: 'text/plain; version=0.0.4', body: 'up 1\n' });
  expect(await ask('/metrics', 'HEAD')).toMatchObject({ status: 200, body: '' });
});

test('a source that fails is a 500 with its reason, and the server lives on', async () => {
  let fail = true;
  const metrics = async () => {
    if (fail) throw new Error('collector broke');
    return 'up 1\n';
  };
  const { ask } = await up(serveMetrics(loopback, { contentType: 'text/plain', metrics }));
  expect(await ask('/metrics')).toMatchObject({ status: 500, body: 'collector broke\n' });
  fail = false;
  expect((await ask('/metrics')).status).toBe(200);
});

test.each(['/', '/metrics', '/healthz/', '/readyz/caches', '/__proto__', '/constructor'])(
  '%s is not found on the health port',
  async (path) => {
    const { ask } = await up(serveHealth(loopback, [], []));
    expect((await ask(path)).status).toBe(404);
  },
);

test('only GET and HEAD are served', async () => {
  const { ask } = await up(serveHealth(loopback, [], []));
  expect((await ask('/healthz', 'POST')).status).toBe(405);
});

test('close answers the request under way, then frees the port', async () => {
  const gate = Promise.withResolvers<string>();
  const asked = Promise.withResolvers<void>();
  const metrics = () => {
    asked.resolve();
    return gate.promise;
  };
  const { ask, close, port } = await up(serveMetrics(loopback, { contentType: 'text/plain', metrics }));
  const answer = ask('/metrics');
  await asked.promise;
  const closed = close();
  gate.resolve('last 1\n');
  expect((await answer).body).toBe('last 1\n');
  await closed;
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
});

test('an address in use is told with the flag to change', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const bound = other.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  await expect(serveHealth({ host: '127.0.0.1', port }, [], [])).rejects.toThrow(
    `cannot serve health on 127.0.0.1:${port}: another process uses that address. Choose another address with --health-address, or 0 to serve none`,
  );
  other.close();
});
