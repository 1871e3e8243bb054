import type { JsonObject } from '#src/domain/json.ts';
import type { Api, Target } from './api.ts';
import type { KubernetesObject } from './json-value.ts';
import { requireListOptions, selectorOf, tooOld, versionParameter } from './listing.ts';
import { apiVersionOf } from './resource-type.ts';
import { expired } from './status-error.ts';
import type { StoreEvent } from './store.ts';
import { Compacted } from './store.ts';
import { seen } from './writing.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

export interface Watch {
  /** What is sent before anything new happens. */
  readonly initial: readonly WatchEvent[];
  /** The event a change of the store makes here, or undefined where it concerns none of the watched objects. */
  readonly translate: (event: StoreEvent) => WatchEvent | undefined;
  /** A bookmark at a revision, or undefined where the client did not ask for any. */
  readonly bookmark: (revision: number) => WatchEvent | undefined;
  /** The watch has nothing more to say after `initial`. */
  readonly ended: boolean;
}

const initialEventsEnd = 'k8s.io/initial-events-end';

/** Opens a watch at `resourceVersion`; without one it begins with everything there is. Throws 400. */
export function openWatch(api: Api, target: Target, query: URLSearchParams): Watch {
  const { type } = target;
  const from = versionParameter(query);
  const selects = selectorOf(target, query);
  const translate = translator(target, selects);
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const streaming = query.get('sendInitialEvents') === 'true';
  requireListOptions(query);
  const bookmark = (revision: number): WatchEvent | undefined => (bookmarks ? bookmarkOf(target, revision) : undefined);
  const watch = { translate, bookmark, ended: false };

  if (streaming || (from === 0 && query.get('sendInitialEvents') !== 'false')) {
    const revision = api.store.revision();
    const prefix = target.namespace === '' ? '' : `${target.namespace}/`;
    const state = api.store.list(type.storedAs, prefix).map((object) => seen(type, object));
    const initial: WatchEvent[] = state.filter(selects).map((object) => ({ type: 'ADDED', object }));
    if (streaming && bookmarks) initial.push(bookmarkOf(target, revision, { [initialEventsEnd]: 'true' }));
    return { ...watch, initial };
  }
  try {
    const missed = api.store.since(from === 0 ? api.store.revision() : from);
    return { ...watch, initial: missed.map(translate).filter((event) => event !== undefined) };
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    return { ...watch, initial: [{ type: 'ERROR', object: expired(tooOld(from, api)).status }], ended: true };
  }
}

function bookmarkOf({ type }: Target, revision: number, annotations?: JsonObject): WatchEvent {
  return {
    type: 'BOOKMARK',
    object: {
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: {
        resourceVersion: String(revision),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    },
  };
}

/** An object that enters a selection is ADDED to it, one that leaves it is DELETED from it. */
function translator({ type, namespace }: Target, selects: (object: KubernetesObject) => boolean) {
  return (event: StoreEvent): WatchEvent | undefined => {
    if (event.resource !== type.storedAs) return undefined;
    if (namespace !== '' && event.object.metadata['namespace'] !== namespace) return undefined;
    const object = seen(type, event.object);
    const before = event.previous === undefined ? undefined : seen(type, event.previous);
    const was = before !== undefined && selects(before);
    const is = !event.deleted && selects(object);
    if (was && is) return { type: 'MODIFIED', object };
    if (is) return { type: 'ADDED', object };
    if (!was || before === undefined) return undefined;
    const { resourceVersion = '' } = object.metadata;
    return { type: 'DELETED', object: { ...before, metadata: { ...before.metadata, resourceVersion } } };
  };
}
