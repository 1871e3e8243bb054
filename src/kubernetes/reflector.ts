import { ApiError, isExpired } from './api-error.ts';
import type { ApiResource, KubernetesObject } from './api-resource.ts';
import type { Backoff } from './backoff.ts';
import { backoffMs } from './backoff.ts';
import type { Client, Scope } from './client.ts';
import type { Clock } from './clock.ts';
import { sleep } from './clock.ts';
import { orAborted } from './deadline.ts';
import { withoutBookkeeping } from './projection.ts';
import type { WritableStore } from './store.ts';
import { WatchListRefused, watchList } from './watch-list.ts';
import type { WatchEvent } from './watch-stream.ts';
import { MalformedWatch } from './watch-stream.ts';

/** Keeps a store equal to the API, for as long as the process lives. */
export interface Reflector {
  start(): void;
  /** Resolves once nothing of it runs any more. */
  stop(): Promise<void>;
  /** Whether a full, consistent read has been in the store once. */
  hasSynced(): boolean;
  /** Resolves when `hasSynced`; rejects with the signal's reason. */
  synced(signal?: AbortSignal): Promise<void>;
  /** Where the next watch would begin. */
  lastSyncResourceVersion(): string | undefined;
  /** Milliseconds since the last event, bookmark, list or normal end of a watch; absent before the first. */
  lastEventAgeMs(): number | undefined;
}

export interface ReflectorOptions<T extends KubernetesObject, P extends KubernetesObject> {
  readonly client: Pick<Client, 'list' | 'watch'>;
  readonly resource: ApiResource<T>;
  readonly scope?: Scope;
  readonly store: WritableStore<P>;
  /** What the store keeps of an object, after managedFields and the last-applied annotation are gone. */
  readonly project: (object: T) => P;
  readonly clock: Clock;
  readonly random?: () => number;
  /** A list or watch failed and is tried again after `retryMs`. */
  readonly onProblem?: (error: unknown, retryMs: number) => void;
  /** How long the first events of a WatchList may take before LIST is used instead; default 60 s. */
  readonly syncTimeoutMs?: number;
}

/** As client-go (reflector.go): 800 ms doubling to 30 s, forgotten after two minutes without failure. */
const backoff: Backoff = { baseMs: 800, capMs: 30_000, jitter: 0.5 };
const healthyMs = 120_000;
/** A watch that ends within a second without an event was refused in all but name. */
const shortWatchMs = 1000;

/** After this long without a sign of life, not even a bookmark, the version may be one that the server does not know. */
const silentMs = 120_000;

/**
 * Expected flow: full read (WatchList, else paged LIST) → watch from its version → watch again from the last version
 * seen, whenever the server ends the watch or it breaks.
 *
 * Guarantees: no failure ends it but `stop`. After 410, a malformed line or a lost version the whole state is read
 * again and the store told the differences. A peer that falls silent is noticed by the
 * watch's own time limit.
 *
 * Assumptions: `project` does not throw
 */
export function createReflector<T extends KubernetesObject, P extends KubernetesObject>(
  options: ReflectorOptions<T, P>,
): Reflector {
  const { client, resource, scope = {}, store, clock, random = Math.random, syncTimeoutMs = 60_000 } = options;
  const stopping = new AbortController();
  const firstSync = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;
  let version: string | undefined;
  let hasSynced = false;
  let lastEventAt: number | undefined;
  let watchListWorks = true;

  const project = (object: T): P => options.project(withoutBookkeeping(object));
  const heard = () => {
    lastEventAt = clock.monotonic();
  };
  /** client-go: uniform in five to ten minutes, so that watches do not end together. */
  const watchOptions = () => ({ ...scope, timeoutSeconds: Math.floor(300 + 300 * random()) });

  const complete = (objects: readonly T[], resourceVersion: string | undefined) => {
    heard();
    store.replace(objects.map(project), resourceVersion);
    version = resourceVersion;
    hasSynced = true;
    firstSync.resolve();
  };

  const readAll = async (): Promise<AsyncIterable<WatchEvent<T>> | undefined> => {
    store.beginSync();
    if (watchListWorks) {
      try {
        const state = await watchList(client, resource, watchOptions(), syncTimeoutMs, clock, stopping.signal);
        complete(state.objects, state.resourceVersion);
        return state.stream;
      } catch (error) {
        if (!(error instanceof WatchListRefused)) throw error;
        watchListWorks = false;
      }
    }
    const { metadata, items } = await client.list(resource, scope, stopping.signal);
    complete(items, metadata.resourceVersion);
    return undefined;
  };

  const follow = (event: WatchEvent<T>) => {
    heard();
    version = event.object.metadata.resourceVersion ?? version;
    if (event.type === 'BOOKMARK') {
      if (version !== undefined) store.advance(version);
    } else if (event.type === 'DELETED') store.remove(project(event.object));
    else store.apply(project(event.object));
  };

  /** From the last version, or from a full read, until the server ends the watch. */
  const cycle = async () => {
    const opened = version === undefined ? await readAll() : undefined;
    const stream =
      opened ??
      (await client.watch(
        resource,
        { ...watchOptions(), ...(version !== undefined && { resourceVersion: version }) },
        stopping.signal,
      ));
    const startedAt = clock.monotonic();
    // What WatchList brought was a sign of life too.
    let events = opened ? 1 : 0;
    for await (const event of stream) {
      events += 1;
      follow(event);
    }
    const lastedMs = clock.monotonic() - startedAt;
    if (events === 0 && lastedMs < shortWatchMs) {
      throw new Error(`WATCH ${resource.plural}: the server ended the watch at once`);
    }
    if (events === 0 && lastedMs > silentMs) version = undefined;
    heard();
  };

  const run = async () => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const startedAt = clock.monotonic();
      try {
        await cycle();
        failures = 0;
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (clock.monotonic() - startedAt >= healthyMs) failures = 0;
        failures += 1;
        if (needsFullRead(error)) version = undefined;
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        const retryMs = Math.max(backoffMs(backoff, failures, random()), asked);
        options.onProblem?.(error, retryMs);
        await sleep(clock, retryMs, stopping.signal);
      }
    }
  };

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort(new Error('the reflector is stopped'));
      await running;
    },
    hasSynced: () => hasSynced,
    synced: (signal) => (signal ? orAborted(firstSync.promise, signal) : firstSync.promise),
    lastSyncResourceVersion: () => version,
    lastEventAgeMs: () => (lastEventAt === undefined ? undefined : clock.monotonic() - lastEventAt),
  };
}

/**
 * What cannot be cured by watching again from the same version. A version from before a restored backup is answered
 * with 504 "Too large resource version" (apiserver: storage/errors.go).
 */
function needsFullRead(error: unknown): boolean {
  if (error instanceof MalformedWatch || isExpired(error)) return true;
  if (!(error instanceof ApiError)) return false;
  return error.status === 400 || error.status === 422 || error.message.includes('Too large resource version');
}
