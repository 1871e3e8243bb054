import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ALARM_PRESETS } from '#src/api/schema/alarm-presets.ts';
import { DASHBOARD_PRESETS } from '#src/api/schema/dashboards.ts';
import { METRIC_FILTER_PRESETS } from '#src/api/schema/metric-filters.ts';
import { QUERY_PRESETS } from '#src/api/schema/saved-queries.ts';
import identifiers from '#src/domain/managed-data-identifiers.json' with { type: 'json' };
import { metricCatalogue } from '#src/domain/plan/metric-catalogue.ts';
import { identifiersPage } from './identifiers-page.ts';
import { documentedFields, referencePage } from './reference-page.ts';
import { nodes } from './schema-nodes.ts';

const read = (file: string): string => readFileSync(file, 'utf8');

test('docs/reference.md is written from the schema', async () => {
  await expect(referencePage()).toMatchFileSnapshot('../../docs/reference.md');
});

test('it has every field of spec and status', () => {
  const fields = nodes.map(({ path }) => path).filter((path) => /^(spec|status)\b/.test(path));
  expect(documentedFields().toSorted()).toEqual(fields.toSorted());
  expect(fields.length).toBeGreaterThan(150);
});

test('docs/identifiers.md is written from the list of managed data identifiers', async () => {
  const page = identifiersPage();
  await expect(page).toMatchFileSnapshot('../../docs/identifiers.md');
  expect(identifiers.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

/** The headings of one part of docs/presets.md. */
function headings(part: string): readonly string[] {
  const [, text = ''] = read('docs/presets.md').split(`\n## ${part}\n`);
  const [own = ''] = text.split(/\n## /);
  return [...own.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);
}

test.each([
  ['Alarms', ALARM_PRESETS],
  ['Dashboards', DASHBOARD_PRESETS],
  ['Saved queries', QUERY_PRESETS],
  ['Metric filters', METRIC_FILTER_PRESETS],
])('docs/presets.md has a section for each preset of its part %s, and for no other', (part, names) => {
  expect(new Set(headings(part))).toEqual(new Set(names));
  expect(headings(part)).toHaveLength(names.length);
});

test('the docs name every metric of Bedrock that AWS documents, under its namespace', () => {
  const page = read('docs/metrics.md');
  const missing = Object.entries(metricCatalogue).flatMap(([namespace, metrics]) =>
    [namespace, ...Object.keys(metrics)]
      .filter((name) => !page.includes(`\`${name}\``))
      .map((name) => `${namespace} ${name}`),
  );
  expect(missing).toEqual([]);
});
