import { describe, expect, test } from 'vitest';
import { CONDITION_TYPES } from '#src/api/conditions.ts';
import { reasonNames } from '#src/api/reasons.ts';
import { apiVersion } from '#src/api/v1alpha1.ts';
import { specFaults } from '#src/api/validate.ts';
import { examples } from '#test/support/examples.ts';

/**
 * An example ends up as its first lines say. With one monitor in the file:
 *
 *     # expect: Ready=True InSync
 *
 * and with several a line for each, which names it:
 *
 *     # expect: <namespace>/<name> Ready=False Conflict
 */
const EXPECTATION =
  /^# expect: (?:(?<monitor>\S+\/\S+) )?(?<type>[A-Za-z]+)=(?<status>True|False|Unknown) (?<reason>\w+)$/;

describe.each(examples)('examples/$file', ({ text, documents, monitors }) => {
  const expectations = text.split('\n').filter((line) => line.startsWith('# expect:'));

  test('says on its first lines what becomes of each monitor', () => {
    expect(text.split('\n').slice(0, expectations.length)).toEqual(expectations);
    const named = expectations.map((line) => EXPECTATION.exec(line)?.groups ?? {});
    const names = monitors.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(named.map(({ monitor }) => monitor)).toEqual(names.length === 1 ? [undefined] : names);
    for (const { type, reason } of named) {
      expect(CONDITION_TYPES).toContain(type);
      expect(reasonNames).toContain(reason);
    }
  });

  test('brings the namespaces of its monitors', () => {
    const namespaces = documents
      .filter((document) => document.kind === 'Namespace')
      .map(({ metadata }) => metadata.name);
    expect(new Set(namespaces)).toEqual(new Set(monitors.map(({ metadata }) => metadata.namespace)));
  });

  test('holds to the schema', () => {
    expect(monitors.map((monitor) => monitor.apiVersion)).toEqual(monitors.map(() => apiVersion));
    expect(monitors.flatMap(({ spec }) => specFaults(spec))).toEqual([]);
  });
});

test('the examples can be applied side by side', () => {
  const names = examples.flatMap(({ monitors }) =>
    monitors.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(new Set(names).size).toBe(names.length);
});
