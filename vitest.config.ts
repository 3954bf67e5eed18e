import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    maxWorkers: '100%',
    globalSetup: 'tools/testing/graphs.ts',
    include: ['src/**/*.test.{ts,tsx}', 'workers/**/*.test.ts', 'tools/**/*.test.ts', 'parity/**/*.test.ts'],
    testTimeout: 60_000,
  },
});
