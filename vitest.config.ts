import { defineConfig } from 'vitest/config';

const TESTS = ['src/**/*.test.{ts,tsx}', 'workers/**/*.test.ts', 'tools/**/*.test.ts', 'parity/**/*.test.ts'];
/** A store is a module with state: these tests need modules of their own. */
const STORES = 'src/stores/**/*.test.{ts,tsx}';
/** Tests that run the embedded model with its real weights take minutes: they are no part of `npm test`. */
const WEIGHTS = '**/*.weights.test.ts';
/** Tests that start a cluster take minutes too. */
const CLUSTER = '**/*.cluster.test.ts';

export default defineConfig({
  test: {
    environment: 'node',
    maxWorkers: '100%',
    testTimeout: 60_000,
    globalSetup: 'tools/testing/graphs.ts',
    projects: [
      { extends: true, test: { name: 'stores', include: [STORES] } },
      // Many small files share a process: one for each takes more time than most tests.
      {
        extends: true,
        test: { name: 'modules', include: TESTS, exclude: [STORES, WEIGHTS, CLUSTER], isolate: false },
      },
      { extends: true, test: { name: 'weights', include: [WEIGHTS] } },
      { extends: true, test: { name: 'cluster', include: [CLUSTER] } },
    ],
  },
});
