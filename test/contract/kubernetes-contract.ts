import { describe } from 'vitest';
import { appliesContract } from './applies.ts';
import { builtInsContract } from './built-ins.ts';
import type { ContractApi } from './contract-api.ts';
import { definitionsContract } from './definitions.ts';
import { listsContract } from './lists.ts';
import { objectsContract } from './objects.ts';
import { rulesContract } from './rules.ts';
import { validationContract } from './validation.ts';
import { watchesContract } from './watches.ts';
import { workbench } from './widgets.ts';

/**
 * What the operator and its tests may rely on in a Kubernetes API. Run against the embedded API by `npm test` and
 * against a real kube-apiserver by `npm run e2e`, so that the one is known to agree with the other.
 */
export function kubernetesContract(api: () => ContractApi): void {
  describe('the Kubernetes contract', () => {
    const bench = workbench(api);
    objectsContract(bench);
    validationContract(bench);
    rulesContract(bench);
    listsContract(bench);
    watchesContract(bench);
    appliesContract(bench);
    builtInsContract(bench);
    definitionsContract(bench);
  });
}
