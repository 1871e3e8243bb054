import { describe, expect, test } from 'vitest';
import { PER_COUNTRY } from '#src/api/schema/data-protection.ts';
import listed from '#src/domain/managed-data-identifiers.json' with { type: 'json' };
import { accepted, rejections } from '#test/contract/rejections.ts';
import { nodes } from './schema-nodes.ts';

const inSpec = nodes.filter(({ path }) => path === 'spec' || path.startsWith('spec.'));

const everywhere = (field: string): string => field.replaceAll(/\[\d+\]/g, '[]');

describe('the rules', () => {
  const rules = nodes.flatMap(({ path, node }) =>
    (node['x-kubernetes-validations'] ?? []).map(({ message, fieldPath = '' }) => ({
      message,
      field: path === '' ? fieldPath.slice(1) : `${path}${fieldPath}`,
    })),
  );

  test.each(rules)('a row is refused at $field: $message', ({ field, message }) => {
    const rows = rejections.filter((row) => everywhere(row.field) === field && row.says?.endsWith(message));
    expect(rows.length).toBeGreaterThan(0);
  });

  test('every row that expects a sentence expects one of theirs', () => {
    const strays = rejections.filter(
      ({ field, says }) =>
        says !== undefined && !rules.some((rule) => everywhere(field) === rule.field && says.endsWith(rule.message)),
    );
    expect(strays.map(({ what }) => what)).toEqual([]);
  });

  test('no two rows have one title', () => {
    const titles = [...rejections, ...accepted].map(({ what }) => what);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
});

describe('the schema', () => {
  test('explains every field', () => {
    const silent = nodes.filter(
      ({ path, node }) => !path.startsWith('metadata') && (node.description === undefined || node.description === ''),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('bounds every list, map and text', () => {
    const unbounded = nodes.filter(({ path, node }) => {
      if (/^(apiVersion|kind|metadata)/.test(path)) return false;
      if (node.type === 'array') return node.maxItems === undefined;
      if (node.additionalProperties !== undefined) return node.maxProperties === undefined;
      return node.type === 'string' && node.enum === undefined && node.maxLength === undefined;
    });
    expect(unbounded.map(({ path }) => path)).toEqual([]);
  });

  test('says how every list merges', () => {
    const vague = nodes.filter(({ node }) => node.type === 'array' && node['x-kubernetes-list-type'] === undefined);
    expect(vague.map(({ path }) => path)).toEqual([]);
  });

  test('fills nothing into the spec', () => {
    expect(inSpec.filter(({ node }) => node.default !== undefined).map(({ path }) => path)).toEqual([]);
  });

  test('has no value that YAML 1.1 reads as a boolean', () => {
    const words = nodes.flatMap(({ path, node }) => [...(node.enum ?? []), path.split('.').at(-1)]);
    expect(words.filter((word) => /^(y|n|yes|no|on|off)$/i.test(String(word)))).toEqual([]);
  });

  test('knows which managed data identifiers exist per country only', () => {
    const perCountry = listed.filter((one) => 'country' in one).map(({ name }) => name.replace(/-[A-Z]{2}$/, ''));
    expect(new Set<string>(PER_COUNTRY)).toEqual(new Set(perCountry));
  });
});
