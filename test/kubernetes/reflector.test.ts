import { afterEach, describe, expect, test } from 'vitest';
import { ApiError } from '#src/kubernetes/api-error.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { Reflector, ReflectorOptions } from '#src/kubernetes/reflector.ts';
import { createReflector } from '#src/kubernetes/reflector.ts';
import type { WritableStore } from '#src/kubernetes/store.ts';
import { createStore } from '#src/kubernetes/store.ts';
import type { FakeClock } from '#test/support/fake-clock.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import type { Script, ScriptedApi, ScriptedCall, Stream } from './scripted-api.ts';
import { startScriptedApi } from './scripted-api.ts';
import { until } from './until.ts';

const widgets: ApiResource = { group: 'shop.example', version: 'v1', plural: 'widgets', namespaced: true };

const widget = (name: string, resourceVersion: string, uid = `uid-${name}`): KubernetesObject => ({
  metadata: { namespace: 'ns', name, uid, resourceVersion },
});
const added = (name: string, version: string, uid?: string) => ({ type: 'ADDED', object: widget(name, version, uid) });
const modified = (name: string, version: string) => ({ type: 'MODIFIED', object: widget(name, version) });
const deleted = (name: string, version: string) => ({ type: 'DELETED', object: widget(name, version) });
const bookmark = (resourceVersion: string) => ({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } });
const synced = (resourceVersion: string) => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion, annotations: { 'k8s.io/initial-events-end': 'true' } } },
});
const gone = {
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Rig {
  readonly api: ScriptedApi;
  readonly clock: FakeClock;
  readonly store: WritableStore<KubernetesObject>;
  readonly reflector: Reflector;
  /** `added ns/a`, …, in the order told. */
  readonly told: string[];
  readonly problems: { readonly error: unknown; readonly retryMs: number }[];
  /** What the cache holds: `a@5 b@7`. */
  readonly held: () => string;
  readonly problem: () => Promise<void>;
}

/** `answers[n]` answers the n-th request; further ones are left without an answer. */
async function rig(
  answers: readonly Script[],
  options: Partial<ReflectorOptions<KubernetesObject, KubernetesObject>> = {},
): Promise<Rig> {
  const clock = fakeClock();
  const api = await startScriptedApi((call) => answers[api.calls.length - 1]?.(call));
  cleanups.push(() => api.close());
  const client = connect({ kubeConfig: api.kubeConfig(), clock });
  cleanups.push(() => client.close());
  const store = createStore<KubernetesObject>();
  const told: string[] = [];
  const problems: Rig['problems'] = [];
  store.subscribe((change) => told.push(`${change.kind} ${change.key}`));
  const reflector = createReflector({
    client,
    resource: widgets,
    store,
    project: (object: KubernetesObject) => object,
    clock,
    random: () => 0,
    onProblem: (error, retryMs) => problems.push({ error, retryMs }),
    ...options,
  });
  cleanups.push(() => reflector.stop());
  reflector.start();
  return {
    api,
    clock,
    store,
    reflector,
    told,
    problems,
    held: () =>
      store
        .list()
        .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`)
        .sort()
        .join(' '),
    async problem() {
      await until('a problem is reported', () => problems.length > 0);
    },
  };
}

const query = (call: ScriptedCall | undefined) => Object.fromEntries(call?.query ?? []);

describe('the first read', () => {
  test('WatchList: one request brings the state and what follows', async () => {
    let stream: Stream | undefined;
    const { api, store, reflector, told, held } = await rig([
      (call) => {
        stream = call.watch(added('a', '3'), added('b', '4'));
      },
    ]);
    await until('the watch is open', () => stream !== undefined);
    expect(query(api.calls[0])).toEqual({
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '300',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
    });
    expect(reflector.hasSynced()).toBe(false);
    expect(store.size).toBe(0);
    stream?.send(synced('10'), modified('a', '11'), deleted('b', '12'), added('c', '13'));
    await reflector.synced();
    await until('all events are in', () => reflector.lastSyncResourceVersion() === '13');
    expect(held()).toBe('a@11 c@13');
    expect(told).toEqual(['added ns/a', 'added ns/b', 'updated ns/a', 'deleted ns/b', 'added ns/c']);
    expect(api.calls).toHaveLength(1);
  });

  const list = (call: ScriptedCall) => {
    if (call.query.has('continue')) call.json({ metadata: { resourceVersion: '20' }, items: [widget('b', '6')] });
    else call.json({ metadata: { continue: 'more', resourceVersion: '20' }, items: [widget('a', '5')] });
  };
  const refusals: readonly (readonly [string, Script])[] = [
    ['422', (call) => call.fail(422, 'Invalid')],
    [
      'an ERROR event about its storage',
      (call) =>
        void call.watch(added('x', '1'), {
          type: 'ERROR',
          object: { code: 500, message: 'required storage feature RequestWatchProgress is disabled' },
        }),
    ],
    ['the end of the watch', (call) => call.watch(added('x', '1')).end()],
  ];
  test.each(refusals)('a server that answers WatchList with %s is listed, page by page', async (_, refuse) => {
    const { api, reflector, held } = await rig([refuse, list, list, (call) => void call.watch(modified('b', '21'))]);
    await until('the watch brings its event', () => reflector.lastSyncResourceVersion() === '21');
    expect(held()).toBe('a@5 b@21');
    expect(query(api.calls[1])).toEqual({ limit: '500' });
    expect(query(api.calls[2])).toEqual({ limit: '500', continue: 'more' });
    expect(query(api.calls[3])).toMatchObject({ watch: 'true', resourceVersion: '20', allowWatchBookmarks: 'true' });
  });

  test('a server that ignores the wish for WatchList is listed after a minute', async () => {
    const { api, clock, reflector, held } = await rig([(call) => void call.watch(added('x', '1')), list, list]);
    await until('the watch is open', () => api.calls.length === 1);
    await clock.flush();
    // The request's own deadline is gone once the headers are in.
    await until('only the limits of watch and sync wait', () => clock.pending === 2);
    await clock.advance(60_000);
    await reflector.synced();
    expect(held()).toBe('a@5 b@6');
  });

  test('an outage is no refusal', async () => {
    const { api, clock, problem, reflector } = await rig([
      (call) => call.fail(500, 'InternalError'),
      (call) => void call.watch(synced('1')),
    ]);
    await problem();
    await clock.advance(800);
    await reflector.synced();
    expect(query(api.calls[1])).toMatchObject({ sendInitialEvents: 'true' });
  });

  test('the scope is asked for, and bookkeeping and the unwanted are not kept', async () => {
    const heavy = {
      metadata: {
        ...widget('a', '1').metadata,
        managedFields: [{ manager: 'x' }],
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', keep: 'me' },
      },
      spec: 'large',
    };
    const { api, store, reflector } = await rig(
      [(call) => void call.watch({ type: 'ADDED', object: heavy }, synced('1'))],
      {
        scope: { namespace: 'ns', labelSelector: 'a=b', fieldSelector: 'metadata.name=a' },
        project: (object) => ({ metadata: object.metadata }),
      },
    );
    await reflector.synced();
    expect(api.calls[0]?.path).toBe('/apis/shop.example/v1/namespaces/ns/widgets');
    expect(query(api.calls[0])).toMatchObject({ labelSelector: 'a=b', fieldSelector: 'metadata.name=a' });
    expect(store.get('ns/a')).toEqual({ metadata: { ...widget('a', '1').metadata, annotations: { keep: 'me' } } });
  });
});

describe('afterwards', () => {
  const start: Script = (call) => void call.watch(added('a', '3'), added('b', '4'), synced('10'));

  test('the server ends a watch: the next begins at once, from the last bookmark', async () => {
    let stream: Stream | undefined;
    const { api, clock, reflector, problems } = await rig([
      (call) => {
        stream = call.watch(added('a', '3'), synced('10'), bookmark('17'));
      },
    ]);
    await until('the bookmark is in', () => reflector.lastSyncResourceVersion() === '17');
    stream?.end();
    await until('it watches again', () => api.calls.length === 2);
    expect(query(api.calls[1])).toMatchObject({ watch: 'true', resourceVersion: '17' });
    expect(query(api.calls[1])).not.toHaveProperty('sendInitialEvents');
    expect(problems).toEqual([]);
    expect(clock.monotonic()).toBe(0);
  });

  test('410 in the stream: all is read again, and the differences are told', async () => {
    const { clock, reflector, told, problem, held } = await rig([
      (call) => void call.watch(added('a', '3'), added('b', '4'), added('c', '5'), synced('10'), gone),
      (call) => void call.watch(added('a', '3'), added('b', '19', 'another'), added('d', '15'), synced('20')),
    ]);
    await problem();
    told.length = 0;
    await clock.advance(800);
    await until('it has read again', () => reflector.lastSyncResourceVersion() === '20');
    expect(held()).toBe('a@3 b@19 d@15');
    // c went, b is another object by the name of the old, d is new, a did not change.
    expect(told).toEqual(['deleted ns/c', 'deleted ns/b', 'added ns/b', 'added ns/d']);
  });

  test('410 as the answer to a watch', async () => {
    const { api, clock, reflector, problems, problem } = await rig([
      (call) => call.watch(added('a', '3'), synced('10')).end(),
      (call) => call.fail(410, 'Expired'),
      (call) => void call.watch(synced('30')),
    ]);
    await problem();
    expect(problems[0]).toMatchObject({ retryMs: 800, error: { status: 410 } });
    await clock.advance(800);
    await until('it has read again', () => reflector.lastSyncResourceVersion() === '30');
    expect(query(api.calls[2])).toMatchObject({ sendInitialEvents: 'true' });
  });

  test('a line that is no event: nothing after it is trusted, all is read again', async () => {
    const { api, clock, problem, held, reflector } = await rig([
      (call) => call.watch(added('a', '3'), synced('10')).raw('{"type":"MODIF\n'),
      (call) => void call.watch(added('a', '12'), synced('20')),
    ]);
    await problem();
    await clock.advance(800);
    await until('it has read again', () => reflector.lastSyncResourceVersion() === '20');
    expect(held()).toBe('a@12');
    expect(query(api.calls[1])).toMatchObject({ sendInitialEvents: 'true' });
  });

  test('a connection cut in the middle of a line: the watch goes on from before it', async () => {
    const { api, clock, problem } = await rig([
      (call) => {
        const stream = call.watch(added('a', '3'), synced('10'), modified('a', '11'));
        stream.raw('{"type":"MODIFIED","object":{"meta');
        setTimeout(() => stream.reset(), 5);
      },
      (call) => void call.watch(modified('a', '12')),
    ]);
    await problem();
    await clock.advance(800);
    await until('it watches again', () => api.calls.length === 2);
    expect(query(api.calls[1])).toMatchObject({ resourceVersion: '11' });
  });

  test('a server that falls silent is left after the time the watch was to last', async () => {
    const { api, clock, problems, reflector, problem } = await rig([start, (call) => void call.watch(bookmark('30'))]);
    await reflector.synced();
    await clock.advance(304_000);
    expect(problems).toEqual([]);
    expect(reflector.lastEventAgeMs()).toBe(304_000);
    await clock.advance(1000);
    await problem();
    expect(problems[0]?.error).toMatchObject({ reason: 'Timeout' });
    await clock.advance(800);
    await until('it watches again', () => reflector.lastSyncResourceVersion() === '30');
    expect(query(api.calls[1])).toMatchObject({ resourceVersion: '10' });
    expect(reflector.lastEventAgeMs()).toBe(0);
  });

  test('a watch without a single sign of life is not trusted: all is read again', async () => {
    let silent: Stream | undefined;
    const { api, clock, reflector } = await rig([
      (call) => call.watch(synced('10'), bookmark('11')).end(),
      (call) => {
        silent = call.watch();
      },
      (call) => void call.watch(synced('5')),
    ]);
    await until('the second watch is open', () => silent !== undefined);
    await until('its opening limit is gone', () => clock.pending === 1);
    await clock.advance(300_000);
    silent?.end();
    await until('it has read again', () => reflector.lastSyncResourceVersion() === '5');
    expect(query(api.calls[2])).toMatchObject({ sendInitialEvents: 'true' });
  });

  test('the API server restarts', async () => {
    const { api, clock, reflector, held, problems } = await rig([start]);
    await reflector.synced();
    await api.close();
    await until('it notices', () => problems.length === 1);
    await clock.advance(800);
    await until('nobody is there yet', () => problems.length === 2);
    const revived = await startScriptedApi((call) => void call.watch(modified('a', '40')), { port: api.port });
    cleanups.push(() => revived.close());
    await clock.advance(1600);
    await until('it goes on', () => reflector.lastSyncResourceVersion() === '40');
    expect(query(revived.calls[0])).toMatchObject({ resourceVersion: '10' });
    expect(held()).toBe('a@40 b@4');
  });

  test('waits double from 800 ms to 30 s and are forgotten after two healthy minutes', async () => {
    const fail: Script = (call) => call.fail(500, 'InternalError');
    let stream: Stream | undefined;
    const { api, clock, problems, reflector } = await rig([
      ...Array.from({ length: 8 }, () => fail),
      (call) => {
        stream = call.watch(synced('10'));
      },
    ]);
    for (let failure = 1; failure <= 8; failure += 1) {
      await until('it fails', () => problems.length === failure);
      await clock.advance(problems.at(-1)?.retryMs ?? 0);
    }
    expect(problems.map(({ retryMs }) => retryMs)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
    await reflector.synced();
    await clock.advance(120_000);
    stream?.reset();
    await until('it fails', () => problems.length === 9);
    expect(problems[8]?.retryMs).toBe(800);
    expect(api.calls).toHaveLength(9);
  });

  test('a server that asks for more time gets it', async () => {
    const { problems, problem } = await rig([(call) => call.fail(429, 'TooManyRequests', { 'retry-after': '90' })]);
    await problem();
    expect(problems[0]?.retryMs).toBe(90_000);
  });

  test('a server that ends every watch at once is not asked in a loop', async () => {
    const { api, problems, problem } = await rig([
      (call) => call.watch(synced('10')).end(),
      (call) => call.watch().end(),
      (call) => call.watch().end(),
    ]);
    await problem();
    expect(problems[0]).toMatchObject({ retryMs: 800, error: { message: expect.stringContaining('at once') } });
    expect(api.calls).toHaveLength(2);
  });

  test('no connection is left behind by hundreds of watches', async () => {
    const { api, reflector } = await rig([
      (call) => call.watch(synced('1')).end(),
      ...Array.from(
        { length: 300 },
        (_, n): Script =>
          (call) =>
            call.watch(bookmark(String(n + 2))).end(),
      ),
    ]);
    await until('it has watched 300 times', () => reflector.lastSyncResourceVersion() === '301');
    expect(api.connections).toBeLessThan(5);
  });
});

describe('stopping', () => {
  const moments: readonly (readonly [string, Script])[] = [
    ['during the first read', () => undefined],
    ['during a watch', (call) => void call.watch(synced('1'))],
    ['while it waits to try again', (call) => call.fail(500, 'InternalError')],
  ];
  test.each(moments)('%s ends everything', async (_, answer) => {
    const { api, clock, reflector } = await rig([answer]);
    await until('it is under way', () => api.calls.length === 1);
    await clock.flush();
    await reflector.stop();
    await clock.advance(600_000);
    expect(api.calls).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('whoever waits for the first read can give up', async () => {
    const { reflector } = await rig([]);
    const waiting = reflector.synced(AbortSignal.abort(new ApiError(0, 'Timeout', 'no cache')));
    await expect(waiting).rejects.toThrow('no cache');
  });
});
