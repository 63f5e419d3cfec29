import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';

const MAX_LEVELS = 32;

/** A node of a B-tree of version 1 (format specification III.A.1): a key, a child, a key, a child, …, and a last key. */
export interface Tree1Node {
  readonly level: number;
  readonly entries: number;
  /** Stands at the first key. */
  readonly cursor: Cursor;
}

/**
 * @param type 0 for groups, 1 for chunks
 * @param level undefined for the root, else what the parent leaves for it
 * @throws FormatError
 */
export function readTree1Node(
  file: FormatFile,
  address: number,
  type: 0 | 1,
  keySize: number,
  level?: number,
): Tree1Node {
  const before = 8 + 2 * file.sizes.offset;
  const head = file.read(address, before);
  head.expect('TREE');
  if (head.u8() !== type) throw new FormatError('a tree is damaged');
  const found = head.u8();
  const entries = head.u16();
  if (found > MAX_LEVELS || (level !== undefined && found !== level)) throw new FormatError('a tree is damaged');
  const cursor = file.read(address + before, entries * (keySize + file.sizes.offset) + keySize);
  return { level: found, entries, cursor };
}
