import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, defineProject } from 'vitest/config';

/** The one module of mathjs that is used: through its index Node would load a thousand, a second in each test file. */
const mathjs = fileURLToPath(new URL('node_modules/mathjs/lib/esm/type/unit/Unit.js', import.meta.url));

/** What is waited for comes late on a busy machine; usual is one second. */
const expect = { poll: { timeout: 15_000 } };

/** The fast suite. On a busy machine a walk through real files takes its time; what hangs is still ended. */
export const unit = defineProject({
  // Only in an editor there is a module `vscode`.
  resolve: { alias: { mathjs, vscode: fileURLToPath(new URL('test/support/vscode.ts', import.meta.url)) } },
  test: {
    name: 'unit',
    include: ['test/unit/**/*.test.ts', 'test/conformance/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect,
  },
});

/** `npx vitest run --project unit` is the fast suite; the others start programs of their own. */
export default defineConfig({
  test: {
    // One less than there are processors is usual: of two, one would idle, and much of what is tried is waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      unit,
      {
        resolve: { alias: { mathjs } },
        test: { name: 'sandbox', include: ['test/sandbox/**/*.test.ts'], testTimeout: 30_000, expect },
      },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/support/buildFirst.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect,
        },
      },
      'test/server',
    ],
  },
});
