import { FormatError } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { FormatFile } from './formatFile.ts';

/** The kinds of messages in an object's header that are used here. */
export const messageTypes = {
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

export interface Message {
  readonly type: number;
  /** The message lies somewhere else, and this tells where. */
  readonly shared: boolean;
  readonly body: Uint8Array;
}

/** An object in a sound file has a few pieces; this many are a loop or damage. */
const MAX_PIECES = 4_096;

/**
 * All messages in the header of the object at an address.
 * @throws FormatError
 */
export function readMessages(file: FormatFile, address: number): Message[] {
  const modern = file.read(address, 4).u32() === 0x5244484f;
  return modern ? modernMessages(file, address) : oldMessages(file, address);
}

function oldMessages(file: FormatFile, address: number): Message[] {
  const head = file.read(address, 16);
  if (head.u8() !== 1) throw new FormatError('there is no object header');
  head.skip(7);
  const first = head.u32();
  return walk(file, [{ address: address + 16, length: first }], (cursor) => {
    const type = cursor.u16();
    const size = cursor.u16();
    const flags = cursor.u8();
    cursor.skip(3);
    return { type, flags, body: cursor.take(size) };
  });
}

function modernMessages(file: FormatFile, address: number): Message[] {
  const head = file.read(address, 6);
  head.skip(4);
  if (head.u8() !== 2) throw new FormatError('the object header is of an unknown version');
  const flags = head.u8();
  const before = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 2 ** (flags & 3);
  const first = file.read(address + before, width).uint(width);
  const pieces = [{ address: address + before + width, length: first }];
  const tracked = (flags & 4) !== 0;
  return walk(
    file,
    pieces,
    (cursor) => {
      const type = cursor.u8();
      const size = cursor.u16();
      const messageFlags = cursor.u8();
      if (tracked) cursor.skip(2);
      return { type, flags: messageFlags, body: cursor.take(size) };
    },
    (cursor) => {
      cursor.expect('OCHK');
    },
    tracked ? 6 : 4,
  );
}

function walk(
  file: FormatFile,
  pieces: { address: number; length: number }[],
  next: (cursor: Cursor) => { type: number; flags: number; body: Uint8Array },
  continued?: (cursor: Cursor) => void,
  smallest = 8,
): Message[] {
  const messages: Message[] = [];
  for (let index = 0; index < pieces.length; index += 1) {
    if (index > MAX_PIECES) throw new FormatError('the object header has no end');
    const piece = pieces[index] ?? { address: 0, length: 0 };
    // A continuation of the newer kind has its letters before the messages and a checksum of four bytes behind them.
    const isContinued = index > 0 && continued !== undefined;
    const cursor = file.read(piece.address, isContinued ? Math.max(piece.length - 4, 4) : piece.length);
    if (isContinued) continued(cursor);
    while (cursor.left >= smallest) {
      const { type, flags, body } = next(cursor);
      if (type === messageTypes.continuation) {
        const place = file.cursor(body);
        const address = place.address();
        if (address === undefined) throw new FormatError('the object header goes on nowhere');
        pieces.push({ address, length: place.length() });
      } else {
        messages.push({ type, shared: (flags & 2) !== 0, body });
      }
    }
  }
  return messages;
}

/**
 * What a message says, wherever it lies: in itself, or in the object that it names (as a committed type does).
 * @throws FormatError
 */
export function messageBody(file: FormatFile, message: Message): Uint8Array {
  if (!message.shared) return message.body;
  return sharedBody(file, file.cursor(message.body), message.type);
}

/** Follows the place that a shared message gives. */
export function sharedBody(file: FormatFile, place: Cursor, type: number): Uint8Array {
  const version = place.u8();
  const kind = place.u8();
  if (version === 3 && kind === 1) throw new FormatError('it is in a table of shared messages, which is not read here');
  if (version === 1) place.skip(6);
  const address = place.address();
  if (address === undefined) throw new FormatError('a shared message lies nowhere');
  const found = readMessages(file, address).find((message) => message.type === type && !message.shared);
  if (found === undefined) throw new FormatError('a shared message is not where it should be');
  return found.body;
}
