import { describe, expect, it } from 'vitest';
import type { Bench } from './widgets.ts';
import { applyPatch, jsonPatch, strategicPatch } from './widgets.ts';

/** Create, read, update, delete: identity, generation, versions, finalizers. */
export function objectsContract(bench: Bench): void {
  const { request, widgets, widget, name, create, patch, path } = bench;

  describe('objects', () => {
    it('gives a new object its identity, generation 1 and the defaults of its schema, and drops its status', async () => {
      const own = name();
      const body = { ...widget(own, { size: 3, nested: {} }), status: { observedGeneration: 9 } };
      const { status, body: made } = await request('POST', widgets, { body });
      expect(status).toBe(201);
      expect(made).toMatchObject({
        metadata: { name: own, namespace: bench.namespace, generation: 1 },
        spec: { size: 3, level: 'Low', nested: { limit: 7 } },
        status: { observedGeneration: -1 },
      });
      expect(made.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(made.metadata?.['creationTimestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect((await request('GET', path(made))).body).toEqual(made);
    });

    it('stores no empty labels, annotations or finalizers', async () => {
      const empty = { labels: {}, annotations: {}, finalizers: [] };
      const body = widget(name(), { size: 1 });
      const { body: made } = await request('POST', widgets, {
        body: { ...body, metadata: { ...body.metadata, ...empty } },
      });
      const { body: patched } = await patch(path(made), { metadata: empty, spec: { size: 2 } });
      for (const key of Object.keys(empty)) {
        expect(made.metadata).not.toHaveProperty(key);
        expect(patched.metadata).not.toHaveProperty(key);
      }
    });

    it('makes a name of generateName', async () => {
      const body = { ...widget('', { size: 1 }), metadata: { generateName: 'made-' } };
      const { body: made } = await request('POST', widgets, { body });
      expect(made.metadata?.name).toMatch(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    });

    it('knows what is not there and what is already', async () => {
      const made = await create();
      expect(
        (await request('POST', widgets, { body: widget(made.metadata?.name ?? '', { size: 1 }) })).body,
      ).toMatchObject({
        code: 409,
        reason: 'AlreadyExists',
        message: `widgets.contract.test "${made.metadata?.name}" already exists`,
      });
      expect((await request('GET', `${widgets}/none`)).body).toMatchObject({
        code: 404,
        reason: 'NotFound',
        message: 'widgets.contract.test "none" not found',
        details: { name: 'none', group: 'contract.test', kind: 'widgets' },
      });
      const elsewhere = await request('POST', '/apis/contract.test/v1/namespaces/nowhere/widgets', {
        body: widget(name(), { size: 1 }),
      });
      expect(elsewhere.body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
    });

    it('answers a resource that nobody serves in plain text', async () => {
      const { status, body } = await request('GET', '/apis/contract.test/v1/gadgets');
      expect([status, body]).toEqual([404, { text: '404 page not found\n' }]);
    });

    it('counts the generation for changes of spec alone', async () => {
      const made = await create();
      const own = path(made);
      expect((await patch(own, { spec: { size: 2 } })).body.metadata?.generation).toBe(2);
      expect((await patch(own, { metadata: { labels: { a: 'b' } } })).body.metadata?.generation).toBe(2);
      expect((await patch(`${own}/status`, { status: { observedGeneration: 2 } })).body.metadata?.generation).toBe(2);
    });

    it('does not write what changes nothing', async () => {
      const made = await create({ size: 4 });
      // The first write of an object may store the defaults that reading it showed before.
      const { body: first } = await patch(path(made), { spec: { size: 5 } });
      const { body: second } = await patch(path(made), { spec: { size: 5 } });
      expect(second.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
    });

    it('refuses a stale or missing resourceVersion', async () => {
      const made = await create();
      const own = path(made);
      await patch(own, { spec: { size: 2 } });
      const stale = await request('PUT', own, { body: made });
      expect(stale.body).toMatchObject({
        code: 409,
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on widgets.contract.test "${made.metadata?.name}": the object has been modified; please apply your changes to the latest version and try again`,
      });
      const { resourceVersion: _dropped, ...metadata } = made.metadata ?? {};
      const bare = await request('PUT', own, { body: { ...made, metadata } });
      expect(bare.body).toMatchObject({ code: 422, reason: 'Invalid' });
      expect(bare.body.message).toContain('must be specified for an update');
      const patched = await patch(own, {
        metadata: { resourceVersion: made.metadata?.resourceVersion },
        spec: { size: 3 },
      });
      expect(patched.status).toBe(409);
    });

    it('keeps what only the server sets, and names in their place', async () => {
      const made = await create();
      const own = path(made);
      const { body } = await request('PUT', own, {
        body: { ...made, metadata: { ...made.metadata, generation: 77, creationTimestamp: '2000-01-01T00:00:00Z' } },
      });
      expect(body.metadata).toMatchObject({
        generation: 1,
        creationTimestamp: made.metadata?.['creationTimestamp'],
      });
      const other = await request('PUT', own, { body: { ...made, metadata: { ...made.metadata, name: 'other' } } });
      expect(other.body).toMatchObject({
        code: 400,
        message: `the name of the object (other) does not match the name on the URL (${made.metadata?.name})`,
      });
      const foreign = await request('PUT', own, { body: { ...made, metadata: { ...made.metadata, uid: 'another' } } });
      expect(foreign.status).toBe(409);
      expect(foreign.body.message).toContain('Precondition failed: UID in precondition: another');
    });

    it('patches by merge and by JSON pointer, and has no strategic merge for custom resources', async () => {
      const made = await create({ size: 1, mode: 'Safe', labels: { a: '1', b: '2' } });
      const own = path(made);
      const merged = await patch(own, { spec: { mode: null, labels: { a: null, c: '3' } } });
      expect(merged.body.spec).toEqual({ size: 1, level: 'Low', labels: { b: '2', c: '3' } });
      const operations = [
        { op: 'test', path: '/spec/size', value: 1 },
        { op: 'add', path: '/spec/steps', value: ['start'] },
        { op: 'add', path: '/spec/steps/-', value: 'end' },
        { op: 'remove', path: '/spec/labels' },
      ];
      const patched = await patch(own, operations, jsonPatch);
      expect(patched.body.spec).toEqual({ size: 1, level: 'Low', steps: ['start', 'end'] });
      expect((await patch(own, [{ op: 'test', path: '/spec/size', value: 9 }], jsonPatch)).body).toMatchObject({
        code: 422,
        message: 'the server rejected our request due to an error in our request',
      });
      const strategic = await patch(own, { spec: { size: 2 } }, strategicPatch);
      expect(strategic.body).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
      expect(strategic.body.message).toContain(applyPatch);
    });

    it('changes nothing on dryRun, but answers as if', async () => {
      const made = await create();
      const { body } = await patch(`${path(made)}?dryRun=All`, { spec: { size: 8 } });
      expect(body.spec).toMatchObject({ size: 8 });
      expect((await request('GET', path(made))).body).toEqual(made);
      const own = name();
      expect((await request('POST', `${widgets}?dryRun=All`, { body: widget(own, { size: 1 }) })).status).toBe(201);
      expect((await request('GET', `${widgets}/${own}`)).status).toBe(404);
    });

    it('keeps status and the rest apart', async () => {
      const made = await create();
      const own = path(made);
      const viaStatus = await patch(`${own}/status`, {
        metadata: { labels: { a: 'b' } },
        spec: { size: 9 },
        status: { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] },
      });
      expect(viaStatus.body).toMatchObject({ spec: { size: 1 }, status: { observedGeneration: 1 } });
      expect(viaStatus.body.metadata).not.toHaveProperty('labels');
      const viaMain = await patch(own, { status: { observedGeneration: 5 } });
      expect(viaMain.body.status).toMatchObject({ observedGeneration: 1 });
      const wrong = await patch(`${own}/status`, { status: { conditions: [{ type: 'Ready', status: 'Maybe' }] } });
      expect(wrong.body.message).toContain(
        'status.conditions[0].status: Unsupported value: "Maybe": supported values: "True", "False", "Unknown"',
      );
      expect((await request('GET', `${own}/scale`)).status).toBe(404);
    });
  });

  describe('deletion', () => {
    it('answers what was deleted', async () => {
      const made = await create();
      expect((await request('DELETE', path(made))).body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: made.metadata?.name, group: 'contract.test', kind: 'widgets', uid: made.metadata?.uid },
      });
      expect((await request('GET', path(made))).status).toBe(404);
      expect((await request('DELETE', path(made))).status).toBe(404);
    });

    it('holds to preconditions', async () => {
      const made = await create();
      const options = (preconditions: object): object => ({ kind: 'DeleteOptions', apiVersion: 'v1', preconditions });
      const wrongUID = await request('DELETE', path(made), { body: options({ uid: 'other' }) });
      expect(wrongUID.body).toMatchObject({ code: 409, reason: 'Conflict' });
      expect(wrongUID.body.message).toContain('the UID in the precondition (other) does not match the UID in record');
      const stale = await request('DELETE', path(made), { body: options({ resourceVersion: '1' }) });
      expect(stale.body.message).toContain('the ResourceVersion in the precondition (1) does not match');
      const right = options({ uid: made.metadata?.uid, resourceVersion: made.metadata?.resourceVersion });
      expect((await request('DELETE', path(made), { body: right })).status).toBe(200);
    });

    it('waits for finalizers: a deletionTimestamp and a new generation first, gone with the last of them', async () => {
      const made = await create({ size: 1 }, { finalizers: ['contract.test/hold', 'contract.test/more'] });
      const own = path(made);
      const marked = await request('DELETE', own);
      expect(marked.body.metadata).toMatchObject({ generation: 2, deletionGracePeriodSeconds: 0 });
      expect(marked.body.metadata?.deletionTimestamp).toMatch(/Z$/);
      const again = await request('DELETE', own);
      expect(again.body.metadata).toEqual(marked.body.metadata);

      const more = await patch(own, { metadata: { finalizers: ['contract.test/hold', 'contract.test/new'] } });
      expect(more.body.message).toContain(
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"contract.test/new"}',
      );
      const recreate = await request('POST', widgets, { body: widget(made.metadata?.name ?? '', { size: 1 }) });
      expect(recreate.body).toMatchObject({ code: 409, reason: 'AlreadyExists' });

      expect((await patch(own, { metadata: { finalizers: ['contract.test/hold'] } })).status).toBe(200);
      expect((await patch(own, { metadata: { finalizers: null } })).status).toBe(200);
      expect((await request('GET', own)).status).toBe(404);
    });

    it('deletes a collection by selector', async () => {
      const one = await create({ size: 1 }, { labels: { batch: 'x' } });
      const other = await create({ size: 1 }, { labels: { batch: 'y' } });
      expect((await request('DELETE', `${widgets}?labelSelector=batch%3Dx`)).status).toBe(200);
      expect((await request('GET', path(one))).status).toBe(404);
      expect((await request('GET', path(other))).status).toBe(200);
    });
  });
}
