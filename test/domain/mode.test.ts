import { describe, expect, it } from 'vitest';
import { annotations } from '#src/api/annotations.ts';
import type { BedrockMonitor, BedrockMonitorSpec } from '#src/api/v1alpha1.ts';
import { holdOf } from '#src/domain/hold.ts';
import type { Mode } from '#src/domain/mode.ts';
import { modeOf, pauseFault, suspendedUntilMs } from '#src/domain/mode.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const BEFORE = '2026-01-01T11:59:59Z';
const AFTER = '2026-01-01T13:00:00Z';
const LATER = '2026-01-01T15:00:00+01:00';

function monitor(spec: Partial<BedrockMonitorSpec>, until?: string): BedrockMonitor {
  return {
    apiVersion: 'bedrockmonitor.io/v1alpha1',
    kind: 'BedrockMonitor',
    metadata: {
      namespace: 'genai',
      name: 'production',
      uid: 'u',
      resourceVersion: '1',
      creationTimestamp: BEFORE,
      ...(until !== undefined && { annotations: { [annotations.suspendUntil]: until } }),
    },
    spec: { region: 'us-east-1', ...spec },
  };
}

describe('the mode in force', () => {
  it.each<[string, BedrockMonitor, boolean, Mode]>([
    ['nothing written', monitor({}), false, 'Enforce'],
    ['as written', monitor({ mode: 'Observe' }), false, 'Observe'],
    ['suspend', monitor({ mode: 'Plan', suspend: true }), false, 'Suspended'],
    ['suspend: false', monitor({ suspend: false }), false, 'Enforce'],
    ['until later', monitor({ suspendUntil: AFTER }), false, 'Suspended'],
    ['until a time that is over', monitor({ suspendUntil: BEFORE }), false, 'Enforce'],
    ['until this very moment', monitor({ suspendUntil: '2026-01-01T12:00:00Z' }), false, 'Enforce'],
    ['the on-call’s pause', monitor({ mode: 'Observe' }, AFTER), false, 'Suspended'],
    ['the on-call’s pause, over', monitor({ mode: 'Observe' }, BEFORE), false, 'Observe'],
    ['the later of both', monitor({ suspendUntil: BEFORE }, AFTER), false, 'Suspended'],
    ['a pause that is no time', monitor({}, 'tomorrow'), false, 'Enforce'],
    ['--dry-run-all', monitor({}), true, 'Plan'],
    ['--dry-run-all and Enforce', monitor({ mode: 'Enforce' }), true, 'Plan'],
    ['--dry-run-all leaves Observe', monitor({ mode: 'Observe' }), true, 'Observe'],
    ['--dry-run-all leaves a pause', monitor({ suspend: true }), true, 'Suspended'],
  ])('is told from the spec, the annotation and the process: %s', (_, of, dryRunAll, expected) => {
    expect(modeOf(of, NOW, dryRunAll)).toBe(expected);
  });

  it('ends a pause at the later time, in any time zone', () => {
    expect(suspendedUntilMs(monitor({ suspendUntil: AFTER }, LATER), NOW)).toBe(Date.parse(LATER));
    expect(suspendedUntilMs(monitor({ suspend: true }), NOW)).toBeUndefined();
  });

  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    [AFTER, false],
    ['tomorrow', true],
    ['2026-13-01T00:00:00Z', true],
  ])('says what is wrong with the annotation %j: %s', (until, wrong) => {
    expect(pauseFault(monitor({}, until)) !== undefined).toBe(wrong);
  });

  it('says why it writes nothing, and how to go on', () => {
    expect(holdOf('Plan')).toMatchObject({ kind: 'held', reason: 'PlanPending' });
    expect(holdOf('Plan').message).toContain(annotations.approvePlan);
    expect(holdOf('Observe')).toMatchObject({ kind: 'held', reason: 'NotEnforced' });
    expect(holdOf('Suspended')).toMatchObject({ kind: 'held', reason: 'Suspended' });
  });
});
