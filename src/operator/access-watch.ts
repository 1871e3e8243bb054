import type { ApiResource, KubernetesObject } from '#src/kubernetes/api-resource.ts';
import type { Change } from '#src/kubernetes/store.ts';
import type { AccessList } from './access-list.ts';
import { accessListKey, denyAll, parseAccessList, unreadable } from './access-list.ts';

export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

export const configMaps: ApiResource<ConfigMap> = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

export interface AccessWatch {
  /** Denies everything until a list was read, after it was deleted, and while it cannot be understood. */
  readonly current: AccessList;
  onConfigMap(change: Change<ConfigMap>): void;
}

/**
 * Keeps the credentials list as the ConfigMap has it. One that cannot be understood allows nothing, as it would after a
 * restart: an entry that was meant to be taken away may have been in the last good one.
 */
export function createAccessWatch(onChanged: () => void, onProblem: (error: unknown) => void): AccessWatch {
  let current = denyAll;
  return {
    get current() {
      return current;
    },
    onConfigMap(change) {
      try {
        current = change.kind === 'deleted' ? denyAll : parseAccessList(change.object.data?.[accessListKey] ?? '[]');
      } catch (error) {
        current = unreadable;
        onProblem(error);
      }
      onChanged();
    },
  };
}
