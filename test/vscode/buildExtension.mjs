// Builds what the real VS Code is to run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workbench.mjs';

/** Builds dist/, or ends the process if that fails; --no-build takes dist/ as it is. */
export function buildExtension() {
  if (process.argv.includes('--no-build')) return;
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
