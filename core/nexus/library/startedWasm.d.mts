export function startedWasm(wasm: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
