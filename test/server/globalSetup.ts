import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { h5wasmPlugin } from '../../scripts/h5wasmPlugin.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absolute path of the server's program. */
    serverProgram: string;
  }
}

const root = join(import.meta.dirname, '../..');

/** Builds the server once for all tests, laid out as it is shipped. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'imsc-server-'));
  const outdir = join(folder, 'dist');
  mkdirSync(outdir);
  // As it is shipped: the page of the problem codes lies beside the program.
  cpSync(join(import.meta.dirname, '../../docs/problems.md'), join(folder, 'docs/problems.md'));
  writeFileSync(join(outdir, 'package.json'), '{"type": "module"}');
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'server/main.ts', out: 'server/main' },
      { in: 'core/nexus/worker.ts', out: 'workers/nexus' },
    ],
    outdir,
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    assetNames: '[name]',
    mainFields: ['module', 'main'],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [h5wasmPlugin()],
    banner: {
      js: "import { createRequire as _createRequire } from 'node:module'; const require = _createRequire(import.meta.url);",
    },
  });
  project.provide('serverProgram', join(outdir, 'server/main.js'));
  return () => {
    rmSync(folder, { recursive: true, force: true });
  };
}
