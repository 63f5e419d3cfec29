import { compareBytes } from '../bytes.ts';
import { Piece } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { elementsOf, readDataspace } from './dataspace.ts';
import type { Dataspace } from './dataspace.ts';
import { readDatatype } from './datatype.ts';
import type { Datatype } from './datatype.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { FractalHeap } from '../structures/fractalHeap.ts';
import { lookup3 } from '../checksum.ts';
import { messageBody, messageTypes, sharedBody } from './objectHeader.ts';
import type { StoredObject } from './objectHeader.ts';
import { tree2Find, tree2Records, tree2Total } from '../structures/tree2.ts';

/** An attribute, whose parts are read when they are asked for; each throws FormatError. */
export interface Attribute {
  readonly name: Uint8Array;
  type(): Datatype;
  space(): Dataspace;
  /** The bytes of all elements as the file has them. */
  data(type: Datatype, space: Dataspace): Piece;
}

/** Kinds of records: attributes by a hash of their names, and in the order of making. */
const BY_NAME = 8;
const BY_ORDER = 9;
/** They are counted in 16 bits. */
const MAX_ATTRIBUTES = 0xffff;

/**
 * The attributes of an object: by the bytes of their names, or in the order of making where an index keeps it.
 * @throws FormatError
 */
export function attributesOf(object: StoredObject): Attribute[] {
  const { file } = object;
  const dense = denseAttributes(object);
  if (dense !== undefined) {
    const { heap, names, orders } = dense;
    const [tree, kind] = orders === undefined ? [names, BY_NAME] : [orders, BY_ORDER];
    if (tree2Total(file, tree, kind) > MAX_ATTRIBUTES) throw new FormatError('an object has too many attributes');
    const attributes = Array.from(tree2Records(file, tree, kind), (record) =>
      denseAttribute(file, heap, record, dense.idBytes),
    );
    return orders === undefined ? attributes.sort((a, b) => compareBytes(a.name, b.name)) : attributes;
  }
  const messages = object.messages.filter(({ type }) => type === messageTypes.attribute);
  if (object.ordersAttributes) {
    if (messages.some(({ order }) => order === undefined)) throw new FormatError('an attribute has no number');
    messages.sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  }
  const attributes = messages.map((message) => splitAttribute(file, messageBody(file, message)));
  return object.ordersAttributes ? attributes : attributes.sort((a, b) => compareBytes(a.name, b.name));
}

/** A single attribute, without reading the others where there are many; undefined without it. @throws FormatError */
export function findAttribute(object: StoredObject, name: Uint8Array): Attribute | undefined {
  const { file } = object;
  const dense = denseAttributes(object);
  if (dense === undefined) {
    for (const message of object.messages) {
      if (message.type !== messageTypes.attribute) continue;
      const body = messageBody(file, message);
      if (!startsWithName(body, name)) continue;
      const attribute = splitAttribute(file, body);
      if (compareBytes(attribute.name, name) === 0) return attribute;
    }
    return undefined;
  }
  const hash = lookup3(name);
  const hashAt = dense.idBytes + 5;
  const order = (record: Cursor): number => {
    record.skip(hashAt);
    return record.u32() - hash;
  };
  for (const record of tree2Find(file, dense.names, BY_NAME, order)) {
    const attribute = denseAttribute(file, dense.heap, record, dense.idBytes);
    if (compareBytes(attribute.name, name) === 0) return attribute;
  }
  return undefined;
}

interface Dense {
  readonly heap: FractalHeap;
  /** Bytes of the name of an object in the heap. */
  readonly idBytes: number;
  readonly names: number;
  readonly orders: number | undefined;
}

/** Where attributes lie that are too many for the header (format specification IV.A.2.v "The Attribute Info Message"). */
function denseAttributes({ file, messages }: StoredObject): Dense | undefined {
  const info = messages.find(({ type }) => type === messageTypes.attributeInfo);
  if (info === undefined) return undefined;
  const cursor = messageBody(file, info).cursor();
  cursor.version(0, 'what tells of attributes');
  const flags = cursor.u8();
  if ((flags & 1) !== 0) cursor.skip(2);
  const heap = cursor.address();
  const names = cursor.address();
  if (heap === undefined) return undefined;
  if (names === undefined) throw new FormatError('an object has no list of attributes');
  const orders = (flags & 2) !== 0 ? cursor.place() : undefined;
  return { heap: new FractalHeap(file, heap), idBytes: 8, names, orders };
}

function denseAttribute(file: FormatFile, heap: FractalHeap, record: Cursor, idBytes: number): Attribute {
  const id = record.piece(idBytes).cursor();
  // The message is shared: its name in the heap is one of another heap.
  if ((record.u8() & 2) !== 0) throw new FormatError('an attribute is shared, which is not read here');
  return splitAttribute(file, Piece.of(heap.object(id), file.sizes));
}

/** Whether it may be the attribute of a name, to be found out before more of it is read. */
function startsWithName(body: Piece, name: Uint8Array): boolean {
  const { bytes } = body.block;
  const at = body.start + (bytes[body.start] === 3 ? 9 : 8);
  for (let index = 0; index < name.length; index += 1) if (bytes[at + index] !== name[index]) return false;
  return true;
}

/** An attribute message (format specification IV.A.2.m "The Attribute Message"). */
function splitAttribute(file: FormatFile, body: Piece): Attribute {
  const cursor = body.cursor();
  const version = cursor.u8();
  if (version < 1 || version > 3) throw new FormatError(`an attribute is of the unknown version ${version}`);
  const flags = version === 1 ? (cursor.skip(1), 0) : cursor.u8();
  const [nameLength, typeLength, spaceLength] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const multiple = version === 1 ? 8 : 1;
  const part = (length: number): Piece => {
    const piece = cursor.piece(length);
    cursor.skip(Math.ceil(length / multiple) * multiple - length);
    return piece;
  };
  const name = part(nameLength).bytes;
  const type = part(typeLength);
  const space = part(spaceLength);
  const data = cursor.rest();
  const end = name.indexOf(0);
  if (end <= 0) throw new FormatError('an attribute has no name');
  const read = (piece: Piece, isShared: boolean, kind: number): Cursor =>
    (isShared ? sharedBody(file, piece.cursor(), kind) : piece).cursor();
  return {
    name: name.subarray(0, end),
    type: () => readDatatype(read(type, (flags & 1) !== 0, messageTypes.datatype)),
    space: () => readDataspace(read(space, (flags & 2) !== 0, messageTypes.dataspace)),
    data: ({ size }, { lengths }) => data.cursor().piece(elementsOf(lengths) * size),
  };
}
