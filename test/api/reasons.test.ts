import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventReasons } from '#src/api/reasons/events.ts';
import { reasonNames, reasons } from '#src/api/reasons.ts';
import { reasonsPage } from './reasons-page.ts';

test('docs/reasons.md is written from the constants', async () => {
  await expect(reasonsPage()).toMatchFileSnapshot('../../docs/reasons.md');
});

test('the page has every reason once', () => {
  const rows = reasonsPage()
    .split('\n')
    .flatMap((line) => /^\| ([A-Z]\w+) \|/.exec(line)?.[1] ?? [])
    .filter((name) => name !== 'Reason' && name !== 'Kind');
  expect(rows.filter((name) => name !== 'True').sort()).toEqual([...reasonNames, ...Object.keys(eventReasons)].sort());
});

test.each(reasonNames)('%s is one CamelCase word of at most 64 letters, and says how it ends', (name) => {
  expect(name).toMatch(/^[A-Z][A-Za-z]{1,63}$/);
  expect(reasons[name].means).toMatch(/^[A-Z].*\.$/);
  expect(reasons[name].heals).toMatch(/^[A-Z].*\.$/);
});

test('every reason is given by something', async () => {
  const folders = ['domain', 'reconcile', 'aws', 'operator'].map((name) =>
    join(import.meta.dirname, '../../src', name),
  );
  const files = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })));
  const sources = files.flat().filter((file) => file.isFile() && file.name.endsWith('.ts'));
  const code = (await Promise.all(sources.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join(
    '\n',
  );
  expect(sources.length).toBeGreaterThan(50);
  expect([...reasonNames, ...Object.keys(eventReasons)].filter((name) => !code.includes(`'${name}'`))).toEqual([]);
});
