import type { KubernetesObject } from './json-value.ts';
import { compare, textOf } from './json-value.ts';

/** One change of one object, as etcd's history has it. */
export interface StoreEvent {
  readonly revision: number;
  /** `storedAs` of the resource. */
  readonly resource: string;
  readonly key: string;
  /** The new object; of a deletion the last one, with the revision of the deletion as its resourceVersion. */
  readonly object: KubernetesObject;
  readonly previous: KubernetesObject | undefined;
  readonly deleted: boolean;
}

/** Objects with one counter of revisions over all of them, and a bounded history to watch from. */
export interface Store {
  readonly revision: () => number;
  /** Revisions up to and including this one cannot be watched or listed any more. */
  readonly compacted: () => number;
  readonly get: (resource: string, key: string) => KubernetesObject | undefined;
  /** Sorted by key, as they were at `revision` (now, if absent). Throws `Compacted` where history is gone. */
  readonly list: (resource: string, prefix: string, revision?: number) => readonly KubernetesObject[];
  /** Sets metadata.resourceVersion and returns what was stored. */
  readonly put: (resource: string, key: string, object: KubernetesObject) => KubernetesObject;
  readonly remove: (resource: string, key: string) => KubernetesObject | undefined;
  /** Events after a revision, oldest first. Throws `Compacted` where history is gone. */
  readonly since: (revision: number) => readonly StoreEvent[];
  /** Called synchronously with every change. Returns what ends the subscription. */
  readonly subscribe: (listener: (event: StoreEvent) => void) => () => void;
  /** Forgets all history, as etcd's compaction does: old resourceVersions answer 410 from now on. */
  readonly compact: () => void;
}

/** The history asked for is gone. */
export class Compacted extends Error {
  override readonly name = 'Compacted';
}

export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

export function keyOfObject(object: KubernetesObject): string {
  return keyOf(textOf(object.metadata['namespace']), textOf(object.metadata['name']));
}

/** An empty store that remembers the last `historyLimit` changes. */
export function createStore(historyLimit = 10_000): Store {
  const resources = new Map<string, Map<string, KubernetesObject>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  let history: StoreEvent[] = [];
  let revision = 1;
  let compacted = 0;
  /** Listeners may write: what they cause is told after what they were told, to every listener in one order. */
  const pending: StoreEvent[] = [];
  let dispatching = false;

  const objects = (resource: string): Map<string, KubernetesObject> => {
    const known = resources.get(resource);
    if (known !== undefined) return known;
    const created = new Map<string, KubernetesObject>();
    resources.set(resource, created);
    return created;
  };

  const record = (event: StoreEvent): void => {
    history.push(event);
    if (history.length > historyLimit) {
      const gone = history.splice(0, Math.ceil(historyLimit / 10));
      compacted = gone.at(-1)?.revision ?? compacted;
    }
    pending.push(event);
    if (dispatching) return;
    dispatching = true;
    try {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        for (const listener of listeners) listener(next);
      }
    } finally {
      dispatching = false;
    }
  };

  const stamped = (object: KubernetesObject): KubernetesObject => {
    revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  };

  const since = (from: number): readonly StoreEvent[] => {
    if (from < compacted) throw new Compacted(`revision ${from} is compacted`);
    return history.filter((event) => event.revision > from);
  };

  return {
    revision: () => revision,
    compacted: () => compacted,
    get: (resource, key) => objects(resource).get(key),
    list(resource, prefix, at) {
      const state = new Map(objects(resource));
      if (at !== undefined && at < revision) {
        for (const event of since(at).toReversed()) {
          if (event.resource !== resource) continue;
          if (event.previous === undefined) state.delete(event.key);
          else state.set(event.key, event.previous);
        }
      }
      return [...state]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => compare(a, b))
        .map(([, object]) => object);
    },
    put(resource, key, object) {
      const previous = objects(resource).get(key);
      const next = stamped(object);
      objects(resource).set(key, next);
      record({ revision, resource, key, object: next, previous, deleted: false });
      return next;
    },
    remove(resource, key) {
      const previous = objects(resource).get(key);
      if (previous === undefined) return undefined;
      objects(resource).delete(key);
      const last = stamped(previous);
      record({ revision, resource, key, object: last, previous, deleted: true });
      return last;
    },
    since,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    compact() {
      history = [];
      compacted = revision;
    },
  };
}
