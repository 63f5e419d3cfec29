import type { ScalarNode, ScalarStyle } from './tree.ts';

/** What a scalar's characters mean, and where each of the decoded UTF-16 units begins in them. */
export interface DecodedText {
  readonly value: string;
  /** One more than `value` has units: the last is where the text ends, before a closing quote. */
  readonly offsets: readonly number[];
  /** Offset in the source of the first escape that does not exist. */
  readonly badEscape?: number;
}

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  '\t': '\t',
};

/** Collects decoded text together with the place that each unit came from. */
class Decoding {
  private readonly parts: string[] = [];
  private readonly offsets: number[] = [];
  badEscape: number | undefined;

  add(text: string, offset: number): void {
    this.parts.push(text);
    this.offsets.push(...Array.from({ length: text.length }, () => offset));
  }

  addRun(source: string, start: number, end: number): void {
    this.parts.push(source.slice(start, end));
    for (let i = start; i < end; i++) this.offsets.push(i);
  }

  finish(end: number): DecodedText {
    this.offsets.push(end);
    const decoded = { value: this.parts.join(''), offsets: this.offsets };
    return this.badEscape === undefined ? decoded : { ...decoded, badEscape: this.badEscape };
  }
}

const decodedTexts = new WeakMap<ScalarNode, DecodedText>();

/** The decoding of a scalar's source. Kept, because one scalar is often asked for many places. */
function decodingOf(scalar: ScalarNode): DecodedText {
  let decoded = decodedTexts.get(scalar);
  if (!decoded) {
    decoded = decode(scalar);
    decodedTexts.set(scalar, decoded);
  }
  return decoded;
}

function decode({ style, source, value }: ScalarNode): DecodedText {
  switch (style) {
    case 'plain':
      return decodeFlow(source, 0, source.length, style);
    case 'single-quoted':
    case 'double-quoted':
      return decodeQuoted(source, style);
    case 'json':
      return source.startsWith('"')
        ? decodeQuoted(source, 'double-quoted')
        : decodeFlow(source, 0, source.length, 'plain');
    case 'block-literal':
    case 'block-folded':
      return decodeBlock(source, value.kind === 'string' ? value.value : '');
  }
}

/** Decodes a quoted scalar from its source; a missing closing quote is tolerated. */
export function decodeQuoted(source: string, style: 'single-quoted' | 'double-quoted'): DecodedText {
  const quote = style === 'single-quoted' ? "'" : '"';
  const end = source.length > 1 && source.endsWith(quote) ? source.length - 1 : source.length;
  return decodeFlow(source, 1, end, style);
}

function decodeFlow(source: string, start: number, end: number, style: ScalarStyle): DecodedText {
  const decoding = new Decoding();
  let i = start;
  let runStart = i;
  const flush = (): void => {
    if (i > runStart) decoding.addRun(source, runStart, i);
  };
  while (i < end) {
    const char = source[i];
    if (char === '\n' || char === ' ' || char === '\t' || char === '\r') {
      const folded = foldAt(source, i, end);
      if (!folded) {
        i++;
        continue;
      }
      flush();
      decoding.add(folded.text, i);
      i = folded.end;
      runStart = i;
    } else if (char === "'" && style === 'single-quoted' && source[i + 1] === "'") {
      flush();
      decoding.add("'", i);
      i += 2;
      runStart = i;
    } else if (char === '\\' && style === 'double-quoted') {
      flush();
      const next = readEscape(source, i);
      if (next.text === undefined) {
        decoding.badEscape ??= i;
        decoding.addRun(source, i, Math.min(next.end, end));
      } else decoding.add(next.text, i);
      i = Math.min(next.end, end);
      runStart = i;
    } else i++;
  }
  flush();
  return decoding.finish(end);
}

/** Blanks around at least one line break: one break is a blank, n breaks are n - 1. */
function foldAt(source: string, start: number, end: number): { text: string; end: number } | undefined {
  let breaks = 0;
  let i = start;
  for (; i < end; i++) {
    const char = source[i];
    if (char === '\n') breaks++;
    else if (char !== ' ' && char !== '\t' && !(char === '\r' && source[i + 1] === '\n')) break;
  }
  if (breaks === 0) return undefined;
  return { text: breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), end: i };
}

function readEscape(source: string, start: number): { text: string | undefined; end: number } {
  const char = source[start + 1] ?? '';
  if (char === '\n' || (char === '\r' && source[start + 2] === '\n')) {
    // An escaped line break is nothing, and neither is the next line's indentation.
    let end = start + (char === '\n' ? 2 : 3);
    while (source[end] === ' ' || source[end] === '\t') end++;
    return { text: '', end };
  }
  const length = char === 'x' ? 2 : char === 'u' ? 4 : char === 'U' ? 8 : 0;
  if (length === 0) return { text: Object.hasOwn(escapes, char) ? escapes[char] : undefined, end: start + 2 };
  const hex = source.slice(start + 2, start + 2 + length);
  const code = hex.length === length && /^[0-9a-fA-F]+$/.test(hex) ? parseInt(hex, 16) : Infinity;
  return { text: code <= 0x10ffff ? String.fromCodePoint(code) : undefined, end: start + 2 + length };
}

/**
 * Where the units of a block scalar's value stand. The value is known already: its characters are found one after
 * the other in the lines, so that the rules of folding and chomping need not be told twice.
 */
function decodeBlock(source: string, value: string): DecodedText {
  const decoding = new Decoding();
  let at = lineEnd(source, 0) + 1;
  let i = 0;
  while (i < value.length && at < source.length) {
    const unit = value[i];
    if (unit === '\n' || (unit === ' ' && restIsBreak(source, at))) {
      const end = lineEnd(source, at);
      decoding.add(unit, Math.min(end, source.length));
      i++;
      at = end + 1;
      continue;
    }
    // The line's indentation is what comes before the value's own text.
    const end = lineEnd(source, at);
    const valueEnd = !value.includes('\n', i) ? value.length : value.indexOf('\n', i);
    const line = source.slice(at, end).replace(/\r$/, '');
    const blanks = countBlanks(line, 0);
    const begin = at + blanks - Math.min(countBlanks(value, i), blanks);
    const length = Math.min(line.length - (begin - at), valueEnd - i);
    decoding.addRun(source, begin, begin + length);
    i += length;
    at = begin + length;
    if (length === 0) at = end + 1;
  }
  for (; i < value.length; i++) decoding.add(value[i] ?? '', source.length);
  return decoding.finish(source.length);
}

function countBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at - from;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function restIsBreak(source: string, at: number): boolean {
  return source[at] === '\n' || (source[at] === '\r' && source[at + 1] === '\n');
}

/**
 * Where the decoded text begins in the source of a scalar that stands there letter for letter, as nearly all do;
 * undefined for others. Escapes and folded lines are longer than what they stand for, never shorter.
 */
function verbatimStart({ style, source, value }: ScalarNode): number | undefined {
  if (value.kind !== 'string' || style === 'block-literal' || style === 'block-folded') return undefined;
  const { length } = value.value;
  const quote = source.charAt(0);
  const isQuoted = style !== 'plain' && (quote === '"' || (quote === "'" && style === 'single-quoted'));
  if (!isQuoted) return source.length === length ? 0 : undefined;
  return source.length === length + 2 && source.endsWith(quote) ? 1 : undefined;
}

/**
 * Where in the file's text a place of the decoded text is. Both count UTF-16 units; `valueOffset` from the start of
 * the decoded text, the result from the start of the file. A place outside of the text is moved to its nearest end.
 */
export function textOffsetOf(scalar: ScalarNode, valueOffset: number): number {
  const start = verbatimStart(scalar);
  if (start !== undefined) {
    const end = scalar.range.end - start;
    return Math.max(scalar.range.start + start, Math.min(scalar.range.start + start + valueOffset, end));
  }
  const { offsets } = decodingOf(scalar);
  const index = Math.max(0, Math.min(valueOffset, offsets.length - 1));
  return scalar.range.start + (offsets[index] ?? 0);
}

/** The reverse of textOffsetOf; a place within an escape or an indentation counts as the unit that it belongs to. */
export function valueOffsetOf(scalar: ScalarNode, textOffset: number): number {
  const { offsets } = decodingOf(scalar);
  const wanted = textOffset - scalar.range.start;
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  // Several units can come from one place: an escape of two units, blank lines folded into breaks.
  while (low > 0 && offsets[low - 1] === offsets[low]) low--;
  return low;
}

/**
 * How a piece of text is written inside an existing scalar of a style.
 * @param inFlow whether the scalar stands inside `{}` or `[]` of YAML, where a plain text may hold less
 * @returns undefined where that style cannot hold it
 */
export function encodeText(text: string, style: ScalarStyle, inFlow = false): string | undefined {
  switch (style) {
    case 'json':
    case 'double-quoted':
      return JSON.stringify(text).slice(1, -1);
    case 'single-quoted':
      return isPrintableLine(text) ? text.replaceAll("'", "''") : undefined;
    case 'plain':
      return isPrintableLine(text) && !/:(?:\s|$)|(?:^|\s)#/.test(text) && !(inFlow && /[,[\]{}]/.test(text))
        ? text
        : undefined;
    case 'block-literal':
    case 'block-folded':
      return isPrintableLine(text) ? text : undefined;
  }
}

/** One line that YAML can hold without escapes. */
export function isPrintableLine(text: string): boolean {
  return /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);
}
