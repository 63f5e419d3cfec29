import { blockOf } from '../blocks.ts';
import type { Memory, Variable } from './decode.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import type { GlobalHeaps } from '../structures/globalHeap.ts';

/** Texts or lists are longer than anybody wants to have in memory. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

const nothing = { memory: blockOf(new Uint8Array(0)), at: 0, length: 0 };

/**
 * Texts and lists of variable length of a file: in the place of each stands its length, the address of a heap, and a
 * number in it (format specification IV.A.2.d, class 9 "Variable-length").
 */
export class HeapValues implements Variable {
  readonly #file: FormatFile;
  readonly #heaps: GlobalHeaps;
  /** Bytes that may still come: a small file may name the same long text very often. */
  #left: number;

  constructor(file: FormatFile, heaps: GlobalHeaps, most: number) {
    this.#file = file;
    this.#heaps = heaps;
    this.#left = most;
  }

  text(memory: Memory, at: number): Uint8Array {
    const bytes = this.#object(memory, at, 1);
    if (bytes === undefined) return new Uint8Array(0);
    const end = bytes.indexOf(0);
    return end < 0 ? bytes : bytes.subarray(0, end);
  }

  list(memory: Memory, at: number, size: number): { memory: Memory; at: number; length: number } {
    const bytes = this.#object(memory, at, size);
    if (bytes === undefined) return nothing;
    return { memory: blockOf(bytes), at: 0, length: bytes.length / size };
  }

  /** Undefined for what is empty. @throws FormatError, TooLong */
  #object({ view }: Memory, at: number, size: number): Uint8Array | undefined {
    const { offset } = this.#file.sizes;
    const length = view.getUint32(at, true) * size;
    const address = uint(view, at + 4, offset);
    const index = view.getUint32(at + 4 + offset, true);
    this.#file.look();
    if (address === 0) return undefined;
    const bytes = this.#heaps.object(address, index);
    // The library takes no object of another length either.
    if (bytes.length !== length) throw new FormatError('an object in a heap is of another length');
    this.#left -= bytes.length;
    if (this.#left < 0) throw new TooLong();
    return bytes;
  }
}

function uint(view: DataView, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index -= 1) value = value * 256 + view.getUint8(at + index);
  if (value > Number.MAX_SAFE_INTEGER) throw new FormatError('an address is too large');
  return value;
}
