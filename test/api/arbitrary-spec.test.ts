import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customResourceDefinition } from '#src/api/crd.ts';
import { apiVersion, group, kind, plural, version } from '#src/api/v1alpha1.ts';
import { type KubernetesApi, startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { arbitrarySpecInAnyMode, arbitraryValidSpec } from '#test/support/arbitrary-spec.ts';

const path = `/apis/${group}/${version}/namespaces/default/${plural}?fieldValidation=Strict&dryRun=All`;

let api: KubernetesApi;
beforeAll(async () => {
  api = await startKubernetesApi();
});
afterAll(() => api.close());

/** Answers without a socket. */
function post(url: string, body: unknown) {
  return api.handle({
    method: 'POST',
    url,
    contentType: 'application/json',
    body: JSON.stringify(body),
  });
}

test.each([
  ['enforced', arbitraryValidSpec],
  ['in any mode', arbitrarySpecInAnyMode],
])('every arbitrary spec %s is one that the API takes', (_, specs) => {
  post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', customResourceDefinition);
  fc.assert(
    fc.property(specs, (spec) => {
      const answer = post(path, { apiVersion, kind, metadata: { name: 'any', namespace: 'default' }, spec });
      expect(answer).toMatchObject({ status: 201 });
    }),
    { numRuns: 150 },
  );
});
