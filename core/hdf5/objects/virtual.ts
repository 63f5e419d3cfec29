import type { Cursor } from '../cursor.ts';
import { MAX_RANK } from './dataspace.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { GlobalHeaps } from '../structures/globalHeap.ts';

/** A rectangular part of an array, possibly repeated along each axis; Infinity for without an end. */
export interface Block {
  readonly start: readonly number[];
  readonly stride: readonly number[];
  readonly count: readonly number[];
  readonly block: readonly number[];
}

export type Selection = 'all' | 'none' | readonly Block[];

/** A part of a virtual dataset, and where its values lie. */
export interface VirtualPart {
  /** `.` is the file itself; `%b` in a name stands for the number of a block. */
  readonly file: string;
  readonly dataset: string;
  readonly source: Selection;
  readonly target: Selection;
}

const MAX_PARTS = 100_000;

/**
 * The parts of which a virtual dataset consists (format specification III.F "Disk Format: Level 1F - Global Heap Block for
 * Virtual Datasets").
 * @throws FormatError also for versions that are not known here
 */
export function readVirtualParts(file: FormatFile, address: number, index: number): VirtualPart[] {
  const cursor = file.cursor(new GlobalHeaps(file).object(address, index));
  const version = cursor.u8();
  if (version !== 0) throw new FormatError(`the parts of a virtual dataset are of the unknown version ${version}`);
  const count = cursor.length();
  if (count > MAX_PARTS) throw new FormatError(`a virtual dataset of ${count} parts is too large`);
  return Array.from({ length: count }, () => ({
    file: cursor.text(),
    dataset: cursor.text(),
    source: readSelection(cursor),
    target: readSelection(cursor),
  }));
}

function readSelection(cursor: Cursor): Selection {
  const kind = cursor.u32();
  const version = cursor.u32();
  if (kind === 0 || kind === 3) {
    cursor.skip(8);
    return kind === 0 ? 'none' : 'all';
  }
  if (kind !== 2 || version < 1 || version > 3) throw new FormatError('a selection is of an unknown kind');
  if (version === 1) {
    cursor.skip(8);
    const rank = readRank(cursor);
    return readBlocks(cursor, rank, 4, cursor.u32());
  }
  const isRegular = (cursor.u8() & 1) !== 0;
  const width = version === 2 ? 8 : cursor.u8();
  if (![2, 4, 8].includes(width)) throw new FormatError('a selection is damaged');
  if (version === 2) cursor.skip(4);
  const rank = readRank(cursor);
  if (!isRegular) return readBlocks(cursor, rank, width, readCount(cursor, width));
  const axes = Array.from({ length: rank }, () => ({
    start: readCount(cursor, width),
    stride: readCount(cursor, width),
    count: readCount(cursor, width),
    block: readCount(cursor, width),
  }));
  // Nor does the library take blocks that lie over each other.
  if (axes.some(({ stride, count, block }) => count > 1 && (stride === 0 || block > stride)))
    throw new FormatError('the blocks of a selection lie over each other');
  return [
    {
      start: axes.map(({ start }) => start),
      stride: axes.map(({ stride }) => stride),
      count: axes.map(({ count }) => count),
      block: axes.map(({ block }) => block),
    },
  ];
}

function readBlocks(cursor: Cursor, rank: number, width: number, count: number): Block[] {
  if (!(count * rank * width * 2 <= cursor.left)) throw new FormatError('a selection ends too early');
  return Array.from({ length: count }, () => {
    const start = Array.from({ length: rank }, () => readCount(cursor, width));
    const end = Array.from({ length: rank }, () => readCount(cursor, width));
    const one = start.map(() => 1);
    return { start, stride: one, count: one, block: end.map((last, axis) => last - (start[axis] ?? 0) + 1) };
  });
}

function readRank(cursor: Cursor): number {
  const rank = cursor.u32();
  if (rank < 1 || rank > MAX_RANK) throw new FormatError('a selection is damaged');
  return rank;
}

/** All bits set stands for without an end. */
function readCount(cursor: Cursor, width: number): number {
  const bytes = cursor.take(width);
  if (bytes.every((byte) => byte === 0xff)) return Infinity;
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
