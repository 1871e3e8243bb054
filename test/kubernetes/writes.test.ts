import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError, isConflict } from '#src/kubernetes/api-error.ts';
import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import { keyOf, nameOf, pathOf } from '#src/kubernetes/api-resource.ts';
import type { Client, Patch } from '#src/kubernetes/client.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from '#src/kubernetes/finalizer.ts';
import { mergePatch } from '#src/kubernetes/merge-patch.ts';
import { microTime } from '#src/kubernetes/micro-time.ts';
import { writeStatus } from '#src/kubernetes/status.ts';

interface Widget extends KubernetesObject {
  readonly status?: {
    readonly phase?: string;
    readonly parts?: readonly string[];
    readonly at?: { readonly x?: number };
  };
}
const widgets: ApiResource<Widget> = { group: 'shop.example', version: 'v1', plural: 'widgets', namespaced: true };

const widget = (finalizers: readonly string[], status?: Widget['status']): Widget => ({
  metadata: { namespace: 'ns', name: 'one', uid: 'u1', resourceVersion: '7', finalizers },
  ...(status && { status }),
});

function rig(error?: Error): { client: Pick<Client, 'patch'>; patches: Patch[] } {
  const patches: Patch[] = [];
  const client: Pick<Client, 'patch'> = {
    patch: async (_resource, at, patch) => {
      expect(at).toEqual({ namespace: 'ns', name: 'one' });
      patches.push(patch);
      if (error) throw error;
      return JSON.parse('{"metadata":{"name":"answered"}}');
    },
  };
  return { client, patches };
}
const guard = { uid: 'u1', resourceVersion: '7' };
const conflict = new ApiError(409, 'Conflict', 'the object has been modified');

describe('finalizers', () => {
  test('ours is added behind those of others, for exactly the version that was read', async () => {
    const { client, patches } = rig();
    const answer = await addFinalizer(client, widgets, widget(['theirs']), 'ours');
    expect(patches).toEqual([{ type: 'merge', body: { metadata: { ...guard, finalizers: ['theirs', 'ours'] } } }]);
    expect(answer.metadata.name).toBe('answered');
  });

  test('ours is taken out from among those of others', async () => {
    const { client, patches } = rig();
    await removeFinalizer(client, widgets, widget(['a', 'ours', 'b']), 'ours');
    expect(patches).toEqual([{ type: 'merge', body: { metadata: { ...guard, finalizers: ['a', 'b'] } } }]);
  });

  test('nothing is sent where nothing is to be done', async () => {
    const { client, patches } = rig();
    const there = widget(['ours']);
    expect(await addFinalizer(client, widgets, there, 'ours')).toBe(there);
    const without = widget([]);
    expect(await removeFinalizer(client, widgets, without, 'ours')).toBe(without);
    expect(patches).toEqual([]);
    expect([hasFinalizer(there, 'ours'), hasFinalizer({ metadata: {} }, 'ours')]).toEqual([true, false]);
  });

  test('a conflict is the caller’s; an object that is gone needs no finalizer removed', async () => {
    await expect(addFinalizer(rig(conflict).client, widgets, widget([]), 'ours')).rejects.toSatisfy(isConflict);
    const gone = rig(new ApiError(404, 'NotFound', 'gone'));
    expect(await removeFinalizer(gone.client, widgets, widget(['ours']), 'ours')).toBeUndefined();
  });

  test('an object that no server answered is not written', async () => {
    const { client } = rig();
    await expect(addFinalizer(client, widgets, { metadata: { name: 'one' } }, 'ours')).rejects.toThrow(
      'widgets one: cannot be written without the uid and version it was read with',
    );
  });
});

describe('status', () => {
  test('only what differs is sent, with uid and version, and what is gone is removed', async () => {
    const { client, patches } = rig();
    const before = widget([], { phase: 'Old', parts: ['a'], at: { x: 1 } });
    await writeStatus(client, widgets, before, { phase: 'New', parts: ['a'] });
    expect(patches).toEqual([
      { type: 'merge', subresource: 'status', body: { metadata: guard, status: { phase: 'New', at: null } } },
    ]);
  });

  test('a status that means the same is not sent', async () => {
    const { client, patches } = rig();
    const before = widget([], { phase: 'Same', at: { x: 1 } });
    expect(await writeStatus(client, widgets, before, { at: { x: 1 }, phase: 'Same' })).toBe(before);
    expect(patches).toEqual([]);
  });

  test('a conflict is the caller’s', async () => {
    const { client } = rig(conflict);
    await expect(writeStatus(client, widgets, widget([]), { phase: 'New' })).rejects.toSatisfy(isConflict);
  });
});

/** RFC 7396, §2. */
function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const result = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, applyMergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

describe('merge patch', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(
      key,
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(1, 'x', true),
        fc.array(fc.constantFrom(1, 2), { maxLength: 2 }),
        fc.array(fc.record({ k: fc.integer({ min: 0, max: 2 }) }), { maxLength: 2 }),
        tie('tree'),
      ),
      { noNullPrototype: true },
    ),
  }));

  test('applied to what there was it gives what is to be', () => {
    fc.assert(
      fc.property(tree, tree, (from, to) => {
        const patch = mergePatch(from, Object(to));
        expect(patch === undefined ? from : applyMergePatch(from, patch)).toEqual(to);
        expect(mergePatch(to, Object(to))).toBeUndefined();
      }),
    );
  });

  test('undefined members count as absent', () => {
    expect(mergePatch({ a: 1 }, { a: 1, b: undefined })).toBeUndefined();
    expect(mergePatch({ a: 1, b: undefined }, { a: undefined })).toEqual({ a: null });
    expect(mergePatch({ a: [{ x: 1 }] }, { a: [{ x: 1, y: undefined }] })).toBeUndefined();
    expect(mergePatch(undefined, { a: {} })).toEqual({ a: {} });
  });
});

test.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [1_767_225_600_123, '2026-01-01T00:00:00.123000Z'],
])('%i has six fractional digits', (wall, text) => {
  expect(microTime(wall)).toBe(text);
});

test('keys and paths', () => {
  expect(keyOf({ metadata: { namespace: 'ns', name: 'one' } })).toBe('ns/one');
  expect(nameOf('ns/one')).toEqual({ namespace: 'ns', name: 'one' });
  expect(nameOf(keyOf({ metadata: { name: 'one' } }))).toEqual({ name: 'one' });
  expect(pathOf(widgets)).toBe('/apis/shop.example/v1/widgets');
  expect(pathOf(widgets, 'ns', 'a/b', 'status')).toBe('/apis/shop.example/v1/namespaces/ns/widgets/a%2Fb/status');
  expect(pathOf({ group: '', version: 'v1', plural: 'nodes', namespaced: false }, 'ns', 'n')).toBe('/api/v1/nodes/n');
  expect(() => pathOf(widgets, undefined, 'one')).toThrow('widgets one: a namespace is required');
});
