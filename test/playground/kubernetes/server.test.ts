import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import type { Body, ContractApi, WatchedEvent } from '#test/contract/contract-api.ts';
import { connectContract } from '#test/contract/contract-api.ts';
import { definitions, mergePatch, widgetDefinition } from '#test/contract/widgets.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const lost = /closed|terminated|aborted|other side|reset/i;
const now = Date.parse('2026-03-01T12:00:00.500Z');
const map = (name: string, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
});

describe('the embedded API', () => {
  let server: KubernetesApi;
  let api: ContractApi;
  let controller: AbortController;
  beforeEach(async () => {
    server = await startKubernetesApi({ clock: { now: () => now } });
    api = connectContract({ url: server.url });
    controller = new AbortController();
  });
  afterEach(async () => {
    controller.abort();
    await server.close();
  });

  const create = async (name: string, metadata: object = {}): Promise<Body> =>
    (await api.request('POST', maps, { body: map(name, metadata) })).body;

  /** Events as they come, one at a time. */
  const open = (query: string): AsyncIterator<WatchedEvent> =>
    api.watch(`${maps}?watch=true&${query}`, controller.signal)[Symbol.asyncIterator]();
  const version = async (): Promise<string> => (await api.request('GET', maps)).body.metadata?.resourceVersion ?? '';

  it('listens on any free port of loopback and gives a kubeconfig for it', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(parse(server.kubeconfig())).toMatchObject({
      clusters: [{ cluster: { server: server.url } }],
      'current-context': 'playground',
    });
  });

  it('takes the time from the clock', async () => {
    expect((await create('a')).metadata?.['creationTimestamp']).toBe('2026-03-01T12:00:00Z');
  });

  it('answers without a socket', () => {
    expect(server.handle({ method: 'GET', url: '/healthz' })).toEqual({ status: 200, body: 'ok', warnings: [] });
  });

  it('remembers the requests that it served', async () => {
    await create('a');
    await api.request('GET', `${maps}/none`);
    expect(server.requests).toEqual([
      { method: 'POST', url: maps, status: 201 },
      { method: 'GET', url: `${maps}/none`, status: 404 },
    ]);
  });

  it('expires versions when it is compacted: lists, pages and watches', async () => {
    const before = await version();
    await create('a');
    await create('b');
    const page = (await api.request('GET', `${maps}?limit=1`)).body.metadata?.continue;
    await create('c');
    server.compact();

    const expired = { kind: 'Status', code: 410, reason: 'Expired' };
    expect((await api.request('GET', `${maps}?limit=1&continue=${page}`)).body).toMatchObject({
      ...expired,
      message: expect.stringContaining('The provided continue parameter is too old'),
    });
    const exact = `resourceVersion=${before}&resourceVersionMatch=Exact`;
    expect((await api.request('GET', `${maps}?${exact}`)).body).toMatchObject(expired);
    const watch = open(`resourceVersion=${before}`);
    expect(await watch.next()).toMatchObject({ value: { type: 'ERROR', object: expired } });
    expect(await watch.next()).toMatchObject({ done: true });

    const fresh = open(`resourceVersion=${await version()}`);
    await create('d');
    expect(await fresh.next()).toMatchObject({ value: { type: 'ADDED', object: { metadata: { name: 'd' } } } });
  });

  it('expires by itself what lies behind its bounded history', async () => {
    const small = await startKubernetesApi({ historyLimit: 10 });
    const other = connectContract({ url: small.url });
    for (let count = 0; count < 20; count += 1) {
      await other.request('POST', maps, { body: map(`m-${count}`) });
    }
    const events = other.watch(`${maps}?watch=true&resourceVersion=2`, controller.signal)[Symbol.asyncIterator]();
    expect(await events.next()).toMatchObject({ value: { type: 'ERROR', object: { code: 410 } } });
    await small.close();
  });

  it('refuses a version that it has not reached', async () => {
    expect((await api.request('GET', `${maps}?resourceVersion=99999`)).body).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
  });

  it('cuts watches, ends watches, and forgets those whose client went away', async () => {
    const cut = open(`resourceVersion=${await version()}`);
    const waiting = cut.next();
    await until(() => server.openWatches() === 1);
    server.dropWatches();
    await expect(waiting).rejects.toThrow(lost);

    const ended = open(`resourceVersion=${await version()}`);
    const last = ended.next();
    await until(() => server.openWatches() === 1);
    server.endWatches();
    expect(await last).toMatchObject({ done: true });

    const left = open(`resourceVersion=${await version()}`);
    left.next().catch(() => {});
    await until(() => server.openWatches() === 1);
    controller.abort();
    await until(() => server.openWatches() === 0);
  });

  it('holds events back while watches are paused, and then sends all of them', async () => {
    const watch = open(`resourceVersion=${await version()}&allowWatchBookmarks=true`);
    const first = watch.next();
    await until(() => server.openWatches() === 1);
    server.pauseWatches();
    await create('a');
    await api.request('PATCH', `${maps}/a`, { body: { data: { x: 'y' } }, contentType: mergePatch });
    server.sendBookmarks();
    const late = open(`resourceVersion=${await version()}`);
    const next = late.next();
    await until(() => server.openWatches() === 2);
    server.resumeWatches();
    expect(await first).toMatchObject({ value: { type: 'ADDED' } });
    expect(await watch.next()).toMatchObject({ value: { type: 'MODIFIED', object: { data: { x: 'y' } } } });
    await create('b');
    expect(await next).toMatchObject({ value: { type: 'ADDED', object: { metadata: { name: 'b' } } } });
    expect(await watch.next()).toMatchObject({ value: { type: 'ADDED' } });
    server.sendBookmarks();
    expect(await watch.next()).toMatchObject({
      value: { type: 'BOOKMARK', object: { metadata: { resourceVersion: await version() } } },
    });
  });

  it('fails requests as it is told to', async () => {
    server.failNext(1, 503, (method) => method === 'POST');
    expect((await api.request('GET', maps)).status).toBe(200);
    expect((await api.request('POST', maps, { body: map('a') })).body).toMatchObject({
      code: 503,
      reason: 'ServiceUnavailable',
    });
    server.failNext(1, 429);
    expect((await api.request('GET', maps)).body).toMatchObject({ code: 429, details: { retryAfterSeconds: 1 } });

    server.failNext(1, 'ResetBefore');
    await expect(api.request('POST', maps, { body: map('before') })).rejects.toThrow(lost);
    expect((await api.request('GET', `${maps}/before`)).status).toBe(404);
    server.failNext(1, 'ResetAfter');
    await expect(api.request('POST', maps, { body: map('after') })).rejects.toThrow(lost);
    expect((await api.request('GET', `${maps}/after`)).status).toBe(200);
  });

  it('holds requests until it is told to go on', async () => {
    const release = server.holdRequests();
    const pending = api.request('POST', maps, { body: map('held') });
    const unheld = server.handle({ method: 'GET', url: `${maps}/held` });
    expect(unheld).toMatchObject({ status: 404 });
    release();
    expect((await pending).status).toBe(201);
  });

  it('empties a namespace that is deleted, and waits for finalizers in it', async () => {
    const own = '/api/v1/namespaces/gone';
    await api.request('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } },
    });
    await api.request('POST', `${own}/configmaps`, { body: map('free') });
    await api.request('POST', `${own}/configmaps`, { body: map('held', { finalizers: ['test/hold'] }) });
    expect((await api.request('DELETE', own)).body).toMatchObject({ status: { phase: 'Terminating' } });
    expect((await api.request('GET', `${own}/configmaps/free`)).status).toBe(404);
    expect((await api.request('POST', `${own}/configmaps`, { body: map('late') })).body).toMatchObject({
      code: 403,
      message: expect.stringContaining('unable to create new content in namespace gone because it is being terminated'),
    });
    const release = { body: { metadata: { finalizers: null } }, contentType: mergePatch };
    await api.request('PATCH', `${own}/configmaps/held`, release);
    expect((await api.request('GET', own)).status).toBe(404);
  });

  it('takes the objects of a CRD away with it', async () => {
    const widgets = '/apis/contract.test/v1/namespaces/default/widgets';
    await api.request('POST', definitions, { body: widgetDefinition });
    const body = { apiVersion: 'contract.test/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1 } };
    await api.request('POST', widgets, { body });
    await api.request('DELETE', `${definitions}/widgets.contract.test`);
    expect((await api.request('GET', widgets)).status).toBe(404);
    await api.request('POST', definitions, { body: widgetDefinition });
    expect((await api.request('GET', widgets)).body.items).toEqual([]);
  });
});

/** Lets the event loop turn until something that is already under way has happened. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(holds()).toBe(true);
}
