import { describe, expect, it } from 'vitest';
import type { Bench } from './widgets.ts';
import { causes, mergePatch } from './widgets.ts';

const notChecked =
  '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** A spec that is refused, and every cause of the refusal. */
const refusals: readonly [why: string, spec: Readonly<Record<string, unknown>>, causes: readonly string[]][] = [
  [
    'wrong type',
    { size: 'x' },
    ['spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"', notChecked],
  ],
  [
    'fraction for an integer',
    { size: 1.5 },
    [
      'spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"',
      '<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.size',
      notChecked,
    ],
  ],
  ['missing', {}, ['spec.size: Required value', notChecked]],
  ['too small', { size: 0 }, ['spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1']],
  [
    'too large',
    { size: 101, mode: 'Fast' },
    ['spec.size: Invalid value: 101: spec.size in body should be less than or equal to 100'],
  ],
  [
    'exclusive minimum',
    { size: 1, ratio: 0 },
    ['spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0'],
  ],
  [
    'enum',
    { size: 1, mode: 'Odd' },
    ['spec.mode: Unsupported value: "Odd": supported values: "Fast", "Safe"', notChecked],
  ],
  ['pattern', { size: 1, code: 'AB' }, ['spec.code: Invalid value: "AB": spec.code in body should match \'^[a-z]+$\'']],
  ['too long', { size: 1, code: 'abcdef' }, ['spec.code: Too long: may not be more than 5 bytes', notChecked]],
  [
    'too short',
    { size: 1, code: 'a' },
    ['spec.code: Invalid value: "a": spec.code in body should be at least 2 chars long'],
  ],
  [
    'too many items',
    { size: 1, steps: ['start', 'a', 'b', 'c'] },
    ['spec.steps: Too many: 4: must have at most 3 items', notChecked],
  ],
  [
    'too few items',
    { size: 1, steps: [] },
    [
      'spec.steps: Invalid value: 0: spec.steps in body should have at least 1 items',
      'spec: Invalid value: exactly one step is start',
    ],
  ],
  [
    'too many properties',
    { size: 1, labels: { a: '1', b: '2', c: '3', d: '4' } },
    ['spec.labels: Too many: 4: must have at most 3 items', notChecked],
  ],
  ['duplicate in a set', { size: 1, tags: ['a', 'b', 'a'] }, ['spec.tags[2]: Duplicate value: "a"']],
  [
    'duplicate key',
    { size: 1, parts: [{ name: 'a' }, { name: 'a', count: 2 }] },
    ['spec.parts[1]: Duplicate value: {"name":"a"}'],
  ],
  ['item without its key', { size: 1, parts: [{ count: 1 }] }, ['spec.parts[0].name: Required value', notChecked]],
  [
    'not a list',
    { size: 1, tags: 'a' },
    ['spec.tags: Invalid value: "string": spec.tags in body must be of type array: "string"', notChecked],
  ],
  [
    'neither integer nor string',
    { size: 1, port: true },
    ['spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"', notChecked],
  ],
];

/** Structural schemas: errors in the API server's words, pruning, defaults, field validation. */
export function validationContract(bench: Bench): void {
  const { request, widgets, widget, name, create, path } = bench;

  describe('validation', () => {
    it.each(refusals)('refuses by schema: %s', async (_why, spec, expected) => {
      const own = name();
      const answer = await request('POST', widgets, { body: widget(own, spec) });
      expect(answer.body).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { name: own, group: 'contract.test', kind: 'Widget' },
      });
      expect(causes(answer)).toEqual([...expected].sort());
      expect(answer.body.message).toContain(`Widget.contract.test "${own}" is invalid: `);
    });

    it('puts one error bare and several in brackets', async () => {
      const own = name();
      const one = await request('POST', widgets, { body: widget(own, { size: 0 }) });
      expect(one.body.message).toBe(
        `Widget.contract.test "${own}" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1`,
      );
      const two = await request('POST', widgets, { body: widget(own, { size: 0, code: 'A1' }) });
      expect(two.body.message).toMatch(/ is invalid: \[spec\..*, spec\..*\]$/);
    });

    it('judges names, labels and finalizers', async () => {
      const body = widget('Bad_', { size: 1 }, { labels: { ok: 'not ok' }, finalizers: ['a b/c'] });
      const answer = await request('POST', widgets, { body });
      expect(answer.status).toBe(422);
      const text = causes(answer).join('\n');
      expect(text).toContain('metadata.name: Invalid value: "Bad_": a lowercase RFC 1123 subdomain must consist of');
      expect(text).toContain('metadata.labels: Invalid value: "not ok": a valid label must be an empty string or');
      expect(text).toContain('metadata.finalizers: Invalid value: "a b/c": prefix part a lowercase RFC 1123 subdomain');
    });

    it('prunes unknown fields with a warning, and keeps them where the schema says so', async () => {
      const body = widget(name(), { size: 1, junk: 1, nested: { more: 2 }, extra: { any: [1] } });
      const { body: made, warnings } = await request('POST', widgets, { body });
      expect(made.spec).toEqual({ size: 1, level: 'Low', nested: { limit: 7 }, extra: { any: [1] } });
      expect(warnings).toEqual(['unknown field "spec.junk"', 'unknown field "spec.nested.more"']);
      const silent = await request('POST', `${widgets}?fieldValidation=Ignore`, {
        body: { ...body, metadata: { name: name() } },
      });
      expect(silent.warnings).toEqual([]);
    });

    it('refuses unknown and repeated fields when asked to be strict', async () => {
      const strict = `${widgets}?fieldValidation=Strict`;
      const unknown = await request('POST', strict, { body: widget(name(), { size: 1, junk: 1 }, { odd: 1 }) });
      expect(unknown.body).toMatchObject({
        code: 400,
        reason: 'BadRequest',
        message:
          'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "metadata.odd", unknown field "spec.junk"',
      });
      const twice = `{"apiVersion":"contract.test/v1","kind":"Widget","metadata":{"name":"${name()}"},"spec":{"size":1,"parts":[{"name":"a","name":"b"}],"size":2}}`;
      const repeated = await request('POST', strict, { body: twice });
      expect(repeated.body.message).toBe(
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: duplicate field "spec.parts[0].name", duplicate field "spec.size"',
      );
      const made = await create();
      const patched = await request('PATCH', `${path(made)}?fieldValidation=Strict`, {
        body: { spec: { junk: 1 } },
        contentType: mergePatch,
      });
      expect(patched.body).toMatchObject({ code: 422, reason: 'Invalid' });
      expect(patched.body.message).toMatch(
        /^ "" is invalid: patch: Invalid value: .*strict decoding error: unknown field "spec\.junk"$/,
      );
    });

    it('cuts a bound for a value without decimals, so that 0 is no less than 0.5', async () => {
      const shares = [0, 0.4, 0.5, 1, 1.6, 2];
      const statuses = shares.map(async (share) => {
        const answer = await request('POST', widgets, { body: widget(name(), { size: 1, share }) });
        return answer.status;
      });
      expect(await Promise.all(statuses)).toEqual([201, 422, 201, 201, 422, 422]);
    });

    it('drops nulls where null is no value, and keeps them where it is', async () => {
      const made = await create({ size: 1, mode: null, nested: { note: null, limit: null } });
      expect(made.spec).toEqual({ size: 1, level: 'Low', nested: { note: null, limit: 7 } });
    });

    it('refuses what it cannot read', async () => {
      const read = (body: unknown): Promise<{ body: { message?: string } }> => request('POST', widgets, { body });
      expect((await read({ ...widget(name(), { size: 1 }), apiVersion: 'contract.test/v2' })).body.message).toBe(
        'the API version in the data (contract.test/v2) does not match the expected API version (contract.test/v1)',
      );
      expect((await read({ metadata: { name: name() } })).body.message).toContain("Object 'Kind' is missing in");
      expect((await read('{')).body.message).toContain('the object provided is unrecognized (must be of type Widget)');
      expect((await read(widget(name(), { size: 1 }, { labels: { a: 1 } }))).body.message).toBe(
        'Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
      );
      const elsewhere = await request('POST', widgets, { body: widget(name(), { size: 1 }, { namespace: 'other' }) });
      expect(elsewhere.body.message).toBe(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    });
  });
}
