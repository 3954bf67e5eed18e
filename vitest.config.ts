import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    // Files of tests share a process and its modules: a new process for each of a hundred files takes a third of the time.
    isolate: false,
    maxWorkers: '100%',
    globalSetup: 'tools/testing/graphs.ts',
    include: ['src/**/*.test.{ts,tsx}', 'workers/**/*.test.ts', 'tools/**/*.test.ts', 'parity/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
