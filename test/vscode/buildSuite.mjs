// Bundles the mocha suite for an extension host and returns the entry that it is started with.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workbench.mjs';

/** Where the bundles, pictures and logs of a run are. */
export const output = join(root, '.cache', 'vscode');

/** @returns {Promise<string>} absolute path of the suite's entry */
export async function buildSuite() {
  mkdirSync(output, { recursive: true });
  const outfile = join(output, 'suite.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/suite/index.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // mocha finds its reporters at run time and stays in node_modules.
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
