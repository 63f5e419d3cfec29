/** What a file holds is not what the HDF5 format says, or is a part of the format that is not known here. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** Reads `length` bytes at a place of the file. Throws or gives fewer where the file ends before. */
export type ReadAt = (position: number, length: number) => Uint8Array;

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Walks over a piece of a file, little-endian as all of HDF5's own structures are, and never beyond its end. */
export class Cursor {
  at = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #sizes: { readonly offset: number; readonly length: number };

  constructor(bytes: Uint8Array, sizes: { readonly offset: number; readonly length: number }) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#sizes = sizes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  /** An unsigned number of up to eight bytes. */
  uint(size: number): number {
    const value = this.#big(size);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError(`the number ${value} is too large`);
    return Number(value);
  }

  /** An address; undefined where all bits are set, which stands for none. */
  address(): number | undefined {
    const { offset } = this.#sizes;
    const value = this.#big(offset);
    if (value === (1n << BigInt(8 * offset)) - 1n) return undefined;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError(`the address ${value} is too large`);
    return Number(value);
  }

  /** A length; one that is unlimited (all bits set) is Infinity. */
  length(): number {
    const { length } = this.#sizes;
    const value = this.#big(length);
    return value === (1n << BigInt(8 * length)) - 1n ? Infinity : Number(value);
  }

  take(length: number): Uint8Array {
    const start = this.#step(length);
    return this.bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#step(length);
  }

  /** Fails unless these letters come next. */
  expect(letters: string): void {
    if (latin1.decode(this.take(letters.length)) !== letters) throw new FormatError(`"${letters}" is missing`);
  }

  /** A text with a zero behind it. @param multiple the zeros fill it up to such a length */
  text(multiple = 1): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new FormatError('a name has no end');
    const bytes = this.take(end - this.at);
    this.skip(Math.ceil((bytes.length + 1) / multiple) * multiple - bytes.length);
    return decodeName(bytes);
  }

  #big(size: number): bigint {
    const start = this.#step(size);
    let value = 0n;
    for (let index = size - 1; index >= 0; index -= 1)
      value = (value << 8n) | BigInt(this.#view.getUint8(start + index));
    return value;
  }

  #step(length: number): number {
    const start = this.at;
    if (!(length >= 0) || length > this.left) throw new FormatError('a structure ends too early');
    this.at += length;
    return start;
  }
}

/** UTF-8 as HDF5 wants it, else Latin-1 as old programs wrote it. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}
