// Runs the same suite in a desktop VS Code, which is downloaded: `npm run test:electron`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildExtension } from './buildExtension.mjs';
import { buildSuite } from './buildSuite.mjs';
import { makeWorkspace, root } from './workbench.mjs';

buildExtension();
const workspace = mkdtempSync(join(tmpdir(), 'imsc-electron-'));
makeWorkspace(workspace);
try {
  await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: await buildSuite(),
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
