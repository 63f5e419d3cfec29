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
const LONG = 256 * 1024;
/** What is far from what was read before, again and again, is read in short ones: most of a long one would be in vain. */
const SHORT = 16 * 1024;
/** So many long stretches are read wherever they are. */
const LONG_ANYWHERE = 64;
/** Bytes that are kept. */
const MAX_KEPT = 16 * 1024 * 1024;
/** Times that something is read between two looks at the clock. */
const BETWEEN_LOOKS = 512;

interface Stretch {
  readonly first: number;
  readonly end: number;
  readonly block: Block;
}

/** A file in memory as far as it was needed: what lies near something that was read will be needed too. */
export class Blocks {
  readonly #source: Source;
  /** By the number of each short stretch that it holds. */
  readonly #kept = new Map<number, Stretch>();
  readonly #stretches: Stretch[] = [];
  #keptBytes = 0;
  #reads = 0;
  #lastEnd = 0;
  #last: Stretch = { first: 0, end: 0, block: blockOf(new Uint8Array(0)) };
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
    if (length > LONG) return { block: blockOf(this.bytes(position, length)), start: 0 };
    const { first, block } = this.#stretch(position, length);
    return { block, start: position - first };
  }

  /** A copy of the bytes at a place. What is long is read past the stretches that are kept. @throws FormatError */
  bytes(position: number, length: number): Uint8Array {
    if (!(position >= 0 && length >= 0 && position + length <= this.#source.size))
      throw new FormatError('data lie beyond the end of the file');
    this.#source.look?.();
    if (length > LONG) {
      const read = this.#source.read(position, length);
      if (read.length < length) throw new FormatError('data lie beyond the end of the file');
      return read;
    }
    const { first, block } = this.#stretch(position, length);
    const bytes = block.bytes.slice(position - first, position - first + length);
    if (bytes.length < length) throw new FormatError('data lie beyond the end of the file');
    return bytes;
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
    this.#stretches.length = 0;
    this.#keptBytes = 0;
    this.#last = { first: 0, end: 0, block: blockOf(new Uint8Array(0)) };
  }

  /** A stretch that holds all of these bytes. */
  #stretch(position: number, length: number): Stretch {
    const end = position + length;
    if (position >= this.#last.first && end <= this.#last.end) return this.#last;
    const known = this.#kept.get(Math.floor(position / SHORT));
    this.#last = known !== undefined && end <= known.end ? known : this.#read(position, end);
    return this.#last;
  }

  #read(position: number, end: number): Stretch {
    const isNear = position >= this.#lastEnd - LONG && position <= this.#lastEnd + SHORT;
    const width = isNear || this.#reads < LONG_ANYWHERE ? LONG : SHORT;
    this.#reads += 1;
    const first = position - (position % width);
    const last = Math.min(Math.ceil(end / width) * width, this.#source.size);
    const stretch = { first, end: last, block: blockOf(this.#source.read(first, last - first)) };
    for (let page = first / SHORT; page * SHORT < last; page += 1) this.#kept.set(page, stretch);
    this.#stretches.push(stretch);
    this.#keptBytes += last - first;
    this.#lastEnd = last;
    while (this.#keptBytes > MAX_KEPT) {
      const oldest = this.#stretches.shift();
      if (oldest === undefined) break;
      this.#keptBytes -= oldest.end - oldest.first;
      for (let page = oldest.first / SHORT; page * SHORT < oldest.end; page += 1)
        if (this.#kept.get(page) === oldest) this.#kept.delete(page);
    }
    return stretch;
  }
}

export function blockOf(bytes: Uint8Array): Block {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
