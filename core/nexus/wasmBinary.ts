import { readFile } from 'node:fs/promises';
import { cutWasm } from '../../scripts/h5wasmPlugin.mjs';

/**
 * The WebAssembly of the HDF5 library, as h5wasm ships it inside its source.
 * In a bundle, scripts/h5wasmPlugin.mjs puts a version in the place of this file that reads `h5wasm.wasm`.
 */
export async function wasmBinary(): Promise<Uint8Array<ArrayBuffer>> {
  const source = new URL('../../node_modules/h5wasm/dist/node/hdf5_util.js', import.meta.url);
  return cutWasm(await readFile(source, 'utf8')).wasm;
}
