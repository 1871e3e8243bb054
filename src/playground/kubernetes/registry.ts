import { builtInResources, customResourceDefinitions } from './built-in/resources.ts';
import { resourceOfDefinition } from './custom-resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Store } from './store.ts';
import { keyOf } from './store.ts';

/** Which resources are served right now: the built-in ones and those of the CRDs in the store. */
export interface Registry {
  readonly all: () => readonly ResourceType[];
  readonly find: (group: string, version: string, plural: string) => ResourceType | undefined;
}

export function createRegistry(store: Store): Registry {
  const custom = new Map<string, ResourceType>();
  store.subscribe((event) => {
    if (event.resource !== customResourceDefinitions.storedAs) return;
    const type = event.deleted ? undefined : resourceOfDefinition(event.object);
    if (type === undefined) custom.delete(event.key);
    else custom.set(event.key, type);
  });
  const all = (): readonly ResourceType[] => [...builtInResources, ...custom.values()];
  return {
    all,
    find(group, version, plural) {
      const isWanted = (type: ResourceType): boolean =>
        type.group === group && type.version === version && type.plural === plural;
      const defined = custom.get(keyOf('', `${plural}.${group}`));
      return defined !== undefined && isWanted(defined) ? defined : builtInResources.find(isWanted);
    },
  };
}
