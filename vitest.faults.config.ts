import { defineConfig } from 'vitest/config';

// Apart from `npm test`: these checks kill real processes and take minutes.
export default defineConfig({
  resolve: {
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['tests/faults/*.fault.ts'],
    globalSetup: ['tests/faults/report.ts'],
    environment: 'node',
    pool: 'forks',
    // One fault at a time: figures of two that share a machine would say nothing about either.
    fileParallelism: false,
    testTimeout: 5_400_000,
    hookTimeout: 120_000,
  },
});
