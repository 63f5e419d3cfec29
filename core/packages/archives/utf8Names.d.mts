export function withUtf8Names(wasm: Uint8Array): Buffer;
