import { FormatError } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';

const MAX_LEVELS = 32;

/** A heap in which newer files keep the attributes of an object that has many. */
export class FractalHeap {
  readonly #file: FormatFile;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #width: number;
  readonly #firstSize: number;
  readonly #directRows: number;
  readonly #root: number;
  readonly #rows: number;

  /** @throws FormatError */
  constructor(file: FormatFile, address: number) {
    const { offset, length } = file.sizes;
    const head = file.read(address, 22 + 12 * length + 3 * offset);
    head.expect('FRHP');
    head.skip(3);
    if (head.u16() !== 0) throw new FormatError('its attributes are compressed, which is not read here');
    head.skip(1);
    const mostManaged = head.u32();
    head.skip(length + offset + length + offset + 8 * length);
    this.#file = file;
    this.#width = head.u16();
    this.#firstSize = head.length();
    const mostDirect = head.length();
    const bits = head.u16();
    head.skip(2);
    const root = head.address();
    this.#rows = head.u16();
    if (root === undefined) throw new FormatError('a heap is empty');
    this.#root = root;
    this.#offsetBytes = Math.ceil(bits / 8);
    this.#lengthBytes = Math.floor(Math.log2(Math.max(Math.min(mostDirect, mostManaged), 1)) / 8) + 1;
    this.#directRows = Math.log2(mostDirect / this.#firstSize) + 2;
    const isSound = this.#width > 0 && this.#firstSize > 0 && Number.isInteger(this.#directRows);
    if (!isSound) throw new FormatError('a heap is damaged');
  }

  /** @throws FormatError for objects that are stored in another way, too */
  object(id: Cursor): Uint8Array {
    const kind = (id.u8() >> 4) & 3;
    if (kind === 2) throw new FormatError('a small object lies in its own name, which is not read here');
    if (kind !== 0) throw new FormatError('an attribute is stored in a way that is not read here');
    const offset = id.uint(this.#offsetBytes);
    const length = id.uint(this.#lengthBytes);
    return this.#file.read(this.#place(offset), length).bytes;
  }

  #place(offset: number): number {
    if (this.#rows === 0) return this.#root + offset;
    let block = this.#root;
    let rest = offset;
    for (let level = 0; level < MAX_LEVELS; level += 1) {
      const row =
        rest < this.#width * this.#firstSize ? 0 : Math.floor(Math.log2(rest / (this.#width * this.#firstSize))) + 1;
      const size = this.#firstSize * (row === 0 ? 1 : 2 ** (row - 1));
      const column = Math.floor((rest - (row === 0 ? 0 : this.#width * size)) / size);
      const start = (row === 0 ? 0 : this.#width * size) + column * size;
      const before = 5 + this.#file.sizes.offset + this.#offsetBytes;
      const head = this.#file.read(block, 4);
      head.expect('FHIB');
      const at = block + before + (row * this.#width + column) * this.#file.sizes.offset;
      const child = this.#file.read(at, this.#file.sizes.offset).address();
      if (child === undefined) throw new FormatError('a piece of a heap is missing');
      rest -= start;
      if (row < this.#directRows) return child + rest;
      block = child;
    }
    throw new FormatError('a heap is nested too deeply');
  }
}
