import { describe, expect, it } from 'vitest';
import type { Body, ContractAnswer } from './contract-api.ts';
import type { Bench } from './widgets.ts';
import { applyPatch, causes } from './widgets.ts';

type Spec = Readonly<Record<string, unknown>>;

/** Server-side apply: managers, merge by keys, conflicts, force, what is let go. */
export function appliesContract(bench: Bench): void {
  const { request, widgets, widget, name, patch, create } = bench;

  const apply = (
    own: string,
    manager: string,
    spec?: Spec,
    options: { force?: boolean; metadata?: Spec; sub?: string; status?: Spec } = {},
  ): Promise<ContractAnswer> => {
    const { spec: _none, ...bare } = widget(own, {}, options.metadata);
    const body = { ...bare, ...(spec && { spec }), ...(options.status && { status: options.status }) };
    const query = `fieldManager=${manager}${options.force ? '&force=true' : ''}`;
    return request('PATCH', `${widgets}/${own}${options.sub ?? ''}?${query}`, { body, contentType: applyPatch });
  };
  const managers = (body: Body): Record<string, unknown> =>
    Object.fromEntries(
      (body.metadata?.managedFields ?? []).map((entry) => [
        `${entry.manager} ${entry.operation}${entry.subresource ? ` ${entry.subresource}` : ''}`,
        entry.fieldsV1,
      ]),
    );

  describe('server-side apply', () => {
    it('creates, and notes who owns what', async () => {
      const own = name();
      const spec = { size: 1, tags: ['a'], parts: [{ name: 'a', count: 1 }], labels: { x: '1' }, extra: { any: [1] } };
      const applyAgain = (): Promise<ContractAnswer> => apply(own, 'one', spec, { metadata: { labels: { l: '1' } } });
      const { status, body } = await applyAgain();
      expect(status).toBe(201);
      expect(managers(body)).toEqual({
        'one Apply': {
          'f:metadata': { 'f:labels': { 'f:l': {} } },
          'f:spec': {
            'f:size': {},
            'f:tags': { 'v:"a"': {} },
            'f:parts': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:count': {} } },
            'f:labels': { 'f:x': {} },
            'f:extra': { 'f:any': {} },
          },
        },
      });
      expect((await applyAgain()).status).toBe(200);
      const [second, third] = [await applyAgain(), await applyAgain()];
      expect(third.body.metadata?.resourceVersion).toBe(second.body.metadata?.resourceVersion);
    });

    it('notes who owns what of an object made otherwise', async () => {
      const made = await create({ size: 1, parts: [{ name: 'a' }] });
      expect(managers(made)).toEqual({
        'contract Update': {
          'f:spec': {
            '.': {},
            'f:level': {},
            'f:size': {},
            'f:parts': { '.': {}, 'k:{"name":"a"}': { '.': {}, 'f:name': {} } },
          },
        },
      });
      const patched = await request('PATCH', `${widgets}/${made.metadata?.name}?fieldManager=other`, {
        body: { spec: { size: 2 } },
        contentType: 'application/merge-patch+json',
      });
      expect(managers(patched.body)).toMatchObject({ 'other Update': { 'f:spec': { 'f:size': {} } } });
      expect(JSON.stringify(managers(patched.body)['contract Update'])).not.toContain('f:size');
    });

    it('merges lists by key and sets by value, and lets two managers share them', async () => {
      const own = name();
      await apply(own, 'one', {
        size: 1,
        tags: ['a', 'b'],
        parts: [
          { name: 'a', count: 1 },
          { name: 'b', count: 2 },
        ],
      });
      const { body } = await apply(own, 'two', {
        tags: ['c'],
        parts: [
          { name: 'c', count: 3 },
          { name: 'a', count: 1 },
        ],
      });
      expect(body.spec?.['tags']).toEqual(['a', 'b', 'c']);
      const parts = body.spec?.['parts'] as readonly { name: string; count: number }[];
      expect(Object.fromEntries(parts.map((part) => [part.name, part.count]))).toEqual({ a: 1, b: 2, c: 3 });
    });

    it('refuses to change what another manager owns, naming each field, unless forced', async () => {
      const own = name();
      await apply(own, 'one', { size: 1, parts: [{ name: 'y', count: 1 }] });
      const single = await apply(own, 'two', { size: 2 });
      expect(single.body).toMatchObject({
        code: 409,
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "one": .spec.size',
        details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.size' }] },
      });
      const both = await apply(own, 'two', { size: 2, parts: [{ name: 'y', count: 5 }] });
      expect(both.body.message).toBe(
        'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.size\n- .spec.parts[name="y"].count',
      );
      expect(causes(both)).toEqual([
        '.spec.parts[name="y"].count: conflict with "one"',
        '.spec.size: conflict with "one"',
      ]);

      const forced = await apply(own, 'two', { size: 2 }, { force: true });
      expect(forced.body.spec).toMatchObject({ size: 2 });
      expect(JSON.stringify(managers(forced.body)['one Apply'])).not.toContain('f:size');
    });

    it('names managers that updated with their version', async () => {
      const made = await create({ size: 1 });
      const answer = await apply(made.metadata?.name ?? '', 'two', { size: 2 });
      expect(answer.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "contract" using contract.test/v1: .spec.size',
      );
    });

    it('removes what a manager does not apply any more, unless somebody else owns it', async () => {
      const own = name();
      await apply(
        own,
        'one',
        { size: 1, code: 'ab', labels: { a: '1', b: '2' }, parts: [{ name: 'a' }, { name: 'b' }] },
        { metadata: { labels: { l: '1' } } },
      );
      await apply(own, 'two', { code: 'ab', parts: [{ name: 'b' }] });
      const { body } = await apply(own, 'one', { size: 1, labels: { a: '1' } });
      expect(body.spec).toEqual({ size: 1, level: 'Low', code: 'ab', labels: { a: '1' }, parts: [{ name: 'b' }] });
      expect(body.metadata).not.toHaveProperty('labels');
      expect(body.metadata?.name).toBe(own);
    });

    it('applies status by itself', async () => {
      const own = name();
      await apply(own, 'one', { size: 1 });
      const status = { conditions: [{ type: 'Ready', status: 'True' }] };
      const first = await apply(own, 'st', undefined, { sub: '/status', status });
      expect(first.body.status).toMatchObject(status);
      expect(managers(first.body)).toMatchObject({ 'st Apply status': { 'f:status': expect.anything() } });
      const other = await apply(own, 'st2', undefined, {
        sub: '/status',
        status: { conditions: [{ type: 'Ready', status: 'False' }] },
      });
      expect(other.body.message).toBe(
        'Apply failed with 1 conflict: conflict with "st" with subresource "status": .status.conditions[type="Ready"].status',
      );
      const dropped = await apply(own, 'st', undefined, { sub: '/status', status: {} });
      expect(dropped.body.status).not.toHaveProperty('conditions');
    });

    it('refuses what does not fit the schema before it merges', async () => {
      const own = name();
      await apply(own, 'one', { size: 1 });
      const problem = async (spec: Spec): Promise<string | undefined> => (await apply(own, 'one', spec)).body.message;
      const begin = `failed to create typed patch object (/${own}; contract.test/v1, Kind=Widget): `;
      expect(await problem({ size: 1, nope: 1 })).toBe(`${begin}.spec.nope: field not declared in schema`);
      expect(await problem({ size: 'x' })).toBe(`${begin}.spec.size: expected numeric (int or float), got string`);
      expect(await problem({ size: 1, parts: [{ name: 'a' }, { name: 'a' }] })).toBe(
        `${begin}.spec.parts: duplicate entries for key [name="a"]`,
      );
      expect((await apply(own, 'one', { size: 0 })).body).toMatchObject({ code: 422, reason: 'Invalid' });
    });

    it('needs a manager, no managedFields, and force for nothing else', async () => {
      const own = name();
      const body = widget(own, { size: 1 });
      const nobody = await request('PATCH', `${widgets}/${own}`, { body, contentType: applyPatch });
      expect(nobody.body.message).toBe(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
      await apply(own, 'one', { size: 1 });
      const managed = await apply(own, 'one', { size: 1 }, { metadata: { managedFields: [] } });
      expect(managed.body).toMatchObject({ code: 400, message: 'metadata.managedFields must be nil' });
      const forced = await patch(`${widgets}/${own}?force=true`, { spec: { size: 2 } });
      expect(forced.body.message).toContain('force: Forbidden: may not be specified for non-apply patch');
      const stale = await apply(own, 'one', { size: 2 }, { metadata: { resourceVersion: '1' } });
      expect(stale.body).toMatchObject({ code: 409, reason: 'Conflict' });
      const nowhere = await apply(name(), 'st', undefined, { sub: '/status', status: { observedGeneration: 1 } });
      expect(nowhere.status).toBe(404);
    });

    it('works for built-in resources', async () => {
      const own = name();
      const path = `/api/v1/namespaces/${bench.namespace}/configmaps/${own}?fieldManager=one`;
      const map = (data: Spec): Spec => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: own }, data });
      await request('PATCH', path, { body: map({ a: '1', b: '2' }), contentType: applyPatch });
      const { body } = await request('PATCH', path, { body: map({ a: '1' }), contentType: applyPatch });
      expect(body['data']).toEqual({ a: '1' });
      expect(managers(body)).toEqual({ 'one Apply': { 'f:data': { 'f:a': {} } } });
    });
  });
}
