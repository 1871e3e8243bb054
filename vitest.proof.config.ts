import { defineConfig } from 'vitest/config';

/** `npm run proof`: what takes longer than a test may. Crashes before every call, many random specs, and mutations that must be noticed. */
export default defineConfig({
  test: {
    include: [
      'test/mutations/**/*.test.ts',
      'test/reconcile/crash-sweep*.test.ts',
      'test/reconcile/convergence.test.ts',
      'test/reconcile/rest-of-all.test.ts',
    ],
    env: { SWEEP: process.env['SWEEP'] ?? 'every', RUNS: '500', HISTORIES: '120' },
    isolate: false,
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
