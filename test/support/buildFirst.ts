import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, root } from '../../scripts/builtProgram.mjs';

/**
 * For suites that run the built programs. `dist/` is built if it is stale; the command line of `imsc.ts` is built into a
 * folder of this run, so that nobody rebuilds it in the middle of a test.
 */
export default function setup(): (() => void) | undefined {
  buildIfStale();
  if (process.env['IMSC_DIST'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'imsc-dist-'));
  for (const beside of ['package.json', 'docs/problems.md']) cpSync(join(root, beside), join(folder, beside));
  const dist = join(folder, 'dist');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--outdir', dist], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed; its messages are above.');
  process.env['IMSC_DIST'] = dist;
  return () => {
    delete process.env['IMSC_DIST'];
    rmSync(folder, { recursive: true, force: true });
  };
}
