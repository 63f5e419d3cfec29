/**
 * The HDF5 library takes 25 ms to start, most of it for a table of type conversions that is the same every time. So it
 * is started once, when it is built in, and what is then in its memory becomes the contents that its memory begins
 * with: at run time the library finds itself started.
 */
import createModule from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { readUnsigned, section, signed, unsigned } from './wasmFormat.mjs';

/** Sections of a WebAssembly module, by their numbers. */
const DATA = 11;
const DATA_COUNT = 12;
/** Zeros between two pieces of memory that are cheaper to write out than another piece. */
const MAX_GAP = 64;

/**
 * @param {Uint8Array<ArrayBuffer>} wasm h5wasm's binary
 * @returns {Promise<Uint8Array>} the same with other initial contents of its memory
 */
export async function startedWasm(wasm) {
  const module = new WebAssembly.Module(wasm);
  /** @type {{ exports: WebAssembly.Exports, bytes: number, stack: number } | undefined} */
  let before;
  await createModule({
    noInitialRun: true,
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(module, imports);
      const { exports } = instance;
      before = { exports, bytes: exports.memory.buffer.byteLength, stack: exports.__stack_pointer.value };
      done(instance, module);
    },
  });
  const { exports, bytes, stack } = before;
  const memory = new Uint8Array(exports.memory.buffer);
  if (memory.length !== bytes || exports.__stack_pointer.value !== stack) {
    throw new Error(
      'h5wasm no longer starts within its first memory: core/nexus/library/startedWasm.mjs has to be adapted',
    );
  }
  // Left behind by calls that have returned.
  memory.fill(0, exports.emscripten_stack_get_end(), exports.emscripten_stack_get_base());
  return withData(wasm, memory, pieces(memory));
}

/**
 * Where the memory is not zero.
 * @param {Uint8Array} memory
 * @returns {[start: number, end: number][]}
 */
function pieces(memory) {
  const found = [];
  for (let at = 0; at < memory.length; at += 1) {
    if (memory[at] === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && at - last[1] <= MAX_GAP) last[1] = at + 1;
    else found.push([at, at + 1]);
  }
  return found;
}

/** The binary with these pieces of memory as its data. */
function withData(wasm, memory, found) {
  const data = Buffer.concat([
    unsigned(found.length),
    ...found.flatMap(([start, end]) => [
      // Of memory 0, at a constant address: i32.const, end.
      Buffer.from([0, 0x41]),
      signed(start),
      Buffer.from([0x0b]),
      unsigned(end - start),
      memory.subarray(start, end),
    ]),
  ]);
  const sections = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length;) {
    const [length, content] = readUnsigned(wasm, at + 1);
    const id = wasm[at];
    if (id === DATA) sections.push(section(DATA, [data]));
    else if (id === DATA_COUNT) sections.push(section(DATA_COUNT, [unsigned(found.length)]));
    else sections.push(wasm.subarray(at, content + length));
    at = content + length;
  }
  return Buffer.concat(sections);
}
