import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Metrics } from './metrics.ts';
import { noMetrics } from './metrics.ts';
import type { Work, WorkQueue } from './work-queue.ts';

/** What happens to a key after a pass over it. */
export type Next =
  /** Look again after this long. `priority` absent: as this pass had. */
  | { readonly kind: 'recheck'; readonly afterMs: number; readonly priority?: number }
  /** It did not work: again after `afterMs`, else after the key's growing backoff. */
  | { readonly kind: 'retry'; readonly afterMs?: number }
  /** Nothing until somebody adds the key. */
  | { readonly kind: 'rest' };

export interface Pass {
  readonly priority: number;
  /** Unique to this pass, for logs. */
  readonly reconcileID: string;
  /** Aborts at the pass's time limit, or when stopping has waited long enough. */
  readonly signal: AbortSignal;
}

/** One pass over one key. It is told nothing but the key: what is to be done comes from the caches. */
export type Reconcile = (key: string, pass: Pass) => Promise<Next>;

export interface ControllerOptions {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly reconcile: Reconcile;
  readonly workers: number;
  readonly clock: Clock;
  /** A pass's signal aborts after this long; default 2 min. */
  readonly passTimeoutMs?: number;
  /**
   * Whether the cache shows the key as we last wrote it. While it does not, passes wait; see `Store.isCurrent`.
   * Default: always.
   */
  readonly isCurrent?: (key: string) => boolean;
  readonly metrics?: Metrics;
  readonly newID?: () => string;
  /** A pass threw. It is retried with backoff. */
  readonly onError?: (error: unknown, key: string, reconcileID: string) => void;
}

export interface Controller {
  start(): void;
  /**
   * Takes no more keys and lets passes finish; those still under way after `graceMs` are told to stop by their
   * signal. Resolves once none is under way, at the latest two seconds after that.
   */
  stop(graceMs: number): Promise<void>;
  stats(): ControllerStats;
  /** Sets the gauges that age between events; call it at each scrape. */
  measure(): void;
}

interface ControllerStats {
  readonly workers: number;
  readonly active: number;
  /** Age of the oldest pass under way. */
  readonly longestPassMs: number;
  /** Keys whose pass goes on a minute past its time limit: it ignores its signal, and holds a worker. */
  readonly stuck: readonly string[];
}

/** How soon a key is looked at again whose last write the cache does not show yet. */
const catchUpMs = 50;
const stuckMs = 60_000;
const lastWordMs = 2000;

/**
 * Workers that take keys from a queue and run passes.
 *
 * Guarantees: never two passes over one key at a time. Whatever a pass throws is counted, reported and retried with
 * backoff at the same priority; it never reaches the process.
 */
export function createController(options: ControllerOptions): Controller {
  const { name, queue, reconcile, workers, clock, passTimeoutMs = 120_000, metrics = noMetrics } = options;
  const { isCurrent = () => true, newID = randomUUID, onError } = options;
  const labels = { controller: name };
  const under = new Map<string, { readonly since: number; readonly abort: AbortController }>();
  let loops: Promise<unknown> | undefined;

  for (const result of ['success', 'error', 'requeue', 'requeue_after']) {
    metrics.add('controller_runtime_reconcile_total', { ...labels, result }, 0);
  }
  metrics.add('controller_runtime_reconcile_errors_total', labels, 0);
  metrics.add('controller_runtime_reconcile_panics_total', labels, 0);
  metrics.add('controller_runtime_reconcile_timeouts_total', labels, 0);
  metrics.set('controller_runtime_max_concurrent_reconciles', labels, workers);
  metrics.set('controller_runtime_active_workers', labels, 0);

  const runPass = async ({ key, priority }: Work): Promise<void> => {
    const reconcileID = newID();
    const abort = new AbortController();
    const since = clock.monotonic();
    under.set(key, { since, abort });
    metrics.set('controller_runtime_active_workers', labels, under.size);
    const cancel = clock.setTimeout(() => {
      metrics.add('controller_runtime_reconcile_timeouts_total', labels);
      abort.abort(new Error(`the pass over ${key} took longer than ${passTimeoutMs / 1000} s`));
    }, passTimeoutMs);
    let result: string;
    try {
      if (!isCurrent(key)) return queue.addAfter(key, catchUpMs, priority);
      result = proceed(key, priority, await reconcile(key, { priority, reconcileID, signal: abort.signal }));
    } catch (error) {
      result = 'error';
      metrics.add('controller_runtime_reconcile_errors_total', labels);
      if (!(error instanceof Error)) metrics.add('controller_runtime_reconcile_panics_total', labels);
      queue.retry(key, priority);
      report(error, key, reconcileID);
    } finally {
      cancel();
      under.delete(key);
      metrics.set('controller_runtime_active_workers', labels, under.size);
    }
    metrics.add('controller_runtime_reconcile_total', { ...labels, result });
    metrics.observe('controller_runtime_reconcile_time_seconds', labels, (clock.monotonic() - since) / 1000);
  };

  /** Carries out what a pass wants next, and names it as controller-runtime does. */
  const proceed = (key: string, priority: number, next: Next): string => {
    switch (next.kind) {
      case 'recheck':
        queue.forget(key);
        queue.addAfter(key, next.afterMs, next.priority ?? priority);
        return 'requeue_after';
      case 'retry':
        if (next.afterMs === undefined) queue.retry(key, priority);
        else queue.retryAfter(key, next.afterMs, priority);
        return 'requeue';
      case 'rest':
        queue.forget(key);
        return 'success';
    }
  };

  const report = (error: unknown, key: string, reconcileID: string) => {
    try {
      onError?.(error, key, reconcileID);
    } catch {
      // Whoever reports errors has nowhere to report its own.
    }
  };

  const worker = async () => {
    for (let work = await queue.take(); work; work = await queue.take()) {
      try {
        await runPass(work);
      } catch (error) {
        report(error, work.key, '');
      } finally {
        queue.done(work.key);
      }
    }
  };

  const stats = (): ControllerStats => {
    const ages = [...under].map(([key, { since }]) => ({ key, ageMs: clock.monotonic() - since }));
    return {
      workers,
      active: under.size,
      longestPassMs: Math.max(0, ...ages.map(({ ageMs }) => ageMs)),
      stuck: ages.filter(({ ageMs }) => ageMs > passTimeoutMs + stuckMs).map(({ key }) => key),
    };
  };

  return {
    start() {
      loops ??= Promise.all(Array.from({ length: workers }, worker));
    },
    async stop(graceMs) {
      queue.shutdown();
      const cancelGrace = clock.setTimeout(() => {
        for (const { abort } of under.values()) abort.abort(new Error('the process is stopping'));
      }, graceMs);
      const tooLate = Promise.withResolvers<void>();
      const cancelLast = clock.setTimeout(tooLate.resolve, graceMs + lastWordMs);
      await Promise.race([queue.drained(), tooLate.promise]);
      cancelGrace();
      cancelLast();
    },
    stats,
    measure() {
      const { longestRunningMs, unfinishedMs } = queue.stats();
      const queueLabels = { name, controller: name };
      metrics.set('workqueue_longest_running_processor_seconds', queueLabels, longestRunningMs / 1000);
      metrics.set('workqueue_unfinished_work_seconds', queueLabels, unfinishedMs / 1000);
    },
  };
}
