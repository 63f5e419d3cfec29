import { setFlagsFromString } from 'node:v8';
import createModule from '../../node_modules/h5wasm/dist/node/hdf5_util.js';
import type { Hdf5Module } from '../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { wasmBinary } from './wasmBinary.ts';

/** A value, or why there is none. `reason` is the innermost message of the HDF5 library. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string; readonly crashed: boolean };

/** Calls that threw leave a few bytes behind in the heap, which never shrinks; after so many we start afresh. */
const MAX_FAILED_CALLS = 200_000;
const MAX_COMPLAINT_BYTES = 64 * 1024;

/**
 * One instance of the HDF5 library. The library reports errors in three ways (a status, a JavaScript exception, text
 * on file descriptor 2), and h5wasm ignores most of them; `attempt` looks at all three, so that a failed call never
 * passes for an answer.
 */
export class Hdf5 {
  readonly module: Hdf5Module;
  readonly #stackTop: () => number;
  readonly #restoreStack: (top: number) => unknown;
  readonly #complaints: Buffer[] = [];
  #complaintBytes = 0;
  #failedCalls = 0;
  #crashed = false;
  #opens = 0;

  constructor(module: Hdf5Module, exports: WebAssembly.Exports) {
    this.module = module;
    const top = exports['emscripten_stack_get_current'];
    const restore = exports['_emscripten_stack_restore'];
    if (!isFunction(top) || !isFunction(restore)) throw new Error('h5wasm: no access to its stack');
    this.#stackTop = () => Number(top());
    this.#restoreStack = restore;
    const write = module.FS.write.bind(module.FS);
    module.FS.write = (stream, buffer, offset, length, position) => {
      if (stream.fd !== 2) return write(stream, buffer, offset, length, position);
      if (this.#complaintBytes < MAX_COMPLAINT_BYTES) {
        this.#complaints.push(Buffer.from(buffer.subarray(offset, offset + length)));
        this.#complaintBytes += length;
      }
      // The C library repeats the write for ever when told that nothing was written.
      return length;
    };
    const open = module.FS.open.bind(module.FS);
    module.FS.open = (path, flags, mode) => {
      this.#opens += 1;
      return open(path, flags, mode);
    };
  }

  /** How often the library has opened a file, as it does whenever it follows a link into another one. */
  get opens(): number {
    return this.#opens;
  }

  /** False after a crash inside the library: files that are open go on, but new ones want a new instance. */
  get fresh(): boolean {
    return !this.#crashed && this.#failedCalls < MAX_FAILED_CALLS;
  }

  /**
   * Runs calls of the library.
   * @param tolerant the library's complaints alone are no failure (some calls complain about what does not matter)
   */
  attempt<T>(run: (module: Hdf5Module) => T, tolerant = false): Outcome<T> {
    this.#complaints.length = 0;
    this.#complaintBytes = 0;
    const stack = this.#stackTop();
    try {
      const value = run(this.module);
      if (this.#complaintBytes > 0 && !tolerant) return { ok: false, reason: this.#reason(''), crashed: false };
      return { ok: true, value };
    } catch (error) {
      // An exception that passes through WebAssembly leaves the stack pointer where it was thrown.
      this.#restoreStack(stack);
      this.#failedCalls += 1;
      const crashed = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
      this.#crashed ||= crashed;
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, reason: this.#reason(crashed ? 'the HDF5 library crashed' : message), crashed };
    }
  }

  /**
   * The message of the innermost frame of the HDF5 error stack, e.g. `truncated file: eof = 96, …`; the name of a
   * missing filter comes before the attempts to find it.
   */
  #reason(fallback: string): string {
    const text = Buffer.concat(this.#complaints).toString('latin1');
    const messages = [...text.matchAll(/^ *#\d+: .*? in \w+\(\): (.*)$/gm)].map(([, message]) => message);
    return messages.find((message) => message?.startsWith('required filter')) ?? messages.at(-1) ?? fallback;
  }
}

function isFunction(value: unknown): value is (...args: number[]) => unknown {
  return typeof value === 'function';
}

let compiling: Promise<WebAssembly.Module> | undefined;
let loading: Promise<Hdf5> | undefined;

/** Compiles the library beside this thread. */
function compileHdf5(): Promise<WebAssembly.Module> {
  return (compiling ??= wasmBinary().then((bytes) => WebAssembly.compile(bytes)));
}

async function instantiate(): Promise<Hdf5> {
  const module = await compileHdf5();
  let exports: WebAssembly.Exports = {};
  const loaded = await createModule({
    noInitialRun: true,
    printErr: () => undefined,
    instantiateWasm: (imports, done) => {
      const instance = new WebAssembly.Instance(module, imports);
      exports = instance.exports;
      done(instance, module);
    },
  });
  return new Hdf5(loaded, exports);
}

/** The HDF5 library, loaded at the first call; a new instance after it crashed. */
export async function loadHdf5(): Promise<Hdf5> {
  const current = await loading?.catch(() => undefined);
  if (current?.fresh) return current;
  loading = instantiate();
  return loading;
}

/**
 * Before anything else of this file, where somebody waits for the first answer: compile fast instead of well, in all
 * threads of the process. Saves about a third of the processor time of a run that reads one small file, and costs a
 * fifth in long walks.
 */
export function preferQuickStart(): void {
  setFlagsFromString('--liftoff-only');
  setFlagsFromString('--wasm-lazy-validation');
  // Whoever loads the library will meet the error.
  compileHdf5().catch(() => undefined);
}
