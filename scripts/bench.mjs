// `npm run bench`: what users wait for, beside what they would use instead. It measures the programs as they are
// shipped, built into a folder of its own. `npm run bench -- --help` lists the options.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { h5wasmPlugin } from './h5wasmPlugin.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache', 'bench');
// Of its own for each run: another that builds meanwhile would change what is measured.
const run = join(cache, `run-${process.pid}`);
const dist = join(run, 'dist');
process.on('exit', () => rmSync(run, { recursive: true, force: true }));

const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--outdir', dist], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

/** Scripts that find what they need beside themselves stay where they are. */
const scriptsInPlace = {
  name: 'scripts-in-place',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/scripts\/online\// }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    })),
};

// What is measured within this program: the same sources, in a bundle of its own. Laid out as the programs are, so that
// it finds the workers.
await build({
  absWorkingDir: root,
  entryPoints: ['main', 'farValue', 'hashFiles', 'ingestFiles'].map((name) => ({
    in: `test/bench/${name}.ts`,
    out: `bench/${name}`,
  })),
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  assetNames: '[name]',
  // Peers are used as they are installed.
  external: ['vscode-json-languageservice', 'yaml-language-server', 'esbuild'],
  plugins: [h5wasmPlugin(), scriptsInPlace],
  logLevel: 'warning',
  banner: {
    js: [
      "import { createRequire as _createRequire } from 'node:module'; import { fileURLToPath as _path } from 'node:url';",
      "const require = _createRequire(import.meta.url); const __filename = _path(import.meta.url); const __dirname = _path(new URL('.', import.meta.url));",
    ].join('\n'),
  },
});

// With this variable every start of Node 20 takes some 30 ms longer, whatever it runs.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const { status } = spawnSync(
  process.execPath,
  ['--expose-gc', join(dist, 'bench', 'main.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...env, IMSC_BENCH_ROOT: root, IMSC_BENCH_DIST: dist } },
);
process.exitCode = status ?? 1;
