import { blanks, blanksAndTab, endsOfLine } from './pyYamlText.ts';
import type { PyYamlText } from './pyYamlText.ts';
import type { Token } from './pyYamlTokens.ts';

// Texts in blocks, in quotes and plain, as the scanner of PyYAML reads them; see pyYamlScanner.ts.

const hexDigits = '0123456789ABCDEFabcdef';
const escapes: Readonly<Partial<Record<string, string>>> = {
  '0': '\0', a: '\x07', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b', ' ': ' ',
  '"': '"', '\\': '\\', '/': '/', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
}; // prettier-ignore
const escapeLengths: Readonly<Partial<Record<string, number>>> = { x: 2, u: 4, U: 8 };

/** A text without quotes, and whether a line break came behind it, so that a key may begin. */
export interface PlainScalar {
  readonly token: Token;
  readonly isNewLine: boolean;
}

/** A text behind `|` or `>`. @param outer the column of the block that it is in */
export function scanBlock(text: PyYamlText, indicator: '|' | '>', outer: number): Token {
  const start = text.at;
  text.forward();
  const header = /^(?:[+-]\d?|\d[+-]?)?/.exec(text.ahead(2))?.[0] ?? '';
  const digit = /\d/.exec(header)?.[0];
  if (digit === '0') text.fail('an indentation of 0 is none');
  text.forward(header.length);
  if (!text.isAt(blanks)) text.fail(text.char() === '\t' ? 'tab' : 'only a comment may follow “|” or “>” on its line');
  text.toLineEnd('only a comment may follow “|” or “>” on its line');
  const least = Math.max(1, outer + 1);
  const first = digit === undefined ? scanIndentation(text) : undefined;
  const indent = first ? Math.max(least, first.deepest) : least + Number(digit) - 1;
  const content = scanBlockLines(text, indicator === '>', indent, first?.breaks ?? text.lineBreaks(indent));
  const chunks = content.chunks;
  if (!header.includes('-')) chunks.push(content.lineBreak);
  if (header.includes('+')) chunks.push(...content.breaks);
  const style = indicator === '>' ? 'BLOCK_FOLDED' : 'BLOCK_LITERAL';
  return { type: 'scalar', start, end: text.at, value: chunks.join(''), style };
}

function scanBlockLines(text: PyYamlText, isFolded: boolean, indent: number, before: string[]) {
  const chunks: string[] = [];
  let breaks = before;
  let lineBreak = '';
  while (text.column === indent && !text.isOver()) {
    chunks.push(...breaks);
    const begins = !text.isAt(' \t');
    let length = 0;
    while (!text.isAt(endsOfLine, length)) length += 1;
    chunks.push(text.ahead(length));
    text.forward(length);
    lineBreak = text.lineBreak();
    breaks = text.lineBreaks(indent);
    if (text.column !== indent || text.isOver()) break;
    if (isFolded && lineBreak === '\n' && begins && !text.isAt(' \t')) {
      if (breaks.length === 0) chunks.push(' ');
    } else chunks.push(lineBreak);
  }
  return { chunks, lineBreak, breaks };
}

function scanIndentation(text: PyYamlText): { readonly breaks: string[]; readonly deepest: number } {
  const breaks: string[] = [];
  let deepest = 0;
  while (text.isAt(' \r\n\x85\u2028\u2029')) {
    if (text.char() !== ' ') breaks.push(text.lineBreak());
    else {
      text.forward();
      deepest = Math.max(deepest, text.column);
    }
  }
  return { breaks, deepest };
}

/** A text in quotes. */
export function scanQuoted(text: PyYamlText, quote: '"' | "'"): Token {
  const start = text.at;
  const chunks: string[] = [];
  text.forward();
  scanQuotedWords(text, quote, chunks);
  while (text.char() !== quote) {
    scanQuotedBlanks(text, chunks, start);
    scanQuotedWords(text, quote, chunks);
  }
  text.forward();
  const style = quote === '"' ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
  return { type: 'scalar', start, end: text.at, value: chunks.join(''), style };
}

function scanQuotedWords(text: PyYamlText, quote: '"' | "'", chunks: string[]): void {
  for (;;) {
    let length = 0;
    while (!text.isAt(`'"\\${blanksAndTab}`, length)) length += 1;
    chunks.push(text.ahead(length));
    text.forward(length);
    const char = text.char();
    if (quote === "'" && char === "'" && text.char(1) === "'") {
      chunks.push("'");
      text.forward(2);
    } else if (quote === '"' ? char === "'" : char === '"' || char === '\\') {
      chunks.push(char);
      text.forward();
    } else if (char === '\\') scanEscape(text, chunks);
    else return;
  }
}

function scanEscape(text: PyYamlText, chunks: string[]): void {
  text.forward();
  const char = text.char();
  const simple = Object.hasOwn(escapes, char) && !text.isOver() ? escapes[char] : undefined;
  const length = escapeLengths[char];
  if (simple !== undefined) {
    chunks.push(simple);
    text.forward();
  } else if (length !== undefined) {
    text.forward();
    for (let index = 0; index < length; index += 1)
      if (!text.isAt(hexDigits, index))
        text.fail('there is no such escape in double quotes; write “\\\\” for a backslash');
    const code = parseInt(text.ahead(length), 16);
    if (code > 0x10ffff) text.fail('there is no such escape in double quotes; write “\\\\” for a backslash');
    chunks.push(String.fromCodePoint(code));
    text.forward(length);
  } else if (text.lineBreak() !== '') scanQuotedBreaks(text, chunks);
  else text.fail('there is no such escape in double quotes; write “\\\\” for a backslash');
}

function scanQuotedBlanks(text: PyYamlText, chunks: string[], start: number): void {
  let length = 0;
  while (text.isAt(' \t', length)) length += 1;
  const whitespace = text.ahead(length);
  text.forward(length);
  if (text.isOver()) text.fail('this text has no closing quote', start);
  const lineBreak = text.lineBreak();
  if (lineBreak === '') {
    chunks.push(whitespace);
    return;
  }
  const breaks: string[] = [];
  scanQuotedBreaks(text, breaks);
  if (lineBreak !== '\n') chunks.push(lineBreak);
  else if (breaks.length === 0) chunks.push(' ');
  chunks.push(...breaks);
}

function scanQuotedBreaks(text: PyYamlText, chunks: string[]): void {
  for (;;) {
    if (text.startsAnyMarker()) text.fail('“---” and “...” cannot begin a line of a text');
    while (text.isAt(' \t')) text.forward();
    const lineBreak = text.lineBreak();
    if (lineBreak === '') return;
    chunks.push(lineBreak);
  }
}

/** A text without quotes. @param outer the column of the block that it is in */
export function scanPlain(text: PyYamlText, outer: number, isFlow: boolean): PlainScalar {
  const start = text.at;
  const chunks: string[] = [];
  const indent = outer + 1;
  let isNewLine = false;
  let end = start;
  let spaces: string[] = [];
  while (text.char() !== '#') {
    let length = 0;
    while (!endsPlain(text, length, isFlow)) length += 1;
    if (length === 0) break;
    chunks.push(...spaces, text.ahead(length));
    text.forward(length);
    end = text.at;
    ({ spaces, isNewLine } = scanPlainSpaces(text));
    if (spaces.length === 0 || (!isFlow && text.column < indent)) break;
  }
  return { token: { type: 'scalar', start, end, value: chunks.join(''), style: 'PLAIN' }, isNewLine };
}

function endsPlain(text: PyYamlText, ahead: number, isFlow: boolean): boolean {
  const char = text.char(ahead);
  if (char === ':') return text.isAt(isFlow ? `${blanksAndTab},[]{}` : blanksAndTab, ahead + 1);
  return blanksAndTab.includes(char) || (isFlow && ',?[]{}'.includes(char));
}

function scanPlainSpaces(text: PyYamlText): { readonly spaces: string[]; readonly isNewLine: boolean } {
  let length = 0;
  while (text.char(length) === ' ') length += 1;
  const whitespace = text.ahead(length);
  text.forward(length);
  const lineBreak = text.lineBreak();
  if (lineBreak === '') return { spaces: whitespace === '' ? [] : [whitespace], isNewLine: false };
  if (text.startsAnyMarker()) return { spaces: [], isNewLine: true };
  const breaks: string[] = [];
  while (text.isAt(' \r\n\x85\u2028\u2029')) {
    if (text.char() === ' ') text.forward();
    else {
      breaks.push(text.lineBreak());
      if (text.startsAnyMarker()) return { spaces: [], isNewLine: true };
    }
  }
  if (lineBreak !== '\n') return { spaces: [lineBreak, ...breaks], isNewLine: true };
  return { spaces: breaks.length === 0 ? [' '] : breaks, isNewLine: true };
}
