import type { Backoff } from './backoff.ts';
import { backoffMs } from './backoff.ts';
import type { Clock } from './clock.ts';
import { createHeap } from './heap.ts';
import type { Metrics } from './metrics.ts';
import { noMetrics } from './metrics.ts';

/** A key to work on. `done` must follow. */
export interface Work {
  readonly key: string;
  readonly priority: number;
}

/**
 * Keys to work on, each once at a time.
 *
 * Guarantees: a key is with at most one worker. Added while it waits, it runs once; added while it runs, it runs once
 * more afterwards. Of several delayed wishes the earliest wins, of several priorities the highest. Within a priority
 * first come, first served; whoever waits gains one step of priority every `ageingMs`, so nothing starves.
 */
export interface WorkQueue {
  add(key: string, priority?: number): void;
  addAfter(key: string, delayMs: number, priority?: number): void;
  /** Counts a failure of the key and adds it after its backoff, which is returned. */
  retry(key: string, priority?: number): number;
  /** Counts a failure of the key and adds it after `delayMs`. */
  retryAfter(key: string, delayMs: number, priority?: number): void;
  /** The key's failures are forgotten: its next backoff is the first again. */
  forget(key: string): void;
  failures(key: string): number;
  /** The next key, once there is one; undefined once the queue is shut down. */
  take(): Promise<Work | undefined>;
  done(key: string): void;
  /** No key is given out any more, and adding does nothing. */
  shutdown(): void;
  /** Resolves once no key is with a worker. */
  drained(): Promise<void>;
  stats(): QueueStats;
}

interface QueueStats {
  readonly waiting: number;
  readonly delayed: number;
  readonly running: number;
  /** Age of the oldest key with a worker; 0 where there is none. */
  readonly longestRunningMs: number;
  readonly unfinishedMs: number;
}

export interface WorkQueueOptions {
  /** For metrics. */
  readonly name: string;
  readonly clock: Clock;
  /** After a failure. Default 1 s doubling to 5 min, shortened by up to a fifth. */
  readonly backoff?: Backoff;
  /** Waiting this long counts as one step of priority; default 30 s. Priorities are small integers. */
  readonly ageingMs?: number;
  readonly random?: () => number;
  readonly metrics?: Metrics;
}

interface Waiting {
  readonly key: string;
  readonly priority: number;
  readonly since: number;
  readonly order: number;
}

interface Delayed {
  readonly key: string;
  readonly priority: number;
  readonly at: number;
}

const defaultBackoff: Backoff = { baseMs: 1000, capMs: 300_000, jitter: 0.2 };

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { name, clock, backoff = defaultBackoff, ageingMs = 30_000, random = Math.random } = options;
  const { metrics = noMetrics } = options;
  const labels = { name, controller: name };

  // The maps are what counts; the heaps order them, and may hold entries that a later wish has replaced.
  const waiting = new Map<string, Waiting>();
  const delayed = new Map<string, Delayed>();
  const running = new Map<string, { readonly since: number }>();
  const again = new Map<string, number>();
  const failures = new Map<string, number>();
  const takers: ((work: Work | undefined) => void)[] = [];
  const drainers: (() => void)[] = [];
  const depths = new Map<number, number>();

  // Everybody ages at one rate, so the order of two never changes and a heap can keep it.
  const rank = (entry: Waiting) => entry.priority * ageingMs - entry.since;
  const ready = createHeap<Waiting>((a, b) => rank(a) > rank(b) || (rank(a) === rank(b) && a.order < b.order));
  let later = createHeap<Delayed>((a, b) => a.at < b.at);
  let order = 0;
  let shut = false;
  let cancelTimer: (() => void) | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  const count = (priority: number, by: number) => {
    const depth = (depths.get(priority) ?? 0) + by;
    depths.set(priority, depth);
    metrics.set('workqueue_depth', { ...labels, priority: String(priority) }, depth);
  };

  const enqueue = (key: string, priority: number) => {
    const before = waiting.get(key);
    if (before && before.priority >= priority) return;
    if (before) count(before.priority, -1);
    const entry = before ? { ...before, priority } : { key, priority, since: clock.monotonic(), order: (order += 1) };
    waiting.set(key, entry);
    ready.push(entry);
    count(priority, 1);
    give();
  };

  const give = () => {
    while (takers.length > 0) {
      const entry = next();
      if (!entry) return;
      takers.shift()?.(begin(entry));
    }
  };
  const next = (): Waiting | undefined => {
    for (let entry = ready.pop(); entry; entry = ready.pop()) if (waiting.get(entry.key) === entry) return entry;
    return undefined;
  };
  const begin = ({ key, priority, since }: Waiting): Work => {
    waiting.delete(key);
    count(priority, -1);
    running.set(key, { since: clock.monotonic() });
    metrics.observe('workqueue_queue_duration_seconds', labels, (clock.monotonic() - since) / 1000);
    return { key, priority };
  };

  const wake = () => {
    cancelTimer = undefined;
    timerAt = Number.POSITIVE_INFINITY;
    for (let entry = later.peek(); entry; entry = later.peek()) {
      if (delayed.get(entry.key) !== entry) later.pop();
      else if (entry.at > clock.monotonic()) return schedule(entry.at);
      else {
        later.pop();
        delayed.delete(entry.key);
        addNow(entry.key, entry.priority);
      }
    }
  };
  const schedule = (at: number) => {
    if (at >= timerAt) return;
    cancelTimer?.();
    timerAt = at;
    cancelTimer = clock.setTimeout(wake, Math.max(at - clock.monotonic(), 0));
  };

  const addNow = (key: string, priority: number) => {
    if (shut) return;
    // The delayed wish is granted with this one.
    const wished = delayed.get(key);
    delayed.delete(key);
    const highest = Math.max(priority, wished?.priority ?? priority);
    if (running.has(key)) again.set(key, Math.max(highest, again.get(key) ?? highest));
    else enqueue(key, highest);
  };

  const addAfter = (key: string, delayMs: number, priority: number) => {
    if (shut) return;
    if (delayMs <= 0 || waiting.has(key) || again.has(key)) return addNow(key, priority);
    const before = delayed.get(key);
    const at = Math.min(clock.monotonic() + delayMs, before?.at ?? Number.POSITIVE_INFINITY);
    const entry = { key, at, priority: Math.max(priority, before?.priority ?? priority) };
    delayed.set(key, entry);
    later.push(entry);
    // Wishes granted early leave their entry behind, for as long as they were to wait.
    if (later.size > 2 * delayed.size + 64) compact();
    schedule(at);
  };

  const compact = () => {
    later = createHeap<Delayed>((a, b) => a.at < b.at);
    for (const entry of delayed.values()) later.push(entry);
  };

  const fail = (key: string): number => {
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    metrics.add('workqueue_retries_total', labels);
    return count;
  };
  const added = () => metrics.add('workqueue_adds_total', labels);

  return {
    add(key, priority = 0) {
      added();
      addNow(key, priority);
    },
    addAfter(key, delayMs, priority = 0) {
      added();
      addAfter(key, delayMs, priority);
    },
    retry(key, priority = 0) {
      const delayMs = backoffMs(backoff, fail(key), random());
      added();
      addAfter(key, delayMs, priority);
      return delayMs;
    },
    retryAfter(key, delayMs, priority = 0) {
      fail(key);
      added();
      addAfter(key, delayMs, priority);
    },
    forget: (key) => void failures.delete(key),
    failures: (key) => failures.get(key) ?? 0,
    take() {
      if (shut) return Promise.resolve(undefined);
      const entry = next();
      if (entry) return Promise.resolve(begin(entry));
      return new Promise((resolve) => takers.push(resolve));
    },
    done(key) {
      const work = running.get(key);
      if (!work) return;
      running.delete(key);
      metrics.observe('workqueue_work_duration_seconds', labels, (clock.monotonic() - work.since) / 1000);
      const priority = again.get(key);
      again.delete(key);
      if (priority !== undefined && !shut) enqueue(key, priority);
      if (running.size === 0) for (const drainer of drainers.splice(0)) drainer();
    },
    shutdown() {
      shut = true;
      cancelTimer?.();
      for (const taker of takers.splice(0)) taker(undefined);
    },
    drained: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => drainers.push(resolve))),
    stats() {
      const ages = [...running.values()].map(({ since }) => clock.monotonic() - since);
      return {
        waiting: waiting.size,
        delayed: delayed.size,
        running: running.size,
        longestRunningMs: Math.max(0, ...ages),
        unfinishedMs: ages.reduce((sum, age) => sum + age, 0),
      };
    },
  };
}
