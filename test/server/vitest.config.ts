import { defineConfig } from 'vitest/config';

/** Tests of the language server: it is built once and runs in processes of its own. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'server',
    include: ['*.test.ts'],
    globalSetup: ['./globalSetup.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
