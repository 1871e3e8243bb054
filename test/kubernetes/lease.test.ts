import { afterEach, expect, test } from 'vitest';
import { isConflict } from '#src/kubernetes/api-error.ts';
import { connect } from '#src/kubernetes/client.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { createLeases } from '#src/kubernetes/lease.ts';
import type { Script, ScriptedApi } from './scripted-api.ts';
import { startScriptedApi } from './scripted-api.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function rig(script: Script) {
  const api: ScriptedApi = await startScriptedApi(script);
  cleanups.push(() => api.close());
  const client = connect({ kubeConfig: api.kubeConfig() });
  cleanups.push(() => client.close());
  return { api, leases: createLeases(client, 'claims') };
}

const lease: Lease = {
  metadata: { name: 'claim', uid: 'u1', resourceVersion: '7', annotations: { previous: 'none' } },
  spec: { holderIdentity: 'ns/one' },
};

test('absent is a value; deleting what is absent is success', async () => {
  const { leases } = await rig((call) => call.fail(404, 'NotFound'));
  expect(await leases.get('claim')).toBeUndefined();
  await expect(leases.delete(lease)).resolves.toBeUndefined();
});

test('writes carry the version and uid that were read', async () => {
  const { api, leases } = await rig((call) => call.json(lease));
  await leases.create({ metadata: { name: 'claim' }, spec: { holderIdentity: 'ns/one' } });
  await leases.replace(lease);
  await leases.delete(lease);
  const path = '/apis/coordination.k8s.io/v1/namespaces/claims/leases';
  expect(api.calls.map(({ method, path, body }) => [method, path, body])).toEqual([
    [
      'POST',
      path,
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'claim', namespace: 'claims' },
        spec: { holderIdentity: 'ns/one' },
      },
    ],
    [
      'PUT',
      `${path}/claim`,
      {
        ...lease,
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { ...lease.metadata, namespace: 'claims' },
      },
    ],
    [
      'DELETE',
      `${path}/claim`,
      { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'u1', resourceVersion: '7' } },
    ],
  ]);
});

test('a write without a version is refused here, one with an old version by the server', async () => {
  const { api, leases } = await rig((call) => call.fail(409, 'Conflict'));
  await expect(leases.replace({ metadata: { name: 'claim' } })).rejects.toThrow('is not replaced');
  await expect(leases.delete({ metadata: { name: 'claim', uid: 'u1' } })).rejects.toThrow('is not deleted');
  expect(api.calls).toEqual([]);
  await expect(leases.replace(lease)).rejects.toSatisfy(isConflict);
  await expect(leases.delete(lease)).rejects.toSatisfy(isConflict);
});
