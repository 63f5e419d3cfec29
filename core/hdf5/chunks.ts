import { FormatError } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { ExtensibleArray } from './extensibleArray.ts';
import type { FormatFile } from './formatFile.ts';
import type { Layout } from './layout.ts';
import { tree2Records } from './tree2.ts';

type Chunked = Extract<Layout, { kind: 'chunked' }>;

/** Nodes of a tree of chunks that are read; more make it take too long to find out. */
const MAX_NODES = 20_000;
const MAX_LEVELS = 32;

/** A chunk as it lies in the file. */
export interface StoredChunk {
  readonly address: number;
  /** Bytes in the file; undefined where nothing says so, because there are as many as the chunk has. */
  readonly size: number | undefined;
  /** A bit for each filter, set where it was not applied. */
  readonly mask: number;
}

/** What is wrong with the chunks that are read: one was never written, or holds less than it should. */
export type ChunkFault = 'missing' | 'cut';

/**
 * Looks at the chunks that hold a part of the first `count` elements along each axis.
 * @param most lengths that the dataset may grow to, Infinity for without an end
 * @param isWhole whether a chunk holds all its values; asked for each until one does not
 * @returns undefined where all are there, and where there are too many chunks to look for each
 * @throws FormatError
 */
export function chunkFault(
  file: FormatFile,
  layout: Chunked,
  most: readonly number[],
  count: readonly number[],
  isWhole: (chunk: StoredChunk) => boolean,
): ChunkFault | undefined {
  const { address, chunk, index, single } = layout;
  if (count.some((length) => length === 0)) return undefined;
  if (address === undefined) return 'missing';
  const needed = count.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1)));
  switch (index) {
    case 'single':
      return isWhole({ address, size: single?.size, mask: single?.mask ?? 0 }) ? undefined : 'cut';
    case 'implicit':
      return undefined;
    case 'tree':
      return faultInTree(file, address, chunk, needed, isWhole);
    case 'fixed':
      return faultInList(fixedArray(file, address), needed, chunksOf(most, chunk), isWhole);
    case 'extensible':
      return faultInList(growingArray(file, address), ...endlessFirst(needed, chunksOf(most, chunk)), isWhole);
    case 'tree2':
      return faultInTree2(file, address, needed, isWhole);
  }
}

type IsWhole = (chunk: StoredChunk) => boolean;

function faultInTree(
  file: FormatFile,
  root: number,
  chunk: readonly number[],
  needed: readonly number[],
  isWhole: IsWhole,
): ChunkFault | undefined {
  const rank = chunk.length;
  const { offset: width } = file.sizes;
  const keySize = 8 + 8 * (rank + 1);
  let left = product(needed);
  let nodes = 0;
  let cut = 0;
  const isNeeded = (place: readonly number[]): boolean => place.every((at, axis) => at < (needed[axis] ?? 0));
  const last = needed.map((length) => length - 1);
  const visit = (address: number, level: number): void => {
    nodes += 1;
    if (nodes > MAX_NODES) throw new FormatError('there are too many chunks');
    const head = file.read(address, 8 + 2 * width);
    head.expect('TREE');
    head.skip(1);
    const found = head.u8();
    if (found > MAX_LEVELS || (level >= 0 && found !== level)) throw new FormatError('the tree of chunks is damaged');
    const entries = head.u16();
    const body = file.read(address + 8 + 2 * width, entries * (keySize + width));
    const items = Array.from({ length: entries }, () => {
      const [size, mask] = [body.u32(), body.u32()];
      const place = chunk.map((length) => body.uint(8) / Math.max(length, 1));
      body.skip(8);
      return { size, mask, place, child: body.address() };
    });
    for (const [index, { size, mask, place, child }] of items.entries()) {
      if (child === undefined) continue;
      if (found === 0) {
        if (size === 0 || !isNeeded(place)) continue;
        left -= 1;
        if (!isWhole({ address: child, size, mask })) cut += 1;
        continue;
      }
      const next = items[index + 1]?.place;
      // The keys are in order: what begins behind the last one needed, or ends at the first, is passed over.
      if (
        compare(place, last) <= 0 &&
        (next === undefined ||
          compare(
            next,
            last.map(() => 0),
          ) > 0)
      )
        visit(child, found - 1);
      if (left === 0 || cut > 0) return;
    }
  };
  visit(root, -1);
  return cut > 0 ? 'cut' : left > 0 ? 'missing' : undefined;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [axis, at] of a.entries()) {
    const other = b[axis] ?? 0;
    if (at !== other) return at - other;
  }
  return 0;
}

/** A chunk by its place, counted in row-major order. */
type ChunkAt = (place: number) => StoredChunk | undefined;

function faultInList(
  chunkAt: ChunkAt,
  needed: readonly number[],
  all: readonly number[],
  isWhole: IsWhole,
): ChunkFault | undefined {
  let looked = 0;
  for (const place of places(all, needed)) {
    looked += 1;
    if (looked > MAX_NODES) return undefined;
    const chunk = chunkAt(place);
    if (chunk === undefined) return 'missing';
    if (!isWhole(chunk)) return 'cut';
  }
  return undefined;
}

/** An entry of a list of chunks: the address, and of chunks with filters also their size and mask. */
function chunkIn(entry: Cursor | undefined): StoredChunk | undefined {
  const address = entry?.address();
  if (entry === undefined || address === undefined) return undefined;
  if (entry.left === 0) return { address, size: undefined, mask: 0 };
  return { address, size: entry.uint(entry.left - 4), mask: entry.u32() };
}

function chunksOf(most: readonly number[], chunk: readonly number[]): number[] {
  return most.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1)));
}

/** A list that grows counts along the axis without an end last of all. */
function endlessFirst(needed: readonly number[], all: readonly number[]): [number[], number[]] {
  const axis = all.indexOf(Infinity);
  const turned = (lengths: readonly number[]): number[] => [
    ...lengths.slice(axis, axis + 1),
    ...lengths.slice(0, axis),
    ...lengths.slice(axis + 1),
  ];
  return axis < 0 ? [[...needed], [...all]] : [turned(needed), turned(all)];
}

function growingArray(file: FormatFile, address: number): ChunkAt {
  const array = new ExtensibleArray(file, address);
  return (place) => chunkIn(array.entry(place));
}

function fixedArray(file: FormatFile, address: number): ChunkAt {
  const { offset, length } = file.sizes;
  const head = file.read(address, 8 + length + offset);
  head.expect('FAHD');
  head.skip(2);
  const entrySize = head.u8();
  const perPage = 2 ** head.u8();
  const entries = head.length();
  const block = head.address();
  if (block === undefined) return () => undefined;
  const isPaged = entries > perPage;
  const before = 6 + offset;
  const used = isPaged ? file.read(block + before, Math.ceil(Math.ceil(entries / perPage) / 8)).bytes : undefined;
  // Behind the list of pages, and behind each page, there is a checksum of four bytes.
  const start = block + before + (used === undefined ? 0 : used.length + 4);
  return (place) => {
    const page = used === undefined ? 0 : Math.floor(place / perPage);
    if (used !== undefined && ((used[page >> 3] ?? 0) & (0x80 >> (page & 7))) === 0) return undefined;
    return chunkIn(file.read(start + place * entrySize + page * 4, entrySize));
  };
}

function faultInTree2(
  file: FormatFile,
  address: number,
  needed: readonly number[],
  isWhole: IsWhole,
): ChunkFault | undefined {
  let left = product(needed);
  for (const record of tree2Records(file, address)) {
    const chunk = chunkIn(file.cursor(record.take(record.left - 8 * needed.length)));
    const isNeeded = needed.every((length) => record.uint(8) < length);
    if (!isNeeded || chunk === undefined) continue;
    if (!isWhole(chunk)) return 'cut';
    left -= 1;
    if (left === 0) return undefined;
  }
  return 'missing';
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total * length, 1);
}

/** Numbers of the first `needed` chunks along each axis among `all`, counted in row-major order. */
function* places(all: readonly number[], needed: readonly number[]): Generator<number, void> {
  const total = product(needed);
  for (let number = 0; number < total; number += 1) {
    let rest = number;
    let place = 0;
    let step = 1;
    for (let axis = needed.length - 1; axis >= 0; axis -= 1) {
      const length = needed[axis] ?? 1;
      place += (rest % length) * step;
      rest = Math.floor(rest / length);
      step *= all[axis] ?? 1;
    }
    yield place;
  }
}
