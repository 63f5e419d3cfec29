import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { interruptibleWasm } from './interruptibleWasm.mjs';
import { startedWasm } from './startedWasm.mjs';

/**
 * h5wasm keeps its WebAssembly as a JavaScript string of 3.6 million characters, which every start has to parse and
 * decode. This esbuild plugin cuts the string out and ships the bytes as `h5wasm.wasm` beside the bundle
 * (set esbuild's `assetNames: '[name]'` for that plain name), with the library already started in them, and so that it
 * looks at the clock from time to time.
 */

const CALL = 'return binaryDecode(';

/**
 * Splits the text of h5wasm's `dist/node/hdf5_util.js`.
 * @param {string} source
 * @returns {{ source: string, wasm: Uint8Array<ArrayBuffer> }} the text without the literal, and the bytes it stood for
 */
export function cutWasm(source) {
  const start = source.indexOf(CALL);
  const quote = source[start + CALL.length];
  if (start < 0 || (quote !== "'" && quote !== '"')) {
    throw new Error('h5wasm no longer keeps its wasm as a string: scripts/h5wasmPlugin.mjs has to be adapted');
  }
  const first = start + CALL.length;
  let end = first + 1;
  for (; source[end] !== quote; end += 1) {
    if (source[end] === '\\') end += 1;
    if (end >= source.length) throw new Error('h5wasm: the wasm literal has no end');
  }
  const text = new Function(`return ${source.slice(first, end + 1)}`)();
  const wasm = new Uint8Array(text.length);
  // The inverse of emscripten's encoding: 0 is written as U+0100, every other byte as itself.
  for (let index = 0; index < text.length; index += 1) wasm[index] = text.charCodeAt(index) & 0xff;
  if (wasm[0] !== 0 || wasm[1] !== 0x61 || wasm[2] !== 0x73 || wasm[3] !== 0x6d) {
    throw new Error('h5wasm: what was cut out is no WebAssembly');
  }
  return {
    source: `${source.slice(0, start)}throw new Error("wasm is a file of its own")${source.slice(end + 2)}`,
    wasm,
  };
}

/** The plug-ins that core/nexus/library/filters.ts names. */
function filterPlugins() {
  const table = readFileSync(new URL('../core/nexus/library/filters.ts', import.meta.url), 'utf8');
  return [...table.matchAll(/^ {2}\d+: \['[^']+', '(\w+)'\]/gm)].map(([, plugin]) => plugin);
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
      build.onEnd(({ metafile }) => {
        for (const plugin of filterPlugins()) {
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
