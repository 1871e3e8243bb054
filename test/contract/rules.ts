import { describe, expect, it } from 'vitest';
import type { Bench } from './widgets.ts';
import { causes } from './widgets.ts';

const refusals: readonly [rule: string, spec: Readonly<Record<string, unknown>>, cause: string][] = [
  ['has() and a message', { size: 1, one: 'a', other: 'b' }, 'spec: Invalid value: one and other exclude each other'],
  ['messageExpression', { size: 60, mode: 'Safe' }, 'spec: Invalid value: size over 49 needs mode Fast, not Safe'],
  [
    'fieldPath, reason and duration()',
    { size: 1, timeout: '30s' },
    'spec.timeout: Forbidden: timeout must be at least 1m',
  ],
  ['matches() in RE2', { size: 1, tags: ['a1'] }, 'spec: Invalid value: tags are words or numbers'],
  ['exists_one()', { size: 1, steps: ['start', 'start'] }, 'spec: Invalid value: exactly one step is start'],
  ['filter() and map()', { size: 1, parts: [{ name: 'a', count: -1 }] }, 'spec: Invalid value: counts are positive'],
  ['all() in exists()', { size: 1, tags: ['a'], parts: [{ name: 'b' }] }, 'spec: Invalid value: every part is a tag'],
  [
    'escaped names in list items',
    { size: 1, parts: [{ name: 'a', namespace: 'kube-system' }] },
    'spec.parts[0]: Invalid value: no part may be in kube-system',
  ],
  ['an error while evaluating', { size: 1, timeout: 'soon' }, 'spec: Invalid value: "object": '],
];

/** `x-kubernetes-validations`. The API server leaves out the value of an object since 1.35 and printed "object" before. */
export function rulesContract(bench: Bench): void {
  const { request, widgets, widget, name, create, patch, path } = bench;
  const bare = (text: string): string =>
    text.replace(/Invalid value: "object": (?!.* evaluating rule)/, 'Invalid value: ');

  describe('rules', () => {
    it.each(refusals)('refuses by %s', async (_rule, spec, expected) => {
      const answer = await request('POST', widgets, { body: widget(name(), spec) });
      expect(answer.body).toMatchObject({ code: 422, reason: 'Invalid' });
      const [first = '', ...more] = causes(answer).map(bare);
      expect(first).toContain(expected);
      expect(more).toEqual([]);
    });

    it('accepts what satisfies them', async () => {
      const spec = {
        size: 60,
        mode: 'Fast',
        one: 'a',
        timeout: '1h30m',
        tags: ['a', '12'],
        steps: ['start', 'end'],
        parts: [{ name: 'a', count: 2, namespace: 'x' }],
      };
      expect((await create(spec)).spec).toEqual({ ...spec, level: 'Low' });
    });

    it('compares with the old object, only where there is one', async () => {
      const made = await create({ size: 1, fixed: 'a', one: 'b' });
      expect(causes(await patch(path(made), { spec: { fixed: 'z' } }))).toEqual([
        'spec.fixed: Invalid value: "z": fixed cannot change',
      ]);
      const removed = causes(await patch(path(made), { spec: { one: null } })).map(bare);
      expect(removed).toEqual(['spec: Invalid value: one cannot be removed']);
      expect((await patch(path(made), { spec: { fixed: null } })).status).toBe(200);
      expect((await patch(path(made), { spec: { fixed: 'c' } })).status).toBe(200);
    });
  });
}
