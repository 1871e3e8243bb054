import { describe, expect, it } from 'vitest';
import { compileRules } from '#src/playground/kubernetes/cel/rules.ts';
import { errorText } from '#src/playground/kubernetes/field-error.ts';
import type { Schema } from '#src/playground/kubernetes/schema/structural-schema.ts';

const part: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, count: { type: 'integer' }, namespace: { type: 'string' } },
};
const spec: Schema = {
  type: 'object',
  properties: {
    size: { type: 'integer' },
    ratio: { type: 'number' },
    text: { type: 'string' },
    names: { type: 'array', items: { type: 'string' } },
    tags: { type: 'object', additionalProperties: { type: 'string' } },
    parts: { type: 'array', items: part },
    port: { 'x-kubernetes-int-or-string': true },
    when: { type: 'string', format: 'date-time' },
    nested: { type: 'object', properties: { inner: { type: 'object', properties: { deep: { type: 'string' } } } } },
    'dash-ed': { type: 'string', nullable: true },
  },
};
const value = {
  size: 3,
  ratio: 1,
  text: 'abc',
  names: ['a', 'b'],
  tags: { x: 'y' },
  parts: [{ name: 'a', count: 1, namespace: 'n' }, { name: 'b' }],
  port: 80,
  when: '2026-01-01T00:00:00Z',
  nested: { inner: {} },
  'dash-ed': null,
};

/** What a rule on `spec` says: `ok`, an error, or why it does not compile. */
function judge(rule: string): string {
  const schema: Schema = { type: 'object', properties: { spec: { ...spec, 'x-kubernetes-validations': [{ rule }] } } };
  const rules = compileRules(schema, 'schema');
  if (rules === undefined) throw new Error('the schema has no rules');
  const [error] = rules.errors;
  if (error !== undefined) return error.detail.split('\n')[0] ?? '';
  return rules.validate({ spec: value }, { spec: value }).map(errorText).join('; ') || 'ok';
}

describe('CEL rules', () => {
  it.each([
    'self.size == 3 && self.size > 2.5 && self.ratio == 1.0',
    'self == oldSelf && self.parts == oldSelf.parts && self.parts[0] != oldSelf.parts[1]',
    'has(self.nested.inner) && !has(self.nested.inner.deep)',
    'has(self.parts[0].count) && !has(self.parts[1].count)',
    '!has(self.dash__dash__ed)',
    'self.parts.exists(p, has(p.__namespace__) && p.__namespace__ == "n")',
    'self.parts.all(p, self.names.exists(n, n == p.name))',
    'self.parts.map(p, p.name).all(n, self.parts.exists_one(q, q.name == n))',
    'self.parts.filter(p, has(p.count)).map(p, p.count)[0] == 1',
    'self.tags.all(k, self.tags[k] != "") && "x" in self.tags && self.tags == {"x": "y"}',
    'type(self.port) == int ? self.port < 100 : false',
    'self.text.matches("^a(?i)BC$") && !self.text.matches("^b")',
    'self.text.find("b.") == "bc" && "a1b22".findAll("[0-9]+") == ["1", "22"]',
    'self.text.replace("a", "b") == "bbc" && self.text.substring(1, 2) == "b" && self.text.charAt(0) == "a"',
    '"a,b".split(",").size() == 2 && self.names.join("-") == "a-b" && " x ".trim() == "x"',
    '"%s!".format([self.text]) == "abc!"',
    'self.names.isSorted() && self.names.indexOf("b") == 1 && [3, 1].min() == 1 && [1, 2].sum() == 3',
    'sets.contains(self.names, ["a"]) && sets.equivalent([1, 2], [2, 1]) && !sets.intersects([1], [2])',
    'duration("1h30m") == duration("90m") && duration("90s").getMinutes() == 1 && duration("-1s") < duration("0")',
    'self.when < timestamp("2027-01-01T00:00:00Z") && self.when.getFullYear() == 2026',
    'self.?text.orValue("") == "abc" && !self.?dash__dash__ed.hasValue()',
    'self.size > 100 || self.names.exists(n, n == "a")',
    'false && self.names[9] == "x" || true',
  ])('holds: %s', (rule) => {
    expect(judge(rule)).toBe('ok');
  });

  it.each([
    ['self.size > oldSelf.size', 'spec: Invalid value: failed rule: self.size > oldSelf.size'],
    ['self.parts.all(p, p.count > 0)', 'spec: Invalid value: "object": no such key: count evaluating rule: '],
    ['self.names[7] == "x"', 'spec: Invalid value: "object": index out of bounds: 7 evaluating rule: '],
    ['self.tags["none"] == ""', 'spec: Invalid value: "object": no such key: none evaluating rule: '],
    ['self.size / 0 == 1', 'spec: Invalid value: "object": division by zero evaluating rule: '],
    ['self.text.matches(self.text + "(")', 'error parsing regexp'],
    ['duration(self.text) > duration("1s")', 'time: invalid duration "abc" evaluating rule: '],
  ])('fails: %s', (rule, expected) => {
    expect(judge(rule)).toContain(expected);
  });

  it.each([
    ['self.none == 1', "compilation failed: ERROR: <input>:1:5: undefined field 'none'"],
    ['has(self.nested.none)', "undefined field 'none'"],
    ['self.parts.exists(p, p.none == 1)', "undefined field 'none'"],
    ['self.text == 1', "found no matching overload for '_==_' applied to '(string, int)'"],
    ['self.names == self.size', "found no matching overload for '_==_' applied to '(list(string), int)'"],
    ['self.text.matches(1)', "found no matching overload for 'matches' applied to 'string.(int)'"],
    ['self.text.matches("(")', 'invalid matches argument'],
    ['duration("soon") > duration("1s")', 'invalid duration argument'],
    ['none == 1', "undeclared reference to 'none' (in container '')"],
    ['self.size >', 'Syntax error'],
    ['self.size', 'cel expression must evaluate to a bool'],
  ])('does not compile: %s', (rule, expected) => {
    expect(judge(rule)).toContain(expected);
  });

  it('forgives what did not change, but not a rule about change', () => {
    const rules = (rule: string) =>
      compileRules(
        { type: 'object', properties: { n: { type: 'integer', 'x-kubernetes-validations': [{ rule }] } } },
        '',
      );
    expect(rules('self > 5')?.validate({ n: 1 }, undefined)).toHaveLength(1);
    expect(rules('self > 5')?.validate({ n: 1 }, { n: 1 })).toEqual([]);
    expect(rules('self > 5')?.validate({ n: 2 }, { n: 1 })).toHaveLength(1);
    expect(rules('self > oldSelf')?.validate({ n: 1 }, { n: 1 })).toHaveLength(1);
    expect(rules('self > oldSelf')?.validate({ n: 1 }, undefined)).toEqual([]);
  });

  it('gives a rule that asks for it the old value as an optional', () => {
    const rule = { rule: 'oldSelf.hasValue() || self == 1', message: 'starts at 1', optionalOldSelf: true };
    const rules = compileRules(
      { type: 'object', properties: { n: { type: 'integer', 'x-kubernetes-validations': [rule] } } },
      '',
    );
    expect(rules?.errors).toEqual([]);
    expect(rules?.validate({ n: 2 }, undefined).map(errorText)).toEqual(['n: Invalid value: 2: starts at 1']);
    expect(rules?.validate({ n: 2 }, { n: 1 })).toEqual([]);
  });
});
