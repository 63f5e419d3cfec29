// A SciCat that outlives the window, and a way to it on which answers can be held back.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
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
export async function startSandbox(origins = []) {
  const data = mkdtempSync(join(tmpdir(), 'imsc-sandbox-'));
  const { child, host, token } = await startSandboxIn(data, origins);
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  return { host, token, stop };
}

/** Has the configuration of a workspace name a SciCat that never answers; what is given back ends that. */
export async function silenceScicat(workspace) {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const config = join(workspace, 'config.yml');
  const before = readFileSync(config, 'utf8');
  const own = before.replace('127.0.0.1:3000', `127.0.0.1:${silent.address().port}`);
  writeFileSync(config, own.replace("token: ''", 'token: any'));
  return () => {
    writeFileSync(config, before);
    silent.closeAllConnections();
    silent.close();
  };
}
