// A SciCat that outlives the window, and a way to it on which answers can be held back.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { startSandbox as startSandboxIn } from '../../scripts/sandboxProcess.mjs';
import { output } from './buildSuite.mjs';
import { root } from './workbench.mjs';

/** The proxy of the suite, which is TypeScript. */
export async function slowScicat(address) {
  const outfile = join(output, 'slowScicat.mjs');
  await build({
    entryPoints: [join(root, 'test', 'vscode', 'suite', 'slowScicat.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const module = await import(pathToFileURL(outfile).href);
  return module.slowScicat(address);
}

/** A sandbox that outlives the window: its address, its token, and `stop`. */
export async function startSandbox() {
  const data = mkdtempSync(join(tmpdir(), 'imsc-sandbox-'));
  const { child, host, token } = await startSandboxIn(data);
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  return { host, token, stop };
}
