import type { Plugin } from 'esbuild';

export function h5wasmPlugin(): Plugin;
