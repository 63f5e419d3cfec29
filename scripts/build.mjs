// Builds everything that is shipped into dist/: the extension, the language server, the command line and the workers.
// `--watch` builds again whenever a source changes; `--outdir FOLDER` builds elsewhere.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { keepCompiledCode } from './compiledCode.mjs';
import { h5wasmInBrowser, h5wasmPlugin } from './h5wasmPlugin.mjs';
import { libarchivePlugin } from './libarchivePlugin.mjs';
import { writeNotices } from './notices.mjs';

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

/**
 * What Node runs. Each program is one file, because each further file takes a millisecond to load, and CommonJS, which
 * Node starts sooner than ES modules. All lie exactly one folder below dist/, so that
 * `new URL('../workers/nexus.cjs', import.meta.url)` is right in whichever file it ends up.
 */
const programs = [
  { in: 'cli/main.ts', out: 'cli/main' },
  { in: 'server/main.ts', out: 'server/main' },
  { in: 'core/nexus/worker/worker.ts', out: 'workers/nexus' },
  { in: 'core/files/checksumWorker.ts', out: 'workers/checksum' },
  { in: 'core/ingest/trial/schemaDiffWorker.ts', out: 'workers/schemaDiff' },
  { in: 'core/files/arriving/arrivingWorker.ts', out: 'workers/arriving' },
];

/**
 * The source of a program is read through at its start (3 ms for each 100 kB). So what is large and not needed each time
 * is a file of its own, `later/…`: modules that begin with the directive 'load later'. Where one is imported by
 * `import()`, it is loaded then; where by an import statement, when one of its functions is called, and it exports
 * nothing else. They share no classes with the program.
 */
const isLater = (file) => readFileSync(file, 'utf8').startsWith("'load later';");
const marked = ['cli', 'core', 'gateway', 'sandbox', 'server']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)))
  .filter((name) => name.endsWith('.ts') && isLater(join(root, name)))
  .map((name) => name.replaceAll('\\', '/'));
const fileOf = (module) => programs.find((program) => program.in === module)?.out ?? `later/${basename(module, '.ts')}`;
const isApart = new Set([...programs.map((program) => program.in), ...marked]);

/** The names of what a module exports, types left out. */
async function exportsOf(module) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [module],
    format: 'esm',
    bundle: false,
    write: false,
    metafile: true,
    outdir,
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}

const later = {
  name: 'later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const module = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/');
      if (!isApart.has(module)) return undefined;
      if (kind === 'dynamic-import') return { path: module, namespace: 'when imported' };
      return kind === 'import-statement' ? { path: module, namespace: 'when called' } : undefined;
    });
    onResolve({ filter: /\.cjs$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'when imported' }, ({ path }) => ({
      contents: `module.exports = require('../${fileOf(path)}.cjs');`,
    }));
    onLoad({ filter: /.*/, namespace: 'when called' }, async ({ path }) => {
      const load = `require('../${fileOf(path)}.cjs')`;
      const names = await exportsOf(path);
      return {
        contents: names.map((name) => `export const ${name} = (...all) => ${load}.${name}(...all);`).join('\n'),
      };
    });
    // Commander asks for it as soon as it is loaded (2 ms), and uses it for commands that are programs of their own.
    onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'not used' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'not used' }, () => ({ contents: 'module.exports = {};' }));
    // Nothing but the version is asked of it.
    onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/**
 * The library that speaks the protocol is a file of its own: what V8 needs to read a source through stays with the
 * process, 8 kB for each kB of the largest file. And its names are taken out of it once, because esbuild copies all 330
 * for each file that imports one, by a getter each: 4 MB for the server.
 */
const languageServer = { in: 'vscode-languageserver/node', out: 'later/languageServer' };
const once = {
  name: 'once',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^vscode-languageserver(\/node)?$/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'once' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'once' }, async () => {
      const names = Object.keys((await import(languageServer.in)).default);
      return { contents: `export const { ${names.join(', ')} } = require('../${languageServer.out}.cjs');` };
    });
  },
};

const node = {
  ...commonJs,
  entryPoints: [languageServer, ...[...isApart].map((module) => ({ in: module, out: fileOf(module) }))],
  // jsonc-parser: its CommonJS edition requires its own files in a way that no bundler sees.
  mainFields: ['module', 'main'],
  assetNames: '[name]',
  // The same code as ES modules: half as long to load as its CommonJS edition for Node.
  alias: { yaml: resolve(root, 'node_modules/yaml/browser/dist/index.js') },
  define: { 'import.meta.url': '_url' },
  banner: { js: "const _url = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [later, once, h5wasmPlugin(), libarchivePlugin()],
};

/**
 * What a browser runs: of a file `x.ts` that has a half for browsers beside it, `x.browser.ts`, that is taken. Of Node's
 * own modules a browser has one, `node:path`, from a package; any other makes the build fail.
 */
const halves = {
  name: 'halves',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir }) => {
      const half = resolve(resolveDir, path).replace(/\.ts$/, '.browser.ts');
      return existsSync(half) ? { path: half } : undefined;
    });
  },
};
const web = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  entryPoints: [
    { in: 'server/browser/server.ts', out: 'web/server' },
    { in: 'server/browser/reader.ts', out: 'web/reader' },
    { in: 'server/browser/hdf5Glue.ts', out: 'web/hdf5Glue' },
    { in: 'client/nexusPage/webview/page.ts', out: 'web/nexusPage' },
  ],
  mainFields: ['module', 'main'],
  alias: { ...node.alias, 'node:path': 'path-browserify' },
  inject: ['scripts/browserProcess.mjs'],
  plugins: [halves, h5wasmInBrowser()],
};

const webClient = {
  ...web,
  format: 'cjs',
  // VS Code takes what ends in .js for a module, because the package is one.
  outExtension: { '.js': '.cjs' },
  entryPoints: [{ in: 'client/extension.ts', out: 'web/extension' }],
  external: ['vscode'],
};

/**
 * A source with one character beyond Latin-1 takes two bytes for each of its characters for as long as the program runs.
 * esbuild leaves such characters in regular expressions alone, where they may be written as `\u…`, too.
 */
function writeInOneByte(outputs) {
  for (const file of outputs.filter((name) => /\.c?js$/.test(name)).map((name) => resolve(root, name))) {
    const source = readFileSync(file, 'utf8');
    const escaped = source.replace(/\\[\s\S]|[\u0080-\uffff]/g, (found) => {
      const unit = found.charCodeAt(found.length - 1);
      return unit < 0x80 ? found : `\\u${unit.toString(16).padStart(4, '0')}`;
    });
    if (escaped !== source) writeFileSync(file, escaped);
  }
}

const builds = [...clients, page, node, web, webClient];
rmSync(outdir, { recursive: true, force: true });
if (watch) {
  for (const options of builds) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  // esbuild has printed what is wrong by the time it rejects.
  const made = await Promise.all(builds.map((options) => build({ ...options, metafile: true }))).catch(() => undefined);
  if (made === undefined) process.exitCode = 1;
  else {
    writeInOneByte(made.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
    writeNotices(
      made.map(({ metafile }) => metafile),
      outdir,
    );
    await keepCompiledCode(outdir);
  }
}
