import { describe, expect, it } from 'vitest';
import type { Condition } from '#src/api/v1alpha1.ts';
import type { Saying } from '#src/domain/conditions.ts';
import { mergeConditions } from '#src/domain/conditions.ts';

const THEN = '2026-01-01T00:00:00Z';
const NOW = '2026-01-01T01:00:00Z';

const saying = (change: Partial<Saying> = {}): Saying => ({
  type: 'Ready',
  status: 'False',
  reason: 'AccessDenied',
  message: 'no',
  ...change,
});
const before: Condition = { ...saying(), observedGeneration: 1, lastTransitionTime: THEN };

function said(change: Partial<Saying>, old: readonly Condition[] = [before]) {
  return mergeConditions(old, [saying(change)], 2, Date.parse(NOW))[0];
}

describe('conditions', () => {
  it.each<[string, Partial<Saying>, readonly Condition[], string]>([
    ['a new condition begins now', {}, [], NOW],
    ['the same again keeps its time', {}, [before], THEN],
    ['another reason is no transition', { reason: 'Conflict' }, [before], THEN],
    ['another message is no transition', { message: 'yes' }, [before], THEN],
    ['False to True is', { status: 'True' }, [before], NOW],
    ['False to Unknown is', { status: 'Unknown' }, [before], NOW],
    ['other types do not matter', { type: 'Stalled' }, [before], NOW],
  ])('%s', (_, change, old, time) => {
    expect(said(change, old)).toMatchObject({ lastTransitionTime: time, observedGeneration: 2 });
  });

  it('are exactly those said, in their order: what is not said any more is gone', () => {
    const old = [before, { ...before, type: 'Reconciling' as const }];
    const types = mergeConditions(old, [saying({ type: 'Stalled' }), saying()], 2, 0).map(({ type }) => type);
    expect(types).toEqual(['Stalled', 'Ready']);
  });

  it('stay the same, said twice: so nothing is written', () => {
    const once = mergeConditions([], [saying()], 2, 0);
    expect(mergeConditions(once, [saying()], 2, 99_999_999)).toEqual(once);
  });

  it.each([
    ['short', 'x'.repeat(1024), 1024],
    ['too long', 'x'.repeat(1025), 1024],
    ['cut in the middle of a character of two units', `${'x'.repeat(1022)}😀😀`, 1024],
  ])('hold at most 1,024 characters: %s', (_, message, length) => {
    const cut = said({ message })?.message ?? '';
    expect(cut).toHaveLength(length);
    expect(cut.isWellFormed()).toBe(true);
  });
});
