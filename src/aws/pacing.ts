import { Waiting } from '#src/domain/failure.ts';
import type { Lane } from '#src/reconcile/ports.ts';
import type { Clock } from './clock.ts';

/** Whose turn it is to call AWS, within AWS's published rates. */
export interface Pacer {
  /**
   * Resolves when one call may go. Turns of a budget are spaced evenly; whoever waits is served by lane, and within a
   * lane by age. Rejects with the signal's reason, or with Waiting `Paced` after half a minute in the queue.
   */
  turn(budget: Budget, lane: Lane, signal: AbortSignal): Promise<void>;
  /** AWS answered "Rate exceeded", so somebody else uses the same quota: half the rate, at most once a second. */
  throttled(budget: Budget): void;
  /** AWS answered: a slowed budget gets a little faster again. */
  answered(budget: Budget): void;
}

/** A rate shared by all calls with one key. */
export interface Budget {
  /** Operation, account and Region; also how messages name it. */
  readonly key: string;
  /** AWS's quota, calls a second. */
  readonly perSecond: number;
}

/** A head start in milliseconds. It is also the ageing: after ten seconds a background check ranks as a new edit. */
const handicapMs: Record<Lane, number> = { Edit: 0, Error: 2_000, Drift: 5_000, State: 10_000 };
/** Our part of the quota. Calls so spaced exceed the quota in no window of a second, however AWS counts. */
const SHARE = 0.9;
const MAX_WAIT_MS = 30_000;
const SLOWEST = 1 / 16;
const RECOVERY = 0.02;

interface Waiter {
  readonly rank: number;
  readonly go: () => void;
}

interface Queue {
  nextAt: number;
  factor: number;
  slowedAt: number;
  readonly waiting: Waiter[];
  cancel: (() => void) | undefined;
}

/** One for the process, in monotonic time. */
export function createPacer(clock: Clock): Pacer {
  const queues = new Map<string, Queue>();

  const queueOf = (budget: Budget): Queue => {
    const known = queues.get(budget.key);
    if (known !== undefined) return known;
    const queue = { nextAt: -Infinity, factor: 1, slowedAt: -Infinity, waiting: [], cancel: undefined };
    queues.set(budget.key, queue);
    return queue;
  };
  const gapMs = (budget: Budget, queue: Queue) => 1000 / (budget.perSecond * SHARE * queue.factor);

  const serve = (budget: Budget, queue: Queue): void => {
    if (queue.cancel !== undefined || queue.waiting.length === 0) return;
    queue.cancel = clock.setTimeout(
      () => {
        queue.cancel = undefined;
        // Slowed down since the timer was set.
        if (clock.monotonic() < queue.nextAt) return serve(budget, queue);
        const first = queue.waiting.reduce<Waiter | undefined>(
          (best, one) => (best === undefined || one.rank < best.rank ? one : best),
          undefined,
        );
        if (first === undefined) return;
        queue.nextAt = clock.monotonic() + gapMs(budget, queue);
        first.go();
        serve(budget, queue);
      },
      Math.max(queue.nextAt - clock.monotonic(), 0),
    );
  };

  return {
    turn(budget, lane, signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const queue = queueOf(budget);
      const now = clock.monotonic();
      if (queue.waiting.length === 0 && now >= queue.nextAt) {
        queue.nextAt = now + gapMs(budget, queue);
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          cancel();
          signal.removeEventListener('abort', onAbort);
          const at = queue.waiting.indexOf(waiter);
          if (at >= 0) queue.waiting.splice(at, 1);
        };
        const onAbort = () => {
          leave();
          reject(signal.reason);
        };
        const cancel = clock.setTimeout(() => {
          const ahead = queue.waiting.length - 1;
          leave();
          reject(tooLong(budget, ahead, gapMs(budget, queue)));
        }, MAX_WAIT_MS);
        const waiter: Waiter = {
          rank: now + handicapMs[lane],
          go() {
            leave();
            resolve();
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.waiting.push(waiter);
        serve(budget, queue);
      });
    },
    throttled(budget) {
      const queue = queueOf(budget);
      const now = clock.monotonic();
      if (now - queue.slowedAt < 1000) return;
      queue.slowedAt = now;
      queue.factor = Math.max(queue.factor / 2, SLOWEST);
      queue.nextAt = Math.max(queue.nextAt, now + gapMs(budget, queue));
    },
    answered(budget) {
      const queue = queueOf(budget);
      queue.factor = Math.min(queue.factor + RECOVERY, 1);
    },
  };
}

function tooLong(budget: Budget, ahead: number, gapMs: number): Waiting {
  const leftMs = Math.ceil(ahead * gapMs);
  return new Waiting(
    'Paced',
    `our share of AWS's rate for ${budget.key} is used up: ${ahead} calls wait, about ${Math.ceil(leftMs / 1000)} s`,
    { retryAfterMs: Math.max(leftMs, 1000) },
  );
}
