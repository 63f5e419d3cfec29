import { Blocks } from './blocks.ts';
import type { Sizes, Source } from './blocks.ts';
import { Cursor, Piece } from './cursor.ts';
import type { Inflate } from './objects/filters.ts';
import { FormatError } from './formatError.ts';
import { Kept } from './kept.ts';
import { readSuperblock } from './superblock.ts';

/** A structure that claims more than this is not read: damage, or a trap. */
const MAX_PIECE = 64 * 1024 * 1024;
/** Nor are data that are longer: more than is ever asked for at once, packed or not. */
const MAX_DATA = 256 * 1024 * 1024;

/** A block of a heap, and whose it was found to be. */
export interface HeapBlock {
  /** Address of the heap. */
  readonly heap: number;
  /** Where in the heap it begins. */
  readonly base: number;
  readonly bytes: Uint8Array;
}

/** Bytes of blocks of heaps that are kept of a file, and addresses whose checksum was right. */
const MAX_HEAP_BLOCKS = 32 * 1024 * 1024;
const MAX_CHECKED = 100_000;

/** The structures of one file, read piece by piece. Addresses count from the superblock. */
export class FormatFile {
  /** Bytes of an address and of a length. */
  readonly sizes: Sizes;
  /** Address of the header of the root group. */
  readonly root: number;
  /** Address of a header with more about the file. */
  readonly extension: number | undefined;
  /** Blocks of heaps, of which the same few are asked for again and again. */
  readonly heapBlocks = new Kept<HeapBlock>(MAX_HEAP_BLOCKS);
  readonly #checked = new Set<number>();
  readonly inflate: Inflate;
  /** Bytes of data that are read, or unpacked, at once. */
  readonly mostData: number;
  readonly #blocks: Blocks;
  readonly #base: number;

  /** @throws FormatError without a superblock that is known here */
  constructor(source: Source, inflate: Inflate, mostData = MAX_DATA) {
    this.inflate = inflate;
    this.mostData = mostData;
    this.#blocks = new Blocks(source);
    const read = (position: number, length: number): Uint8Array =>
      this.#blocks.bytes(position, Math.max(0, Math.min(length, source.size - position)));
    const { base, sizes, root, extension } = readSuperblock(read, source.size);
    this.#base = base;
    this.sizes = sizes;
    this.root = root;
    this.extension = extension;
  }

  /** `length` bytes at an address. @throws FormatError where the file has fewer */
  read(address: number, length: number): Cursor {
    return new Cursor(this.piece(address, length));
  }

  /** The same, to be read several times. */
  piece(address: number, length: number): Piece {
    if (!(length <= Math.min(MAX_PIECE, this.mostData)))
      throw new FormatError(`a structure of ${length} bytes is too large`);
    const { block, start } = this.#blocks.at(this.#base + address, length);
    return new Piece(block, start, start + length, this.sizes);
  }

  /** A copy of data. @throws FormatError where the file has fewer, and for more than is read at once */
  data(address: number, length: number): Uint8Array {
    if (!(length <= this.mostData)) throw new FormatError(`data of ${length} bytes are too large`);
    return this.#blocks.bytes(this.#base + address, length);
  }

  /** How many bytes there may be behind an address. */
  bytesFrom(address: number): number {
    return Math.max(0, this.#blocks.size - this.#base - address);
  }

  cursor(bytes: Uint8Array): Cursor {
    return new Cursor(Piece.of(bytes, this.sizes));
  }

  /** Whether what lies at an address was found to have the right checksum, and need not be looked at again. */
  isChecked(address: number): boolean {
    return this.#checked.has(address);
  }

  setChecked(address: number): void {
    if (this.#checked.size >= MAX_CHECKED) this.#checked.clear();
    this.#checked.add(address);
  }

  /** To be called within whatever may take long without reading. */
  look(): void {
    this.#blocks.look();
  }

  /** Forgets what was read, because the file has changed. */
  forget(): void {
    this.#blocks.forget();
    this.#checked.clear();
    this.heapBlocks.clear();
  }
}
