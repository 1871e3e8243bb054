import type { Labels, MetricName, Metrics } from '#src/kubernetes/metrics.ts';
import { metricDefinitions } from '#src/kubernetes/metrics.ts';

export interface RecordedMetrics extends Metrics {
  /** Of a counter or gauge. */
  value(name: MetricName, labels: Labels): number | undefined;
  /** Of a histogram, whatever the labels. */
  observed(name: MetricName): readonly number[];
}

/** Keeps what it is told, and refuses what does not fit the definitions. */
export function recordedMetrics(): RecordedMetrics {
  const values = new Map<string, number>();
  const observations = new Map<string, number[]>();
  const idOf = (name: MetricName, labels: Labels, type: string) => {
    const definition = metricDefinitions[name];
    if (definition.type !== type) throw new Error(`${name} is a ${definition.type}, not a ${type}`);
    const expected = [...definition.labels].sort().join();
    if (Object.keys(labels).sort().join() !== expected) throw new Error(`${name} has the labels ${expected}`);
    return `${name} ${Object.keys(labels)
      .sort()
      .map((label) => `${label}=${labels[label]}`)
      .join()}`;
  };
  return {
    add(name, labels, by = 1) {
      const id = idOf(name, labels, 'counter');
      values.set(id, (values.get(id) ?? 0) + by);
    },
    set(name, labels, value) {
      values.set(idOf(name, labels, 'gauge'), value);
    },
    observe(name, labels, value) {
      idOf(name, labels, 'histogram');
      observations.set(name, [...(observations.get(name) ?? []), value]);
    },
    value: (name, labels) => values.get(idOf(name, labels, metricDefinitions[name].type)),
    observed: (name) => observations.get(name) ?? [],
  };
}
