import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { withoutBookkeeping } from '#src/kubernetes/projection.ts';
import { createStore } from '#src/kubernetes/store.ts';
import { basicSpec } from '#test/support/specs.ts';
import type { Row } from './print.ts';
import { ratio } from './print.ts';

const MONITORS = 1_000;

/** A thousand monitors as the API server sends them, in sync, with kubectl's copy of the spec and managedFields. */
export function cacheRows(): readonly Row[] {
  const texts = Array.from({ length: MONITORS }, (_, index) => monitorText(index));
  const jsonBytes = texts.reduce((sum, text) => sum + text.length, 0);
  const store = createStore<BedrockMonitor>();
  const before = heapBytes();
  store.beginSync();
  store.replace(
    texts.map((text) => withoutBookkeeping<BedrockMonitor>(JSON.parse(text))),
    '1',
  );
  const cached = heapBytes() - before;
  if (store.size !== MONITORS) throw new Error('monitors of one name');
  const kib = (bytes: number) => `${(bytes / MONITORS / 1024).toFixed(1)} KiB`;
  return [
    { measure: `${MONITORS} monitors`, json: kib(jsonBytes), cached: kib(cached), times: ratio(cached, jsonBytes) },
  ];
}

function monitorText(index: number): string {
  const name = `monitor-${index}`;
  const spec = basicSpec(`arn:aws:iam::111122223333:role/bedrockmonitor/logging-${index}`);
  const time = '2026-01-01T00:00:00Z';
  const parts = ['Ready', 'DataProtected', 'LoggingConfigured', 'AlarmsConfigured', 'DashboardsConfigured'];
  const refs = ['LogGroup', 'DataProtectionPolicy', 'MetricAlarm', 'Dashboard', 'QueryDefinition'].map((one) => ({
    kind: one,
    name: `bedrockmonitor/test/genai/${name}/${one}`,
  }));
  return JSON.stringify({
    apiVersion,
    kind,
    metadata: {
      namespace: 'genai',
      name,
      uid: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(index),
      generation: 1,
      creationTimestamp: time,
      finalizers: ['bedrockmonitor.io/finalizer'],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec }) },
      managedFields: [{ manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:region': {} } } }],
    },
    spec,
    status: {
      observedGeneration: 1,
      conditions: parts.map((type) => ({
        type,
        status: 'True',
        reason: 'InSync',
        message: 'read back from AWS and equal to the spec',
        observedGeneration: 1,
        lastTransitionTime: time,
      })),
      inventory: refs,
      resources: refs.map((ref) => ({ ...ref, state: 'InSync', lastChanged: time })),
    },
  });
}

/** Bytes that live on the heap after a full collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this Node.js does not expose its collector');
  collect();
  return process.memoryUsage().heapUsed;
}
