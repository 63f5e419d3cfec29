import { bytes, string } from './values.ts';
import type { ValueOf } from './values.ts';

type PythonString =
  | { readonly value: ValueOf<'string'> | ValueOf<'bytes'>; readonly end: number }
  /** The start of a string that is wrong; a noun phrase. */
  | { readonly fault: string };

const opening = /(u|b|r|br|rb|)('''|"""|'|")/iy;
/** What a backslash may introduce; before anything else it stands for itself. */
const escape =
  /\\(?:(?<name>[\n\\'"abfnrtv])|(?<octal>[0-7]{1,3})|(?<hex>x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(?<broken>[xuUN])|[^])/g;
const escapeInBytes = /\\(?:(?<name>[\n\\'"abfnrtv])|(?<octal>[0-7]{1,3})|(?<hex>x[0-9a-fA-F]{2})|(?<broken>x)|[^])/g;
const named = new Map(Object.entries({ '\n': '', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }));

/** The string literal of Python source that begins at `start`; undefined if none does. */
export function pythonStringAt(source: string, start: number): PythonString | undefined {
  opening.lastIndex = start;
  const opened = opening.exec(source);
  if (!opened) return undefined;
  const [all, prefix = '', quote = ''] = opened;
  const from = start + all.length;
  const to = endOfString(source, from, quote);
  if (to === undefined) return { fault: 'An unfinished text' };
  const isBytes = /b/i.test(prefix);
  const written = source.slice(from, to);
  if (isBytes && /[^\0-\x7f]/.test(written)) return { fault: 'A character that is not ASCII in bytes' };
  const text = /r/i.test(prefix) ? written : unescape(written, isBytes);
  if (text === undefined) return { fault: 'An escape that cannot be read' };
  const end = to + quote.length;
  if (!isBytes) return { value: string(text), end };
  return { value: bytes(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff)), end };
}

function endOfString(source: string, from: number, quote: string): number | undefined {
  for (let position = from; position < source.length; position++) {
    if (source[position] === '\\') position++;
    else if (source.startsWith(quote, position)) return position;
    else if (source[position] === '\n' && quote.length === 1) return undefined;
  }
  return undefined;
}

/** Undefined if an escape is cut short, too large, or a character by name. */
function unescape(written: string, isBytes: boolean): string | undefined {
  let text = '';
  let from = 0;
  for (const match of written.matchAll(isBytes ? escapeInBytes : escape)) {
    const unescaped = unescapeOne(match[0], match.groups ?? {});
    if (unescaped === undefined) return undefined;
    text += written.slice(from, match.index) + unescaped;
    from = match.index + match[0].length;
  }
  return text + written.slice(from);
}

function unescapeOne(all: string, { name, octal, hex, broken }: Readonly<Partial<Record<string, string>>>) {
  if (broken !== undefined) return undefined;
  if (name !== undefined) return named.get(name) ?? name;
  if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
  if (hex === undefined) return all;
  const code = parseInt(hex.slice(1), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
