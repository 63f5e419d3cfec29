import { FormatError } from '../../hdf5/formatError.ts';
import type { FormatFile } from '../../hdf5/formatFile.ts';
import type { Chunk } from '../../hdf5/objects/chunkIndex.ts';
import { product } from '../../hdf5/objects/dataspace.ts';
import type { Filter } from '../../hdf5/objects/filters.ts';
import type { ChunkedLayout } from '../../hdf5/objects/layout.ts';
import { inflate } from './inflate.ts';

/** A chunk on its way through the filters: its bytes as long as they are known, and how many there are. */
interface Unpacked {
  readonly bytes: Uint8Array | undefined;
  readonly length: number;
}

/** What a filter makes of a chunk when it is read; undefined where that is not known. */
type Unpack = (packed: Unpacked, values: readonly number[], most: number) => Unpacked | undefined;

/** As many bytes, in another order. */
const reordered: Unpack = ({ length }) => ({ bytes: undefined, length });
const ofLength = (length: number | undefined): Unpacked | undefined =>
  length === undefined ? undefined : { bytes: undefined, length };
/** Number of items × bytes of an item, which these filters write down when they are set up. */
const fromValues: Unpack = (_, values) => ofLength((values[2] ?? 0) * (values[4] ?? 0));

/** By the numbers under which filters are registered. */
const unpack: Readonly<Record<number, Unpack>> = {
  // Deflate
  1: ({ bytes }, _, most) => (bytes === undefined ? undefined : inflated(bytes, most)),
  // Shuffle
  2: reordered,
  // Fletcher32: a checksum of four bytes behind the rest.
  3: ({ bytes, length }) => ({ bytes: bytes?.subarray(0, -4), length: length - 4 }),
  // Szip
  4: ({ bytes }) => ofLength(bytes && view(bytes, 4)?.getUint32(0, true)),
  // N-bit, which may have found that there is nothing to do
  5: (packed, values, most) => (values[1] === 0 ? fromValues(packed, values, most) : packed),
  // Scale and offset
  6: fromValues,
  // LZF
  32000: ({ bytes }) => ofLength(bytes && lengthOfLzf(bytes)),
  // Blosc
  32001: ({ bytes }) => ofLength(bytes && view(bytes, 16)?.getUint32(4, true)),
  // LZ4
  32004: ({ bytes }) => ofLength(bytes && lengthBefore(bytes)),
  // Bitshuffle, by itself or with a compression
  32008: (packed, values) => ((values[4] ?? 0) === 0 ? packed : ofLength(packed.bytes && lengthBefore(packed.bytes))),
};

/**
 * Looks whether a chunk holds as many bytes as it should once it is unpacked. The library does not: it would read on in
 * its memory. What a filter makes of a chunk is not known for all of them; such a chunk counts as whole.
 */
export function chunkCheck(
  file: FormatFile,
  { chunk, elementSize, plainEdges }: ChunkedLayout,
  filters: readonly Filter[],
): (chunk: Chunk) => boolean {
  const most = product(chunk) * elementSize;
  return ({ address, stored: size, mask }) => {
    if ((plainEdges && size === most) || most > file.mostData) return true;
    const applied = filters.filter((_, index) => (mask & (1 << index)) === 0);
    if (applied.every(({ id }) => unpack[id] === reordered)) return size >= most;
    let now: Unpacked | undefined = { bytes: bytesAt(file, address, size), length: size };
    for (const { id, values } of applied.toReversed()) now = now && unpack[id]?.(now, values, most);
    return now === undefined || now.length >= most;
  };
}

/** Undefined for what is not read in one piece. */
function bytesAt(file: FormatFile, address: number, size: number): Uint8Array | undefined {
  try {
    return file.piece(address, size).bytes;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Undefined for what cannot be unpacked, of which the library says so itself, and for what is longer. */
function inflated(packed: Uint8Array, most: number): Unpacked | undefined {
  try {
    const bytes = inflate(packed, most + 4);
    return { bytes, length: bytes.length };
  } catch {
    return undefined;
  }
}

/** Adds up the pieces: so many bytes as they are, or so many of those before once more. */
function lengthOfLzf(bytes: Uint8Array): number {
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const head = bytes[at] ?? 0;
    const literal = head < 32;
    const isLong = head >> 5 === 7;
    length += literal ? head + 1 : (head >> 5) + 2 + (isLong ? (bytes[at + 1] ?? 0) : 0);
    at += literal ? head + 2 : isLong ? 3 : 2;
  }
  return length;
}

function lengthBefore(bytes: Uint8Array): number | undefined {
  const length = view(bytes, 8)?.getBigUint64(0);
  return length === undefined ? undefined : Number(length);
}

function view(bytes: Uint8Array, least: number): DataView | undefined {
  return bytes.length < least ? undefined : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
