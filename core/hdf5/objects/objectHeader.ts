import { requireChecksum } from '../checksum.ts';
import type { Cursor, Piece } from '../cursor.ts';
import { FormatError } from '../formatError.ts';
import type { FormatFile } from '../formatFile.ts';
import { sharedMessage } from '../structures/sharedMessages.ts';

/** The kinds of messages in an object's header that are used here (format specification IV.A.2). */
export const messageTypes = {
  nothing: 0x00,
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  sharedTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** The last kind of message that the specification names. */
const LAST_TYPE = 0x18;

export interface Message {
  readonly type: number;
  /** The message lies somewhere else, and this tells where. */
  readonly shared: boolean;
  readonly body: Piece;
  /** Its number in the order of making, where the header keeps that. */
  readonly order: number | undefined;
}

/** What an object is, in the order in which the messages tell it. */
export type ObjectKind = 'group' | 'dataset' | 'named type';

/** An object: where its header lies, and what stands in it (format specification IV.A "Data Object Headers"). */
export interface StoredObject {
  readonly file: FormatFile;
  /** What the object is, under whatever name. */
  readonly address: number;
  readonly messages: readonly Message[];
  /** The order in which attributes were made is kept. */
  readonly ordersAttributes: boolean;
}

/** An object in a sound file has a few pieces; this many are a loop or damage. */
const MAX_PIECES = 4_096;
/** Headers count their messages in 16 bits. */
const MAX_MESSAGES = 0xffff;
const OHDR = 0x5244484f;

/**
 * Reads the header of the object at an address.
 * @throws FormatError
 */
export function readObject(file: FormatFile, address: number): StoredObject {
  const modern = file.read(address, 4).u32() === OHDR;
  const messages: Message[] = [];
  const flags = modern ? newHeader(file, address, messages) : oldHeader(file, address, messages);
  return { file, address, messages, ordersAttributes: (flags & 4) !== 0 };
}

/** What an object is. @throws FormatError for what is nothing that is known here */
export function kindOf({ messages }: Pick<StoredObject, 'messages'>): ObjectKind {
  let [isDataset, isType] = [false, false];
  for (const { type } of messages) {
    if (type === messageTypes.symbolTable || type === messageTypes.linkInfo) return 'group';
    isDataset ||= type === messageTypes.dataspace;
    isType ||= type === messageTypes.datatype;
  }
  if (!isType) throw new FormatError('an object is of an unknown kind');
  return isDataset ? 'dataset' : 'named type';
}

/**
 * What the first message of a type says, wherever it lies: in itself, or in the object that it names.
 * @throws FormatError
 */
export function findMessage({ file, messages }: StoredObject, type: number): Piece | undefined {
  const message = messages.find((each) => each.type === type);
  return message && messageBody(file, message);
}

/** What a message says, wherever it lies. @throws FormatError */
export function messageBody(file: FormatFile, message: Message): Piece {
  return message.shared ? sharedBody(file, message.body.cursor(), message.type) : message.body;
}

/** Follows the place that a shared message gives, as a committed type does. @throws FormatError */
export function sharedBody(file: FormatFile, place: Cursor, type: number): Piece {
  const version = place.u8();
  const kind = place.u8();
  if (version < 1 || version > 3) throw new FormatError(`a shared message is of the unknown version ${version}`);
  if (version === 3 && kind === 1) return tableMessage(file, place, type);
  if (version === 1) place.skip(6);
  const found = ownMessage(readObject(file, place.place()), type);
  if (found === undefined) throw new FormatError('a shared message is not where it should be');
  return found;
}

/** A message that lies in the table of those that many objects have in common. @throws FormatError */
export function tableMessage(file: FormatFile, id: Cursor, type: number): Piece {
  // A table that is itself a shared message would be looked for in itself.
  return sharedMessage(file, id, type, (header) => ownMessage(readObject(file, header), messageTypes.sharedTable));
}

/** What the first message of a type says that lies in the header itself. */
function ownMessage({ messages }: StoredObject, type: number): Piece | undefined {
  return messages.find((message) => message.type === type && !message.shared)?.body;
}

/** A header of version 1 (IV.A.1.a). @returns no flags */
function oldHeader(file: FormatFile, address: number, messages: Message[]): number {
  const head = file.read(address, 16);
  head.version(1, 'the object header');
  head.skip(1);
  const count = head.u16();
  head.skip(4);
  const pieces = [file.piece(address + 16, head.u32())];
  let found = 0;
  for (let index = 0; index < pieces.length; index += 1) {
    if (index > MAX_PIECES) throw new FormatError('the object header has no end');
    const cursor = pieceAt(pieces, index).cursor();
    while (cursor.left >= 8) {
      const type = cursor.u16();
      const size = cursor.u16();
      const flags = cursor.u8();
      cursor.skip(3);
      found += 1;
      add(file, messages, pieces, { type, flags, order: undefined, body: cursor.piece(size) });
    }
  }
  if (found < count) throw new FormatError('messages of an object are missing');
  return 0;
}

/** A header of version 2 (IV.A.1.b). @returns its flags */
function newHeader(file: FormatFile, address: number, messages: Message[]): number {
  const head = file.read(address, 6);
  head.skip(4);
  head.version(2, 'the object header');
  const flags = head.u8();
  const before = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 2 ** (flags & 3);
  const length = file.read(address + before, width).uint(width);
  const start = address + before + width;
  checked(file, address, start - address + length + 4);
  const pieces = [file.piece(start, length)];
  const isOrdered = (flags & 4) !== 0;
  for (let index = 0; index < pieces.length; index += 1) {
    if (index > MAX_PIECES) throw new FormatError('the object header has no end');
    const cursor = pieceAt(pieces, index).cursor();
    if (index > 0) cursor.expect('OCHK');
    // What is shorter than the head of a message is a gap.
    while (cursor.left >= (isOrdered ? 6 : 4)) {
      const type = cursor.u8();
      const size = cursor.u16();
      const messageFlags = cursor.u8();
      const order = isOrdered ? cursor.u16() : undefined;
      add(file, messages, pieces, { type, flags: messageFlags, order, body: cursor.piece(size) }, true);
    }
  }
  return flags;
}

function pieceAt(pieces: readonly Piece[], index: number): Piece {
  const piece = pieces[index];
  if (piece === undefined) throw new FormatError('a piece of the object header is missing');
  return piece;
}

function add(
  file: FormatFile,
  messages: Message[],
  pieces: Piece[],
  { type, flags, order, body }: { type: number; flags: number; order: number | undefined; body: Piece },
  isNewer = false,
): void {
  file.look();
  if (type === messageTypes.nothing) return;
  if (type > LAST_TYPE && (flags & 0x80) !== 0) throw new FormatError('a message that must be known is not');
  if (type !== messageTypes.continuation) {
    if (messages.length >= MAX_MESSAGES) throw new FormatError('an object has too many messages');
    messages.push({ type, shared: (flags & 2) !== 0, body, order });
    return;
  }
  const cursor = body.cursor();
  const address = cursor.place();
  const length = cursor.length();
  if (!isNewer) {
    pieces.push(file.piece(address, length));
    return;
  }
  checked(file, address, length);
  pieces.push(file.piece(address, Math.max(0, length - 4)));
}

function checked(file: FormatFile, address: number, length: number): void {
  const { block, start, end } = file.piece(address, length);
  requireChecksum(block.bytes, 'an object header', start, end);
}
