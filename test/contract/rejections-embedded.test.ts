import { afterAll, beforeAll, describe } from 'vitest';
import { type KubernetesApi, startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import { connect } from '#test/e2e/support/api.ts';
import { rejectionSuite } from './rejection-suite.ts';

describe('the embedded API', () => {
  let api: KubernetesApi;
  let client: ReturnType<typeof connect>;
  beforeAll(async () => {
    api = await startKubernetesApi();
    client = connect({ url: api.url, certificateAuthority: '' });
  });
  afterAll(async () => {
    await client?.close();
    await api?.close();
  });

  rejectionSuite(() => client);
});
