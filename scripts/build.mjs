// Builds everything that is shipped into dist/: the extension, the language server, the command line and the workers.
// `--watch` builds again whenever a source changes; `--outdir FOLDER` builds elsewhere.
import { readFileSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { h5wasmPlugin } from './h5wasmPlugin.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const watch = process.argv.includes('--watch');
const outdirAt = process.argv.indexOf('--outdir') + 1;
const outdir = resolve(root, (outdirAt > 0 && process.argv[outdirAt]) || 'dist');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  outbase: '.',
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: !watch,
  sourcemap: watch,
  logLevel: 'warning',
};

/** The extension host loads the client by require, also in editions of VS Code that know no ESM extensions. */
const commonJs = { ...common, format: 'cjs', outExtension: { '.js': '.cjs' } };

/** The library that speaks with the language server is most of the client and is loaded after the activation. */
const library = 'vscode-languageclient/node';
const clients = [
  {
    ...commonJs,
    entryPoints: ['client/extension.ts'],
    alias: { [library]: './languageClient.cjs' },
    external: ['vscode', './languageClient.cjs'],
  },
  { ...commonJs, entryPoints: [{ in: library, out: 'client/languageClient' }], external: ['vscode'] },
];

/** What runs inside the preview, which is a web page. */
const page = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  entryPoints: [
    { in: 'client/preview/webview/preview.ts', out: 'client/preview' },
    { in: 'client/preview/webview/preview.css', out: 'client/preview' },
  ],
};

const modules = {
  ...common,
  format: 'esm',
  // jsonc-parser: its CommonJS edition requires its own files in a way that no bundler sees.
  mainFields: ['module', 'main'],
  assetNames: '[name]',
  plugins: [h5wasmPlugin()],
  // The same code as ES modules: half as long to load as its CommonJS edition for Node.
  alias: { yaml: resolve(root, 'node_modules/yaml/browser/dist/index.js') },
  // Some bundled packages are CommonJS: they call require for modules of Node, and ask where they lie.
  banner: {
    js: [
      "import { createRequire } from 'node:module'; import { fileURLToPath as _path } from 'node:url';",
      "const require = createRequire(import.meta.url); const __filename = _path(import.meta.url); const __dirname = _path(new URL('.', import.meta.url));",
    ].join('\n'),
  },
};

/**
 * What somebody waits for is one file each, because each further file takes a millisecond to load, and CommonJS, which
 * Node starts sooner: the language server, the workers, and the command line with all that an ingestion needs. The other
 * commands are programs of their own: they share no classes with it, only their name and arguments. All lie exactly one
 * folder below dist/, so that `new URL('../workers/nexus.cjs', import.meta.url)` is right in whichever file it ends up.
 */
const server = { in: 'server/main.ts', out: 'server/main' };
const others = [...readFileSync(`${root}/cli/commands.ts`, 'utf8').matchAll(/import\('\.\/commands\/(\w+)\.ts'\)/g)]
  .map(([, name]) => name)
  .filter((name, index, names) => !['ingest', 'lsp'].includes(name) && names.indexOf(name) === index)
  .map((name) => ({ in: `cli/commands/${name}.ts`, out: `cli/${name}` }));
const unverified = { in: 'core/scicat/unverifiedFetch.ts', out: 'cli/unverifiedFetch' };

/** Large, seldom needed, and functions alone: loaded when one of them is called, because the source of every program
 * is read through at its start (3 ms for each 100 kB). */
const seldom = ['core/imsc/composeYaml.ts', 'core/scicat/luxonDateTime.ts'];
const ownPrograms = {
  name: 'programs of their own',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      const found = [...others, unverified].find((program) => resolve(root, program.in) === file);
      if (kind === 'dynamic-import' && found) return { path: `../${found.out}.js`, external: true };
      if (kind === 'entry-point') return undefined;
      if (resolve(root, server.in) === file) return { path: file, namespace: 'server' };
      return seldom.some((name) => resolve(root, name) === file) ? { path: file, namespace: 'seldom' } : undefined;
    });
    onResolve({ filter: /\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'seldom' }, ({ path }) => {
      const program = `../cli/${basename(path, '.ts')}.cjs`;
      const names = [...readFileSync(path, 'utf8').matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
      return {
        contents: names
          .map((name) => `export const ${name} = (...all) => require('${program}').${name}(...all);`)
          .join('\n'),
        loader: 'js',
      };
    });
    onLoad({ filter: /.*/, namespace: 'server' }, () => ({
      contents: `require('../${server.out}.cjs');`,
      loader: 'js',
    }));
    // Nothing but the version is asked of it.
    onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
const inOneFile = {
  ...commonJs,
  entryPoints: [
    { in: 'cli/main.ts', out: 'cli/main' },
    server,
    { in: 'core/nexus/worker.ts', out: 'workers/nexus' },
    { in: 'core/ingest/checksumWorker.ts', out: 'workers/checksum' },
    ...seldom.map((name) => ({ in: name, out: `cli/${basename(name, '.ts')}` })),
  ],
  mainFields: modules.mainFields,
  assetNames: modules.assetNames,
  alias: modules.alias,
  define: { 'import.meta.url': '_url' },
  banner: { js: "const _url = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [ownPrograms, ...modules.plugins],
};

/** One build, so that what the programs share is shipped once and loaded when it is needed. */
const node = {
  ...modules,
  entryPoints: [...others, unverified],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
};

const builds = [...clients, page, inOneFile, node];
rmSync(outdir, { recursive: true, force: true });
if (watch) {
  for (const options of builds) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  // esbuild has printed what is wrong by the time it rejects.
  await Promise.all(builds.map((options) => build(options))).catch(() => {
    process.exitCode = 1;
  });
}
