import { defineConfig } from 'vitest/config';

/** `npm run e2e`: the same product against a real kube-apiserver and etcd. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/e2e/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 900_000,
    // Each file has a control plane of its own, and waits most of its time.
    maxWorkers: 2,
  },
});
