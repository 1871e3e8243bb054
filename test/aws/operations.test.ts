import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { operations } from '#src/aws/operations.ts';

const folder = new URL('../../src/aws/', import.meta.url);
const sources = await Promise.all(
  (await readdir(folder, { recursive: true }))
    .filter((file) => file.endsWith('.ts') && file !== 'operations.ts')
    .map((file) => readFile(new URL(file, folder), 'utf8')),
);

test.each(Object.keys(operations))('%s is called by some handler', (operation) => {
  expect(sources.some((source) => source.includes(`'${operation}'`))).toBe(true);
});
