import { NexusError } from '../model.ts';

/** In a browser: what the HDF5 library is made of. Nobody fetches it before the first file that needs it. */
export interface LibraryParts {
  /** The text of the program that speaks with the WebAssembly, `dist/web/hdf5Glue.js`. */
  readonly glue: Uint8Array<ArrayBuffer>;
  /** The WebAssembly, `dist/h5wasm.wasm`: the same file that Node loads. */
  readonly wasm: Uint8Array<ArrayBuffer>;
}

let fetchParts: (() => Promise<LibraryParts>) | undefined;
let parts: Promise<LibraryParts> | undefined;

/** Says who has the parts, before anybody asks. */
export function setLibraryParts(fetch: () => Promise<LibraryParts>): void {
  fetchParts = fetch;
}

/** Fetched once; where that fails, again for the next file. @throws NexusError */
export function libraryParts(): Promise<LibraryParts> {
  if (fetchParts === undefined) throw new Error('The HDF5 library cannot be had here');
  parts ??= fetchParts().catch((error: unknown) => {
    parts = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new NexusError('unreadable-data', `The HDF5 library, which this needs, could not be loaded: ${reason}.`);
  });
  return parts;
}
