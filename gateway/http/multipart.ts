/** A body that is not the multipart document that it says it is. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

/** What is found in a multipart body, in its order: a `part` with its headers, pieces of its content, its `end`. */
export type MultipartEvent =
  /** Names of headers are in small letters. */
  | { readonly kind: 'part'; readonly headers: ReadonlyMap<string, string> }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' };

/** More than any client sends in the head of a part. */
const mostHeadBytes = 16_384;

/**
 * Splits a multipart body as it comes in; no more of it is held than a delimiter is long. Text before the first delimiter
 * and behind the last one is ignored (RFC 2046). A delimiter stands behind CRLF, or behind a lone LF: the SWORD library
 * for PHP sends its Atom entry so, and who wants CRLF takes the archive for a part of it.
 * @throws MultipartError if it ends before the last delimiter, or the head of a part cannot be read
 */
export async function* splitMultipart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<MultipartEvent, void> {
  const delimiter = Buffer.from(`\n--${boundary}`, 'latin1');
  // The very first delimiter may stand at the beginning: it is looked for behind the end of a line, which is no content.
  let buffer: Buffer = Buffer.from('\n');
  let notContent = 1;
  let state: 'before' | 'head' | 'content' | 'after' = 'before';
  for await (const piece of body) {
    if (state === 'after') continue;
    buffer = Buffer.concat([buffer, piece]);
    for (let goesOn = true; goesOn && state !== 'after';) {
      if (state === 'head') {
        const head = readHead(buffer);
        goesOn = head !== undefined;
        if (!head) continue;
        yield { kind: 'part', headers: head.headers };
        // The end of the last line of the head is the one before the next delimiter if there is no content.
        buffer = buffer.subarray(head.length - 1);
        notContent = 1;
        state = 'content';
        continue;
      }
      const { content, found, length } = findDelimiter(buffer, delimiter);
      if (state === 'content' && content > notContent)
        yield { kind: 'data', bytes: buffer.subarray(notContent, content) };
      if (content > 0) notContent = 0;
      buffer = buffer.subarray(content + length);
      goesOn = found !== 'none';
      if (found === 'none') continue;
      if (state === 'content') yield { kind: 'end' };
      state = found === 'next' ? 'head' : 'after';
    }
  }
  if (state === 'before') throw new MultipartError('its parts cannot be found');
  if (state !== 'after') throw new MultipartError('it ends in the middle of a part');
}

/** The content of the part that was just begun. */
export async function* contentOfPart(events: AsyncGenerator<MultipartEvent, void>): AsyncGenerator<Uint8Array, void> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    if (next.value.kind === 'end') return;
    if (next.value.kind === 'data') yield next.value.bytes;
  }
}

interface Found {
  /** So many bytes at the beginning are no part of a delimiter. */
  readonly content: number;
  readonly found: 'next' | 'last' | 'none';
  /** Bytes of the delimiter with its line. */
  readonly length: number;
}

const carriageReturn = 13;

function findDelimiter(buffer: Buffer, delimiter: Buffer): Found {
  for (let from = 0; ; from += 1) {
    from = buffer.indexOf(delimiter, from);
    // What is at the end may be the beginning of one, with the CR before it.
    if (from < 0) return { content: Math.max(0, buffer.length - delimiter.length - 1), found: 'none', length: 0 };
    const content = buffer[from - 1] === carriageReturn ? from - 1 : from;
    const behind = buffer.toString('latin1', from + delimiter.length, from + delimiter.length + 256);
    if (behind.startsWith('--')) return { content, found: 'last', length: from + delimiter.length + 2 - content };
    const line = /^[ \t]*\r?\n/.exec(behind)?.[0];
    if (line !== undefined) return { content, found: 'next', length: from + delimiter.length + line.length - content };
    // It cannot be told yet; or it is a text that begins like a delimiter.
    if (/^(?:-|[ \t]*\r?)$/.test(behind)) return { content, found: 'none', length: 0 };
  }
}

function readHead(
  buffer: Buffer,
): { readonly headers: ReadonlyMap<string, string>; readonly length: number } | undefined {
  const text = buffer.toString('latin1', 0, mostHeadBytes);
  const end = /^\r?\n|\r?\n\r?\n/.exec(text);
  if (!end) {
    if (buffer.length >= mostHeadBytes) throw new MultipartError('the head of a part has no end');
    return undefined;
  }
  const length = end.index + end[0].length;
  const headers = new Map<string, string>();
  // A line that begins with a blank goes on with the one before.
  const lines = buffer
    .toString('utf8', 0, end.index)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  for (const line of lines.filter((each) => each !== '')) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new MultipartError('a line in the head of a part is no header');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, length };
}

/**
 * The bytes of a text in base64 with whatever line breaks it has.
 * @throws MultipartError for any other character, or if it ends in the middle
 */
export async function* decodeBase64(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let rest = '';
  let hasEnded = false;
  for await (const piece of body) {
    rest += Buffer.from(piece).toString('latin1').replace(/\s+/g, '');
    if (/[^A-Za-z0-9+/=]/.test(rest) || (hasEnded && rest !== '')) throw notBase64();
    const whole = rest.length - (rest.length % 4);
    const now = rest.slice(0, whole);
    const padding = now.indexOf('=');
    if (padding >= 0) {
      if (!/^={1,2}$/.test(now.slice(padding))) throw notBase64();
      hasEnded = true;
    }
    rest = rest.slice(whole);
    if (now !== '') yield Buffer.from(now, 'base64');
  }
  if (rest !== '') throw notBase64();
}

const notBase64 = (): MultipartError => new MultipartError('a part is not the base64 that it says it is');
