import { requireChecksum } from '../checksum.ts';
import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';

/** Signature, version and client of each part. */
const PREFIX = 6;

/**
 * A list that may grow, in which newer files keep the addresses of chunks along one axis without an end (format
 * specification, appendix C, "Extensible Array Index"). The first entries lie in the index itself, the next ones in
 * blocks that it names, and all others in blocks that secondary blocks name. Groups of blocks come in pairs: of as many
 * blocks, the second with blocks twice as large.
 */
export class ExtensibleArray {
  readonly #file: FormatFile;
  readonly #address: number;
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
    const piece = file.piece(address, 16 + 6 * length + offset);
    requireChecksum(piece.bytes, 'a list');
    const head = piece.cursor();
    head.expect('EAHD');
    head.version(0, 'a list');
    head.skip(1);
    this.#file = file;
    this.#address = address;
    this.#entrySize = head.u8();
    const bits = head.u8();
    this.#offsetBytes = Math.ceil(bits / 8);
    this.#inIndex = head.u8();
    this.#smallest = head.u8();
    const pointers = head.u8();
    const pageBits = head.u8();
    this.#perPage = 2 ** pageBits;
    head.skip(6 * length);
    this.#index = head.address();
    this.#directBlocks = 2 * (pointers - 1);
    this.#directGroups = 2 * Math.log2(pointers);
    const groups = 1 + bits - Math.log2(this.#smallest);
    const isSound =
      this.#entrySize >= offset &&
      bits <= 64 &&
      pageBits < 32 &&
      Number.isInteger(this.#directGroups) &&
      Number.isInteger(groups);
    if (!isSound || groups < this.#directGroups) throw new FormatError('a list is damaged');
    if (this.#index === undefined) return;
    const pointed = this.#directBlocks + groups - this.#directGroups;
    this.#check(this.#index, 'EAIB', PREFIX + offset + this.#inIndex * this.#entrySize + pointed * offset + 4);
  }

  /** What is said of a place; undefined where nothing is. @throws FormatError */
  entry(place: number): Cursor | undefined {
    if (this.#index === undefined) return undefined;
    const { offset } = this.#file.sizes;
    const first = this.#index + PREFIX + offset;
    if (place < this.#inIndex) return this.#file.read(first + place * this.#entrySize, this.#entrySize);
    // The group in which it lies, how many blocks that has, how large they are, and where it begins.
    let [group, blocks, size, start, before] = [0, 1, this.#smallest, this.#inIndex, 0];
    while (place >= start + blocks * size) {
      start += blocks * size;
      before += blocks;
      group += 1;
      if (group % 2 === 1) size *= 2;
      else blocks *= 2;
    }
    const block = Math.floor((place - start) / size);
    const entry = (place - start) % size;
    const table = first + this.#inIndex * this.#entrySize;
    if (group < this.#directGroups) {
      const address = this.#addressAt(table + (before + block) * offset);
      return address === undefined ? undefined : this.#entryIn(address, size, entry, () => true);
    }
    const secondary = this.#addressAt(table + (this.#directBlocks + group - this.#directGroups) * offset);
    if (secondary === undefined) return undefined;
    const bitmap = size > this.#perPage ? Math.ceil(size / this.#perPage / 8) : 0;
    const bitmaps = secondary + PREFIX + offset + this.#offsetBytes;
    this.#check(secondary, 'EASB', bitmaps - secondary + blocks * (bitmap + offset) + 4);
    const isPageUsed = (page: number): boolean => {
      const byte = this.#file.read(bitmaps + block * bitmap + (page >> 3), 1).u8();
      return (byte & (0x80 >> (page & 7))) !== 0;
    };
    const found = this.#addressAt(bitmaps + blocks * bitmap + block * offset);
    return found === undefined ? undefined : this.#entryIn(found, size, entry, isPageUsed);
  }

  #entryIn(address: number, size: number, entry: number, isPageUsed: (page: number) => boolean): Cursor | undefined {
    const first = address + PREFIX + this.#file.sizes.offset + this.#offsetBytes;
    if (size <= this.#perPage) {
      this.#check(address, 'EADB', first - address + size * this.#entrySize + 4);
      return this.#file.read(first + entry * this.#entrySize, this.#entrySize);
    }
    // A checksum of four bytes stands behind the head and behind each page.
    this.#check(address, 'EADB', first - address + 4);
    const page = Math.floor(entry / this.#perPage);
    if (!isPageUsed(page)) return undefined;
    const pageBytes = this.#perPage * this.#entrySize + 4;
    const pageStart = first + 4 + page * pageBytes;
    if (!this.#file.isChecked(pageStart)) {
      requireChecksum(this.#file.piece(pageStart, pageBytes).bytes, 'a list');
      this.#file.setChecked(pageStart);
    }
    return this.#file.read(pageStart + (entry % this.#perPage) * this.#entrySize, this.#entrySize);
  }

  #check(address: number, letters: string, length: number): void {
    if (this.#file.isChecked(address)) return;
    const piece = this.#file.piece(address, length);
    const cursor = piece.cursor();
    cursor.expect(letters);
    cursor.version(0, 'a list');
    cursor.skip(1);
    if (cursor.place() !== this.#address) throw new FormatError('a list is of another one');
    requireChecksum(piece.bytes, 'a list');
    this.#file.setChecked(address);
  }

  #addressAt(at: number): number | undefined {
    return this.#file.read(at, this.#file.sizes.offset).address();
  }
}
