/** A clock that stands still until told. Fits every `Clock` interface of the code. */
export interface FakeClock {
  now(): number;
  monotonic(): number;
  setTimeout(fn: () => void, ms: number): () => void;
  /** A wait in fake time; ends early, without throwing, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Moves time forward by `ms`, running every timer that falls due in order of time, then of age. Promises settle
   * before the first timer, between timers and after the last, so timers set by what a timer woke run too.
   */
  advance(ms: number): Promise<void>;
  /** Lets promises settle without moving time. */
  flush(): Promise<void>;
  /** Moves wall time only, as an NTP step does. */
  stepWall(ms: number): void;
  /** How many timers wait. */
  readonly pending: number;
  /** Milliseconds until the next timer; absent where none waits. */
  readonly untilNext: number | undefined;
}

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

// Taken at import, so that a test that fakes the global timers does not stop this one.
const nextTurn = globalThis.setImmediate;

/** `start` is wall time: milliseconds, or anything `Date.parse` reads. */
export function fakeClock(start: number | string = '2026-01-01T00:00:00Z'): FakeClock {
  const timers = new Set<Timer>();
  let elapsed = 0;
  let wall = typeof start === 'number' ? start : Date.parse(start);

  // A turn of the event loop begins only once the microtask queue is empty.
  const flush = () => new Promise<void>((resolve) => void nextTurn(resolve));

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  };

  const move = (to: number) => {
    wall += to - elapsed;
    elapsed = to;
  };

  const clock: FakeClock = {
    now: () => wall,
    monotonic: () => elapsed,
    setTimeout(fn, ms) {
      const timer = { at: elapsed + Math.max(ms, 0), fn };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const finish = () => {
          cancel();
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        const cancel = clock.setTimeout(finish, ms);
        signal?.addEventListener('abort', finish, { once: true });
      });
    },
    async advance(ms) {
      const end = elapsed + ms;
      await flush();
      for (let timer = earliest(); timer !== undefined && timer.at <= end; timer = earliest()) {
        timers.delete(timer);
        move(Math.max(timer.at, elapsed));
        timer.fn();
        await flush();
      }
      move(end);
    },
    flush,
    stepWall(ms) {
      wall += ms;
    },
    get pending() {
      return timers.size;
    },
    get untilNext() {
      const first = earliest();
      return first && Math.max(first.at - elapsed, 0);
    },
  };
  return clock;
}
