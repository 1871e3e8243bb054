import { describe, expect, it } from 'vitest';
import type { Body } from './contract-api.ts';
import type { Bench } from './widgets.ts';
import { causes, strategicPatch } from './widgets.ts';

/** ConfigMaps, Secrets, Leases and Events, where they differ from custom resources. */
export function builtInsContract(bench: Bench): void {
  const { request, name, patch } = bench;
  const core = `/api/v1/namespaces/${bench.namespace}`;
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${bench.namespace}/leases`;
  const events = `/apis/events.k8s.io/v1/namespaces/${bench.namespace}/events`;

  describe('built-in resources', () => {
    it('has the namespaces that every cluster has', async () => {
      for (const own of ['default', 'kube-system']) {
        expect((await request('GET', `/api/v1/namespaces/${own}`)).body).toMatchObject({
          kind: 'Namespace',
          metadata: { labels: { 'kubernetes.io/metadata.name': own } },
          status: { phase: 'Active' },
        });
      }
    });

    it('decodes ConfigMaps as the Go type they are', async () => {
      const map = (more: object): object => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: name() },
        ...more,
      });
      expect((await request('POST', `${core}/configmaps`, { body: map({ data: { a: 1 } }) })).body).toMatchObject({
        code: 400,
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
      });
      const strict = await request('POST', `${core}/configmaps?fieldValidation=Strict`, { body: map({ dta: {} }) });
      expect(strict.body.message).toContain('strict decoding error: unknown field "dta"');
      const { body: made } = await request('POST', `${core}/configmaps`, { body: map({ data: { a: '1' } }) });
      const own = `${core}/configmaps/${made.metadata?.name}`;
      expect(made.metadata).not.toHaveProperty('generation');
      const bare = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: made.metadata?.name }, data: { b: '2' } };
      expect((await request('PUT', own, { body: bare })).body['data']).toEqual({ b: '2' });
      expect((await patch(own, { data: { c: '3', b: null } }, strategicPatch)).body['data']).toEqual({ c: '3' });
    });

    it('turns the stringData of a Secret into base64', async () => {
      const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: name() }, stringData: { a: 'text' } };
      const { body: made } = await request('POST', `${core}/secrets`, { body });
      expect(made).toMatchObject({ type: 'Opaque', data: { a: 'dGV4dA==' } });
      expect(made).not.toHaveProperty('stringData');
    });

    it('has plain ServiceAccounts', async () => {
      const body = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: name() } };
      expect((await request('POST', `${core}/serviceaccounts`, { body })).status).toBe(201);
    });
  });

  describe('leases', () => {
    const lease = (own: string, spec: object, metadata: object = {}): Body => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: own, ...metadata },
      spec: { ...spec },
    });

    it('takes times with exactly six fractional digits', async () => {
      const post = async (renewTime: string): Promise<Body> =>
        (await request('POST', leases, { body: lease(name(), { holderIdentity: 'a', renewTime }) })).body;
      const layout = '2006-01-02T15:04:05.000000Z07:00';
      const begin = 'Lease in version "v1" cannot be handled as a Lease: parsing time';
      expect(await post('2026-01-01T00:00:00.123Z')).toMatchObject({
        code: 400,
        message: `${begin} "2026-01-01T00:00:00.123Z" as "${layout}": cannot parse ".123Z" as ".000000"`,
      });
      expect(await post('2026-01-01T00:00:00Z')).toMatchObject({ code: 400 });
      expect(await post('2026-01-01T00:00:00.123456Z')).toMatchObject({
        kind: 'Lease',
        spec: { renewTime: '2026-01-01T00:00:00.123456Z' },
      });
    });

    it('is written only over the version that was read', async () => {
      const { body: made } = await request('POST', leases, { body: lease(name(), { holderIdentity: 'a' }) });
      const own = `${leases}/${made.metadata?.name}`;
      const next = (holderIdentity: string): object => ({ ...made, spec: { holderIdentity } });
      expect((await request('PUT', own, { body: next('b') })).status).toBe(200);
      expect((await request('PUT', own, { body: next('c') })).body).toMatchObject({ code: 409, reason: 'Conflict' });
      const bare = await request('PUT', own, { body: lease(made.metadata?.name ?? '', { holderIdentity: 'd' }) });
      expect(bare.body.message).toContain('must be specified for an update');
    });

    it('refuses a duration of nothing', async () => {
      const answer = await request('POST', leases, {
        body: lease(name(), { leaseDurationSeconds: 0, leaseTransitions: -1 }),
      });
      expect(causes(answer)).toEqual([
        'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
        'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
      ]);
    });
  });

  describe('events', () => {
    const event = (own: string, more: object = {}): object => ({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: own },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'contract.test/controller',
      reportingInstance: 'one',
      action: 'Test',
      reason: 'Tested',
      type: 'Normal',
      note: 'It works.',
      regarding: { apiVersion: 'contract.test/v1', kind: 'Widget', name: 'w', namespace: bench.namespace },
      ...more,
    });

    it('is one object in two groups', async () => {
      const own = name('event');
      expect((await request('POST', events, { body: event(own) })).status).toBe(201);
      expect((await request('GET', `${core}/events/${own}`)).body).toMatchObject({
        apiVersion: 'v1',
        kind: 'Event',
        involvedObject: { kind: 'Widget', name: 'w' },
        message: 'It works.',
        reason: 'Tested',
        reportingComponent: 'contract.test/controller',
        reportingInstance: 'one',
        firstTimestamp: null,
      });
      const series = { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' };
      expect((await patch(`${events}/${own}`, { series })).body).toMatchObject({
        apiVersion: 'events.k8s.io/v1',
        series,
      });
      expect((await request('GET', `${core}/events/${own}`)).body).toMatchObject({ series });
      expect((await request('DELETE', `${core}/events/${own}`)).status).toBe(200);
      expect((await request('GET', `${events}/${own}`)).status).toBe(404);
    });

    it('is found by what it is about', async () => {
      const own = name('event');
      const regarding = { kind: 'Widget', name: own, namespace: bench.namespace };
      await request('POST', events, { body: event(own, { regarding }) });
      const found = async (path: string): Promise<unknown> =>
        (await request('GET', path)).body.items?.map((item) => item.metadata?.name);
      expect(
        await found(`${core}/events?fieldSelector=involvedObject.kind%3DWidget,involvedObject.name%3D${own}`),
      ).toEqual([own]);
      expect(await found(`${events}?fieldSelector=regarding.name%3D${own}`)).toEqual([own]);
      expect(await found(`${events}?fieldSelector=regarding.name%3D${own}x`)).toEqual([]);
    });

    it('refuses what is no event', async () => {
      const refused = async (more: object): Promise<string[]> =>
        causes(await request('POST', events, { body: event(name('event'), more) }));
      expect(await refused({ type: 'Odd' })).toEqual(['type: Invalid value: "": has invalid value: Odd']);
      expect(await refused({ eventTime: undefined })).toEqual(['eventTime: Required value']);
      expect(await refused({ reportingInstance: undefined, action: undefined })).toEqual([
        'action: Required value',
        'reportingInstance: Required value',
      ]);
      expect(await refused({ note: 'x'.repeat(1025) })).toEqual([
        'message: Invalid value: "": can have at most 1024 characters',
      ]);
      const own = name('event');
      await request('POST', events, { body: event(own) });
      expect(causes(await patch(`${events}/${own}`, { note: 'other' }))).toEqual([
        'message: Invalid value: "other": field is immutable',
      ]);
    });
  });
}
