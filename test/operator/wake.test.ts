import { describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { modeOf } from '#src/domain/mode.ts';
import { createWake } from '#src/operator/wake.ts';

const asking: BedrockMonitorSpec = {
  region: 'us-east-1',
  invocationLogging: { dataTypes: [], s3: { bucket: { name: 'records' } } },
};

function monitor(name: string, spec: BedrockMonitorSpec, pause?: string): BedrockMonitor {
  return {
    apiVersion: 'bedrockmonitor.io/v1alpha1',
    kind: 'BedrockMonitor',
    metadata: {
      namespace: 'genai',
      name,
      uid: name,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(pause !== undefined && { annotations: { [annotations.suspendUntil]: pause } }),
    },
    spec,
  };
}

/** Whom a change of `first` wakes beside itself. */
function woken(previous: BedrockMonitor, object: BedrockMonitor): readonly string[] {
  const keys: string[] = [];
  const wake = createWake({
    queue: { add: (key) => void keys.push(key) },
    store: { list: () => [object, monitor('second', asking)] },
    ownAccountID: () => '111122223333',
    modeOf: (one) => modeOf(one, Date.parse('2026-01-01T00:00:00Z'), false),
  });
  wake.onMonitor({ kind: 'updated', key: 'genai/first', previous, object });
  return keys.filter((key) => key !== 'genai/first');
}

describe('whoever waits for the claim', () => {
  const first = monitor('first', asking);
  it.each<[string, BedrockMonitor, readonly string[]]>([
    ['is woken where the first stops asking', monitor('first', { region: 'us-east-1' }), ['genai/second']],
    ['is woken where it is suspended', monitor('first', { ...asking, suspend: true }), ['genai/second']],
    ['is woken where it only plans', monitor('first', { ...asking, mode: 'Plan' }), ['genai/second']],
    [
      'is woken where it pauses until a time',
      monitor('first', { ...asking, suspendUntil: '2027-01-01T00:00:00Z' }),
      ['genai/second'],
    ],
    ['is woken where an annotation pauses it', monitor('first', asking, '2027-01-01T00:00:00Z'), ['genai/second']],
    ['is left alone where that time is over', monitor('first', asking, '2025-01-01T00:00:00Z'), []],
    ['is left alone by an edit of something else', monitor('first', { ...asking, tags: { team: 'search' } }), []],
  ])('%s', (_, changed, expected) => {
    expect(woken(first, changed)).toEqual(expected);
  });
});
