import { readFile } from 'node:fs/promises';
import { withUtf8Names } from './utf8Names.mjs';

/**
 * The WebAssembly of libarchive, with all letters of names. In a bundle, scripts/libarchivePlugin.mjs puts a version in the place of this file that
 * reads `libarchive.wasm`.
 */
export async function libarchiveBinary(): Promise<Uint8Array> {
  const source = new URL('../../../node_modules/libarchive-wasm/dist/libarchive.wasm', import.meta.url);
  return withUtf8Names(await readFile(source));
}
