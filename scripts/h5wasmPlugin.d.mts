import type { Plugin } from 'esbuild';

export function cutWasm(source: string): { source: string; wasm: Uint8Array<ArrayBuffer> };
export function h5wasmPlugin(): Plugin;
