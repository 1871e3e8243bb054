import type { KubernetesObject } from './api-resource.ts';
import { keyOf } from './api-resource.ts';
import { createExpectations } from './expectations.ts';
import { compareVersions } from './resource-version.ts';

/** One difference between what the store held and what it holds. */
export type Change<P> =
  /** `initial`: part of the first list, or replayed to a late subscriber; nothing happened to the object. */
  | { readonly kind: 'added'; readonly key: string; readonly object: P; readonly initial: boolean }
  | { readonly kind: 'updated'; readonly key: string; readonly object: P; readonly previous: P }
  | { readonly kind: 'deleted'; readonly key: string; readonly object: P };

export type ChangeHandler<P> = (change: Change<P>) => void;

/** The cache of one type of object, as readers see it. Objects are shared: never change one. */
export interface Store<P extends KubernetesObject> {
  get(key: string): P | undefined;
  list(): readonly P[];
  readonly size: number;
  /** Objects whose index function returned `value`; throws for an index that was not declared. */
  byIndex(index: string, value: string): readonly P[];
  /** Called for every change, first for what is already there. Returns the way to stop. */
  subscribe(handler: ChangeHandler<P>): () => void;
  /** Tell the store of an own write, with the object that the server answered. */
  wrote(object: KubernetesObject): void;
  /** Whether the cache has our own last write of this object. */
  isCurrent(key: string): boolean;
  /** Whether the cache has the object at this version or newer; true for versions that cannot be compared. */
  sees(key: string, resourceVersion: string): boolean;
}

/** The side of the store that a reflector feeds. */
export interface WritableStore<P extends KubernetesObject> extends Store<P> {
  /** An event. One that is older than what is held is a repetition, and changes nothing. */
  apply(object: P): void;
  remove(object: P): void;
  /** A bookmark: everything up to here has been seen. */
  advance(resourceVersion: string): void;
  /** A full read begins. */
  beginSync(): void;
  /** The full read: what it lacks is deleted. One step for readers. */
  replace(objects: readonly P[], resourceVersion: string | undefined): void;
}

export interface StoreOptions<P> {
  /** By name: the values under which an object is found. */
  readonly indexes?: Readonly<Record<string, (object: P) => readonly string[]>>;
  /** A handler threw. Others still run, and the store goes on. */
  readonly onHandlerError?: (error: unknown, change: Change<P>) => void;
}

export function createStore<P extends KubernetesObject>(options: StoreOptions<P> = {}): WritableStore<P> {
  const indexFunctions = Object.entries(options.indexes ?? {});
  const indexes = new Map(indexFunctions.map(([name]) => [name, new Map<string, Map<string, P>>()]));
  const objects = new Map<string, P>();
  const handlers = new Set<ChangeHandler<P>>();
  const expectations = createExpectations();
  let seen: string | undefined;
  let synced = false;

  const tell = (handler: ChangeHandler<P>, change: Change<P>) => {
    try {
      handler(change);
    } catch (error) {
      options.onHandlerError?.(error, change);
    }
  };
  const tellAll = (changes: readonly Change<P>[]) => {
    for (const change of changes) for (const handler of handlers) tell(handler, change);
  };

  const unindex = (key: string, object: P) => {
    for (const [name, valuesOf] of indexFunctions) {
      const index = indexes.get(name);
      for (const value of valuesOf(object)) {
        const bucket = index?.get(value);
        bucket?.delete(key);
        if (bucket?.size === 0) index?.delete(value);
      }
    }
  };
  const put = (key: string, object: P) => {
    const previous = objects.get(key);
    if (previous !== undefined) unindex(key, previous);
    objects.set(key, object);
    for (const [name, valuesOf] of indexFunctions) {
      const index = indexes.get(name);
      for (const value of valuesOf(object)) {
        const bucket = index?.get(value) ?? new Map<string, P>();
        index?.set(value, bucket.set(key, object));
      }
    }
  };
  const drop = (key: string, object: P) => {
    unindex(key, object);
    objects.delete(key);
    expectations.forget(key);
  };

  /** Stores one object and says what changed; a new uid under a known name is another object. */
  const take = (object: P): readonly Change<P>[] => {
    const key = keyOf(object);
    const previous = objects.get(key);
    if (previous?.metadata.uid === object.metadata.uid) {
      if (previous !== undefined && sameVersion(previous, object)) return [];
      put(key, object);
      return previous === undefined
        ? [{ kind: 'added', key, object, initial: !synced }]
        : [{ kind: 'updated', key, object, previous }];
    }
    put(key, object);
    const added = { kind: 'added', key, object, initial: !synced } as const;
    return previous === undefined ? [added] : [{ kind: 'deleted', key, object: previous }, added];
  };

  const advance = (resourceVersion: string | undefined) => {
    if (resourceVersion !== undefined && !isOlder(resourceVersion, seen)) seen = resourceVersion;
  };

  /** What a stream repeats must not undo what came after it: least of all delete the next object of that name. */
  const isRepetition = (object: P): boolean => {
    const held = objects.get(keyOf(object));
    return held !== undefined && isOlder(object.metadata.resourceVersion, held.metadata.resourceVersion);
  };

  return {
    get: (key) => objects.get(key),
    list: () => [...objects.values()],
    get size() {
      return objects.size;
    },
    byIndex(name, value) {
      const index = indexes.get(name);
      if (!index) throw new Error(`store: no index ${name}; there are: ${[...indexes.keys()].join(', ') || 'none'}`);
      return [...(index.get(value)?.values() ?? [])];
    },
    subscribe(handler) {
      handlers.add(handler);
      for (const [key, object] of objects) tell(handler, { kind: 'added', key, object, initial: true });
      return () => void handlers.delete(handler);
    },
    wrote: (object) => expectations.expect(keyOf(object), object.metadata.resourceVersion),
    isCurrent: (key) => expectations.met(key, objects.get(key)?.metadata.resourceVersion, seen),
    sees(key, resourceVersion) {
      const probe = createExpectations();
      probe.expect(key, resourceVersion);
      return probe.met(key, objects.get(key)?.metadata.resourceVersion, seen);
    },
    apply(object) {
      if (isRepetition(object)) return;
      const changes = take(object);
      advance(object.metadata.resourceVersion);
      tellAll(changes);
    },
    remove(object) {
      const key = keyOf(object);
      const previous = objects.get(key);
      advance(object.metadata.resourceVersion);
      if (previous === undefined) {
        expectations.forget(key);
        return;
      }
      if (isRepetition(object)) return;
      drop(key, previous);
      // The object as it last was: what the event carries may be newer than what was cached.
      const last = previous.metadata.uid === object.metadata.uid ? object : previous;
      tellAll([{ kind: 'deleted', key, object: last }]);
    },
    advance,
    beginSync: () => expectations.beginSync(),
    replace(next, resourceVersion) {
      const keys = new Set(next.map(keyOf));
      const changes: Change<P>[] = [];
      for (const [key, object] of objects) {
        if (keys.has(key)) continue;
        drop(key, object);
        changes.push({ kind: 'deleted', key, object });
      }
      for (const object of next) changes.push(...take(object));
      synced = true;
      seen = resourceVersion;
      expectations.endSync();
      tellAll(changes);
    },
  };
}

function isOlder(version: string | undefined, than: string | undefined): boolean {
  return version !== undefined && than !== undefined && (compareVersions(version, than) ?? 0) < 0;
}

function sameVersion(a: KubernetesObject, b: KubernetesObject): boolean {
  return a.metadata.resourceVersion !== undefined && a.metadata.resourceVersion === b.metadata.resourceVersion;
}
