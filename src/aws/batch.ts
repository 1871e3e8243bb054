import DataLoader from 'dataloader';
import type { Lane } from '#src/reconcile/ports.ts';

/** How keys become calls. */
export interface BatchOptions<K extends string, V> {
  /** At most so many keys in one load. */
  readonly size: number;
  /** Calls its argument once the keys of this moment are in: `setImmediate`, or what a test decides. */
  readonly schedule: (dispatch: () => void) => void;
  /** The keys are distinct. A key that the answer lacks is absent. */
  readonly load: (keys: readonly K[], lane: Lane, signal: AbortSignal) => Promise<ReadonlyMap<K, V>>;
}

/** Loads one key, in one call with all other keys asked for at the same moment, whichever monitor asks. */
export type BatchedLoad<K extends string, V> = (key: K, lane: Lane, signal: AbortSignal) => Promise<V | undefined>;

interface Request<K> {
  readonly key: K;
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

const lanes: readonly Lane[] = ['Edit', 'Error', 'Drift', 'State'];

/**
 * Nothing is remembered between batches: every read is fresh. A batch goes in the most urgent lane of its keys, and is
 * given up only when all who asked have given up.
 */
export function batched<K extends string, V>(options: BatchOptions<K, V>): BatchedLoad<K, V> {
  const loader = new DataLoader<Request<K>, V | undefined>(
    async (requests) => {
      const keys = [...new Set(requests.map(({ key }) => key))];
      const lane = lanes.find((one) => requests.some((request) => request.lane === one)) ?? 'State';
      const found = await options.load(keys, lane, allAborted(requests.map(({ signal }) => signal)));
      return requests.map(({ key }) => found.get(key));
    },
    { cache: false, maxBatchSize: options.size, batchScheduleFn: options.schedule },
  );
  return (key, lane, signal) => orAborted(loader.load({ key, lane, signal }), signal);
}

function allAborted(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let left = signals.length;
  const gone = (signal: AbortSignal) => {
    left -= 1;
    if (left === 0) controller.abort(signal.reason);
  };
  for (const signal of signals) {
    if (signal.aborted) gone(signal);
    else signal.addEventListener('abort', () => gone(signal), { once: true });
  }
  return controller.signal;
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
