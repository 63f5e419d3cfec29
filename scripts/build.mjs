// Builds everything that is shipped into dist/: the extension, the language server, the command line and the workers.
// `--watch` builds again whenever a source changes.
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const watch = process.argv.includes('--watch');

/** Programs and workers; each keeps its place below dist/, so that core/nexus/worker.ts is dist/core/nexus/worker.js. */
const programs = ['cli/main.ts', 'server/main.ts', 'core/nexus/worker.ts', 'core/ingest/checksumWorker.ts'];

const existing = (entries) => entries.filter((entry) => existsSync(`${root}/${entry}`));
const plugins = existsSync(`${root}/scripts/h5wasmPlugin.mjs`)
  ? [(await import('./h5wasmPlugin.mjs')).h5wasmPlugin({ outdir: `${root}/dist` })]
  : [];

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outbase: '.',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: !watch,
  sourcemap: watch,
  logLevel: 'warning',
};

/** The extension host loads the client by require, also in editions of VS Code that know no ESM extensions. */
const client = {
  ...common,
  entryPoints: existing(['client/extension.ts']),
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
};

/** One build, so that what the programs share is shipped once and loaded when it is needed. */
const node = {
  ...common,
  entryPoints: existing(programs),
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins,
  // Some bundled packages are CommonJS and call require for modules of Node.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};

const builds = [client, node].filter(({ entryPoints }) => entryPoints.length > 0);
rmSync(`${root}/dist`, { recursive: true, force: true });
if (watch) {
  for (const options of builds) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  // esbuild has printed what is wrong by the time it rejects.
  await Promise.all(builds.map((options) => build(options))).catch(() => {
    process.exitCode = 1;
  });
}
