import { FormatError } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';

/** Signature, version and client of each part. */
const PREFIX = 6;

/** A list that may grow, in which newer files keep the addresses of chunks along one axis without an end. */
export class ExtensibleArray {
  readonly #file: FormatFile;
  readonly #entrySize: number;
  readonly #inIndex: number;
  readonly #smallest: number;
  readonly #perPage: number;
  readonly #offsetBytes: number;
  /** Blocks that the index names itself, and groups of blocks that lead to those. */
  readonly #directBlocks: number;
  readonly #directGroups: number;
  readonly #index: number | undefined;

  /** @throws FormatError */
  constructor(file: FormatFile, address: number) {
    const { offset, length } = file.sizes;
    const head = file.read(address, 12 + 6 * length + offset);
    head.expect('EAHD');
    head.skip(2);
    this.#entrySize = head.u8();
    this.#offsetBytes = Math.ceil(head.u8() / 8);
    this.#inIndex = head.u8();
    this.#smallest = head.u8();
    const pointers = head.u8();
    this.#perPage = 2 ** head.u8();
    head.skip(6 * length);
    this.#index = head.address();
    this.#file = file;
    this.#directBlocks = 2 * (pointers - 1);
    this.#directGroups = 2 * Math.log2(pointers);
    if (this.#smallest === 0 || !Number.isInteger(this.#directGroups)) throw new FormatError('a list is damaged');
  }

  /** The entry at this place, if there can be one. @throws FormatError */
  entry(place: number): Cursor | undefined {
    if (this.#index === undefined) return undefined;
    const { offset } = this.#file.sizes;
    const first = this.#index + PREFIX + offset;
    if (place < this.#inIndex) return this.#entryAt(first + place * this.#entrySize);
    const rest = place - this.#inIndex;
    const group = Math.floor(Math.log2(rest / this.#smallest + 1));
    // Groups come in pairs, of as many blocks, the second with blocks twice as large.
    const start = this.#smallest * (2 ** group - 1);
    const blocks = 2 ** Math.floor(group / 2);
    const size = this.#smallest * 2 ** Math.floor((group + 1) / 2);
    const block = Math.floor((rest - start) / size);
    const entry = (rest - start) % size;
    const table = first + this.#inIndex * this.#entrySize;
    if (group < this.#directGroups) {
      let before = 0;
      for (let each = 0; each < group; each += 1) before += 2 ** Math.floor(each / 2);
      const address = this.#addressAt(table + (before + block) * offset);
      return address === undefined ? undefined : this.#inBlock(address, size, entry, () => true);
    }
    const groups = table + this.#directBlocks * offset;
    const address = this.#addressAt(groups + (group - this.#directGroups) * offset);
    if (address === undefined) return undefined;
    this.#file.read(address, 4).expect('EASB');
    const pages = size > this.#perPage ? size / this.#perPage : 0;
    const bitmap = Math.ceil(pages / 8);
    const bitmaps = address + PREFIX + offset + this.#offsetBytes;
    const isPageUsed = (page: number): boolean => {
      const byte = this.#file.read(bitmaps + block * bitmap + (page >> 3), 1).u8();
      return (byte & (0x80 >> (page & 7))) !== 0;
    };
    const found = this.#addressAt(bitmaps + blocks * bitmap + block * offset);
    return found === undefined ? undefined : this.#inBlock(found, size, entry, isPageUsed);
  }

  #inBlock(address: number, size: number, entry: number, isPageUsed: (page: number) => boolean): Cursor | undefined {
    this.#file.read(address, 4).expect('EADB');
    const first = address + PREFIX + this.#file.sizes.offset + this.#offsetBytes;
    if (size <= this.#perPage) return this.#entryAt(first + entry * this.#entrySize);
    const page = Math.floor(entry / this.#perPage);
    // A checksum of four bytes stands behind the head and behind each page.
    return isPageUsed(page) ? this.#entryAt(first + 4 + page * 4 + entry * this.#entrySize) : undefined;
  }

  #entryAt(at: number): Cursor {
    return this.#file.read(at, this.#entrySize);
  }

  #addressAt(at: number): number | undefined {
    return this.#file.read(at, this.#file.sizes.offset).address();
  }
}
