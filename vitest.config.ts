import { defineConfig } from 'vitest/config';

/** `npm test`: everything that needs only the npm registry. Threads start sooner than processes. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/mutations/**'],
    pool: 'threads',
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
