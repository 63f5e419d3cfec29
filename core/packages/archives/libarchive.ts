'load later';
import { open } from 'node:fs/promises';
import { libarchiveWasm } from 'libarchive-wasm';
import { libarchiveBinary } from './libarchiveBinary.ts';

/** A member, as libarchive tells of it. */
export interface LibarchiveMember {
  readonly name: string;
  /** The type of the file in its rights, as Unix has it: 0o100000 for a file. */
  readonly type: number;
  readonly size: number;
}

/** An archive that libarchive reads. */
export interface Libarchive {
  /** The next member; undefined behind the last one. @throws Error with what libarchive says */
  next(): LibarchiveMember | undefined;
  /** The next bytes of its content; none at its end. @throws Error with what libarchive says */
  read(): Uint8Array;
  close(): void;
}

/** What of Emscripten's module is needed; its own types say nothing. */
interface Memory {
  readonly HEAPU8: Uint8Array;
  readonly _malloc: (size: number) => number;
  readonly _free: (pointer: number) => void;
}

function isMemory(module: unknown): module is Memory {
  return (
    typeof module === 'object' &&
    module !== null &&
    ['HEAPU8', '_malloc', '_free'].every((name) => Object.hasOwn(module, name))
  );
}

const pieceBytes = 256 * 1024;

/**
 * Opens an archive, which is read into the memory of libarchive as a whole.
 * @throws Error where there is too little memory; what the system says of the file
 */
export async function openLibarchive(file: string): Promise<Libarchive> {
  const library = await libarchiveWasm({ wasmBinary: await libarchiveBinary() });
  const memory: unknown = library.module;
  if (!isMemory(memory)) throw new Error('libarchive has another form than expected.');
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const whole = allocated(memory, size);
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(memory.HEAPU8, whole + at, Math.min(pieceBytes, size - at), at);
      if (bytesRead === 0) throw new Error('the file became shorter while it was read');
      at += bytesRead;
    }
    const piece = allocated(memory, pieceBytes);
    const archive = library.read_new_memory(whole, size);
    return {
      next: () => {
        const entry = library.read_next_entry(archive);
        if (entry !== 0)
          return {
            name: library.entry_pathname(entry),
            type: library.entry_filetype(entry),
            size: library.entry_size(entry),
          };
        const why = library.error_string(archive);
        if (why) throw new Error(why);
        return undefined;
      },
      read: () => {
        const count = library.read_data(archive, piece, pieceBytes);
        return memory.HEAPU8.slice(piece, piece + count);
      },
      // All memory goes with the instance.
      close: () => {
        library.read_free(archive);
      },
    };
  } finally {
    await handle.close();
  }
}

function allocated(memory: Memory, size: number): number {
  const pointer = memory._malloc(size);
  if (pointer === 0) throw new Error('there is too little memory for it');
  return pointer;
}
