import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { h5wasmPlugin } from '../../scripts/h5wasmPlugin.mjs';

/** Bundles entry points of the project as the build does, into `folder`; gives the URL of the first. */
export async function bundle(folder: string, ...entryPoints: [string, ...string[]]): Promise<URL> {
  const [first] = entryPoints;
  await build({
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    // Packages that ask for parts of Node by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    target: 'node20',
    assetNames: '[name]',
    logLevel: 'error',
    plugins: [h5wasmPlugin()],
  });
  return pathToFileURL(join(folder, (first.split('/').at(-1) ?? '').replace(/\.ts$/, '.mjs')));
}

export function nexusWorkerEntry(): string {
  return join(import.meta.dirname, '../../core/nexus/worker/worker.ts');
}
