import { FormatError } from './formatError.ts';

/** Where a file's bytes come from: a descriptor, a `File` of a browser's worker, an array in a test. */
export interface Source {
  /** Bytes in all. */
  readonly size: number;
  /** Reads `length` bytes at a place; fewer where the file ends before. May throw what it likes. */
  read(position: number, length: number): Uint8Array;
  /** Called now and then while something is worked at: throws where it has taken long enough. */
  look?(): void;
}

/** Widths of addresses and of lengths in a file. */
export interface Sizes {
  readonly offset: number;
  readonly length: number;
}

/** A stretch of a file in memory. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** A file is read in stretches of this many bytes: on a network, the number of reads is what counts. */
const BLOCK = 256 * 1024;
/** Stretches that are kept. */
const MAX_BLOCKS = 32;
/** Times that something is read between two looks at the clock. */
const BETWEEN_LOOKS = 512;

/** A file in memory as far as it was needed: what lies near something that was read will be needed too. */
export class Blocks {
  readonly #source: Source;
  readonly #kept = new Map<number, Block>();
  #lastStart = -1;
  #last: Block = blockOf(new Uint8Array(0));
  #untilLook = BETWEEN_LOOKS;

  constructor(source: Source) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size;
  }

  /**
   * The bytes at a place.
   * @returns a stretch that holds them all, and where in it they begin
   * @throws FormatError where the file ends before
   */
  at(position: number, length: number): { readonly block: Block; readonly start: number } {
    this.look();
    if (!(position >= 0 && length >= 0 && position + length <= this.#source.size))
      throw new FormatError('a structure lies beyond the end of the file');
    const offset = position % BLOCK;
    const first = position - offset;
    if (offset + length <= BLOCK) return { block: this.#block(first), start: offset };
    return { block: blockOf(this.bytes(position, length)), start: 0 };
  }

  /** A copy of the bytes at a place. What is long is read past the stretches that are kept. @throws FormatError */
  bytes(position: number, length: number): Uint8Array {
    if (!(position >= 0 && length >= 0 && position + length <= this.#source.size))
      throw new FormatError('data lie beyond the end of the file');
    this.#source.look?.();
    if (length > BLOCK) {
      const read = this.#source.read(position, length);
      if (read.length < length) throw new FormatError('data lie beyond the end of the file');
      return read;
    }
    const copy = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const offset = (position + done) % BLOCK;
      const { bytes } = this.#block(position + done - offset);
      const part = bytes.subarray(offset, offset + length - done);
      if (part.length === 0) throw new FormatError('data lie beyond the end of the file');
      copy.set(part, done);
      done += part.length;
    }
    return copy;
  }

  /** To be called within whatever may take long. */
  look(): void {
    this.#untilLook -= 1;
    if (this.#untilLook > 0) return;
    this.#untilLook = BETWEEN_LOOKS;
    this.#source.look?.();
  }

  /** Forgets what was read, because the file has changed. */
  forget(): void {
    this.#kept.clear();
    this.#lastStart = -1;
  }

  #block(start: number): Block {
    if (start === this.#lastStart) return this.#last;
    let block = this.#kept.get(start);
    if (block === undefined) {
      const [oldest] = this.#kept.keys();
      if (this.#kept.size >= MAX_BLOCKS && oldest !== undefined) this.#kept.delete(oldest);
      block = blockOf(this.#source.read(start, Math.min(BLOCK, this.#source.size - start)));
    } else {
      this.#kept.delete(start);
    }
    this.#kept.set(start, block);
    this.#lastStart = start;
    this.#last = block;
    return block;
  }
}

export function blockOf(bytes: Uint8Array): Block {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
