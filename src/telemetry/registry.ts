import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One metric, as data: whoever measures declares what, and need not know how it is served. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Label names; their values must come from small closed sets. */
  readonly labels: readonly string[];
  /** Histograms only: upper bounds. */
  readonly buckets?: readonly number[];
}

type Labels = Readonly<Record<string, string>>;

/** Takes measurements of the metrics named `N`, and serves them. Times are in seconds. */
export interface MetricRegistry<N extends string> {
  /** Adds to a counter; default 1. 0 makes the series exist, so that its first increase is seen as one. */
  add(name: N, labels: Labels, by?: number): void;
  /** Sets a gauge. */
  set(name: N, labels: Labels, value: number): void;
  /** Records in a histogram. */
  observe(name: N, labels: Labels, value: number): void;
  /** Makes these the only series of a gauge: what is not named is gone. */
  replace(name: N, series: readonly { readonly labels: Labels; readonly value: number }[]): void;
  /** Called at the start of each scrape, to set gauges that nobody sets in between. */
  beforeScrape(measure: () => void): void;
  readonly contentType: string;
  /** In Prometheus' text format. */
  metrics(): Promise<string>;
}

export interface RegistryOptions {
  /** `process_*` and `nodejs_*`, event-loop lag among them; default true. */
  readonly processMetrics?: boolean;
}

/**
 * A registry of its own, never prom-client's global one: two in a process do not meet. A name that is used for another
 * type than it was defined with, and a label that was not defined, throw: both are mistakes of the caller.
 */
export function createRegistry<N extends string>(
  definitions: Readonly<Record<N, MetricDefinition>>,
  options: RegistryOptions = {},
): MetricRegistry<N> {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  const before: (() => void)[] = [];

  for (const [name, { type, help, labels, buckets }] of Object.entries<MetricDefinition>(definitions)) {
    const base = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === 'counter') counters.set(name, new Counter(base));
    else if (type === 'gauge') gauges.set(name, new Gauge(base));
    else histograms.set(name, new Histogram({ ...base, ...(buckets !== undefined && { buckets: [...buckets] }) }));
  }
  if (options.processMetrics ?? true) collectDefaultMetrics({ register: registry });

  return {
    add: (name, labels, by = 1) => found(counters, 'counter', name).inc(labels, by),
    set: (name, labels, value) => found(gauges, 'gauge', name).set(labels, value),
    observe: (name, labels, value) => found(histograms, 'histogram', name).observe(labels, value),
    replace(name, series) {
      const gauge = found(gauges, 'gauge', name);
      gauge.reset();
      for (const { labels, value } of series) gauge.set(labels, value);
    },
    beforeScrape: (measure) => void before.push(measure),
    contentType: registry.contentType,
    metrics() {
      for (const measure of before) measure();
      return registry.metrics();
    },
  };
}

function found<T>(metrics: ReadonlyMap<string, T>, type: string, name: string): T {
  const metric = metrics.get(name);
  if (metric === undefined) throw new Error(`metric ${name} is no ${type}`);
  return metric;
}
