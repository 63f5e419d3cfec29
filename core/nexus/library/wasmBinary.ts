import { readFile } from 'node:fs/promises';
import { cutWasm } from './cutWasm.mjs';
import { interruptibleWasm } from './interruptibleWasm.mjs';
import { startedWasm } from './startedWasm.mjs';

/**
 * The WebAssembly of the HDF5 library, which h5wasm ships inside its source, with the library already started,
 * and so that it looks at the clock.
 * In a bundle, scripts/h5wasmPlugin.mjs puts a version in the place of this file that reads `h5wasm.wasm`.
 */
export async function wasmBinary(): Promise<Uint8Array<ArrayBuffer>> {
  const source = new URL('../../../node_modules/h5wasm/dist/node/hdf5_util.js', import.meta.url);
  return interruptibleWasm(await startedWasm(cutWasm(await readFile(source, 'utf8')).wasm));
}
