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
import { messageBody, messageTypes, sharedBody, tableMessage } from './objectHeader.ts';
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

/** The kind of records of attributes by a hash of their names. */
const BY_NAME = 8;
/** Bytes of the name of an object in a heap. */
const ID_BYTES = 8;
/** They are counted in 16 bits. */
const MAX_ATTRIBUTES = 0xffff;

/**
 * The attributes of an object: by the bytes of their names, or in the order of making where that is kept.
 * @throws FormatError
 */
export function attributesOf(object: StoredObject): Attribute[] {
  const { file } = object;
  const dense = denseAttributes(object);
  if (dense !== undefined) {
    if (tree2Total(file, dense.names, BY_NAME) > MAX_ATTRIBUTES)
      throw new FormatError('an object has too many attributes');
    const found = Array.from(tree2Records(file, dense.names, BY_NAME), (record) => ({
      attribute: denseAttribute(file, dense.heap, record),
      order: record.u32(),
    }));
    // The index of that order is not asked: it is not always there, and libraries lose names in it that were changed.
    found.sort(
      dense.isOrdered ? (a, b) => a.order - b.order : (a, b) => compareBytes(a.attribute.name, b.attribute.name),
    );
    return found.map(({ attribute }) => attribute);
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
  const order = (record: Cursor): number => {
    record.skip(ID_BYTES + 5);
    return record.u32() - hash;
  };
  for (const record of tree2Find(file, dense.names, BY_NAME, order)) {
    const attribute = denseAttribute(file, dense.heap, record);
    if (compareBytes(attribute.name, name) === 0) return attribute;
  }
  return undefined;
}

interface Dense {
  readonly heap: FractalHeap;
  /** The tree that lists them by a hash of their names. */
  readonly names: number;
  /** They are told in the order of making. */
  readonly isOrdered: boolean;
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
  return { heap: new FractalHeap(file, heap), names, isOrdered: (flags & 1) !== 0 };
}

/** What a record of the tree stands for (III.A.2 "Version 2 B-trees", type 8); its place in the order comes next in it. */
function denseAttribute(file: FormatFile, heap: FractalHeap, record: Cursor): Attribute {
  const id = record.piece(ID_BYTES).cursor();
  const isShared = (record.u8() & 2) !== 0;
  const message = isShared ? tableMessage(file, id, messageTypes.attribute) : Piece.of(heap.object(id), file.sizes);
  return splitAttribute(file, message);
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
