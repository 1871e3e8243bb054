import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Change } from '#src/kubernetes/store.ts';
import type { AccessList } from './access-list.ts';
import { accessListKey, denyAll, parseAccessList } from './access-list.ts';

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const configMaps: ApiResource<ConfigMap> = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

export interface AccessWatch {
  /** As last understood; denies everything until a list was read, and after it was deleted. */
  readonly current: AccessList;
  onConfigMap(change: Change<ConfigMap>): void;
}

/** Keeps the credentials list as the ConfigMap has it. A list that cannot be understood leaves the last good one in force. */
export function createAccessWatch(onChanged: () => void, onProblem: (error: unknown) => void): AccessWatch {
  let current = denyAll;
  return {
    get current() {
      return current;
    },
    onConfigMap(change) {
      try {
        current = change.kind === 'deleted' ? denyAll : parseAccessList(change.object.data?.[accessListKey] ?? '[]');
        onChanged();
      } catch (error) {
        onProblem(error);
      }
    },
  };
}
