import { describe, expect, test } from 'vitest';
import type { BedrockMonitor } from '#src/api/v1alpha1.ts';
import { apiVersion, kind } from '#src/api/v1alpha1.ts';
import { meets, parseExpectations, readinessOf, sayReadiness } from '#src/playground/expectation.ts';

const monitors = ['genai/a', 'genai/b'];
const parsed = (text: string) => Object.fromEntries(parseExpectations(text, monitors));

describe('what an example expects', () => {
  test('one line counts for all monitors of the file', () => {
    expect(parsed('# expect: Ready=True InSync\nkind: BedrockMonitor')).toEqual({
      'genai/a': { status: 'True', reason: 'InSync' },
      'genai/b': { status: 'True', reason: 'InSync' },
    });
  });

  test('a line may name one monitor, and win over a line for all', () => {
    expect(parsed('# expect: Ready=True InSync\n# expect: genai/b Ready=False Conflict\n')).toEqual({
      'genai/a': { status: 'True', reason: 'InSync' },
      'genai/b': { status: 'False', reason: 'Conflict' },
    });
  });

  test('without a line monitors are to be ready, for whatever reason', () => {
    expect(parsed('# what to expect: masked logs\n')).toEqual({
      'genai/a': { status: 'True' },
      'genai/b': { status: 'True' },
    });
    expect(parsed('#expect: genai/a Ready=Unknown')).toMatchObject({ 'genai/a': { status: 'Unknown' } });
  });

  test.each([
    ['# expect: True InSync', 'is not like "# expect: Ready=True InSync"'],
    ['# expect Ready=True', 'is not like'],
    ['# expect: Ready=Yes InSync', 'is not like'],
    ['# expect: Ready=True InSync or so', 'is not like'],
    ['# expect: genai/c Ready=True', 'names a monitor that is not in the file; there are: genai/a, genai/b'],
  ])('%s is refused with a sentence', (line, sentence) => {
    expect(() => parsed(line)).toThrow(sentence);
  });
});

describe('whether a monitor is where it should be', () => {
  const monitor = (generation: number, observedGeneration: number): BedrockMonitor => {
    const condition = {
      type: 'Ready',
      status: 'False',
      reason: 'Conflict',
      message: 'platform/logging holds it',
    } as const;
    return {
      apiVersion,
      kind,
      metadata: { name: 'a', namespace: 'genai', uid: '1', generation, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { region: 'us-east-1' },
      status: {
        observedGeneration,
        conditions: [{ ...condition, observedGeneration, lastTransitionTime: '2026-01-01T00:00:00Z' }],
      },
    };
  };

  test('its Ready condition tells, if it is of the spec as it is now', () => {
    const now = readinessOf(monitor(2, 2));
    expect(now).toEqual({ status: 'False', reason: 'Conflict', message: 'platform/logging holds it' });
    expect(meets(now, { status: 'False', reason: 'Conflict' })).toBe(true);
    expect(meets(now, { status: 'False' })).toBe(true);
    expect(meets(now, { status: 'False', reason: 'AccessDenied' })).toBe(false);
    expect(meets(now, { status: 'True' })).toBe(false);
    expect(sayReadiness(now)).toBe('Ready=False Conflict');
  });

  test('an older condition, or none, tells nothing', () => {
    const nothing = { status: 'Unknown', reason: '', message: '' };
    expect(readinessOf(monitor(3, 2))).toEqual(nothing);
    expect(readinessOf(undefined)).toEqual(nothing);
    expect(sayReadiness(nothing)).toBe('Ready=Unknown');
  });
});
