import type { Cursor } from '../cursor.ts';
import { product } from './dataspace.ts';
import { ExtensibleArray } from '../structures/extensibleArray.ts';
import { FixedArray } from '../structures/fixedArray.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { Kept } from '../kept.ts';
import type { ChunkedLayout } from './layout.ts';
import { readTree1Node } from '../structures/tree1.ts';
import { tree2Find } from '../structures/tree2.ts';

/** Where a chunk lies. */
export interface Chunk {
  readonly address: number;
  /** Bytes as stored. */
  readonly stored: number;
  /** A bit for each filter that it was not put through. */
  readonly mask: number;
}

/**
 * Finds a chunk by its number along each axis; undefined for one that was never written. Throws FormatError.
 */
export type FindChunk = (place: readonly number[]) => Chunk | undefined;

/**
 * How the chunks of a dataset are found (format specification, appendix C "Types of Indexes for Dataset Chunks", and
 * III.A.1 for the B-trees of old files).
 * @param most lengths that the dataset may grow to, Infinity for without an end
 * @param isFiltered chunks are stored in other lengths than their own
 * @throws FormatError
 */
export function chunkIndex(
  file: FormatFile,
  layout: ChunkedLayout,
  most: readonly number[],
  isFiltered: boolean,
): FindChunk {
  const { address, chunk } = layout;
  if (address === undefined) return () => undefined;
  const bytes = product(chunk) * layout.elementSize;
  switch (layout.index) {
    case 'single': {
      const { stored = bytes, mask = 0 } = layout.single ?? {};
      return (place) => (place.every((at) => at === 0) ? { address, stored, mask } : undefined);
    }
    case 'implicit': {
      const all = chunksOf(most, chunk);
      return (place) => ({ address: address + numberOf(place, all) * bytes, stored: bytes, mask: 0 });
    }
    case 'fixed': {
      const all = chunksOf(most, chunk);
      const array = new FixedArray(file, address);
      return (place) => entryOf(array.entry(numberOf(place, all)), isFiltered, bytes);
    }
    case 'extensible': {
      const all = chunksOf(most, chunk);
      // It counts along the axis without an end last of all.
      const endless = all.indexOf(Infinity);
      if (endless < 0) throw new FormatError('a list grows along no axis');
      const turned = turn(all, endless);
      const array = new ExtensibleArray(file, address);
      return (place) => entryOf(array.entry(numberOf(turn(place, endless), turned)), isFiltered, bytes);
    }
    case 'tree2':
      return (place) => findInTree2(file, address, place, isFiltered, bytes);
    case 'tree':
      return treeIndex(file, address, chunk);
  }
}

function chunksOf(most: readonly number[], chunk: readonly number[]): number[] {
  return most.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1)));
}

function turn(lengths: readonly number[], axis: number): number[] {
  return [...lengths.slice(axis, axis + 1), ...lengths.slice(0, axis), ...lengths.slice(axis + 1)];
}

/** The number of a chunk in row-major order; the first length is not needed for it. */
function numberOf(place: readonly number[], all: readonly number[]): number {
  let number = 0;
  for (const [axis, at] of place.entries()) number = axis === 0 ? at : number * (all[axis] ?? 1) + at;
  return number;
}

function entryOf(entry: Cursor | undefined, isFiltered: boolean, bytes: number): Chunk | undefined {
  if (entry === undefined) return undefined;
  const address = entry.address();
  if (address === undefined) return undefined;
  if (!isFiltered) return { address, stored: bytes, mask: 0 };
  // The width of the length is what the entry has room for.
  const stored = entry.uint(entry.left - 4);
  return { address, stored, mask: entry.u32() };
}

/** Records of chunks without filters, and with. */
const PLAIN = 10;
const FILTERED = 11;

function findInTree2(
  file: FormatFile,
  root: number,
  place: readonly number[],
  isFiltered: boolean,
  bytes: number,
): Chunk | undefined {
  const compare = (record: Cursor): number => {
    record.skip(record.left - 8 * place.length);
    for (const at of place) {
      const found = record.uint(8);
      if (found !== at) return found - at;
    }
    return 0;
  };
  for (const record of tree2Find(file, root, isFiltered ? FILTERED : PLAIN, compare))
    return entryOf(record.piece(record.left - 8 * place.length).cursor(), isFiltered, bytes);
  return undefined;
}

interface TreeNode {
  readonly level: number;
  /** Where in the array each child begins, in elements, and one more for where the last one ends. */
  readonly keys: readonly (readonly number[])[];
  readonly chunks: readonly Chunk[];
}

/** Bytes of nodes that are kept; and what an entry takes, with each of its axes. */
const MAX_KEPT = 16 * 1024 * 1024;
const ENTRY_BYTES = 120;
const AXIS_BYTES = 8;

function treeIndex(file: FormatFile, root: number, chunk: readonly number[]): FindChunk {
  const kept = new Kept<TreeNode>(MAX_KEPT);
  const nodeAt = (address: number, level?: number): TreeNode => {
    const known = kept.get(address);
    if (known !== undefined && (level === undefined || known.level === level)) return known;
    const node = readNode(file, address, chunk.length, level);
    kept.set(address, node, node.keys.length * (ENTRY_BYTES + AXIS_BYTES * chunk.length));
    return node;
  };
  return (place) => {
    const wanted = place.map((at, axis) => at * (chunk[axis] ?? 1));
    let node = nodeAt(root);
    for (;;) {
      let [low, high] = [0, node.chunks.length];
      // The last child that does not begin behind it.
      while (low < high) {
        const middle = (low + high) >> 1;
        if (compare(node.keys[middle] ?? [], wanted) <= 0) low = middle + 1;
        else high = middle;
      }
      const found = node.chunks[low - 1];
      if (found === undefined) return undefined;
      if (node.level > 0) {
        node = nodeAt(found.address, node.level - 1);
        continue;
      }
      return compare(node.keys[low - 1] ?? [], wanted) === 0 && found.stored > 0 ? found : undefined;
    }
  };
}

function readNode(file: FormatFile, address: number, rank: number, level?: number): TreeNode {
  const { level: found, entries, cursor } = readTree1Node(file, address, 1, 8 + 8 * (rank + 1), level);
  const keys: number[][] = [];
  const chunks: Chunk[] = [];
  for (let index = 0; index <= entries; index += 1) {
    const stored = cursor.u32();
    const mask = cursor.u32();
    const key: number[] = [];
    for (let axis = 0; axis < rank; axis += 1) key.push(cursor.uint(8));
    // The library compares where in an element it begins, too, and would give the fill value for this one.
    if (cursor.uint(8) !== 0 && index < entries) throw new FormatError('a tree is damaged');
    keys.push(key);
    if (index < entries) chunks.push({ address: cursor.place(), stored, mask });
  }
  return { level: found, keys, chunks };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [axis, at] of a.entries()) {
    const other = b[axis] ?? 0;
    if (at !== other) return at - other;
  }
  return 0;
}
