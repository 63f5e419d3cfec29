import { requireChecksum } from '../checksum.ts';
import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';

/** Signature, version and client of each part. */
const PREFIX = 6;

/**
 * A list of a fixed length, in which newer files keep the addresses of chunks of a dataset that does not grow (format
 * specification, appendix C, "Fixed Array Index").
 */
export class FixedArray {
  readonly #file: FormatFile;
  readonly #entrySize: number;
  readonly #entries: number;
  readonly #perPage: number;
  /** Where entries begin; undefined where there are none yet. */
  readonly #start: number | undefined;
  /** A bit for each page that was written, where the list is long enough to have pages. */
  readonly #used: Uint8Array | undefined;

  /** @throws FormatError */
  constructor(file: FormatFile, address: number) {
    const { offset, length } = file.sizes;
    const head = file.piece(address, 12 + length + offset);
    requireChecksum(head.bytes, 'a list');
    const cursor = head.cursor();
    cursor.expect('FAHD');
    cursor.version(0, 'a list');
    cursor.skip(1);
    this.#file = file;
    this.#entrySize = cursor.u8();
    const bits = cursor.u8();
    this.#perPage = 2 ** bits;
    this.#entries = cursor.length();
    const block = cursor.address();
    if (bits > 31 || this.#entrySize < offset) throw new FormatError('a list is damaged');
    if (block === undefined) return;
    const isPaged = this.#entries > this.#perPage;
    const before = PREFIX + offset;
    const bitmap = isPaged ? Math.ceil(Math.ceil(this.#entries / this.#perPage) / 8) : 0;
    const body = isPaged ? bitmap : this.#entries * this.#entrySize;
    const piece = file.piece(block, before + body + 4);
    requireChecksum(piece.bytes, 'a list');
    const start = piece.cursor();
    start.expect('FADB');
    start.version(0, 'a list');
    start.skip(1);
    if (start.place() !== address) throw new FormatError('a list is of another one');
    if (isPaged) this.#used = start.take(bitmap);
    // Behind the list of pages, and behind each page, there is a checksum of four bytes.
    this.#start = block + before + (isPaged ? bitmap + 4 : 0);
  }

  /** What is said of a place; undefined where nothing is. @throws FormatError */
  entry(place: number): Cursor | undefined {
    if (this.#start === undefined || !(place < this.#entries)) return undefined;
    if (this.#used === undefined) return this.#file.read(this.#start + place * this.#entrySize, this.#entrySize);
    const page = Math.floor(place / this.#perPage);
    if (((this.#used[page >> 3] ?? 0) & (0x80 >> (page & 7))) === 0) return undefined;
    const pageStart = this.#start + page * (this.#perPage * this.#entrySize + 4);
    if (!this.#file.isChecked(pageStart)) {
      const inPage = Math.min(this.#perPage, this.#entries - page * this.#perPage);
      requireChecksum(this.#file.piece(pageStart, inPage * this.#entrySize + 4).bytes, 'a list');
      this.#file.setChecked(pageStart);
    }
    return this.#file.read(pageStart + (place % this.#perPage) * this.#entrySize, this.#entrySize);
  }
}
