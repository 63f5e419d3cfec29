import { requireChecksum } from '../checksum.ts';
import { Piece } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { FractalHeap } from './fractalHeap.ts';

/**
 * A message that many objects have in common and that lies in a heap of the file (format specification III.I "Disk Format: Level 1I - Shared
 * Object Header Message Table"): the table has a heap for some kinds of messages each.
 * @param place behind the head of the shared message: the id in the heap
 * @param findTable the message in the header at an address that tells where the table is
 * @throws FormatError
 */
export function sharedMessage(
  file: FormatFile,
  place: Cursor,
  type: number,
  findTable: (address: number) => Piece | undefined,
): Piece {
  const info = file.extension === undefined ? undefined : findTable(file.extension);
  if (info === undefined) throw new FormatError('there is no table of shared messages');
  const cursor = info.cursor();
  cursor.version(0, 'the table of shared messages');
  const address = cursor.place();
  const heap = heapFor(file, address, cursor.u8(), type);
  return Piece.of(new FractalHeap(file, heap).object(place.rest().cursor()), file.sizes);
}

function heapFor(file: FormatFile, address: number, count: number, type: number): number {
  const each = 14 + 2 * file.sizes.offset;
  const table = file.piece(address, 4 + count * each + 4);
  requireChecksum(table.bytes, 'the table of shared messages');
  const cursor = table.cursor();
  cursor.expect('SMTB');
  for (let index = 0; index < count; index += 1) {
    cursor.version(0, 'an index of shared messages');
    cursor.skip(1);
    const types = cursor.u16();
    cursor.skip(4 + 2 + 2 + 2 + file.sizes.offset);
    const heap = cursor.address();
    if (heap !== undefined && (types & (1 << type)) !== 0) return heap;
  }
  throw new FormatError('a shared message is in no table');
}
