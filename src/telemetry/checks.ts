/** One thing that is probed: a sentence on what is wrong with it, or undefined. */
export interface Check {
  /** As `?verbose` and failures name it: `event-loop`. */
  readonly name: string;
  readonly wrong: () => string | undefined;
}

/** As much of a clock as is needed here; durations are of monotonic time. */
export interface Ticking {
  monotonic(): number;
  setTimeout(fn: () => void, ms: number): () => void;
}

/** How often the lag of the event loop is measured. */
const TICK_MS = 1_000;

/**
 * Alive while the event loop comes round in time: a stall longer than the Lease's renew deadline costs leadership, and
 * a process that stalls all the time is better started anew. Stops with `close`.
 */
export function eventLoopCheck(clock: Ticking, maxLagMs = 5_000): Check & { close(): void } {
  let dueAt = clock.monotonic() + TICK_MS;
  let lagMs = 0;
  const tick = () => {
    lagMs = clock.monotonic() - dueAt;
    dueAt = clock.monotonic() + TICK_MS;
    cancel = clock.setTimeout(tick, TICK_MS);
  };
  let cancel = clock.setTimeout(tick, TICK_MS);
  return {
    name: 'event-loop',
    wrong: () => overdue('the event loop lagged by', Math.max(lagMs, clock.monotonic() - dueAt), maxLagMs),
    close: () => cancel(),
  };
}

/**
 * Alive while no worker hangs. `stuck` are the keys of passes that go on though they were told to stop: each holds a
 * worker and its key, and only a new process gets them back.
 */
export function workerCheck(stuck: () => readonly string[]): Check {
  return {
    name: 'workers',
    wrong: () => {
      const keys = stuck();
      return keys.length === 0 ? undefined : `work on ${keys.join(', ')} does not stop at its time limit`;
    },
  };
}

/** Ready once every cache was filled; a standby is ready too, so that it takes over at once. */
export function cacheCheck(synced: () => boolean): Check {
  let once = false;
  return {
    name: 'caches',
    wrong: () => {
      once ||= synced();
      return once ? undefined : 'the caches are not filled yet';
    },
  };
}

/**
 * Ready while watches hear from the API server: events, bookmarks, or being opened anew. A server ends a watch after
 * five to ten minutes, so a longer silence means that it cannot be reached. `silentMs` is the age of the last sign,
 * of the quietest watch; undefined before the first.
 */
export function watchCheck(silentMs: () => number | undefined, maxSilentMs = 900_000): Check {
  return {
    name: 'watches',
    wrong: () => overdue('nothing was heard from the Kubernetes API for', silentMs() ?? 0, maxSilentMs),
  };
}

function overdue(what: string, ms: number, maxMs: number): string | undefined {
  return ms > maxMs ? `${what} ${Math.round(ms / 1000)} s, more than ${maxMs / 1000} s` : undefined;
}
