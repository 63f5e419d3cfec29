import { readFileSync } from 'node:fs';
import { cutWasm } from '../../scripts/h5wasmPlugin.mjs';

/**
 * The WebAssembly of the HDF5 library, as h5wasm ships it inside its source.
 * In a bundle, scripts/h5wasmPlugin.mjs puts a version in the place of this file that reads `h5wasm.wasm`.
 */
export function wasmBinary(): Uint8Array<ArrayBuffer> {
  const source = new URL('../../node_modules/h5wasm/dist/node/hdf5_util.js', import.meta.url);
  return cutWasm(readFileSync(source, 'utf8')).wasm;
}
