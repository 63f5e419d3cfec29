export function interruptibleWasm(wasm: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
