import { FormatError } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';
import { FractalHeap } from './fractalHeap.ts';
import { localHeap } from './layout.ts';
import { messageTypes } from './objectHeader.ts';
import type { Message } from './objectHeader.ts';
import { tree2Records } from './tree2.ts';

const MAX_NODES = 20_000;

/**
 * The names in a group, as the bytes that the file has, in no order.
 * @throws FormatError
 */
export function* linkNames(file: FormatFile, messages: readonly Message[]): Generator<Uint8Array, void> {
  for (const { type, body } of messages) {
    if (type === messageTypes.symbolTable) yield* tableNames(file, body);
    if (type === messageTypes.link) yield linkName(file, body);
    if (type === messageTypes.linkInfo) yield* denseNames(file, body);
  }
}

function linkName(file: FormatFile, body: Uint8Array): Uint8Array {
  const cursor = file.cursor(body);
  cursor.skip(1);
  const flags = cursor.u8();
  cursor.skip((flags & 8 ? 1 : 0) + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
  return cursor.take(cursor.uint(2 ** (flags & 3)));
}

function* denseNames(file: FormatFile, body: Uint8Array): Generator<Uint8Array, void> {
  const cursor = file.cursor(body);
  cursor.skip(1);
  if ((cursor.u8() & 1) !== 0) cursor.skip(8);
  const heapAddress = cursor.address();
  const names = cursor.address();
  if (heapAddress === undefined || names === undefined) return;
  const heap = new FractalHeap(file, heapAddress);
  for (const record of tree2Records(file, names)) {
    // A hash of the name comes first.
    record.skip(4);
    yield linkName(file, heap.object(record));
  }
}

/** Groups of the oldest kind: a tree whose leaves are tables of names in a heap. */
function* tableNames(file: FormatFile, body: Uint8Array): Generator<Uint8Array, void> {
  const { offset, length } = file.sizes;
  const cursor = file.cursor(body);
  const root = cursor.address();
  const heap = cursor.address();
  if (root === undefined || heap === undefined) return;
  const names = localHeap(file, heap);
  const waiting = [root];
  for (let nodes = 0; ; nodes += 1) {
    const address = waiting.pop();
    if (address === undefined) return;
    if (nodes > MAX_NODES) throw new FormatError('a group has no end');
    const head = file.read(address, 8);
    if (head.u32() === 0x444f4e53) {
      head.skip(2);
      const table = file.read(address + 8, head.u16() * (2 * offset + 24));
      while (table.left > 0) {
        const at = table.uint(offset);
        table.skip(offset + 24);
        const end = names.bytes.indexOf(0, at);
        yield names.bytes.subarray(at, end < 0 ? undefined : end);
      }
      continue;
    }
    head.skip(2);
    const entries = head.u16();
    const node = file.read(address + 8 + 2 * offset, entries * (length + offset));
    for (let index = 0; index < entries; index += 1) {
      node.skip(length);
      const child = node.address();
      if (child !== undefined) waiting.push(child);
    }
  }
}
