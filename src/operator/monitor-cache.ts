import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { nameOf } from '#src/kubernetes/api-resource.ts';
import type { Reflector, ReflectorOptions } from '#src/kubernetes/reflector.ts';
import { createReflector } from '#src/kubernetes/reflector.ts';
import type { ChangeHandler, Store } from '#src/kubernetes/store.ts';
import { createStore } from '#src/kubernetes/store.ts';

/** All monitors that this process watches, as one cache. */
export interface MonitorCache
  extends Pick<Store<BedrockMonitor>, 'get' | 'list' | 'size' | 'subscribe' | 'wrote' | 'isCurrent'> {
  readonly reflectors: readonly Reflector[];
}

type Common = Omit<ReflectorOptions<BedrockMonitor, BedrockMonitor>, 'store' | 'scope'>;

/** Of all namespaces, or of each named one with a list and watch of its own: then a Role in each is enough. */
export function createMonitorCache(
  namespaces: readonly string[],
  common: Common,
  onHandlerError: (error: unknown) => void,
): MonitorCache {
  const parts = (namespaces.length === 0 ? [undefined] : namespaces).map((namespace) => {
    const store = createStore<BedrockMonitor>({ onHandlerError });
    const scope = namespace === undefined ? {} : { namespace };
    return { namespace, store, reflector: createReflector({ ...common, scope, store }) };
  });
  const storeOf = (namespace: string | undefined) =>
    parts.find((part) => part.namespace === undefined || part.namespace === namespace)?.store;

  return {
    get: (key) => storeOf(nameOf(key).namespace)?.get(key),
    list: () => parts.flatMap(({ store }) => store.list()),
    get size() {
      return parts.reduce((sum, { store }) => sum + store.size, 0);
    },
    subscribe(handler: ChangeHandler<BedrockMonitor>) {
      const unsubscribe = parts.map(({ store }) => store.subscribe(handler));
      return () => unsubscribe.forEach((one) => one());
    },
    wrote: (object) => storeOf(object.metadata.namespace)?.wrote(object),
    isCurrent: (key) => storeOf(nameOf(key).namespace)?.isCurrent(key) ?? true,
    reflectors: parts.map(({ reflector }) => reflector),
  };
}
