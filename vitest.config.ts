import { defineConfig } from 'vitest/config';

/**
 * `npm test`: everything that needs only the npm registry. Threads start sooner than processes, and files that share their
 * modules need not load the AWS clients each: no test changes what modules hold.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/mutations/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
