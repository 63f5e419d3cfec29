import { libraryParts } from './libraryParts.ts';
import type * as wasm from './wasmBinary.ts';

export const wasmBinary: typeof wasm.wasmBinary = async () => (await libraryParts()).wasm;
