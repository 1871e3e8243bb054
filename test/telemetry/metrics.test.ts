import { expect, test } from 'vitest';
import type { Metrics } from '#src/kubernetes/metrics.ts';
import { metricDefinitions } from '#src/kubernetes/metrics.ts';
import { countMonitors, operatorMetrics, startSeries } from '#src/telemetry/metrics.ts';
import type { MetricDefinition } from '#src/telemetry/registry.ts';
import { createRegistry } from '#src/telemetry/registry.ts';

const quiet = { processMetrics: false };

function sample(definition: Partial<MetricDefinition> = {}) {
  return createRegistry({ sample: { type: 'counter', help: 'A sample.', labels: ['kind'], ...definition } }, quiet);
}

test('counters add up, and 0 makes a series exist', async () => {
  const registry = sample();
  registry.add('sample', { kind: 'a' }, 0);
  registry.add('sample', { kind: 'b' });
  registry.add('sample', { kind: 'b' }, 2);
  expect(await registry.metrics()).toBe(
    '# HELP sample A sample.\n# TYPE sample counter\nsample{kind="a"} 0\nsample{kind="b"} 3\n',
  );
});

test('replace leaves no series of before', async () => {
  const registry = sample({ type: 'gauge' });
  registry.set('sample', { kind: 'a' }, 1);
  registry.replace('sample', [{ labels: { kind: 'b' }, value: 2 }]);
  expect(await registry.metrics()).toContain('sample{kind="b"} 2');
  expect(await registry.metrics()).not.toContain('kind="a"');
});

test('histograms count into the buckets of their definition', async () => {
  const registry = sample({ type: 'histogram', buckets: [1, 10] });
  registry.observe('sample', { kind: 'a' }, 5);
  const text = await registry.metrics();
  expect(text).toContain('sample_bucket{le="1",kind="a"} 0');
  expect(text).toContain('sample_bucket{le="10",kind="a"} 1');
  expect(text).toContain('sample_sum{kind="a"} 5');
});

test('what ages between events is measured at each scrape', async () => {
  const registry = sample({ type: 'gauge' });
  let age = 0;
  registry.beforeScrape(() => registry.set('sample', { kind: 'a' }, age));
  age = 3;
  expect(await registry.metrics()).toContain('sample{kind="a"} 3');
  age = 4;
  expect(await registry.metrics()).toContain('sample{kind="a"} 4');
});

test('a wrong type or label is a mistake of the caller', () => {
  const registry = sample();
  expect(() => registry.set('sample', { kind: 'a' }, 1)).toThrow('metric sample is no gauge');
  expect(() => registry.add('sample', { sort: 'a' })).toThrow('sort');
});

test('two registries in one process do not meet', async () => {
  const [one, other] = [sample(), sample()];
  one.add('sample', { kind: 'a' });
  expect(await other.metrics()).not.toContain('kind="a"');
});

test('the registry takes what the Kubernetes runtime measures, under the names that it gives', async () => {
  const registry = createRegistry({ ...metricDefinitions, ...operatorMetrics }, quiet);
  const sink: Metrics = registry;
  sink.set('leader_election_master_status', { name: 'bedrock-monitor' }, 1);
  const text = await registry.metrics();
  expect(text).toContain('leader_election_master_status{name="bedrock-monitor"} 1');
  for (const name of Object.keys({ ...metricDefinitions, ...operatorMetrics }))
    expect(text).toContain(`# TYPE ${name} `);
});

test('a scrape tells how the process fares', async () => {
  const text = await createRegistry({}).metrics();
  for (const name of [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_p99_seconds',
  ]) {
    expect(text).toContain(`# TYPE ${name} `);
  }
});

test('the first correction, call and stall show as an increase', async () => {
  const registry = createRegistry(operatorMetrics, quiet);
  startSeries(registry, {
    version: '1.2.3',
    controller: 'bedrockmonitor',
    kinds: ['MetricAlarm'],
    awsOperations: [{ service: 'CloudWatch', operation: 'PutMetricAlarm' }],
  });
  const text = await registry.metrics();
  expect(text).toContain('bedrockmonitor_drift_corrected_total{kind="MetricAlarm"} 0');
  expect(text).toContain(
    'bedrockmonitor_aws_calls_total{service="CloudWatch",operation="PutMetricAlarm",outcome="Succeeded"} 0',
  );
  expect(text).toContain('controller_runtime_terminal_reconcile_errors_total{controller="bedrockmonitor"} 0');
  expect(text).toContain(`bedrockmonitor_build_info{version="1.2.3",node="${process.versions.node}"} 1`);
});

test('monitors are counted by readiness, and words that nobody knows share one series', () => {
  const counted = countMonitors(
    [
      { ready: 'True', reason: 'InSync' },
      { ready: 'False', reason: 'Conflict' },
      { ready: 'True', reason: 'InSync' },
      { ready: 'False', reason: 'FromTheFuture' },
      { ready: 'Maybe', reason: 'AlsoUnheardOf' },
    ],
    new Set(['InSync', 'Conflict']),
  );
  expect(counted).toEqual([
    { labels: { ready: 'True', reason: 'InSync' }, value: 2 },
    { labels: { ready: 'False', reason: 'Conflict' }, value: 1 },
    { labels: { ready: 'False', reason: 'Other' }, value: 1 },
    { labels: { ready: 'Unknown', reason: 'Other' }, value: 1 },
  ]);
});
