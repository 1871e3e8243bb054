import { defineConfig } from 'vitest/config';

/** `npm run proof`: what takes longer than a test may. Crashes before every call, and mutations that must be noticed. */
export default defineConfig({
  test: {
    include: ['test/mutations/**/*.test.ts', 'test/reconcile/crash-sweep*.test.ts'],
    env: { SWEEP: 'every' },
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
