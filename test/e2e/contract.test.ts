import { afterAll, beforeAll, describe } from 'vitest';
import { type ContractApi, connectContract } from '#test/contract/contract-api.ts';
import { kubernetesContract } from '#test/contract/kubernetes-contract.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';

describe('a real API server', () => {
  let plane: ControlPlane;
  let api: ContractApi;
  beforeAll(async () => {
    plane = await startControlPlane();
    const { url, headers, dispatcher } = plane.api;
    api = connectContract({ url, headers, dispatcher });
  });
  afterAll(() => plane?.stop());

  kubernetesContract(() => api);
});
