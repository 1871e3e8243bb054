import type { Registry } from './registry.ts';
import type { ResourceType } from './resource-type.ts';
import type { Store } from './store.ts';

/** What the verbs work on. */
export interface Api {
  readonly store: Store;
  readonly registry: Registry;
  /** Wall milliseconds. */
  readonly now: () => number;
  readonly newUID: () => string;
  /** Five characters for `generateName`. */
  readonly newSuffix: () => string;
}

/** Which object, or which objects, a request is about. */
export interface Target {
  readonly type: ResourceType;
  /** Empty for cluster-scoped resources, and for lists over all namespaces. */
  readonly namespace: string;
  /** Empty for collections. */
  readonly name: string;
  /** Whether the request goes to /status. */
  readonly status: boolean;
}

/** metav1.Time: whole seconds in UTC. */
export function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}
