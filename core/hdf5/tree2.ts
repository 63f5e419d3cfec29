import { FormatError } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';

/** Signature, version, type and checksum of a node. */
const PREFIX = 10;
const MAX_NODES = 20_000;

/**
 * All records of a B-tree of the second version, where newer files keep long lists of attributes and chunks.
 * @throws FormatError
 */
export function* tree2Records(file: FormatFile, address: number): Generator<Cursor, void> {
  const { offset, length } = file.sizes;
  const head = file.read(address, 22 + offset + length);
  head.expect('BTHD');
  head.skip(2);
  const nodeSize = head.u32();
  const recordSize = head.u16();
  const depth = head.u16();
  head.skip(2);
  const root = head.address();
  const records = head.u16();
  if (root === undefined) return;
  if (recordSize === 0 || nodeSize <= PREFIX || depth > 16) throw new FormatError('a tree is damaged');
  yield* nodeRecords(
    file,
    { address: root, records, depth },
    { nodeSize, recordSize, ...widths(file, nodeSize, recordSize, depth) },
  );
}

interface Tree {
  readonly nodeSize: number;
  readonly recordSize: number;
  /** Bytes of the number of records in a child, and of all below a child of that depth. */
  readonly countWidth: number;
  readonly totalWidths: readonly number[];
}

function widths(
  file: FormatFile,
  nodeSize: number,
  recordSize: number,
  depth: number,
): Omit<Tree, 'nodeSize' | 'recordSize'> {
  const leaf = Math.floor((nodeSize - PREFIX) / recordSize);
  const countWidth = bytesOf(leaf);
  const totalWidths = [0];
  let total = leaf;
  for (let level = 1; level <= depth; level += 1) {
    const pointer = file.sizes.offset + countWidth + (totalWidths[level - 1] ?? 0);
    const most = Math.floor((nodeSize - PREFIX - pointer) / (recordSize + pointer));
    total = (most + 1) * total + most;
    totalWidths.push(bytesOf(total));
  }
  return { countWidth, totalWidths };
}

function bytesOf(most: number): number {
  return Math.floor(Math.log2(Math.max(most, 1)) / 8) + 1;
}

function* nodeRecords(
  file: FormatFile,
  root: { readonly address: number; readonly records: number; readonly depth: number },
  tree: Tree,
): Generator<Cursor, void> {
  const waiting = [root];
  for (let nodes = 0; ; nodes += 1) {
    const node = waiting.pop();
    if (node === undefined) return;
    if (nodes > MAX_NODES) throw new FormatError('a tree is too large');
    const cursor = file.read(node.address, tree.nodeSize - 4);
    cursor.expect(node.depth === 0 ? 'BTLF' : 'BTIN');
    cursor.skip(2);
    for (let index = 0; index < node.records; index += 1) yield file.cursor(cursor.take(tree.recordSize));
    for (let index = 0; node.depth > 0 && index <= node.records; index += 1) {
      const address = cursor.address();
      const records = cursor.uint(tree.countWidth);
      cursor.skip(node.depth > 1 ? (tree.totalWidths[node.depth - 1] ?? 0) : 0);
      if (address !== undefined) waiting.push({ address, records, depth: node.depth - 1 });
    }
  }
}
