import { readDatatype } from './datatype.ts';
import type { Datatype } from './datatype.ts';
import { decodeName } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';
import { FractalHeap } from './fractalHeap.ts';
import { messageBody, messageTypes, sharedBody } from './objectHeader.ts';
import type { Message } from './objectHeader.ts';
import { tree2Records } from './tree2.ts';

/**
 * The types of an object's attributes as the file has them, each read when it is asked for.
 * @throws FormatError, also from what it gives
 */
export function attributeTypes(file: FormatFile, messages: readonly Message[]): Map<string, () => Datatype> {
  const types = new Map<string, () => Datatype>();
  for (const body of attributeBodies(file, messages)) {
    const { name, type } = splitAttribute(file, body);
    types.set(name, () => readDatatype(file.cursor(type())));
  }
  return types;
}

function* attributeBodies(file: FormatFile, messages: readonly Message[]): Generator<Uint8Array, void> {
  for (const message of messages) {
    if (message.type === messageTypes.attribute) yield messageBody(file, message);
  }
  const info = messages.find(({ type }) => type === messageTypes.attributeInfo);
  if (info === undefined) return;
  const cursor = file.cursor(info.body);
  cursor.skip(1);
  if ((cursor.u8() & 1) !== 0) cursor.skip(2);
  const heapAddress = cursor.address();
  const names = cursor.address();
  if (heapAddress === undefined || names === undefined) return;
  const heap = new FractalHeap(file, heapAddress);
  for (const record of tree2Records(file, names)) yield heap.object(record);
}

function splitAttribute(file: FormatFile, body: Uint8Array): { name: string; type: () => Uint8Array } {
  const cursor = file.cursor(body);
  const version = cursor.u8();
  const flags = cursor.u8();
  const [nameLength, typeLength] = [cursor.u16(), cursor.u16()];
  cursor.skip(version >= 3 ? 3 : 2);
  const multiple = version === 1 ? 8 : 1;
  const name = cursor.take(nameLength);
  cursor.skip(Math.ceil(nameLength / multiple) * multiple - nameLength);
  const type = cursor.take(typeLength);
  const end = name.indexOf(0);
  return {
    name: decodeName(end < 0 ? name : name.subarray(0, end)),
    type: () => (version >= 2 && (flags & 1) !== 0 ? sharedBody(file, file.cursor(type), messageTypes.datatype) : type),
  };
}
