import type { Sizes } from './blocks.ts';
import { requireChecksum } from './checksum.ts';
import { Piece } from './cursor.ts';
import { FormatError } from './formatError.ts';

/** The first bytes of a superblock. */
export const signature = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

/** Bytes of the largest superblock of addresses of eight bytes. */
const LONGEST = 112;

/** The beginning of an HDF5 file (format specification II.A "Disk Format: Level 0A - Format Signature and Superblock"). */
export interface Superblock {
  readonly version: number;
  /** Where it lies, behind what a user put before it; all addresses count from there. */
  readonly base: number;
  readonly sizes: Sizes;
  /** Somebody has the file open for writing, perhaps in a way that others may read meanwhile, or did not close it. */
  readonly openForWriting: boolean;
}

/** What is needed to read on. */
export interface FullSuperblock extends Superblock {
  /** Where the data end. */
  readonly end: number;
  /** Address of the header of the root group. */
  readonly root: number;
  /** Address of a header with more about the file. */
  readonly extension: number | undefined;
}

type Read = (position: number, length: number) => Uint8Array;

/**
 * Looks for the superblock where it may be: at the start, or behind 512, 1024, 2048… bytes of a user.
 * @returns undefined where there is none
 */
export function findSuperblock(read: Read, size: number): Superblock | undefined {
  for (let base = 0; base < size; base = base === 0 ? 512 : base * 2) {
    const block = read(base, 24);
    if (block.length < 12 || !signature.every((byte, index) => block[index] === byte)) continue;
    const version = block[8] ?? 0;
    const isNewer = version >= 2;
    return {
      version,
      base,
      sizes: { offset: block[isNewer ? 9 : 13] ?? 0, length: block[isNewer ? 10 : 14] ?? 0 },
      openForWriting: isNewer && ((block[11] ?? 0) & 5) !== 0,
    };
  }
  return undefined;
}

/** @throws FormatError for what is not as the specification has it */
export function readSuperblock(read: Read, size: number): FullSuperblock {
  const found = findSuperblock(read, size);
  if (found === undefined) throw new FormatError('there is no superblock');
  const { version, base, sizes } = found;
  if (![2, 4, 8].includes(sizes.offset) || ![2, 4, 8].includes(sizes.length))
    throw new FormatError('addresses are of an unknown width');
  const bytes = read(base, LONGEST);
  const rest = version < 2 ? oldFields(bytes, sizes, version) : newFields(bytes, sizes, version);
  // Files that were moved, or cut off, are left to those who know how to mend that.
  if (rest.base !== base) throw new FormatError('the file begins somewhere else than it says');
  if (size < rest.end) throw new FormatError(`truncated file: it has ${size} bytes, and says ${rest.end}`);
  return { ...found, ...rest };
}

type Fields = Pick<FullSuperblock, 'base' | 'end' | 'root' | 'extension'>;

function oldFields(bytes: Uint8Array, sizes: Sizes, version: number): Fields {
  const cursor = Piece.of(bytes, sizes).cursor();
  cursor.skip(9);
  const versions = [cursor.u8(), cursor.u8(), (cursor.skip(1), cursor.u8())];
  if (versions.some((each) => each !== 0)) throw new FormatError('a part of the file is of an unknown version');
  cursor.skip(3 + 2 + 2);
  // They mean nothing in these versions; real files have some set, and the library refuses no others.
  if (cursor.u32() > 255) throw new FormatError('the file has unknown flags');
  if (version === 1) cursor.skip(4);
  const base = cursor.place();
  cursor.address();
  const end = cursor.place();
  if (cursor.address() !== undefined) throw new FormatError('the file needs a driver of its own');
  // The entry of the root group in a table of symbols that is not there. Where its name lies is as wide as a length: the
  // specification says an address, but libraries write and read it so.
  cursor.skip(sizes.length);
  return { base, end, root: cursor.place(), extension: undefined };
}

function newFields(bytes: Uint8Array, sizes: Sizes, version: number): Fields {
  if (version > 3) throw new FormatError(`the superblock is of the unknown version ${version}`);
  requireChecksum(bytes, 'the superblock', 0, 16 + 4 * sizes.offset);
  const cursor = Piece.of(bytes, sizes).cursor();
  cursor.skip(11);
  if (cursor.u8() !== 0) throw new FormatError('the file has unknown flags, or is open for writing');
  const base = cursor.place();
  const extension = cursor.address();
  return { base, extension, end: cursor.place(), root: cursor.place() };
}
