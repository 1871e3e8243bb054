import { ApiError } from './api-error.ts';
import type { ApiResource, KubernetesObject, ObjectMeta } from './api-resource.ts';
import { keyOf } from './api-resource.ts';
import type { Client, WatchOptions } from './client.ts';
import type { Clock } from './clock.ts';
import type { WatchEvent } from './watch-stream.ts';

/** The server does not do WatchList, whatever it says: use LIST. */
export class WatchListRefused extends Error {
  override readonly name = 'WatchListRefused';
}

export interface InitialState<T extends KubernetesObject> {
  readonly objects: readonly T[];
  readonly resourceVersion: string | undefined;
  /** What follows, on the same connection. */
  readonly stream: AsyncIterable<WatchEvent<T>>;
}

/**
 * A consistent read of everything through a watch: ADDED events up to a bookmark annotated
 * `k8s.io/initial-events-end` (KEP-3157). Throws `WatchListRefused` where the server answers that it cannot, ends
 * early, or does not come to the bookmark within `syncTimeoutMs` (servers before 1.27 ignore the parameter).
 */
export async function watchList<T extends KubernetesObject>(
  client: Pick<Client, 'watch'>,
  resource: ApiResource<T>,
  options: WatchOptions,
  syncTimeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<InitialState<T>> {
  const giveUp = new AbortController();
  const cancel = clock.setTimeout(() => {
    giveUp.abort(new WatchListRefused('WatchList: the server did not come to the end of the initial events'));
  }, syncTimeoutMs);
  let accepted = false;
  try {
    const stream = await client.watch(
      resource,
      { ...options, sendInitialEvents: true },
      AbortSignal.any([signal, giveUp.signal]),
    );
    accepted = true;
    const events = stream[Symbol.asyncIterator]();
    const objects = new Map<string, T>();
    for (;;) {
      const next = await events.next();
      if (next.done) throw new WatchListRefused('WatchList: the watch ended before the initial events did');
      const event = next.value;
      if (event.type === 'DELETED') objects.delete(keyOf(event.object));
      else if (event.type !== 'BOOKMARK') objects.set(keyOf(event.object), event.object);
      else if (endsInitialEvents(event.object.metadata)) {
        const { resourceVersion } = event.object.metadata;
        return { objects: [...objects.values()], resourceVersion, stream: { [Symbol.asyncIterator]: () => events } };
      }
    }
  } catch (error) {
    throw isRefusal(error, accepted) ? new WatchListRefused('WatchList: refused', { cause: error }) : error;
  } finally {
    cancel();
  }
}

function endsInitialEvents(metadata: ObjectMeta): boolean {
  return metadata.annotations?.['k8s.io/initial-events-end'] === 'true';
}

/**
 * Before the watch is accepted only the answers to an unknown parameter count; an outage is no refusal. Afterwards an
 * ERROR event is one, unless it is about load, time or permission: storage that lacks RequestWatchProgress says so
 * there.
 */
function isRefusal(error: unknown, accepted: boolean): boolean {
  if (!(error instanceof ApiError) || error.status === 0) return false;
  return accepted ? ![401, 403, 410, 429].includes(error.status) : [400, 405, 406, 415, 422].includes(error.status);
}
