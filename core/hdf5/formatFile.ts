import { Cursor, FormatError } from './cursor.ts';
import type { ReadAt } from './cursor.ts';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** A piece of a structure that claims more than this is not read: damage, or a trap. */
const MAX_PIECE = 16 * 1024 * 1024;

/** The structures of one file, read piece by piece. Addresses count from the superblock. */
export class FormatFile {
  /** Bytes of an address and of a length. */
  readonly sizes: { readonly offset: number; readonly length: number };
  readonly #readAt: ReadAt;
  readonly #base: number;

  /** @throws FormatError without a superblock that is known here */
  constructor(readAt: ReadAt, size: number) {
    this.#readAt = readAt;
    for (let base = 0; base < size; base = base === 0 ? 512 : base * 2) {
      const block = readAt(base, 16);
      if (!signature.every((byte, index) => block[index] === byte)) continue;
      const modern = (block[8] ?? 0) >= 2;
      const offset = block[modern ? 9 : 13] ?? 0;
      const length = block[modern ? 10 : 14] ?? 0;
      if (![2, 4, 8].includes(offset) || ![2, 4, 8].includes(length)) break;
      this.#base = base;
      this.sizes = { offset, length };
      return;
    }
    throw new FormatError('there is no superblock');
  }

  /** `length` bytes at an address. @throws FormatError where the file has fewer */
  read(address: number, length: number): Cursor {
    if (!(length <= MAX_PIECE)) throw new FormatError(`a structure of ${length} bytes is too large`);
    const bytes = this.#readAt(this.#base + address, length);
    if (bytes.length < length) throw new FormatError('a structure lies beyond the end of the file');
    return new Cursor(bytes, this.sizes);
  }

  cursor(bytes: Uint8Array): Cursor {
    return new Cursor(bytes, this.sizes);
  }
}
