import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONDITION_TYPES } from '#src/api/conditions.ts';
import { customResourceDefinition } from '#src/api/crd.ts';
import { nodes } from './schema-nodes.ts';

const page = readFileSync('docs/resource.md', 'utf8');
const says = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(page);

test('docs/resource.md has every field and every value of the schema', () => {
  const names = nodes.filter(({ path }) => /^(spec|status)/.test(path)).map(({ path }) => path.replace(/^.*\./, ''));
  const fields = names.map((name) => name.replaceAll(/[[\]{}]/g, '')).filter((name) => name !== 'spec');
  const values = nodes
    .filter(({ path }) => path.startsWith('spec') && !path.endsWith('retentionInDays'))
    .flatMap(({ node }) => node.enum ?? [])
    .map(String);
  expect([...fields, ...values].filter((word) => !says(word))).toEqual([]);
});

test('it has every condition and column', () => {
  const [version] = customResourceDefinition.spec.versions;
  const columns = version.additionalPrinterColumns.map(({ name }) => name.toUpperCase());
  expect([...CONDITION_TYPES, ...columns].filter((word) => !says(word))).toEqual([]);
});
