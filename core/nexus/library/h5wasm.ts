import type { Hdf5Module } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { latin1Text } from '../../hdf5/cursor.ts';
import { budget } from '../../limits/budget.ts';
import { filterFolder } from './filterFolder.ts';
import { filterPlugin } from './filters.ts';
import { NexusError } from '../model.ts';
import { cutShort } from '../nodes.ts';
import { pluginImports } from './pluginImports.ts';
import { chooseCompiler } from './quickCompiler.ts';
import { holdsDamagedHeap } from '../storage/globalHeap.ts';
import type { Reach } from '../storage/reach.ts';
import { readFailure } from '../storage/readFailure.ts';
import { wasmBinary } from './wasmBinary.ts';

/**
 * A value, or why there is none. `reason` is the innermost message of the HDF5 library. `refused` says which file was
 * not opened on the way, and why, whether the library could do without it or not.
 */
export type Outcome<T> = { readonly refused?: string | undefined } & (
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string; readonly crashed: boolean }
);

/** How a file is refused to the library: as its C library says that there is no permission. */
class Refusal extends Error {
  override readonly name = 'ErrnoError';
  readonly errno = 2;
}

/** O_DIRECTORY, as the library looks through the folders of its plug-ins. */
const FOLDER = 65536;

/** Calls that threw leave a few bytes behind in the heap, which never shrinks; after so many we start afresh. */
const MAX_FAILED_CALLS = 200_000;
const MAX_COMPLAINT_BYTES = 64 * 1024;

/** Ends an answer of the library that takes too long: the library looks at the clock whenever it has worked for a while. */
class Clock {
  #until = Infinity;
  #milliseconds = Infinity;
  #late: NexusError | undefined;

  /** @throws NexusError `too-slow` from within whatever `work` is at, and again where that was taken for an answer */
  limit<T>(milliseconds: number, work: () => T): T {
    this.#milliseconds = milliseconds;
    this.#until = performance.now() + milliseconds;
    this.#late = undefined;
    try {
      const answer = work();
      this.#throwIfLate();
      return answer;
    } finally {
      this.#until = Infinity;
    }
  }

  /** Whether an answer must come in time. */
  get isRunning(): boolean {
    return this.#until !== Infinity;
  }

  look(): void {
    if (performance.now() < this.#until) return;
    this.#late ??= new NexusError('too-slow', `There was no answer within ${this.#milliseconds / 1000} s.`);
    this.#throwIfLate();
  }

  #throwIfLate(): void {
    if (this.#late) throw this.#late;
  }
}

/**
 * One instance of the HDF5 library. The library reports errors in three ways (a status, a JavaScript exception, text
 * on file descriptor 2), and h5wasm ignores most of them; `attempt` looks at all three, so that a failed call never
 * passes for an answer.
 */
export class Hdf5 {
  readonly module: Hdf5Module;
  readonly #stackTop: () => number;
  readonly #restoreStack: (top: number) => unknown;
  readonly #clock: Clock;
  readonly #complaints: string[] = [];
  #complaintBytes = 0;
  #failedCalls = 0;
  #crashed = false;
  #opens = 0;
  #reach: Reach | undefined;
  #refused: string | undefined;
  /** Bytes that could not be had, which the library takes for damage. */
  readonly #diskErrors: NexusError[] = [];
  readonly #filters = new Set<string>();

  constructor(module: Hdf5Module, exports: WebAssembly.Exports, clock: Clock) {
    this.module = module;
    this.#clock = clock;
    const top = exports['emscripten_stack_get_current'];
    const restore = exports['_emscripten_stack_restore'];
    if (!isFunction(top) || !isFunction(restore)) throw new Error('h5wasm: no access to its stack');
    this.#stackTop = () => Number(top());
    this.#restoreStack = restore;
    const write = module.FS.write.bind(module.FS);
    module.FS.write = (stream, buffer, offset, length, position) => {
      if (stream.fd !== 2) return write(stream, buffer, offset, length, position);
      if (this.#complaintBytes < MAX_COMPLAINT_BYTES) {
        this.#complaints.push(latin1Text(buffer.slice(offset, offset + length)));
        this.#complaintBytes += length;
      }
      // The C library repeats the write for ever when told that nothing was written.
      return length;
    };
    const read = module.FS.read.bind(module.FS);
    module.FS.read = (stream, buffer, offset, length, position) => {
      if (stream.nfd === undefined || position === undefined) return read(stream, buffer, offset, length, position);
      const bytes = this.#readFile(stream, position, () => read(stream, buffer, offset, length, position));
      if (bytes < 16) return bytes;
      const more = (into: Uint8Array, at: number): number =>
        this.#readFile(stream, at, () => read(stream, into, 0, into.length, at));
      if (holdsDamagedHeap(buffer.subarray(offset, offset + bytes), more, position)) {
        this.#refused ??= 'the heap of its texts or lists is damaged';
        throw new Refusal(this.#refused);
      }
      return bytes;
    };
    const open = module.FS.open.bind(module.FS);
    module.FS.open = (path, flags, mode) => {
      this.#opens += 1;
      const isFilter = [...this.#filters].some((folder) => path.startsWith(folder));
      if (!isFilter && (flags & FOLDER) !== 0) throw new Refusal('no folder');
      const refused = isFilter ? undefined : this.#reach?.refusal(path);
      if (refused !== undefined) {
        this.#refused ??= refused;
        throw new Refusal(refused);
      }
      return open(path, flags, mode);
    };
  }

  /**
   * Lets the library find the plug-in for a filter.
   * @returns false where there is none
   * @throws NexusError `too-slow` where an answer must come in time: a plug-in looks at no clock
   */
  addFilter(id: number): boolean {
    const plugin = filterPlugin(id);
    const folder = plugin === undefined ? undefined : filterFolder(plugin);
    if (folder === undefined) return false;
    if (this.#clock.isRunning) throw new NexusError('too-slow', 'What a plug-in unpacks is read in another thread.');
    if (!this.#filters.has(folder)) this.module.insert_plugin_search_path(folder, 0);
    this.#filters.add(folder);
    return true;
  }

  /** How often the library has opened a file, as it does whenever it follows a link into another one. */
  get opens(): number {
    return this.#opens;
  }

  /** How many calls have failed so far. */
  get failedCalls(): number {
    return this.#failedCalls;
  }

  /**
   * A file was closed of which calls had failed: they leave objects open, and with them the file, so that the library
   * would take what is at its place next for the same file. Others are opened in a new instance.
   */
  retire(): void {
    this.#crashed = true;
  }

  /** False after a crash inside the library: files that are open go on, but new ones want a new instance. */
  get fresh(): boolean {
    return !this.#crashed && this.#failedCalls < MAX_FAILED_CALLS;
  }

  /**
   * Gives the calls of one answer this much time together. Beyond it the library is left in the middle of what it does:
   * files that are open in it should not be asked any more, and new ones want a new instance.
   * @throws NexusError `too-slow`; `file-not-readable` where the disk fails, whatever was made of that
   */
  inTime<T>(milliseconds: number, answer: () => T): T {
    this.#diskErrors.length = 0;
    const throwIfFailed = (): void => {
      const [failed] = this.#diskErrors;
      if (failed !== undefined) throw failed;
    };
    try {
      const found = this.#clock.limit(milliseconds, answer);
      throwIfFailed();
      return found;
    } catch (error) {
      throwIfFailed();
      throw error;
    }
  }

  /** Reads from a file; where that fails, it is kept for `inTime`. */
  #readFile({ fd, path = '' }: { fd: number; path?: string }, at: number, read: () => number): number {
    try {
      const bytes = read();
      // The library takes what is behind the end for zeros.
      if (bytes === 0 && at < this.module.FS.fstat(fd).size) this.#diskErrors.push(cutShort(path));
      return bytes;
    } catch (error) {
      this.#diskErrors.push(readFailure(path));
      throw error;
    }
  }

  /**
   * Runs calls of the library.
   * @param reach which other files it may open on the way
   * @param tolerant the library's complaints alone are not a failure (some calls complain about what does not matter)
   * @throws NexusError `too-slow`, see `inTime`
   */
  attempt<T>(reach: Reach, run: (module: Hdf5Module) => T, tolerant = false): Outcome<T> {
    this.#clock.look();
    this.#complaints.length = 0;
    this.#complaintBytes = 0;
    this.#reach = reach;
    this.#refused = undefined;
    const stack = this.#stackTop();
    try {
      const value = run(this.module);
      if (this.#complaintBytes > 0 && !tolerant)
        return { ok: false, reason: this.#reason(''), crashed: false, refused: this.#refused };
      return { ok: true, value, refused: this.#refused };
    } catch (error) {
      // An exception that passes through WebAssembly leaves the stack pointer where it was thrown.
      this.#restoreStack(stack);
      this.#failedCalls += 1;
      if (error instanceof NexusError) {
        this.#crashed = true;
        throw error;
      }
      const crashed = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
      this.#crashed ||= crashed;
      const message = error instanceof Error ? error.message : String(error);
      const reason = this.#reason(crashed ? 'the HDF5 library crashed' : message);
      return { ok: false, reason, crashed, refused: this.#refused };
    }
  }

  /**
   * The message of the innermost frame of the HDF5 error stack, e.g. `truncated file: eof = 96, …`; the name of a
   * missing filter comes before the attempts to find it.
   */
  #reason(fallback: string): string {
    if (this.#refused !== undefined) return this.#refused;
    const text = this.#complaints.join('');
    const messages = [...text.matchAll(/^ *#\d+: .*? in \w+\(\): (.*)$/gm)].map(([, message]) => message);
    return messages.find((message) => message?.startsWith('required filter')) ?? messages.at(-1) ?? fallback;
  }
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}

let compiling: Promise<WebAssembly.Module> | undefined;
let loading: Promise<Hdf5> | undefined;

/** Compiles the library beside this thread. */
function compileHdf5(): Promise<WebAssembly.Module> {
  return (compiling ??= wasmBinary().then((bytes) => {
    chooseCompiler();
    return WebAssembly.compile(bytes);
  }));
}

async function instantiate(): Promise<Hdf5> {
  const [module, { createModule }] = await Promise.all([compileHdf5(), import('./hdf5Glue.ts')]);
  const clock = new Clock();
  let exports: WebAssembly.Exports = {};
  const loaded = await createModule({
    noInitialRun: true,
    printErr: () => undefined,
    instantiateWasm: (imports, done) => {
      // The library looks there for what plug-ins import.
      Object.assign(
        imports['env'] ?? {},
        pluginImports(
          () => loaded.HEAPU8,
          (bytes) => loaded._malloc(bytes),
        ),
      );
      const instance = new WebAssembly.Instance(module, bounded(imports, clock));
      exports = instance.exports;
      done(instance, module);
    },
  });
  return new Hdf5(loaded, exports, clock);
}

/** What the library imports, so that it ends in time (interruptibleWasm.mjs) and takes no more memory than it may. */
function bounded(imports: WebAssembly.Imports, clock: Clock): WebAssembly.Imports {
  const looking = (name: string): ((...args: unknown[]) => unknown) => {
    const call = imports['wasi_snapshot_preview1']?.[name];
    if (!isFunction(call)) throw new Error(`h5wasm imports no ${name}`);
    return (...args) => {
      clock.look();
      return call(...args);
    };
  };
  const grow = imports['env']?.['emscripten_resize_heap'];
  if (!isFunction(grow)) throw new Error('h5wasm imports no emscripten_resize_heap');
  return {
    ...imports,
    env: {
      ...imports['env'],
      emscripten_date_now: () => {
        clock.look();
        return Date.now();
      },
      emscripten_resize_heap: (bytes: number) => (bytes >>> 0 > budget.nexus.memory ? 0 : grow(bytes)),
    },
    wasi_snapshot_preview1: {
      ...imports['wasi_snapshot_preview1'],
      // Reading again and again takes time without turning many loops.
      fd_read: looking('fd_read'),
      fd_pread: looking('fd_pread'),
    },
  };
}

/** The HDF5 library, loaded at the first call; a new instance after it crashed. */
export async function loadHdf5(): Promise<Hdf5> {
  const current = await loading?.catch(() => undefined);
  if (current?.fresh) return current;
  loading = instantiate();
  return loading;
}
