import { decodeName, utf8Text } from '../cursor.ts';
import type { Cursor, Piece } from '../cursor.ts';
import { FormatError } from '../formatError.ts';

/** Where a name in a group leads. */
export type LinkTarget =
  | { readonly kind: 'hard'; readonly address: number }
  | { readonly kind: 'soft'; readonly path: string }
  | { readonly kind: 'external'; readonly file: string; readonly path: string };

/** A name in a group, as the bytes that the file has, and where it leads. */
export interface Link {
  readonly name: Uint8Array;
  readonly target: LinkTarget;
}

/** A name as text, and whether the text says which bytes it is made of. */
export function nameText(name: Uint8Array): { readonly text: string; readonly isUtf8: boolean } {
  const text = utf8Text(name);
  return text === undefined ? { text: decodeName(name), isUtf8: false } : { text, isUtf8: true };
}

/** The name in a link message, and where it was in the order of making. @throws FormatError */
export function readLinkName(cursor: Cursor): { name: Uint8Array; type: number; order: number | undefined } {
  cursor.version(1, 'a link');
  const flags = cursor.u8();
  const type = (flags & 8) !== 0 ? cursor.u8() : 0;
  const order = (flags & 4) !== 0 ? cursor.uint(8) : undefined;
  if ((flags & 16) !== 0) cursor.skip(1);
  const length = cursor.uint(2 ** (flags & 3));
  if (length === 0) throw new FormatError('a link has no name');
  const name = cursor.take(length);
  // The library would take a part of it for the whole.
  if (name.includes(0)) throw new FormatError('a name ends before its end');
  return { name, type, order };
}

/** A link message (format specification IV.A.2.g "The Link Message"). @throws FormatError also for links of others */
export function readLink(message: Piece): Link & { readonly order: number | undefined } {
  const cursor = message.cursor();
  const { name, type, order } = readLinkName(cursor);
  return { name, order, target: readTarget(cursor, type) };
}

function readTarget(cursor: Cursor, type: number): LinkTarget {
  switch (type) {
    case 0:
      return { kind: 'hard', address: cursor.place() };
    case 1:
      return { kind: 'soft', path: softPath(cursor.take(cursor.u16())) };
    case 64: {
      const value = cursor.piece(cursor.u16()).cursor();
      // Version and flags of the link, all of them zero.
      value.version(0, 'a link to another file');
      return { kind: 'external', file: value.text(), path: value.text() };
    }
    default:
      throw new FormatError('a link is of a kind that is not known here');
  }
}

/** Where a soft link leads, in the bytes of a name. @throws FormatError */
export function softPath(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new FormatError('a link leads to nothing');
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end));
}
