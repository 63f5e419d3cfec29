const CALL = 'return binaryDecode(';

/**
 * Splits the text of h5wasm's `dist/node/hdf5_util.js`.
 * @param {string} source
 * @returns {{ source: string, wasm: Uint8Array<ArrayBuffer> }} the text without the literal, and the bytes it stood for
 */
export function cutWasm(source) {
  const start = source.indexOf(CALL);
  const quote = source[start + CALL.length];
  if (start < 0 || (quote !== "'" && quote !== '"')) {
    throw new Error('h5wasm no longer keeps its wasm as a string: core/nexus/library/cutWasm.mjs has to be adapted');
  }
  const first = start + CALL.length;
  let end = first + 1;
  for (; source[end] !== quote; end += 1) {
    if (source[end] === '\\') end += 1;
    if (end >= source.length) throw new Error('h5wasm: the wasm literal has no end');
  }
  const text = new Function(`return ${source.slice(first, end + 1)}`)();
  const wasm = new Uint8Array(text.length);
  // The inverse of emscripten's encoding: 0 is written as U+0100, every other byte as itself.
  for (let index = 0; index < text.length; index += 1) wasm[index] = text.charCodeAt(index) & 0xff;
  if (wasm[0] !== 0 || wasm[1] !== 0x61 || wasm[2] !== 0x73 || wasm[3] !== 0x6d) {
    throw new Error('h5wasm: what was cut out is not WebAssembly');
  }
  return {
    source: `${source.slice(0, start)}throw new Error("wasm is a file of its own")${source.slice(end + 2)}`,
    wasm,
  };
}
