/** Bytes that are not text in UTF-8; the message is a clause that says what they are and what to do. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/**
 * The text of a file in UTF-8, without its byte order mark unless it is to be kept. The Python ingestor reads no other encoding either.
 * @throws EncodingError
 */
export function decodeText(bytes: Uint8Array, { keepsMark = false } = {}): string {
  const encoding = encodingOfMark(bytes) ?? encodingOfZeros(bytes);
  if (encoding !== undefined) throw new EncodingError(notUtf8(encoding));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: keepsMark }).decode(bytes);
  } catch {
    throw new EncodingError(`it is not UTF-8 text (see ${placeOfFault(bytes)}); ${wayOut}`);
  }
}

/** Which encoding a text must have had that was read as UTF-8 all the same, as editors do; undefined if it was that. */
export function misreadEncoding(text: string): string | undefined {
  const zeros = text.slice(0, 1000).split('\0').length - 1;
  if (zeros * 4 < Math.min(text.length, 1000) || zeros === 0) return undefined;
  return zeros * 2 > Math.min(text.length, 1000) * 1.2 ? 'UTF-32' : 'UTF-16';
}

/** A clause for what is written in another encoding. */
export function notUtf8(encoding: string): string {
  return `it is ${encoding} text; ${wayOut}`;
}

const wayOut = 'save it as UTF-8';

const marks: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe, 0, 0], 'UTF-32'],
  [[0, 0, 0xfe, 0xff], 'UTF-32'],
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
];

function encodingOfMark(bytes: Uint8Array): string | undefined {
  return marks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1];
}

/** Without a mark: texts of the Latin alphabet have a zero in each second byte, or in three of four. */
function encodingOfZeros(bytes: Uint8Array): string | undefined {
  return misreadEncoding(Array.from(bytes.subarray(0, 1000), (byte) => (byte === 0 ? '\0' : 'x')).join(''));
}

/** The line and the byte at which a text stops being UTF-8. */
function placeOfFault(bytes: Uint8Array): string {
  const read = new TextDecoder('utf-8').decode(bytes);
  const fault = new TextEncoder();
  // What could not be decoded became U+FFFD; the first one that was not written as such is the place.
  let offset = 0;
  let line = 1;
  for (const character of read) {
    if (character === '\n') line += 1;
    const written = fault.encode(character);
    const isThere = written.every((byte, index) => bytes[offset + index] === byte);
    if (character === '\ufffd' && !isThere) break;
    offset += written.length;
  }
  const byte = bytes[offset];
  return `line ${line}${byte === undefined ? '' : `, byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')}`}`;
}
