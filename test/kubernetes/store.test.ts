import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { compareVersions } from '#src/kubernetes/resource-version.ts';
import type { Change } from '#src/kubernetes/store.ts';
import { createStore } from '#src/kubernetes/store.ts';

interface Pet extends KubernetesObject {
  readonly owners: readonly string[];
}
const pet = (name: string, resourceVersion: string, owners: readonly string[] = [], uid = name): Pet => ({
  metadata: { name, uid, resourceVersion },
  owners,
});

describe('changes', () => {
  test('only what differs is told; a new uid is another object', () => {
    const store = createStore<Pet>();
    const told: Change<Pet>[] = [];
    store.replace([pet('a', '1')], '1');
    store.subscribe((change) => told.push(change));
    store.apply(pet('a', '1'));
    store.apply(pet('a', '2'));
    store.apply(pet('a', '3', [], 'other'));
    store.remove(pet('a', '4', [], 'other'));
    store.remove(pet('a', '4', [], 'other'));
    expect(told.map(({ kind, object }) => `${kind} ${object.metadata.uid}@${object.metadata.resourceVersion}`)).toEqual(
      ['added a@1', 'updated a@2', 'deleted a@2', 'added other@3', 'deleted other@4'],
    );
  });

  test('what the first read brings is marked as nothing new', () => {
    const store = createStore<Pet>();
    const told: string[] = [];
    store.subscribe((change) => told.push(`${change.key} ${change.kind === 'added' && change.initial}`));
    store.replace([pet('a', '1')], '1');
    store.apply(pet('b', '2'));
    store.replace([pet('a', '1'), pet('b', '2'), pet('c', '3')], '3');
    expect(told).toEqual(['a true', 'b false', 'c false']);
    const late: string[] = [];
    store.subscribe((change) => late.push(`${change.key} ${change.kind === 'added' && change.initial}`));
    expect(late).toEqual(['a true', 'b true', 'c true']);
  });

  test('a repetition of the past changes nothing', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '9', [], 'new')], '10');
    const told: string[] = [];
    store.subscribe(({ kind }) => told.push(kind));
    told.length = 0;
    store.remove(pet('a', '8', [], 'old'));
    store.apply(pet('a', '7', [], 'old'));
    store.apply(pet('a', '8', [], 'new'));
    expect(store.get('a')?.metadata).toMatchObject({ uid: 'new', resourceVersion: '9' });
    expect(told).toEqual([]);
    // Only a full read may go back: etcd was restored.
    store.replace([pet('a', '3', [], 'new')], '4');
    store.remove(pet('a', '5', [], 'new'));
    expect(told).toEqual(['updated', 'deleted']);
  });

  test('readers see a full read as one step', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '1'), pet('b', '1')], '1');
    const sizes: number[] = [];
    store.subscribe(() => sizes.push(store.size));
    sizes.length = 0;
    store.replace([pet('c', '2'), pet('d', '2'), pet('e', '2')], '2');
    expect(new Set(sizes)).toEqual(new Set([3]));
  });

  test('a handler that throws costs nobody anything', () => {
    const errors: unknown[] = [];
    const store = createStore<Pet>({ onHandlerError: (error) => errors.push(error) });
    const told: string[] = [];
    store.subscribe(() => {
      throw new Error('mine');
    });
    const stop = store.subscribe((change) => told.push(change.key));
    store.apply(pet('a', '1'));
    stop();
    store.apply(pet('b', '2'));
    expect(told).toEqual(['a']);
    expect(errors).toHaveLength(2);
  });
});

describe('indexes', () => {
  test('follow every change', () => {
    const store = createStore<Pet>({ indexes: { owner: ({ owners }) => owners } });
    const owned = (by: string) => store.byIndex('owner', by).map(({ metadata }) => metadata.name);
    store.replace([pet('a', '1', ['x', 'y']), pet('b', '1', ['y'])], '1');
    expect([owned('x'), owned('y'), owned('z')]).toEqual([['a'], ['a', 'b'], []]);
    store.apply(pet('a', '2', ['z']));
    expect([owned('x'), owned('y'), owned('z')]).toEqual([[], ['b'], ['a']]);
    store.remove(pet('b', '3', ['y']));
    store.replace([pet('c', '4', ['x'])], '4');
    expect([owned('x'), owned('y'), owned('z')]).toEqual([['c'], [], []]);
    expect(() => store.byIndex('colour', 'red')).toThrow('no index colour; there are: owner');
  });
});

describe('our own writes', () => {
  test('a pass waits for the event, or for anything later of the type', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '5'), pet('b', '6')], '10');
    expect(store.isCurrent('a')).toBe(true);
    store.wrote(pet('a', '12'));
    store.wrote(pet('b', '15'));
    expect([store.isCurrent('a'), store.isCurrent('b')]).toEqual([false, false]);
    store.apply(pet('a', '12'));
    expect([store.isCurrent('a'), store.isCurrent('b')]).toEqual([true, false]);
    store.advance('15');
    expect(store.isCurrent('b')).toBe(true);
  });

  test('the newest of several writes counts, in whichever order the answers come', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '5')], '5');
    store.wrote(pet('a', '9'));
    store.wrote(pet('a', '8'));
    store.apply(pet('a', '8'));
    expect(store.isCurrent('a')).toBe(false);
    store.apply(pet('a', '9'));
    expect(store.isCurrent('a')).toBe(true);
  });

  test('versions that cannot be compared keep nobody waiting', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', 'x1')], 'x1');
    store.wrote(pet('a', 'x2'));
    expect(store.isCurrent('a')).toBe(true);
  });

  test('a deleted object is not waited for', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '5')], '5');
    store.wrote(pet('a', '9'));
    store.remove(pet('a', '7'));
    expect(store.isCurrent('a')).toBe(true);
  });

  test('a full read that began after the write settles it, even where versions started anew', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '500')], '500');
    store.wrote(pet('a', '501'));
    store.beginSync();
    store.wrote(pet('b', '7'));
    store.replace([pet('a', '3')], '4');
    expect(store.isCurrent('a')).toBe(true);
    expect(store.isCurrent('b')).toBe(false);
  });

  test('sees', () => {
    const store = createStore<Pet>();
    store.replace([pet('a', '5')], '10');
    expect(['4', '5', '10', '11', 'opaque'].map((version) => store.sees('a', version))).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
  });
});

test.each([
  ['9', '10', -1],
  ['10', '9', 1],
  ['18446744073709551616', '18446744073709551615', 1],
  ['7', '7', 0],
  ['x', 'x', 0],
  ['x', '7', undefined],
  ['07', '8', undefined],
])('version %s against %s', (a, b, sign) => {
  const order = compareVersions(a, b);
  expect(order === undefined ? undefined : Math.sign(order)).toBe(sign);
});
