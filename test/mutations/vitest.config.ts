import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { mutations } from './mutations.ts';

const root = resolve(import.meta.dirname, '../..');
const mutation = mutations.find(({ name }) => name === process.env['MUTATION']);
if (mutation === undefined) throw new Error('MUTATION names no mutation');
const report = process.env['REPORT'] ?? 'report.json';
const { file, from, to, noticedBy, only } = mutation;

/** Runs one test over the product with one mutation in it. */
export default defineConfig({
  root,
  plugins: [
    {
      name: 'mutation',
      enforce: 'pre',
      transform(code, id) {
        if (id !== resolve(root, file)) return undefined;
        if (!code.includes(from)) throw new Error(`${file} has no such line any more: ${from}`);
        return code.replace(from, to);
      },
    },
  ],
  test: {
    include: [noticedBy],
    ...(only !== undefined && { testNamePattern: only }),
    bail: 1,
    testTimeout: 60_000,
    reporters: ['json'],
    outputFile: report,
    // A cache of transformed modules knows nothing of the mutation.
    fsModuleCache: false,
  },
});
