import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { Kept } from '../kept.ts';

/**
 * The heaps in which values of variable length and the parts of virtual datasets lie (format specification III.E
 * "Disk Format: Level 1E - Global Heap"). Each is a collection of numbered objects.
 */
export class GlobalHeaps {
  readonly #file: FormatFile;
  /** A few are read again and again: those in which texts lie beside each other. */
  readonly #collections = new Kept<ReadonlyMap<number, Uint8Array>>(MAX_KEPT);

  constructor(file: FormatFile) {
    this.#file = file;
  }

  /** @throws FormatError */
  object(address: number, index: number): Uint8Array {
    let objects = this.#collections.get(address);
    if (objects === undefined) {
      const { bytes, objects: read } = readCollection(this.#file, address);
      objects = read;
      this.#collections.set(address, objects, bytes + objects.size * OBJECT_BYTES);
    }
    const object = objects.get(index);
    if (object === undefined) throw new FormatError('an object is not in its heap');
    return object;
  }
}

/** Bytes of heaps that are kept, and what an object takes besides its own. */
const MAX_KEPT = 16 * 1024 * 1024;
const OBJECT_BYTES = 160;

function readCollection(
  file: FormatFile,
  address: number,
): { readonly bytes: number; readonly objects: ReadonlyMap<number, Uint8Array> } {
  const { length: width } = file.sizes;
  // Both the head of the heap and those of its objects are filled up to a multiple of eight.
  const headBytes = Math.ceil((8 + width) / 8) * 8;
  const head = file.read(address, 8 + width);
  head.expect('GCOL');
  head.version(1, 'a heap of values');
  head.skip(3);
  const size = head.length();
  const heap = file.read(address, size);
  heap.skip(headBytes);
  const objects = new Map<number, Uint8Array>();
  while (heap.left >= headBytes) {
    const index = heap.u16();
    heap.skip(6);
    // Free space ends the heap; its length counts from its own head.
    if (index === 0) break;
    const length = heap.length();
    heap.skip(headBytes - 8 - width);
    const bytes = heap.take(length);
    // Lengths are filled up to a multiple of eight, the last one perhaps not.
    heap.skip(Math.min(heap.left, (8 - (length % 8)) % 8));
    if (objects.has(index)) throw new FormatError('two objects of a heap have the same number');
    objects.set(index, bytes);
  }
  return { bytes: size, objects };
}
