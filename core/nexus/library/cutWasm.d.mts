export function cutWasm(source: string): { source: string; wasm: Uint8Array<ArrayBuffer> };
