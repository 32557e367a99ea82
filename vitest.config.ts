import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Two copies of graphql (its CommonJS and its ES build) refuse each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/harness/postgres.ts', 'tests/browser/dashboard.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What a test waits for comes at once; only a machine that is busy with something else makes it late.
    expect: { poll: { timeout: 10_000 } },
  },
});
