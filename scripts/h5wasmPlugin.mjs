import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { cutWasm } from '../core/nexus/library/cutWasm.mjs';
import { interruptibleWasm } from '../core/nexus/library/interruptibleWasm.mjs';
import { startedWasm } from '../core/nexus/library/startedWasm.mjs';

/**
 * h5wasm keeps its WebAssembly as a JavaScript string of 3.6 million characters, which every start has to parse and
 * decode. This esbuild plugin cuts the string out and ships the bytes as `h5wasm.wasm` beside the bundle
 * (set esbuild's `assetNames: '[name]'` for that plain name), with the library already started in them, and so that it
 * looks at the clock from time to time.
 */

/** The plug-ins that are shipped, from the table of filters itself. */
async function shippedPlugins() {
  const table = fileURLToPath(new URL('../core/nexus/library/filters.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [table],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
  });
  const { filterPlugins } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return filterPlugins;
}

/** Each into a folder of its own, because the library loads all that it finds on its way to the right one. */
function copyFilter(plugin, outdir) {
  const name = `libH5Z${plugin}.so`;
  const folder = join(outdir, 'filters', plugin);
  mkdirSync(folder, { recursive: true });
  const source = `node_modules/h5wasm-plugins/plugins/${name}`;
  copyFileSync(new URL(`../${source}`, import.meta.url), join(folder, name));
  return source;
}

/**
 * What of Node the JavaScript of the library takes, and where a browser has it from. The disk comes with the options
 * (core/nexus/library/libraryDisk.browser.ts).
 */
const inBrowser = [
  // It asks each browser for its version, because it was made for Node alone.
  [
    /^(async function Module\(moduleArg=\{\}\)\{var moduleRtn;)\(function\(\)\{function humanReadable.*?\}\)\(\);(?=var Module=moduleArg)/s,
    '$1',
  ],
  [
    'const{createRequire}=await import("module");var require=createRequire(import.meta.url)',
    `var require=(name)=>({
      fs:moduleArg.disk,
      path:nodePath_,
      url:{fileURLToPath:(address)=>address},
      crypto:{randomFillSync:(view)=>globalThis.crypto.getRandomValues(view)},
    })[name];
    var process={argv:[],env:{},platform:"browser",cwd:()=>"/",binding:()=>({fs:{O_RDONLY:0}})};`,
  ],
  ['var _scriptName=import.meta.url', 'var _scriptName=""'],
];

/**
 * The same JavaScript for a browser; the WebAssembly is that of `h5wasmPlugin`.
 * @returns {import('esbuild').Plugin}
 */
export function h5wasmInBrowser() {
  return {
    name: 'h5wasm in a browser',
    setup(build) {
      build.onLoad({ filter: /h5wasm[\\/]dist[\\/]node[\\/]hdf5_util\.js$/ }, async ({ path }) => {
        const { readFile } = await import('node:fs/promises');
        let { source } = cutWasm(await readFile(path, 'utf8'));
        for (const [node, browser] of inBrowser) {
          const before = source;
          source = source.replace(node, typeof node === 'string' ? () => browser : browser);
          if (source === before)
            throw new Error(`h5wasm has no ${node} any more: scripts/h5wasmPlugin.mjs has to be adapted`);
        }
        return { contents: `import nodePath_ from 'path-browserify';\n${source}`, loader: 'js' };
      });
    },
  };
}

/** @returns {import('esbuild').Plugin} */
export function h5wasmPlugin() {
  return {
    name: 'h5wasm',
    setup(build) {
      let cut;
      const load = async (path) => {
        const { readFile } = await import('node:fs/promises');
        cut ??= readFile(path, 'utf8').then(cutWasm);
        return cut;
      };
      build.onLoad({ filter: /h5wasm[\\/]dist[\\/]node[\\/]hdf5_util\.js$/ }, async ({ path }) => ({
        contents: (await load(path)).source,
        loader: 'js',
      }));
      build.onLoad({ filter: /nexus[\\/]library[\\/]wasmBinary\.ts$/ }, () => ({
        contents: `
          import { readFile } from 'node:fs/promises';
          import wasmFile from 'virtual:h5wasm.wasm';
          export const wasmBinary = () => readFile(new URL(wasmFile, import.meta.url));`,
        loader: 'js',
      }));
      build.onLoad({ filter: /nexus[\\/]library[\\/]filterFolder\.ts$/ }, () => ({
        contents: `
          import { fileURLToPath } from 'node:url';
          import wasmFile from 'virtual:h5wasm.wasm';
          const beside = new URL(wasmFile, import.meta.url);
          export const filterFolder = (plugin) => fileURLToPath(new URL('filters/' + plugin + '/', beside));`,
        loader: 'js',
      }));
      build.onEnd(async ({ metafile }) => {
        for (const plugin of await shippedPlugins()) {
          const source = copyFilter(plugin, build.initialOptions.outdir);
          if (metafile === undefined) continue;
          // What is copied belongs to the account of what was taken.
          metafile.inputs[source] = { bytes: 0, imports: [] };
          const inputs = { [source]: { bytesInOutput: 0 } };
          metafile.outputs[`filters/${plugin}`] = { bytes: 0, exports: [], imports: [], inputs };
        }
      });
      build.onResolve({ filter: /^virtual:h5wasm\.wasm$/ }, async () => {
        const { fileURLToPath } = await import('node:url');
        const source = new URL('../node_modules/h5wasm/dist/node/hdf5_util.js', import.meta.url);
        return { path: 'h5wasm.wasm', namespace: 'h5wasm', pluginData: fileURLToPath(source) };
      });
      build.onLoad({ filter: /.*/, namespace: 'h5wasm' }, async ({ pluginData }) => ({
        contents: interruptibleWasm(await startedWasm((await load(pluginData)).wasm)),
        loader: 'file',
      }));
    },
  };
}
