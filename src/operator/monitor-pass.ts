import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import type { Outcome } from '#src/domain/outcome.ts';
import type { Next, Reconcile } from '#src/kubernetes/controller.ts';
import { referenceTo } from '#src/kubernetes/event.ts';
import type { EventRecorder } from '#src/kubernetes/events.ts';
import { hasFinalizer } from '#src/kubernetes/finalizer.ts';
import type { Store } from '#src/kubernetes/store.ts';
import type { Ports } from '#src/reconcile/ports.ts';
import { reconcile } from '#src/reconcile/reconcile.ts';
import { finalizer } from './monitors.ts';
import { laneOf, priority } from './priority.ts';
import type { MonitorRecords } from './records.ts';

export interface MonitorPassOptions {
  readonly ports: Ports & { readonly records: MonitorRecords };
  readonly store: Pick<Store<BedrockMonitor>, 'get'>;
  readonly events: Pick<EventRecorder, 'record'>;
  /** Drift is looked for this often, give or take a tenth. */
  readonly resyncMs: number;
  /** In [0, 1): spreads the resyncs. */
  readonly random: () => number;
  /** What a pass came to, for log and metrics. */
  readonly onOutcome?: (key: string, outcome: Outcome, reconcileID: string) => void;
}

/** A monitor on which a person must act is looked at again after this long, doubling to the resync interval. */
const FIRST_STALL_MS = 60_000;

/** AWS's reads lag behind its writes by seconds; see `confirm`. */
const CONFIRM_MS = 30_000;

/** One pass as the controller runs it: from the cache, through the story, to one status write, Events and what is next. */
export function monitorPass(options: MonitorPassOptions): Reconcile {
  const { ports, store, events, resyncMs, random } = options;
  const stalls = new Map<string, { readonly generation: number | undefined; readonly count: number }>();

  return async (key, pass) => {
    const monitor = store.get(key);
    if (monitor === undefined || isLeaving(monitor)) {
      stalls.delete(key);
      return { kind: 'rest' };
    }
    const outcome = await reconcile(monitor, ports, laneOf(pass.priority), pass.signal);
    options.onOutcome?.(key, outcome, pass.reconcileID);
    if (outcome.next.kind === 'release') {
      record(outcome);
      await ports.records.removeFinalizer(outcome.monitor, pass.signal);
      stalls.delete(key);
      ports.memory.forget(monitor.metadata.uid);
      return { kind: 'rest' };
    }
    await ports.records.writeStatus(outcome.monitor, outcome.status, pass.signal);
    record(outcome);
    return nextOf(key, outcome);
  };

  function record({ monitor, events: news }: Outcome): void {
    const regarding = referenceTo(monitor, { apiVersion, kind });
    for (const one of news) events.record(regarding, one);
  }

  function nextOf(key: string, { next, monitor }: Outcome): Next {
    const { generation } = monitor.metadata;
    const before = stalls.get(key);
    if (next.kind !== 'stalled') stalls.delete(key);
    switch (next.kind) {
      case 'continue':
        return { kind: 'recheck', afterMs: 0 };
      case 'retry':
        return next.afterMs === undefined ? { kind: 'retry' } : { kind: 'retry', afterMs: next.afterMs };
      case 'stalled': {
        const count = before !== undefined && before.generation === generation ? before.count : 0;
        stalls.set(key, { generation, count: count + 1 });
        return {
          kind: 'recheck',
          afterMs: spread(Math.min(FIRST_STALL_MS * 2 ** Math.min(count, 20), resyncMs)),
          priority: priority.Error,
        };
      }
      case 'confirm':
        return { kind: 'recheck', afterMs: CONFIRM_MS, priority: priority.Drift };
      case 'resync':
        return {
          kind: 'recheck',
          afterMs: Math.min(spread(resyncMs), next.withinMs ?? Number.POSITIVE_INFINITY),
          priority: priority.Drift,
        };
      case 'release':
        return { kind: 'rest' };
    }
  }

  function spread(ms: number): number {
    return ms * (0.9 + 0.2 * random());
  }
}

/** Being deleted, and nothing of ours holds it any more. */
function isLeaving(monitor: BedrockMonitor): boolean {
  return monitor.metadata.deletionTimestamp !== undefined && !hasFinalizer(monitor, finalizer);
}
