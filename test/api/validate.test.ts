import { describe, expect, test } from 'vitest';
import { specFaults } from '#src/api/validate.ts';
import { accepted, rejections } from '#test/contract/rejections.ts';

const written = (spec: unknown): unknown => JSON.parse(JSON.stringify(spec));

describe('the schema without an API server', () => {
  test.each(accepted)('takes $what', ({ spec }) => {
    expect(specFaults(written(spec))).toEqual([]);
  });

  /** ajv does not know keys of list maps and sets: of all bounds, duplicates alone pass. */
  const byBound = rejections.filter(({ cause }) => cause !== undefined && cause !== 'FieldValueDuplicate');

  test.each(byBound)('refuses $what', ({ spec, field, cause }) => {
    const faults = specFaults(written(spec));
    const blamed = cause === 'FieldValueRequired' ? field.slice(0, field.lastIndexOf('.')) : field;
    expect(faults.map((fault) => fault.split(': ')[0])).toContain(blamed);
  });

  test('says what is wrong in a sentence', () => {
    expect(specFaults({ region: 5, alarms: [{ name: 'a', severity: 'Fatal' }], tags: { 'a/b': 1 } })).toEqual([
      'spec.region: must be string',
      'spec.tags.a/b: must be string',
      'spec.alarms[0].severity: must be equal to one of the allowed values (Critical, Warning, Info)',
    ]);
    expect(specFaults({})).toEqual(["spec: must have required property 'region'"]);
  });
});
