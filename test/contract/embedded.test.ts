import { afterAll, beforeAll, describe } from 'vitest';
import type { KubernetesApi } from '#src/playground/kubernetes/server.ts';
import { startKubernetesApi } from '#src/playground/kubernetes/server.ts';
import type { ContractApi } from './contract-api.ts';
import { connectContract } from './contract-api.ts';
import { kubernetesContract } from './kubernetes-contract.ts';

describe('the embedded API', () => {
  let server: KubernetesApi;
  let api: ContractApi;
  beforeAll(async () => {
    server = await startKubernetesApi();
    api = connectContract({ url: server.url });
  });
  afterAll(() => server.close());

  kubernetesContract(() => api);
});
