import { lookup3, requireChecksum } from '../checksum.ts';
import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { tree2Records } from './tree2.ts';

const MAX_LEVELS = 32;

/** The block that holds an object, and how far in it. */
interface InBlock {
  readonly bytes: Uint8Array;
  readonly rest: number;
}

/**
 * A heap in which newer files keep the links and attributes of an object that has many (format specification III.G
 * "Disk Format: Level 1G - Fractal Heap"). Objects lie in blocks, which lie in rows: two of the smallest size, and
 * further ones that double.
 */
export class FractalHeap {
  readonly #file: FormatFile;
  readonly #address: number;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #idBytes: number;
  readonly #width: number;
  readonly #firstSize: number;
  readonly #mostDirect: number;
  readonly #mostManaged: number;
  readonly #isChecked: boolean;
  readonly #large: number | undefined;
  readonly #root: number | undefined;
  readonly #rows: number;

  /** @throws FormatError */
  constructor(file: FormatFile, address: number) {
    const { offset, length } = file.sizes;
    const head = file.piece(address, 26 + 12 * length + 3 * offset);
    requireChecksum(head.bytes, 'a heap');
    const cursor = head.cursor();
    cursor.expect('FRHP');
    cursor.version(0, 'a heap');
    this.#file = file;
    this.#address = address;
    this.#idBytes = cursor.u16();
    if (cursor.u16() !== 0) throw new FormatError('a heap is compressed, which is not read here');
    this.#isChecked = (cursor.u8() & 2) !== 0;
    this.#mostManaged = cursor.u32();
    cursor.skip(length);
    this.#large = cursor.address();
    cursor.skip(length + offset + 8 * length);
    this.#width = cursor.u16();
    this.#firstSize = cursor.length();
    this.#mostDirect = cursor.length();
    const bits = cursor.u16();
    cursor.skip(2);
    this.#root = cursor.address();
    this.#rows = cursor.u16();
    this.#offsetBytes = Math.ceil(bits / 8);
    this.#lengthBytes = bytesOf(Math.min(this.#mostDirect, this.#mostManaged));
    const isSound =
      this.#width > 0 && isPower(this.#firstSize) && isPower(this.#mostDirect) && this.#mostDirect >= this.#firstSize;
    if (!isSound || bits > 64) throw new FormatError('a heap is damaged');
  }

  /**
   * An object of the heap.
   * @param id its name, in front of which the cursor stands
   * @throws FormatError
   */
  object(id: Cursor): Uint8Array {
    const first = id.u8();
    if (first >> 6 !== 0) throw new FormatError('an object in a heap is of an unknown version');
    switch ((first >> 4) & 3) {
      case 0: {
        const offset = id.uint(this.#offsetBytes);
        const length = id.uint(this.#lengthBytes);
        if (length === 0 || length > this.#mostManaged) throw new FormatError('an object in a heap is damaged');
        const { bytes, rest } = this.#block(offset);
        if (rest + length > bytes.length) throw new FormatError('an object in a heap is damaged');
        return bytes.subarray(rest, rest + length);
      }
      case 1:
        return this.#largeObject(id);
      case 2:
        // Such an object lies in its own name.
        if (this.#idBytes > 17) throw new FormatError('a small object in a heap is of an unknown form');
        return id.take((first & 0xf) + 1);
      default:
        throw new FormatError('an object in a heap is of an unknown kind');
    }
  }

  /** An object that is too large for the blocks lies alone; a tree tells where. */
  #largeObject(id: Cursor): Uint8Array {
    const { offset, length } = this.#file.sizes;
    if (this.#idBytes - 1 >= offset + length) return this.#file.data(id.place(), id.length());
    if (this.#large === undefined) throw new FormatError('a heap has no large objects');
    const wanted = id.uint(Math.min(length, this.#idBytes - 1));
    for (const record of tree2Records(this.#file, this.#large, 1)) {
      const address = record.place();
      const bytes = record.length();
      if (record.length() === wanted) return this.#file.piece(address, bytes).bytes;
    }
    throw new FormatError('a large object is not in its heap');
  }

  /** The block that holds what lies at an offset of the heap, and how far in it. */
  #block(offset: number): InBlock {
    if (this.#root === undefined) throw new FormatError('a heap is empty');
    if (this.#rows === 0) return this.#direct(this.#root, 0, this.#firstSize, offset);
    const { offset: width } = this.#file.sizes;
    let [block, rows, base] = [this.#root, this.#rows, 0];
    for (let level = 0; level < MAX_LEVELS; level += 1) {
      const entries = this.#indirect(block, rows, base);
      // The row in which it lies: rows 0 and 1 are of the same size.
      let [row, size, start] = [0, this.#firstSize, base];
      while (row < rows && offset >= start + size * this.#width) {
        start += size * this.#width;
        row += 1;
        if (row > 1) size *= 2;
      }
      if (row >= rows) throw new FormatError('an object lies beyond its heap');
      const column = Math.floor((offset - start) / size);
      const child = this.#file.read(entries + (row * this.#width + column) * width, width).place();
      base = start + column * size;
      if (size <= this.#mostDirect) return this.#direct(child, base, size, offset);
      block = child;
      rows = Math.log2(size / (this.#firstSize * this.#width)) + 1;
      if (!Number.isInteger(rows) || rows < 1) throw new FormatError('a heap is damaged');
    }
    throw new FormatError('a heap is nested too deeply');
  }

  #direct(address: number, base: number, size: number, offset: number): InBlock {
    const heap = this.#address;
    let block = this.#file.heapBlocks.get(address);
    if (block?.heap !== heap || block.base !== base || block.bytes.length !== size) {
      block = { heap, base, bytes: this.#readDirect(address, base, size) };
      // Names are found in the order of hashes, so that the same few blocks are asked for again and again.
      this.#file.heapBlocks.set(address, block, size);
    }
    return { bytes: block.bytes, rest: offset - base };
  }

  #readDirect(address: number, base: number, size: number): Uint8Array {
    const cursor = this.#head(address, 'FHDB', base);
    const sum = cursor.at;
    const bytes = this.#file.data(address, size);
    if (this.#isChecked) {
      const expected = cursor.u32();
      // The checksum is made of the block with zeros in its place.
      const copy = Uint8Array.from(bytes);
      copy.fill(0, sum, sum + 4);
      if (lookup3(copy) !== expected) throw new FormatError('the checksum of a heap is wrong');
    }
    return bytes;
  }

  /** @returns where the addresses of the blocks stand */
  #indirect(address: number, rows: number, base: number): number {
    const before = 5 + this.#file.sizes.offset + this.#offsetBytes;
    if (!this.#file.isChecked(address)) {
      this.#head(address, 'FHIB', base);
      const length = before + rows * this.#width * this.#file.sizes.offset + 4;
      requireChecksum(this.#file.piece(address, length).bytes, 'a heap');
      this.#file.setChecked(address);
    }
    return address + before;
  }

  #head(address: number, letters: string, base: number): Cursor {
    const cursor = this.#file.read(address, 9 + this.#file.sizes.offset + this.#offsetBytes);
    cursor.expect(letters);
    cursor.version(0, 'a block of a heap');
    if (cursor.place() !== this.#address || cursor.uint(this.#offsetBytes) !== base)
      throw new FormatError('a block belongs to another heap');
    return cursor;
  }
}

function isPower(size: number): boolean {
  return size > 0 && Number.isInteger(Math.log2(size));
}

/** Bytes that are needed for numbers up to this one. */
function bytesOf(most: number): number {
  let [bytes, limit] = [1, 256];
  for (; limit <= most; limit *= 256) bytes += 1;
  return bytes;
}
