import type { FormatFile } from '../formatFile.ts';
import { chunkIndex } from './chunkIndex.ts';
import type { Chunk } from './chunkIndex.ts';
import { placesOf } from './dataset.ts';
import type { ChunkedLayout } from './layout.ts';

/** Chunks that are looked for; more make it take too long to find out. */
const MAX_CHUNKS = 100_000;

/** What is wrong with the chunks that are read: one was never written, or holds less than it should. */
export type ChunkFault = 'missing' | 'cut';

/**
 * Looks at the chunks that hold a part of the first `count` elements along each axis.
 * @param most lengths that the dataset may grow to, Infinity for without an end
 * @param isFiltered chunks are stored in other lengths than their own
 * @param isWhole whether a chunk holds all its values; asked for each until one does not
 * @returns undefined where all are there, and where there are too many chunks to look for each
 * @throws FormatError
 */
export function chunkFault(
  file: FormatFile,
  layout: ChunkedLayout,
  most: readonly number[],
  count: readonly number[],
  isFiltered: boolean,
  isWhole: (chunk: Chunk) => boolean,
): ChunkFault | undefined {
  const { address, chunk, index } = layout;
  if (count.some((length) => length === 0) || (address !== undefined && index === 'implicit')) return undefined;
  if (address === undefined) return 'missing';
  const find = chunkIndex(file, layout, most, isFiltered);
  let looked = 0;
  for (const place of placesOf(count.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1))))) {
    const found = find(place);
    if (found === undefined) return 'missing';
    if (!isWhole(found)) return 'cut';
    looked += 1;
    if (looked > MAX_CHUNKS) return undefined;
  }
  return undefined;
}
