/** How reads lag behind writes: DescribeLogGroups, DescribeAlarms, DescribeQueryDefinitions, ListDashboards. */
export interface ConsistencyOptions {
  /** For how long after a write such reads see what was before; 0 makes every read current. */
  readonly windowMs: number;
  /** Draws each write's lag between nothing and `windowMs` from the seed, instead of always the whole of it. */
  readonly jitter?: boolean;
}

export interface Consistency {
  /** Remembers an entry as it is now, before it changes. */
  changing<T>(collection: Map<string, T>, key: string): void;
  /** The collection as a lagging replica has it. */
  seen<T>(collection: Map<string, T>): ReadonlyMap<string, T>;
  set(options: ConsistencyOptions): void;
}

interface Lag {
  readonly until: number;
  /** Undefined: there was no such entry. */
  readonly before: unknown;
}

/** A replica that lags behind by clock time. What a test changes directly in the state is seen at once. */
export function createConsistency(now: () => number, random: () => number, initial: ConsistencyOptions): Consistency {
  let options = initial;
  const lags = new WeakMap<object, Map<string, Lag[]>>();

  const current = (collection: object, key: string): Lag[] =>
    (lags.get(collection)?.get(key) ?? []).filter((lag) => lag.until > now());

  return {
    changing(collection, key) {
      const windowMs = options.jitter === true ? Math.floor(random() * options.windowMs) : options.windowMs;
      if (windowMs <= 0) return;
      const before: unknown = structuredClone(collection.get(key));
      const ofCollection = lags.get(collection) ?? new Map<string, Lag[]>();
      ofCollection.set(key, [...current(collection, key), { until: now() + windowMs, before }]);
      lags.set(collection, ofCollection);
    },
    seen<T>(collection: Map<string, T>) {
      if (options.windowMs <= 0) return collection;
      const view = new Map(collection);
      for (const key of lags.get(collection)?.keys() ?? []) {
        const [oldest] = current(collection, key);
        if (!oldest) lags.get(collection)?.delete(key);
        else if (oldest.before === undefined) view.delete(key);
        // What is remembered of a collection was an entry of it.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        else view.set(key, oldest.before as T);
      }
      return view;
    },
    set(next) {
      options = next;
    },
  };
}
