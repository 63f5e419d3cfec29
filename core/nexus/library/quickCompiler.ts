import { setFlagsFromString } from 'node:v8';

let isPreferred = false;

/** Should the HDF5 library be needed, it is compiled fast instead of well, in all threads of the process. */
export function preferQuickCompiler(): void {
  isPreferred = true;
}

/**
 * Tells V8, before it compiles the library. Not earlier: code of the program that was compiled when it was built is
 * refused under other flags than those that it was compiled with.
 */
export function chooseCompiler(): void {
  if (!isPreferred) return;
  setFlagsFromString('--liftoff-only');
  setFlagsFromString('--wasm-lazy-validation');
}
