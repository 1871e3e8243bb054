import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlreadyExists, isConflict, isNotFound } from '#src/kubernetes/api-error.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { keyOf } from '#src/kubernetes/api-resource.ts';
import type { Client } from '#src/kubernetes/client.ts';
import { connect } from '#src/kubernetes/client.ts';
import { createController } from '#src/kubernetes/controller.ts';
import { eventResource } from '#src/kubernetes/event.ts';
import { createEventRecorder } from '#src/kubernetes/events.ts';
import { addFinalizer, removeFinalizer } from '#src/kubernetes/finalizer.ts';
import { loadKubeConfig } from '#src/kubernetes/kube-config.ts';
import { createElection } from '#src/kubernetes/leader-election.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import { createReflector } from '#src/kubernetes/reflector.ts';
import { createStore } from '#src/kubernetes/store.ts';
import { createWorkQueue } from '#src/kubernetes/work-queue.ts';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import type { FakeClock } from '#test/support/fake-clock.ts';
import { fakeClock } from '#test/support/fake-clock.ts';
import { until } from './until.ts';

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}
const configMaps: ApiResource<ConfigMap> = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
const configMap = (name: string, value = 'x'): ConfigMap => ({
  metadata: { namespace: 'default', name },
  data: { value },
});
const at = (name: string) => ({ namespace: 'default', name });

const cleanups: (() => Promise<unknown>)[] = [];
const cleanUp = async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
};
afterEach(cleanUp);

interface Rig {
  readonly api: KubernetesApi;
  readonly client: Client;
  readonly clock: FakeClock;
}

async function startRig(historyLimit = 1000): Promise<Rig> {
  const clock = fakeClock();
  const api = await startKubernetesApi({ clock, historyLimit });
  cleanups.push(() => api.close());
  const client = connect({ kubeConfig: loadKubeConfig({ text: api.kubeconfig() }), clock });
  cleanups.push(() => client.close());
  return { api, client, clock };
}

function cacheOf({ client, clock }: Rig) {
  const store = createStore<ConfigMap>();
  const project = (object: ConfigMap) => object;
  const scope = { namespace: 'default' };
  const reflector = createReflector({ client, resource: configMaps, scope, store, project, clock, random: () => 0.5 });
  cleanups.push(() => reflector.stop());
  reflector.start();
  return { store, reflector };
}

const versions = (objects: readonly KubernetesObject[]) =>
  Object.fromEntries(
    objects.map((object) => [keyOf(object), `${object.metadata.uid}@${object.metadata.resourceVersion}`]),
  );

describe('writes', () => {
  test('conflict, existence and absence are told apart', async () => {
    const { client } = await startRig();
    const first = await client.create(configMaps, configMap('one'));
    await expect(client.create(configMaps, configMap('one'))).rejects.toSatisfy(isAlreadyExists);
    await client.replace(configMaps, { ...first, data: { value: 'y' } });
    await expect(client.replace(configMaps, first)).rejects.toSatisfy(isConflict);
    const { uid = '' } = first.metadata;
    await expect(client.delete(configMaps, at('one'), { uid: 'another' })).rejects.toSatisfy(isConflict);
    await client.delete(configMaps, at('one'), { uid });
    await expect(client.get(configMaps, at('one'))).rejects.toSatisfy(isNotFound);
  });

  test('finalizers hold an object back until ours is gone, and those of others stay', async () => {
    const { client } = await startRig();
    await client.create(configMaps, {
      ...configMap('one'),
      metadata: { ...at('one'), finalizers: ['x.example/theirs'] },
    });
    const held = await addFinalizer(client, configMaps, await client.get(configMaps, at('one')), 'x.example/ours');
    expect(held.metadata.finalizers).toEqual(['x.example/theirs', 'x.example/ours']);
    await client.delete(configMaps, at('one'));
    await expect(removeFinalizer(client, configMaps, held, 'x.example/ours')).rejects.toSatisfy(isConflict);
    const leaving = await client.get(configMaps, at('one'));
    expect(leaving.metadata.deletionTimestamp).toBeDefined();
    const rest = await removeFinalizer(client, configMaps, leaving, 'x.example/ours');
    expect(rest?.metadata.finalizers).toEqual(['x.example/theirs']);
    if (rest) await removeFinalizer(client, configMaps, rest, 'x.example/theirs');
    await expect(client.get(configMaps, at('one'))).rejects.toSatisfy(isNotFound);
  });

  test('Leases are guarded by version and uid', async () => {
    const { client } = await startRig();
    const leases = createLeases(client, 'default');
    expect(await leases.get('claim')).toBeUndefined();
    const made = await leases.create({ metadata: { name: 'claim' }, spec: { holderIdentity: 'a' } });
    const taken = await leases.replace({ ...made, spec: { holderIdentity: 'b' } });
    await expect(leases.replace(made)).rejects.toSatisfy(isConflict);
    await expect(leases.delete(made)).rejects.toSatisfy(isConflict);
    await leases.delete(taken);
    expect(await leases.get('claim')).toBeUndefined();
  });

  test('Events and their series are accepted', async () => {
    const { client, clock } = await startRig();
    const recorder = createEventRecorder({ client, clock, controller: 'x.example/operator', instance: 'pod' });
    const one = { apiVersion: 'v1', kind: 'ConfigMap', ...at('one') };
    const happening = { type: 'Normal', reason: 'Changed', action: 'Reconcile', note: 'a note' } as const;
    for (let n = 1; n <= 2; n += 1) {
      recorder.record(one, happening);
      await until('it is written', () => recorder.stats().written === n);
    }
    await recorder.stop(1000);
    const { items } = await client.list(eventResource, { namespace: 'default' });
    expect(items).toMatchObject([{ note: 'a note', regarding: one, series: { count: 2 } }]);
  });
});

test('leadership passes from one process to the next', async () => {
  const { client, clock } = await startRig();
  const leases = createLeases(client, 'default');
  const candidate = (identity: string) =>
    createElection({ leases, name: 'leader', identity, clock, random: () => 0, onLost: () => undefined });
  const a = candidate('a');
  a.start();
  await a.elected();
  const b = candidate('b');
  cleanups.push(() => b.stop());
  b.start();
  await until('b has seen who leads', () => b.holder() === 'a');
  await a.stop();
  await until('b waits for its turn', () => clock.pending === 1);
  await clock.advance(2000);
  await b.elected();
  expect((await leases.get('leader'))?.spec).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
});

test('a pass never sees an object older than our own last write of it', async () => {
  const setup = await startRig();
  const { api, client, clock } = setup;
  const { store, reflector } = cacheOf(setup);
  await client.create(configMaps, configMap('one', '0'));
  await reflector.synced();
  const queue = createWorkQueue({ name: 'x', clock });
  const seen: (string | undefined)[] = [];
  const controller = createController({
    name: 'x',
    queue,
    workers: 1,
    clock,
    isCurrent: (key) => store.isCurrent(key),
    reconcile: async (key) => {
      const object = store.get(key);
      if (!object) return { kind: 'rest' };
      seen.push(object.data?.['value']);
      // The next watch event is late.
      if (seen.length === 1) api.pauseWatches();
      const value = String(Number(object.data?.['value']) + 1);
      store.wrote(await client.replace(configMaps, { ...object, data: { value } }));
      return { kind: 'rest' };
    },
  });
  cleanups.push(() => controller.stop(0));
  await until('the cache has it', () => store.get('default/one') !== undefined);
  controller.start();
  queue.add('default/one');
  await until('the first pass is over', () => seen.length === 1 && queue.stats().running === 0);
  queue.add('default/one');
  await clock.advance(10_000);
  expect(seen).toEqual(['0']);
  api.resumeWatches();
  await until('the event has arrived', () => store.isCurrent('default/one'));
  await clock.advance(50);
  await until('the second pass is over', () => seen.length === 2 && queue.stats().running === 0);
  expect(seen).toEqual(['0', '1']);
});

const changes = ['write', 'delete', 'recreate', 'blackout'] as const;
const disturbances = ['compact', 'drop', 'end', 'pause', 'resume', 'bookmark'] as const;
const faults = [410, 429, 500, 503, 'ResetBefore', 'ResetAfter'] as const;

type Step =
  | { readonly do: (typeof changes)[number]; readonly name: string }
  | { readonly do: (typeof disturbances)[number] }
  | { readonly do: 'fail'; readonly fault: (typeof faults)[number]; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number };

/** Lets the sockets of both sides do their work, mostly: the property must hold however far they come. */
async function turns(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function act(rig: Rig, step: Step): Promise<void> {
  const { api, client, clock } = rig;
  switch (step.do) {
    case 'write':
      try {
        const object = await client.get(configMaps, at(step.name));
        await client.replace(configMaps, { ...object, data: { value: String(clock.monotonic()) } });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        await client.create(configMaps, configMap(step.name));
      }
      return;
    case 'delete':
    case 'recreate':
      await client.delete(configMaps, at(step.name)).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      if (step.do === 'recreate') await client.create(configMaps, configMap(step.name, 'again'));
      return;
    case 'blackout':
      // Away so long that the version it would go on from has expired.
      api.dropWatches();
      await act(rig, { do: 'delete', name: step.name });
      await act(rig, { do: 'recreate', name: step.name === 'a' ? 'b' : 'a' });
      return api.compact();
    case 'compact':
      return api.compact();
    case 'drop':
      return api.dropWatches();
    case 'end':
      return api.endWatches();
    case 'pause':
      return api.pauseWatches();
    case 'resume':
      return api.resumeWatches();
    case 'bookmark':
      return api.sendBookmarks();
    case 'fail':
      // Only what the cache asks: the writes of this test are to succeed.
      return api.failNext(step.count, step.fault, (_method, path) => /configmaps\?.*(watch=|limit=500)/.test(path));
    case 'wait':
      await clock.advance(step.ms);
  }
}

test('whatever happens to watches, the cache ends equal to the server, and so do those who were told', async () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom(...changes), name }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom(...disturbances) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('fail' as const),
        fault: fc.constantFrom(...faults),
        count: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400_000 }) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const setup = await startRig(20);
      const { store, reflector } = cacheOf(setup);
      await reflector.synced();
      const told = new Map<string, ConfigMap>();
      const wrong: string[] = [];
      store.subscribe((change) => {
        const known = told.get(change.key)?.metadata.uid;
        if (change.kind === 'deleted') told.delete(change.key);
        else told.set(change.key, change.object);
        const fits = change.kind === 'added' ? known === undefined : known === change.object.metadata.uid;
        if (!fits) wrong.push(`${change.kind} ${change.key}`);
      });
      for (const one of steps) {
        await act(setup, one);
        await turns();
      }
      setup.api.resumeWatches();
      const { items } = await setup.client.list(configMaps, { namespace: 'default', pageSize: 501 });
      const expected = JSON.stringify(versions(items), Object.keys(versions(items)).sort());
      const held = () => JSON.stringify(versions(store.list()), Object.keys(versions(store.list())).sort());
      // Longer than any wait of the reflector; each turn also gives the sockets time.
      for (let turn = 0; turn < 60 && held() !== expected; turn += 1) {
        await setup.clock.advance(30_000);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      expect(held()).toBe(expected);
      expect(wrong).toEqual([]);
      expect(versions([...told.values()])).toEqual(versions(store.list()));
      await cleanUp();
    }),
    { numRuns: 40 },
  );
});
