import { Cursor } from '../cursor.ts';
import type { Piece } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';

/** A heap in which old structures keep names (format specification III.D "Disk Format: Level 1D - Local Heaps"). */
export class LocalHeap {
  readonly #data: Piece;

  /** @throws FormatError */
  constructor(file: FormatFile, address: number) {
    const head = file.read(address, 8 + 2 * file.sizes.length + file.sizes.offset);
    head.expect('HEAP');
    head.version(0, 'a heap of names');
    head.skip(3);
    const length = head.length();
    head.length();
    this.#data = file.piece(head.place(), length);
  }

  /** The bytes of the name at an offset, without the zero behind it. @throws FormatError */
  name(offset: number): Uint8Array {
    const { block, start, end } = this.#data;
    const at = start + offset;
    if (!(at < end)) throw new FormatError('a name lies beyond its heap');
    const { bytes } = block;
    let last = at;
    while (last < end && bytes[last] !== 0) last += 1;
    if (last === end) throw new FormatError('a name has no end');
    return bytes.subarray(at, last);
  }

  /** The text at an offset, and what follows it. @throws FormatError */
  text(offset: number): string {
    const cursor = new Cursor(this.#data);
    cursor.skip(offset);
    return cursor.text();
  }
}
