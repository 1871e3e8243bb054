import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ApiError } from '#src/kubernetes/api-error.ts';
import { isAlreadyExists, isConflict, isExpired, isNotFound, isUnreachable } from '#src/kubernetes/api-error.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Client, ConnectOptions } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { RequestSample } from '#src/kubernetes/requester.ts';
import { MalformedWatch } from '#src/kubernetes/watch-stream.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import type { Script, ScriptedApi, Stream } from './scripted-api.ts';
import { kubeConfigFor, startScriptedApi } from './scripted-api.ts';
import { until } from './until.ts';

interface Widget extends KubernetesObject {
  readonly spec?: { readonly size: number };
}
const widgets: ApiResource<Widget> = { group: 'shop.example', version: 'v1', plural: 'widgets', namespaced: true };
const path = '/apis/shop.example/v1/namespaces/ns/widgets';
const at = { namespace: 'ns', name: 'one' };
const widget = (resourceVersion: string): Widget => ({ metadata: { ...at, uid: 'u1', resourceVersion } });

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(script: Script, options: { h2?: boolean } = {}): Promise<ScriptedApi> {
  const api = await startScriptedApi(script, options);
  cleanups.push(() => api.close());
  return api;
}

function client(api: ScriptedApi, options: Partial<ConnectOptions> = {}): Client {
  const made = connect({ kubeConfig: api.kubeConfig(), ...options });
  cleanups.push(() => made.close());
  return made;
}

async function errorOf(promise: Promise<unknown>): Promise<ApiError> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error) => error,
  );
}

describe('calls', () => {
  test('each verb has its method, path, query, content type and body', async () => {
    const api = await serve((call) => call.json(widget('2')));
    const c = client(api);
    await c.get(widgets, at);
    await c.create(widgets, widget('1'));
    await c.replace(widgets, widget('1'));
    await c.replaceStatus(widgets, widget('1'));
    await c.patch(widgets, at, { type: 'merge', body: { a: null }, subresource: 'status' });
    await c.patch(widgets, at, { type: 'apply', body: { b: 1 }, force: true });
    await c.delete(widgets, at, { uid: 'u1', resourceVersion: '7' });
    await c.raw({ method: 'GET', path: '/version' });
    expect(
      api.calls.map(({ method, path, query, headers, body }) => ({
        what: `${method} ${path}${query.size > 0 ? `?${query.toString()}` : ''}`,
        type: headers['content-type'],
        body,
      })),
    ).toEqual([
      { what: `GET ${path}/one`, type: undefined, body: undefined },
      { what: `POST ${path}?fieldManager=bedrock-monitor`, type: 'application/json', body: widget('1') },
      { what: `PUT ${path}/one?fieldManager=bedrock-monitor`, type: 'application/json', body: widget('1') },
      { what: `PUT ${path}/one/status?fieldManager=bedrock-monitor`, type: 'application/json', body: widget('1') },
      {
        what: `PATCH ${path}/one/status?fieldManager=bedrock-monitor`,
        type: 'application/merge-patch+json',
        body: { a: null },
      },
      {
        what: `PATCH ${path}/one?fieldManager=bedrock-monitor&force=true`,
        type: 'application/apply-patch+yaml',
        body: { b: 1 },
      },
      {
        what: `DELETE ${path}/one`,
        type: 'application/json',
        body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'u1', resourceVersion: '7' } },
      },
      { what: 'GET /version', type: undefined, body: undefined },
    ]);
    expect(c.namespace).toBe('home');
  });

  test('a path in the server URL is kept', async () => {
    const api = await serve((call) => call.json(widget('1')));
    const c = connect({ kubeConfig: kubeConfigFor(`${api.url}/k8s/clusters/c-1/`) });
    cleanups.push(() => c.close());
    await c.get(widgets, at);
    expect(api.calls[0]?.path).toBe(`/k8s/clusters/c-1${path}/one`);
  });

  test('a list reads every page', async () => {
    const api = await serve((call) => {
      const from = Number(call.query.get('continue') ?? 0);
      const items = [widget(String(from)), widget(String(from + 1))];
      call.json({ metadata: { resourceVersion: '50', ...(from < 4 && { continue: String(from + 2) }) }, items });
    });
    const list = await client(api).list(widgets, { namespace: 'ns', labelSelector: 'a=b', pageSize: 2 });
    expect(list.metadata.resourceVersion).toBe('50');
    expect(list.items.map((item) => item.metadata.resourceVersion)).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(api.calls.map((call) => call.query.toString())).toEqual([
      'labelSelector=a%3Db&limit=2',
      'labelSelector=a%3Db&limit=2&continue=2',
      'labelSelector=a%3Db&limit=2&continue=4',
    ]);
  });

  test('a continue token that expired leads to one unpaged list', async () => {
    const api = await serve((call) => {
      if (call.query.has('continue')) call.fail(410, 'Expired');
      else if (call.query.has('limit')) call.json({ metadata: { continue: 'x' }, items: [widget('1')] });
      else call.json({ metadata: { resourceVersion: '9' }, items: [widget('1'), widget('2')] });
    });
    expect((await client(api).list(widgets)).items).toHaveLength(2);
  });
});

describe('failures', () => {
  test.each([
    [409, 'Conflict', isConflict],
    [409, 'AlreadyExists', isAlreadyExists],
    [404, 'NotFound', isNotFound],
    [410, 'Expired', isExpired],
  ])('%i %s is told apart from all others', async (code, reason, predicate) => {
    const api = await serve((call) => call.fail(code, reason));
    const error = await errorOf(client(api).get(widgets, at));
    expect(error).toMatchObject({ status: code, reason });
    expect(error.message).toBe(`GET widgets ns/one: ${code} ${reason}: told to say ${reason}`);
    expect([isConflict, isAlreadyExists, isNotFound, isExpired].filter((one) => one(error))).toEqual([predicate]);
  });

  test('an answer that is no Status still says what happened', async () => {
    const api = await serve(({ response }) => {
      response.writeHead(502);
      response.end('<html>bad gateway</html>');
    });
    const error = await errorOf(client(api).get(widgets, at));
    expect(error.message).toBe('GET widgets ns/one: 502 Unknown: <html>bad gateway</html>');
  });

  test('a call ends at its deadline', async () => {
    const clock = fakeClock();
    const api = await serve(() => undefined);
    const call = errorOf(client(api, { clock, timeoutMs: 5000 }).get(widgets, at));
    await until('the request is in', () => api.calls.length === 1);
    await clock.advance(5000);
    expect(await call).toMatchObject({ status: 0, reason: 'Timeout' });
    expect(isUnreachable(await call)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('a call ends at its deadline when the body does not come', async () => {
    const clock = fakeClock();
    const api = await serve((call) => call.response.writeHead(200).write('{'));
    const call = errorOf(client(api, { clock }).withTimeout(700).get(widgets, at));
    await until('the request is in', () => api.calls.length === 1);
    await clock.advance(700);
    expect(await call).toMatchObject({ reason: 'Timeout' });
  });

  test('the caller ends a call, with its own reason', async () => {
    const api = await serve(() => undefined);
    const stop = new AbortController();
    const call = errorOf(client(api).get(widgets, at, stop.signal));
    await until('the request is in', () => api.calls.length === 1);
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await call).toBe(reason);
  });

  test('429 is waited for as the server asks', async () => {
    const clock = fakeClock();
    const api = await serve((call) =>
      api.calls.length === 1 ? call.fail(429, 'TooManyRequests', { 'retry-after': '3' }) : call.json(widget('1')),
    );
    const call = client(api, { clock }).replace(widgets, widget('1'));
    await until('it waits for its deadline and its turn', () => clock.pending === 2);
    await clock.advance(2999);
    expect(api.calls).toHaveLength(1);
    await clock.advance(1);
    expect((await call).metadata.resourceVersion).toBe('1');
  });

  test('429 past the deadline goes to the caller at once, with the wish', async () => {
    const api = await serve((call) => call.fail(429, 'TooManyRequests', { 'retry-after': '60' }));
    const error = await errorOf(client(api).get(widgets, at));
    expect(error).toMatchObject({ status: 429, retryAfterMs: 60_000 });
    expect(api.calls).toHaveLength(1);
  });

  test('a read whose connection was cut is sent once more, a write is not', async () => {
    const api = await serve((call) => {
      if (call.method === 'GET' && api.calls.length > 1) call.json(widget('1'));
      else call.reset();
    });
    expect((await client(api).get(widgets, at)).metadata.name).toBe('one');
    expect(api.calls).toHaveLength(2);
    expect(isUnreachable(await errorOf(client(api).replace(widgets, widget('1'))))).toBe(true);
    expect(api.calls).toHaveLength(3);
  });

  test('nobody listens', async () => {
    const api = await startScriptedApi(() => undefined);
    await api.close();
    const error = await errorOf(client(api).get(widgets, at));
    expect(error.reason).toBe('Unreachable');
    expect(error.message).toContain('GET widgets ns/one: the API server cannot be reached');
  });
});

describe('credentials', () => {
  test('a token file is read again, once, when the server refuses the token', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'token-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'token');
    writeFileSync(file, 'old\n');
    const api = await serve((call) => {
      if (call.headers.authorization === 'Bearer new') call.json(widget('1'));
      else call.fail(401, 'Unauthorized');
    });
    const kubeConfig = api.kubeConfig({ 'auth-provider': { name: 'tokenFile', config: { tokenFile: file } } });
    const c = client(api, { kubeConfig });
    expect(await errorOf(c.get(widgets, at))).toMatchObject({ status: 401 });
    expect(api.calls).toHaveLength(2);
    writeFileSync(file, 'new\n');
    await c.get(widgets, at);
    expect(api.calls.map((call) => call.headers.authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
  });

  test('parallel calls start one exec plugin, which is told what it runs for', async () => {
    const api = await serve((call) => call.json(widget('1')));
    const script = `const token = process.pid + '-' + JSON.parse(process.env.KUBERNETES_EXEC_INFO).kind;
      console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));`;
    const kubeConfig = api.kubeConfig({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] },
    });
    const c = client(api, { kubeConfig });
    await Promise.all([1, 2, 3, 4].map(() => c.get(widgets, at)));
    const tokens = new Set(api.calls.map((call) => call.headers.authorization));
    expect(tokens.size).toBe(1);
    expect([...tokens][0]).toMatch(/^Bearer \d+-ExecCredential$/);
  });

  test('many calls whose token was refused at once start one exec plugin more', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exec-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const count = join(folder, 'count');
    writeFileSync(count, '');
    const api = await serve((call) => {
      if (call.headers.authorization === 'Bearer 2') call.json(widget('1'));
      else call.fail(401, 'Unauthorized');
    });
    const script = `const fs = require('node:fs');
      fs.appendFileSync(process.argv[1], 'x');
      const token = String(fs.readFileSync(process.argv[1]).length);
      console.log(JSON.stringify({ kind: 'ExecCredential', status: { token } }));`;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', script, count],
    };
    const c = client(api, { kubeConfig: api.kubeConfig({ exec }) });
    await Promise.all([1, 2, 3, 4, 5].map(() => c.get(widgets, at)));
    expect(readFileSync(count, 'utf8')).toBe('xx');
  });

  test('user name and password', async () => {
    const api = await serve((call) => call.json(widget('1')));
    await client(api, { kubeConfig: api.kubeConfig({ username: 'ann', password: 'x:y' }) }).get(widgets, at);
    expect(api.calls[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:x:y').toString('base64')}`);
  });
});

describe('connections', () => {
  test('HTTP/1.1: hundreds of calls share a handful of connections', async () => {
    const api = await serve((call) => call.json(widget('1')));
    const c = client(api);
    for (let round = 0; round < 60; round += 1) await Promise.all(Array.from({ length: 5 }, () => c.get(widgets, at)));
    expect(api.calls).toHaveLength(300);
    expect(api.connections).toBeLessThan(20);
  });

  test('HTTP/2: everything is one connection, watches included', async () => {
    const api = await serve((call) => (call.query.has('watch') ? void call.watch() : call.json(widget('1'))), {
      h2: true,
    });
    const c = client(api);
    const stop = new AbortController();
    await Promise.all([1, 2, 3].map(() => c.watch(widgets, { timeoutSeconds: 300 }, stop.signal)));
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 15 }, () => c.get(widgets, at)));
    stop.abort();
    expect(api.calls).toHaveLength(303);
    expect(api.connections).toBe(1);
    expect(api.calls[0]?.response.constructor.name).toBe('Http2ServerResponse');
  });

  test('GOAWAY costs one new connection and no call', async () => {
    const api = await serve((call) => call.json(widget('1')), { h2: true });
    const c = client(api);
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: 10 }, () => c.get(widgets, at)));
      api.goAway();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await c.get(widgets, at);
    expect(api.calls).toHaveLength(31);
    expect(api.connections).toBeLessThanOrEqual(4);
  });

  test('every attempt is measured', async () => {
    const samples: RequestSample[] = [];
    const clock = fakeClock();
    const api = await serve((call) => (api.calls.length === 1 ? call.fail(404, 'NotFound') : call.reset()));
    const c = client(api, { clock, onRequest: (sample) => samples.push(sample) });
    await errorOf(c.get(widgets, at));
    await errorOf(c.create(widgets, widget('1')));
    const host = `127.0.0.1:${api.port}`;
    expect(samples).toEqual([
      { method: 'GET', resource: 'widgets', host, code: '404', durationMs: 0 },
      { method: 'POST', resource: 'widgets', host, code: '<error>', durationMs: 0 },
    ]);
  });
});

describe('watch', () => {
  const added = { type: 'ADDED', object: { metadata: { name: 'one', resourceVersion: '5' } } };

  async function open(api: ScriptedApi, options: Partial<ConnectOptions> = {}) {
    const stream = await client(api, options).watch(widgets, { timeoutSeconds: 300, resourceVersion: '4' });
    return stream[Symbol.asyncIterator]();
  }

  test('events come as they are sent, however the bytes are cut', async () => {
    let stream: Stream | undefined;
    const api = await serve((call) => {
      stream = call.watch();
    });
    const events = await open(api);
    expect(api.calls[0]?.query.toString()).toBe(
      'watch=true&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=4',
    );
    const line = Buffer.from(`${JSON.stringify({ ...added, object: { metadata: { name: 'grün' } } })}\n`);
    const middle = line.indexOf('ü') + 1;
    stream?.raw(line.subarray(0, middle));
    await new Promise((resolve) => setTimeout(resolve, 5));
    stream?.raw(Buffer.concat([line.subarray(middle), line]));
    expect((await events.next()).value?.object.metadata.name).toBe('grün');
    expect((await events.next()).value?.object.metadata.name).toBe('grün');
    stream?.send({ type: 'NOVELTY', object: { metadata: {} } }, added);
    expect((await events.next()).value?.type).toBe('ADDED');
    stream?.end();
    expect((await events.next()).done).toBe(true);
  });

  test('an ERROR event is thrown as the error it carries', async () => {
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 4 (9)' };
    const api = await serve((call) => void call.watch(added, { type: 'ERROR', object: status }));
    const events = await open(api);
    await events.next();
    const error = await errorOf(events.next());
    expect(isExpired(error)).toBe(true);
    expect(error.message).toContain('too old resource version: 4 (9)');
  });

  test.each(['not json', '{"type":"ADDED"}', 'null', '[]'])('the line %s is never passed over', async (line) => {
    const api = await serve((call) => call.watch(added).raw(`${line}\n`));
    const events = await open(api);
    await events.next();
    await expect(events.next()).rejects.toBeInstanceOf(MalformedWatch);
  });

  test('a server that falls silent is given up five seconds after the watch should have ended', async () => {
    const clock = fakeClock();
    const api = await serve((call) => void call.watch(added));
    const events = await open(api, { clock });
    await events.next();
    const next = errorOf(events.next());
    await clock.advance(304_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await next).toMatchObject({ status: 0, reason: 'Timeout' });
    expect(clock.pending).toBe(0);
  });

  test('leaving the loop closes the stream', async () => {
    let stream: Stream | undefined;
    const api = await serve((call) => {
      stream = call.watch(added);
    });
    for await (const event of await client(api).watch(widgets, { timeoutSeconds: 300 })) {
      expect(event.type).toBe('ADDED');
      break;
    }
    await until('the server sees it closed', () => stream?.closed === true);
  });
});
