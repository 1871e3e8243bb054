import { describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { modeOf } from '#src/domain/mode.ts';
import type { Lease } from '#src/kubernetes/lease.ts';
import { claimLeaseName } from '#src/operator/claims.ts';
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

const sink: BedrockMonitorSpec = {
  region: 'us-east-1',
  crossAccount: { sink: { sourceAccountIDs: ['444455556666'] } },
};

describe('whoever waits for the sink', () => {
  /** Of three monitors: one asks for logging, one for the sink, one for the sink of another Region. */
  const wakenBy = (happen: (wake: ReturnType<typeof createWake>) => void): readonly string[] => {
    const keys: string[] = [];
    const others = [
      monitor('logs', asking),
      monitor('waiting', sink),
      monitor('elsewhere', { ...sink, region: 'eu-west-1' }),
    ];
    happen(
      createWake({
        queue: { add: (key) => void keys.push(key) },
        store: { list: () => others },
        ownAccountID: () => '111122223333',
        modeOf: (one) => modeOf(one, 0, false),
      }),
    );
    return keys;
  };
  const lease = (of: 'sink' | 'invocation-logging', holderIdentity?: string): Lease => ({
    metadata: { name: claimLeaseName({ of, accountID: '111122223333', region: 'us-east-1' }) },
    spec: holderIdentity === undefined ? {} : { holderIdentity },
  });

  it.each<[string, (wake: ReturnType<typeof createWake>) => void, readonly string[]]>([
    [
      'is woken where its Lease goes',
      (wake) => wake.onLease({ kind: 'deleted', key: 'k', object: lease('sink') }),
      ['genai/waiting'],
    ],
    [
      'is woken where its Lease is let go of',
      (wake) =>
        wake.onLease({ kind: 'updated', key: 'k', previous: lease('sink', 'genai/first'), object: lease('sink') }),
      ['genai/waiting'],
    ],
    [
      'is not woken by its own write of it',
      (wake) => wake.onLease({ kind: 'added', key: 'k', initial: false, object: lease('sink', 'genai/waiting') }),
      [],
    ],
    [
      'is not woken by a Lease of logging',
      (wake) => wake.onLease({ kind: 'deleted', key: 'k', object: lease('invocation-logging') }),
      ['genai/logs'],
    ],
    [
      'is woken where a monitor stops asking for it, though that goes on asking for logging',
      (wake) =>
        wake.onMonitor({
          kind: 'updated',
          key: 'genai/first',
          previous: monitor('first', { ...asking, ...sink }),
          object: { ...monitor('first', asking), metadata: { ...monitor('first', asking).metadata, generation: 2 } },
        }),
      ['genai/first', 'genai/waiting'],
    ],
  ])('%s', (_, happen, expected) => {
    expect(wakenBy(happen)).toEqual(expected);
  });
});

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
