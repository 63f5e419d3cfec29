import { blockOf } from './blocks.ts';
import type { Block, Sizes } from './blocks.ts';
import { FormatError } from './formatError.ts';

/** All that is read of a structure lies in one stretch of memory, between two places. */
export class Piece {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
  readonly sizes: Sizes;

  constructor(block: Block, start: number, end: number, sizes: Sizes) {
    // A file that was cut short meanwhile.
    if (end > block.bytes.length) throw new FormatError('a structure lies beyond the end of the file');
    this.block = block;
    this.start = start;
    this.end = end;
    this.sizes = sizes;
  }

  static of(bytes: Uint8Array, sizes: Sizes): Piece {
    return new Piece(blockOf(bytes), 0, bytes.length, sizes);
  }

  get length(): number {
    return this.end - this.start;
  }

  get bytes(): Uint8Array {
    return this.block.bytes.subarray(this.start, this.end);
  }

  /** Begins to read it. */
  cursor(): Cursor {
    return new Cursor(this);
  }
}

/** Walks over a piece of a file, little-endian as all of HDF5's own structures are, and never beyond its end. */
export class Cursor {
  readonly sizes: Sizes;
  readonly #block: Block;
  readonly #start: number;
  readonly #end: number;
  #at: number;

  constructor({ block, start, end, sizes }: Piece) {
    this.sizes = sizes;
    this.#block = block;
    this.#start = start;
    this.#end = end;
    this.#at = start;
  }

  /** How far it has come. */
  get at(): number {
    return this.#at - this.#start;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#block.view.getUint8(this.#step(1));
  }

  u16(): number {
    return this.#block.view.getUint16(this.#step(2), true);
  }

  u32(): number {
    return this.#block.view.getUint32(this.#step(4), true);
  }

  /** An unsigned number of up to eight bytes. */
  uint(size: number): number {
    const at = this.#step(size);
    const { view } = this.#block;
    let value = 0;
    for (let index = size - 1; index >= 0; index -= 1) value = value * 256 + view.getUint8(at + index);
    if (value > Number.MAX_SAFE_INTEGER) throw new FormatError('a number is too large');
    return value;
  }

  /** An address; undefined where all bits are set, which stands for none. */
  address(): number | undefined {
    const { offset } = this.sizes;
    if (offset !== 8) {
      const value = this.uint(offset);
      return value === 2 ** (8 * offset) - 1 ? undefined : value;
    }
    const at = this.#step(8);
    const { view } = this.#block;
    const low = view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    if (high === 0xffffffff && low === 0xffffffff) return undefined;
    if (high > 0x1fffff) throw new FormatError('an address is too large');
    return high * 2 ** 32 + low;
  }

  /** An address of something that must be there. @throws FormatError without one */
  place(): number {
    const address = this.address();
    if (address === undefined) throw new FormatError('a structure leads nowhere');
    return address;
  }

  /** A length; one that is unlimited (all bits set) is Infinity. */
  length(): number {
    const { length } = this.sizes;
    const at = this.#step(length);
    const { view } = this.#block;
    let value = 0;
    let isUnlimited = true;
    for (let index = length - 1; index >= 0; index -= 1) {
      const byte = view.getUint8(at + index);
      isUnlimited &&= byte === 0xff;
      value = value * 256 + byte;
    }
    if (isUnlimited) return Infinity;
    if (value > Number.MAX_SAFE_INTEGER) throw new FormatError('a length is too large');
    return value;
  }

  take(length: number): Uint8Array {
    const start = this.#step(length);
    return this.#block.bytes.subarray(start, start + length);
  }

  /** The next bytes as a piece of their own. */
  piece(length: number): Piece {
    const start = this.#step(length);
    return new Piece(this.#block, start, start + length, this.sizes);
  }

  /** All that is left. */
  rest(): Piece {
    return this.piece(this.left);
  }

  skip(length: number): void {
    this.#step(length);
  }

  /** Fails unless these letters come next. */
  expect(letters: string): void {
    const at = this.#step(letters.length);
    for (let index = 0; index < letters.length; index += 1) {
      if (this.#block.bytes[at + index] !== letters.charCodeAt(index)) throw new FormatError(`"${letters}" is missing`);
    }
  }

  /** Fails unless this byte comes next. @param what whose version it is */
  version(expected: number, what: string): void {
    const found = this.u8();
    if (found !== expected) throw new FormatError(`${what} is of the unknown version ${found}`);
  }

  /** A text with a zero behind it. @param multiple the zeros fill it up to such a length */
  text(multiple = 1): string {
    const end = this.#block.bytes.indexOf(0, this.#at);
    if (end < 0 || end >= this.#end) throw new FormatError('a name has no end');
    const bytes = this.take(end - this.#at);
    this.skip(Math.ceil((bytes.length + 1) / multiple) * multiple - bytes.length);
    return decodeName(bytes);
  }

  #step(length: number): number {
    const start = this.#at;
    if (!(length >= 0 && length <= this.#end - start)) throw new FormatError('a structure ends too early');
    this.#at = start + length;
    return start;
  }
}

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8; undefined for what is none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  const short = asciiText(bytes, 0, bytes.length);
  if (short !== undefined) return short;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Texts of up to this length are put together letter by letter, which a decoder takes longer for. */
const SHORT = 32;

/** A short text of ASCII letters alone; undefined for all others. */
function asciiText(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > SHORT) return undefined;
  let text = '';
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Latin-1: each byte a letter. */
export function latin1Text(bytes: Uint8Array): string {
  return latin1.decode(bytes);
}

/** UTF-8 as HDF5 wants it, else Latin-1 as old programs wrote it. */
export function decodeName(bytes: Uint8Array): string {
  return utf8Text(bytes) ?? latin1Text(bytes);
}
