import { requireChecksum } from '../checksum.ts';
import { Cursor } from '../cursor.ts';
import type { Piece } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';

/** Signature, version, type and checksum of a node. */
const PREFIX = 10;
const MAX_DEPTH = 16;

/** A B-tree of version 2 (format specification III.A.2), where newer files keep long lists. */
interface Tree {
  readonly file: FormatFile;
  readonly type: number;
  readonly nodeSize: number;
  readonly recordSize: number;
  readonly depth: number;
  readonly root: number | undefined;
  readonly rootRecords: number;
  readonly total: number;
  /** Bytes of the number of records in a child, and of all below a child of that depth. */
  readonly countWidth: number;
  readonly totalWidths: readonly number[];
}

/** How many records there are. @param type the kind of records that is expected. @throws FormatError */
export function tree2Total(file: FormatFile, address: number, type: number): number {
  return openTree(file, address, type).total;
}

/**
 * Records in their order.
 * @param type the kind of records that is expected; undefined for any
 * @param skip so many are passed over, and whole branches of the tree with them
 * @throws FormatError
 */
export function* tree2Records(file: FormatFile, address: number, type?: number, skip = 0): Generator<Cursor, void> {
  const tree = openTree(file, address, type);
  if (tree.root === undefined) return;
  const walk: Walk = { left: tree.total, skip };
  yield* nodeRecords(tree, { address: tree.root, records: tree.rootRecords, total: tree.total }, tree.depth, walk);
}

/**
 * The records that compare as equal to what is looked for, found without reading the others.
 * @param compare below zero where a record comes before those, above where it comes behind them
 * @throws FormatError
 */
export function* tree2Find(
  file: FormatFile,
  address: number,
  type: number,
  compare: (record: Cursor) => number,
): Generator<Cursor, void> {
  const tree = openTree(file, address, type);
  if (tree.root === undefined) return;
  const root = { address: tree.root, records: tree.rootRecords, total: tree.total };
  yield* nodeFind(tree, root, tree.depth, compare, { left: tree.total, skip: 0 });
}

function openTree(file: FormatFile, address: number, type?: number): Tree {
  const { offset, length } = file.sizes;
  const piece = file.piece(address, 22 + offset + length);
  requireChecksum(piece.bytes, 'a tree');
  const head = piece.cursor();
  head.expect('BTHD');
  head.version(0, 'a tree');
  const found = head.u8();
  const nodeSize = head.u32();
  const recordSize = head.u16();
  const depth = head.u16();
  head.skip(2);
  const root = head.address();
  const rootRecords = head.u16();
  const total = head.length();
  const isSound =
    recordSize > 0 && nodeSize > PREFIX + recordSize && depth <= MAX_DEPTH && (root === undefined) === (total === 0);
  // What is counted more often than there is room for it is the same node again and again.
  const hasRoom = total * recordSize <= file.bytesFrom(0);
  if (!isSound || !hasRoom || (type !== undefined && found !== type)) throw new FormatError('a tree is damaged');
  const leaf = Math.floor((nodeSize - PREFIX) / recordSize);
  const countWidth = bytesOf(leaf);
  const totalWidths = [0];
  let most = leaf;
  for (let level = 1; level <= depth; level += 1) {
    const pointer = offset + countWidth + (totalWidths[level - 1] ?? 0);
    const own = Math.floor((nodeSize - PREFIX - pointer) / (recordSize + pointer));
    most = (own + 1) * most + own;
    totalWidths.push(bytesOf(most));
  }
  return { file, type: found, nodeSize, recordSize, depth, root, rootRecords, total, countWidth, totalWidths };
}

/** Bytes that are needed for numbers up to this one. */
function bytesOf(most: number): number {
  let [bytes, limit] = [1, 256];
  for (; limit <= most; limit *= 256) bytes += 1;
  return Math.min(bytes, 8);
}

interface Child {
  readonly address: number;
  readonly records: number;
  /** Records in it and below. */
  readonly total: number;
}

interface Walk {
  /** Records that may still come: a tree that has more goes round in a circle. */
  left: number;
  skip: number;
}

interface Node {
  readonly records: Piece;
  readonly children: readonly Child[];
}

function readNode(tree: Tree, { address, records, total }: Child, depth: number, walk: Walk): Node {
  const { file, recordSize, countWidth, totalWidths } = tree;
  const totalWidth = depth > 1 ? (totalWidths[depth - 1] ?? 0) : 0;
  const pointers = depth === 0 ? 0 : (records + 1) * (file.sizes.offset + countWidth + totalWidth);
  const length = 6 + records * recordSize + pointers + 4;
  walk.left -= records;
  if (records === 0 || length > tree.nodeSize || walk.left < 0) throw new FormatError('a tree is damaged');
  const piece = file.piece(address, length);
  if (!file.isChecked(address)) {
    requireChecksum(piece.block.bytes, 'a tree', piece.start, piece.end);
    file.setChecked(address);
  }
  const cursor = piece.cursor();
  cursor.expect(depth === 0 ? 'BTLF' : 'BTIN');
  cursor.version(0, 'a tree');
  if (cursor.u8() !== tree.type) throw new FormatError('a tree is damaged');
  const all = cursor.piece(records * recordSize);
  const children: Child[] = [];
  let sum = records;
  for (let index = 0; depth > 0 && index <= records; index += 1) {
    const child = cursor.place();
    const own = cursor.uint(countWidth);
    const below = totalWidth === 0 ? own : cursor.uint(totalWidth);
    sum += below;
    children.push({ address: child, records: own, total: below });
  }
  if (sum !== total) throw new FormatError('a tree is damaged');
  return { records: all, children };
}

function* nodeRecords(tree: Tree, child: Child, depth: number, walk: Walk): Generator<Cursor, void> {
  const node = readNode(tree, child, depth, walk);
  const cursor = node.records.cursor();
  for (let index = 0; index <= child.records; index += 1) {
    const below = node.children[index];
    if (below !== undefined) {
      if (walk.skip >= below.total) {
        walk.skip -= below.total;
        walk.left -= below.total;
      } else yield* nodeRecords(tree, below, depth - 1, walk);
    }
    if (index === child.records) break;
    const record = cursor.piece(tree.recordSize);
    if (walk.skip > 0) walk.skip -= 1;
    else yield new Cursor(record);
  }
}

function* nodeFind(
  tree: Tree,
  child: Child,
  depth: number,
  compare: (record: Cursor) => number,
  walk: Walk,
): Generator<Cursor, void> {
  const node = readNode(tree, child, depth, walk);
  const cursor = node.records.cursor();
  // Between this record and the next one.
  let before = -1;
  for (let index = 0; index <= child.records; index += 1) {
    const record = index < child.records ? cursor.piece(tree.recordSize) : undefined;
    const after = record === undefined ? 1 : compare(record.cursor());
    const below = node.children[index];
    if (below !== undefined && before <= 0 && after >= 0) yield* nodeFind(tree, below, depth - 1, compare, walk);
    if (record !== undefined && after === 0) yield record.cursor();
    if (after > 0) return;
    before = after;
  }
}
