import { readFile } from 'node:fs/promises';
import { withUtf8Names } from '../core/packages/archives/utf8Names.mjs';

/**
 * Ships the WebAssembly of libarchive, with all letters of names, as `libarchive.wasm` beside the bundle (set esbuild's `assetNames: '[name]'` for
 * that plain name).
 * @returns {import('esbuild').Plugin}
 */
export function libarchivePlugin() {
  return {
    name: 'libarchive',
    setup(build) {
      build.onLoad({ filter: /archives[\\/]libarchiveBinary\.ts$/ }, ({ path }) => ({
        contents: `
          import { readFile } from 'node:fs/promises';
          import wasmFile from 'libarchive-wasm/dist/libarchive.wasm';
          export const libarchiveBinary = () => readFile(new URL(wasmFile, import.meta.url));`,
        loader: 'js',
        resolveDir: path.replace(/[\\/][^\\/]*$/, ''),
      }));
      build.onLoad({ filter: /libarchive-wasm[\\/]dist[\\/]libarchive\.wasm$/ }, async ({ path }) => {
        return { contents: withUtf8Names(await readFile(path)), loader: 'file' };
      });
    },
  };
}
