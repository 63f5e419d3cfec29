// Follows the scanner of PyYAML (MIT licence, Kirill Simonov and Ingy döt Net) step by step, because what matters here
// is what it refuses, and where it departs from the specification of YAML.

/** What PyYAML refuses: the message is a clause that says why, `tab` where a tab stands in the place of a blank. */
export class PyYamlError extends Error {
  override readonly name = 'PyYamlError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

export type TokenType =
  | 'stream-end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | '['
  | '{'
  | ']'
  | '}'
  | ','
  | '-'
  | '?'
  | ':'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

export type PyScalarStyle = 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED';

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** The text of a scalar, the name of an anchor, an alias or a directive, the suffix of a tag. */
  readonly value: string;
  readonly style?: PyScalarStyle;
  /** Of a tag: undefined where it is written out in `!<…>`. Of a directive `TAG`: what it defines. */
  readonly handle?: string | undefined;
}

interface SimpleKey {
  readonly tokenNumber: number;
  readonly required: boolean;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

const endsOfLine = '\0\r\n\x85\u2028\u2029';
const blanks = `${endsOfLine} `;
const blanksAndTab = `${blanks}\t`;
const hexDigits = '0123456789ABCDEFabcdef';
const escapes: Readonly<Partial<Record<string, string>>> = {
  '0': '\0', a: '\x07', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b', ' ': ' ',
  '"': '"', '\\': '\\', '/': '/', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
}; // prettier-ignore
const escapeLengths: Readonly<Partial<Record<string, number>>> = { x: 2, u: 4, U: 8 };
/** Characters; a longer key must be written with “?”. */
export const longestKey = 1024;

/** The tokens of a text, one after the other. A text with a NUL in it must not be given. */
export class PyYamlScanner {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  readonly #keys = new Map<number, SimpleKey>();
  readonly #indents: number[] = [];
  /** Where the comments are that were passed over. */
  readonly comments: { readonly start: number; readonly end: number }[] = [];
  /** Where an `&` with its name begins. */
  readonly anchorStarts: number[] = [];
  #at = 0;
  #line = 0;
  #column = 0;
  #done = false;
  #flowLevel = 0;
  #taken = 0;
  #indent = -1;
  #allowSimpleKey = true;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether the next token is of one of the types. */
  check(...types: readonly TokenType[]): boolean {
    return types.includes(this.peek().type);
  }

  /** The next token, which stays the next one. */
  peek(): Token {
    while (this.#needsMore()) this.#fetchMore();
    const [first] = this.#tokens;
    return first ?? { type: 'stream-end', start: this.#at, end: this.#at, value: '' };
  }

  take(): Token {
    const token = this.peek();
    this.#taken += 1;
    this.#tokens.shift();
    return token;
  }

  #char(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '\0';
  }

  #isAt(characters: string, ahead = 0): boolean {
    return characters.includes(this.#char(ahead));
  }

  #forward(length = 1): void {
    for (let left = length; left > 0; left -= 1) {
      const char = this.#char();
      this.#at += 1;
      if ('\n\x85\u2028\u2029'.includes(char) || (char === '\r' && this.#char() !== '\n')) {
        this.#line += 1;
        this.#column = 0;
      } else if (char !== '\ufeff') this.#column += 1;
    }
  }

  #fail(message: string, offset = this.#at): never {
    throw new PyYamlError(message, offset);
  }

  #needsMore(): boolean {
    if (this.#done) return false;
    if (this.#tokens.length === 0) return true;
    this.#dropStaleKeys();
    for (const { tokenNumber } of this.#keys.values()) if (tokenNumber === this.#taken) return true;
    return false;
  }

  #fetchMore(): void {
    this.#toNextToken();
    this.#dropStaleKeys();
    this.#unwind(this.#column);
    const char = this.#char();
    const atMargin = this.#column === 0;
    if (this.#at >= this.#text.length) this.#fetchStreamEnd();
    else if (char === '%' && atMargin) this.#fetchDirective();
    else if (this.#isMarker('---')) this.#fetchMarker('document-start');
    else if (this.#isMarker('...')) this.#fetchMarker('document-end');
    else if (char === '[' || char === '{') this.#fetchOpening(char);
    else if (char === ']' || char === '}') this.#fetchClosing(char);
    else if (char === ',') this.#fetchComma();
    else if (char === '-' && this.#isAt(blanksAndTab, 1)) this.#fetchDash();
    else if (char === '?' && (this.#flowLevel > 0 || this.#isAt(blanksAndTab, 1))) this.#fetchQuestion();
    else if (char === ':' && (this.#flowLevel > 0 || this.#isAt(blanksAndTab, 1))) this.#fetchColon();
    else if (char === '*') this.#fetchKeyLike(() => this.#scanName('alias'));
    else if (char === '&') this.#fetchKeyLike(() => this.#scanName('anchor'));
    else if (char === '!') this.#fetchKeyLike(() => this.#scanTag());
    else if ((char === '|' || char === '>') && this.#flowLevel === 0) this.#fetchBlockScalar(char);
    else if (char === "'" || char === '"') this.#fetchKeyLike(() => this.#scanQuoted(char));
    else if (this.#isPlainStart(char)) this.#fetchKeyLike(() => this.#scanPlain());
    else this.#fail(char === '\t' ? 'tab' : `a text cannot begin with “${char}” unless it is in quotes`);
  }

  #isMarker(marker: string): boolean {
    return this.#column === 0 && this.#startsMarker(marker);
  }

  #startsMarker(marker: string): boolean {
    return this.#text.startsWith(marker, this.#at) && this.#isAt(blanksAndTab, 3);
  }

  #startsAnyMarker(): boolean {
    return this.#startsMarker('---') || this.#startsMarker('...');
  }

  #isPlainStart(char: string): boolean {
    if (!(blanksAndTab + '-?:,[]{}#&*!|>\'"%@`').includes(char)) return true;
    return !this.#isAt(blanksAndTab, 1) && (char === '-' || (this.#flowLevel === 0 && (char === '?' || char === ':')));
  }

  #dropStaleKeys(): void {
    for (const [level, key] of this.#keys) {
      if (key.line === this.#line && !this.#isTooLong(key)) continue;
      if (key.required) this.#fail('a key must stand with its colon on one line, within 1024 characters', key.index);
      this.#keys.delete(level);
    }
  }

  /** Counted in characters, as Python does. */
  #isTooLong({ index }: SimpleKey): boolean {
    return (
      this.#at - index > longestKey &&
      (this.#at - index > 2 * longestKey || Array.from(this.#text.slice(index, this.#at)).length > longestKey)
    );
  }

  #saveKey(): void {
    if (!this.#allowSimpleKey) return;
    this.#dropKey();
    this.#keys.set(this.#flowLevel, {
      tokenNumber: this.#taken + this.#tokens.length,
      required: this.#flowLevel === 0 && this.#indent === this.#column,
      index: this.#at,
      line: this.#line,
      column: this.#column,
    });
  }

  #dropKey(): void {
    const key = this.#keys.get(this.#flowLevel);
    if (key?.required) this.#fail('a key must stand with its colon on one line, within 1024 characters', key.index);
    this.#keys.delete(this.#flowLevel);
  }

  #unwind(column: number): void {
    while (this.#flowLevel === 0 && this.#indent > column) {
      this.#indent = this.#indents.pop() ?? -1;
      this.#add('block-end');
    }
  }

  #indentTo(column: number): boolean {
    if (this.#indent >= column) return false;
    this.#indents.push(this.#indent);
    this.#indent = column;
    return true;
  }

  #add(type: TokenType, length = 0): void {
    const start = this.#at;
    this.#forward(length);
    this.#tokens.push({ type, start, end: this.#at, value: '' });
  }

  #fetchStreamEnd(): void {
    this.#unwind(-1);
    this.#dropKey();
    this.#allowSimpleKey = false;
    this.#keys.clear();
    this.#add('stream-end');
    this.#done = true;
  }

  #fetchMarker(type: TokenType): void {
    this.#unwind(-1);
    this.#dropKey();
    this.#allowSimpleKey = false;
    this.#add(type, 3);
  }

  #fetchOpening(bracket: '[' | '{'): void {
    this.#saveKey();
    this.#flowLevel += 1;
    this.#allowSimpleKey = true;
    this.#add(bracket, 1);
  }

  #fetchClosing(bracket: ']' | '}'): void {
    this.#dropKey();
    // Beyond the last bracket PyYAML goes on with a level below zero, and its parser refuses the token.
    this.#flowLevel = Math.max(0, this.#flowLevel - 1);
    this.#allowSimpleKey = false;
    this.#add(bracket, 1);
  }

  #fetchComma(): void {
    this.#allowSimpleKey = true;
    this.#dropKey();
    this.#add(',', 1);
  }

  #fetchDash(): void {
    if (this.#flowLevel === 0) {
      if (!this.#allowSimpleKey) this.#fail('a list item cannot begin in the middle of a line');
      if (this.#indentTo(this.#column)) this.#add('block-sequence-start');
    }
    this.#allowSimpleKey = true;
    this.#dropKey();
    this.#add('-', 1);
  }

  #fetchQuestion(): void {
    if (this.#flowLevel === 0) {
      if (!this.#allowSimpleKey) this.#fail('a “?” cannot stand in the middle of a line');
      if (this.#indentTo(this.#column)) this.#add('block-mapping-start');
    }
    this.#allowSimpleKey = this.#flowLevel === 0;
    this.#dropKey();
    this.#add('?', 1);
  }

  #fetchColon(): void {
    const key = this.#keys.get(this.#flowLevel);
    if (key) {
      this.#keys.delete(this.#flowLevel);
      const place = key.tokenNumber - this.#taken;
      const token = (type: TokenType): Token => ({ type, start: key.index, end: key.index, value: '' });
      this.#tokens.splice(place, 0, token('?'));
      if (this.#flowLevel === 0 && this.#indentTo(key.column)) {
        this.#tokens.splice(place, 0, token('block-mapping-start'));
      }
      this.#allowSimpleKey = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#allowSimpleKey) this.#fail('a text with “: ” in it must be in quotes');
        if (this.#indentTo(this.#column)) this.#add('block-mapping-start');
      }
      this.#allowSimpleKey = this.#flowLevel === 0;
      this.#dropKey();
    }
    this.#add(':', 1);
  }

  /** What may be a key: an alias, an anchor, a tag, a text on one line. */
  #fetchKeyLike(scan: () => Token): void {
    this.#saveKey();
    this.#allowSimpleKey = false;
    this.#tokens.push(scan());
  }

  #toNextToken(): void {
    if (this.#at === 0 && this.#char() === '\ufeff') this.#forward();
    for (;;) {
      while (this.#char() === ' ') this.#forward();
      this.#passComment();
      if (this.#scanBreak() === '') return;
      if (this.#flowLevel === 0) this.#allowSimpleKey = true;
    }
  }

  #passComment(): void {
    if (this.#char() !== '#') return;
    const start = this.#at;
    while (!this.#isAt(endsOfLine)) this.#forward();
    this.comments.push({ start, end: this.#at });
  }

  #fetchDirective(): void {
    this.#unwind(-1);
    this.#dropKey();
    this.#allowSimpleKey = false;
    const start = this.#at;
    this.#forward();
    const value = this.#scanWord('“%” in the first column begins a directive; put the text in quotes');
    if (!this.#isAt(blanks)) this.#fail('“%” in the first column begins a directive; put the text in quotes');
    let handle: string | undefined;
    if (value === 'YAML') this.#scanVersion();
    else if (value === 'TAG') handle = this.#scanTagDirective();
    else while (!this.#isAt(endsOfLine)) this.#forward();
    this.#toLineEnd('only a comment may follow a directive');
    this.#tokens.push({ type: 'directive', start, end: this.#at, value, handle });
  }

  #scanVersion(): void {
    while (this.#char() === ' ') this.#forward();
    const version = /^(\d+)\.\d+/.exec(this.#text.slice(this.#at, this.#at + 100));
    if (!version) this.#fail('the version of YAML must be “1.1”');
    if (Number(version[1]) !== 1) this.#fail('the version of YAML must be “1.1”');
    this.#forward(version[0].length);
    if (!this.#isAt(blanks)) this.#fail('the version of YAML must be “1.1”');
  }

  /** What a `%TAG` defines: the handle, a blank, the prefix. */
  #scanTagDirective(): string {
    while (this.#char() === ' ') this.#forward();
    const handle = this.#scanHandle();
    if (this.#char() !== ' ') this.#fail('it does not understand this tag; remove it');
    while (this.#char() === ' ') this.#forward();
    const prefix = this.#scanUri();
    if (!this.#isAt(blanks)) this.#fail('it does not understand this tag; remove it');
    return `${handle} ${prefix}`;
  }

  /** Passes over blanks and a comment to the next line. */
  #toLineEnd(otherwise: string): void {
    while (this.#char() === ' ') this.#forward();
    this.#passComment();
    if (!this.#isAt(endsOfLine)) this.#fail(this.#char() === '\t' ? 'tab' : otherwise);
    this.#scanBreak();
  }

  #scanWord(otherwise: string): string {
    let length = 0;
    while (/[\w-]/.test(this.#char(length))) length += 1;
    if (length === 0) this.#fail(otherwise);
    const word = this.#text.slice(this.#at, this.#at + length);
    this.#forward(length);
    return word;
  }

  #scanName(type: 'alias' | 'anchor'): Token {
    const start = this.#at;
    this.#forward();
    const value = this.#scanWord(`the name of an ${type} may hold only letters from A to Z, digits, “-” and “_”`);
    if (!this.#isAt(`${blanksAndTab}?:,]}%@\``))
      this.#fail(`the name of an ${type} may hold only letters from A to Z, digits, “-” and “_”`);
    if (type === 'anchor') this.anchorStarts.push(start);
    return { type, start, end: this.#at, value };
  }

  #scanTag(): Token {
    const start = this.#at;
    let handle: string | undefined;
    let value = '!';
    if (this.#char(1) === '<') {
      this.#forward(2);
      value = this.#scanUri();
      if (this.#char() !== '>') this.#fail('it does not understand this tag; remove it');
      this.#forward();
    } else if (this.#isAt(blanksAndTab, 1)) this.#forward();
    else {
      let length = 1;
      while (!this.#isAt(`${blanks}!`, length)) length += 1;
      handle = '!';
      if (this.#char(length) === '!') handle = this.#scanHandle();
      else this.#forward();
      value = this.#scanUri();
    }
    if (!this.#isAt(blanks)) this.#fail(this.#char() === '\t' ? 'tab' : 'it does not understand this tag; remove it');
    return { type: 'tag', start, end: this.#at, value, handle };
  }

  #scanHandle(): string {
    if (this.#char() !== '!') this.#fail('it does not understand this tag; remove it');
    let length = 1;
    if (this.#char(length) !== ' ') {
      while (/[\w-]/.test(this.#char(length))) length += 1;
      if (this.#char(length) !== '!') this.#fail('it does not understand this tag; remove it');
      length += 1;
    }
    const handle = this.#text.slice(this.#at, this.#at + length);
    this.#forward(length);
    return handle;
  }

  #scanUri(): string {
    let length = 0;
    while (/[\w\-;/?:@&=+$,.!~*'()[\]%]/.test(this.#char(length))) length += 1;
    const written = this.#text.slice(this.#at, this.#at + length);
    if (length === 0) this.#fail('it does not understand this tag; remove it');
    this.#forward(length);
    try {
      return decodeURIComponent(written);
    } catch {
      return this.#fail('it does not understand this tag; remove it');
    }
  }

  #fetchBlockScalar(indicator: '|' | '>'): void {
    this.#allowSimpleKey = true;
    this.#dropKey();
    const start = this.#at;
    this.#forward();
    const header = /^(?:[+-]\d?|\d[+-]?)?/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '';
    const digit = /\d/.exec(header)?.[0];
    if (digit === '0') this.#fail('an indentation of 0 is none');
    this.#forward(header.length);
    if (!this.#isAt(blanks))
      this.#fail(this.#char() === '\t' ? 'tab' : 'only a comment may follow “|” or “>” on its line');
    this.#toLineEnd('only a comment may follow “|” or “>” on its line');
    const least = Math.max(1, this.#indent + 1);
    const first = digit === undefined ? this.#scanIndentation() : undefined;
    const indent = first ? Math.max(least, first.deepest) : least + Number(digit) - 1;
    const content = this.#scanBlockLines(indicator === '>', indent, first?.breaks ?? this.#scanBreaks(indent));
    const chunks = content.chunks;
    if (!header.includes('-')) chunks.push(content.lineBreak);
    if (header.includes('+')) chunks.push(...content.breaks);
    const style = indicator === '>' ? 'BLOCK_FOLDED' : 'BLOCK_LITERAL';
    this.#tokens.push({ type: 'scalar', start, end: this.#at, value: chunks.join(''), style });
  }

  #scanBlockLines(isFolded: boolean, indent: number, before: string[]) {
    const chunks: string[] = [];
    let breaks = before;
    let lineBreak = '';
    while (this.#column === indent && this.#at < this.#text.length) {
      chunks.push(...breaks);
      const begins = !this.#isAt(' \t');
      let length = 0;
      while (!this.#isAt(endsOfLine, length)) length += 1;
      chunks.push(this.#text.slice(this.#at, this.#at + length));
      this.#forward(length);
      lineBreak = this.#scanBreak();
      breaks = this.#scanBreaks(indent);
      if (this.#column !== indent || this.#at >= this.#text.length) break;
      if (isFolded && lineBreak === '\n' && begins && !this.#isAt(' \t')) {
        if (breaks.length === 0) chunks.push(' ');
      } else chunks.push(lineBreak);
    }
    return { chunks, lineBreak, breaks };
  }

  #scanIndentation(): { readonly breaks: string[]; readonly deepest: number } {
    const breaks: string[] = [];
    let deepest = 0;
    while (this.#isAt(' \r\n\x85\u2028\u2029')) {
      if (this.#char() !== ' ') breaks.push(this.#scanBreak());
      else {
        this.#forward();
        deepest = Math.max(deepest, this.#column);
      }
    }
    return { breaks, deepest };
  }

  #scanBreaks(indent: number): string[] {
    const breaks: string[] = [];
    for (;;) {
      while (this.#column < indent && this.#char() === ' ') this.#forward();
      const lineBreak = this.#scanBreak();
      if (lineBreak === '') return breaks;
      breaks.push(lineBreak);
    }
  }

  #scanQuoted(quote: '"' | "'"): Token {
    const start = this.#at;
    const chunks: string[] = [];
    this.#forward();
    this.#scanQuotedWords(quote, chunks);
    while (this.#char() !== quote) {
      this.#scanQuotedBlanks(chunks, start);
      this.#scanQuotedWords(quote, chunks);
    }
    this.#forward();
    const style = quote === '"' ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
    return { type: 'scalar', start, end: this.#at, value: chunks.join(''), style };
  }

  #scanQuotedWords(quote: '"' | "'", chunks: string[]): void {
    for (;;) {
      let length = 0;
      while (!this.#isAt(`'"\\${blanksAndTab}`, length)) length += 1;
      chunks.push(this.#text.slice(this.#at, this.#at + length));
      this.#forward(length);
      const char = this.#char();
      if (quote === "'" && char === "'" && this.#char(1) === "'") {
        chunks.push("'");
        this.#forward(2);
      } else if (quote === '"' ? char === "'" : char === '"' || char === '\\') {
        chunks.push(char);
        this.#forward();
      } else if (char === '\\') this.#scanEscape(chunks);
      else return;
    }
  }

  #scanEscape(chunks: string[]): void {
    this.#forward();
    const char = this.#char();
    const simple = Object.hasOwn(escapes, char) && this.#at < this.#text.length ? escapes[char] : undefined;
    const length = escapeLengths[char];
    if (simple !== undefined) {
      chunks.push(simple);
      this.#forward();
    } else if (length !== undefined) {
      this.#forward();
      for (let index = 0; index < length; index += 1)
        if (!this.#isAt(hexDigits, index))
          this.#fail('there is no such escape in double quotes; write “\\\\” for a backslash');
      const code = parseInt(this.#text.slice(this.#at, this.#at + length), 16);
      if (code > 0x10ffff) this.#fail('there is no such escape in double quotes; write “\\\\” for a backslash');
      chunks.push(String.fromCodePoint(code));
      this.#forward(length);
    } else if (this.#scanBreak() !== '') this.#scanQuotedBreaks(chunks);
    else this.#fail('there is no such escape in double quotes; write “\\\\” for a backslash');
  }

  #scanQuotedBlanks(chunks: string[], start: number): void {
    let length = 0;
    while (this.#isAt(' \t', length)) length += 1;
    const whitespace = this.#text.slice(this.#at, this.#at + length);
    this.#forward(length);
    if (this.#at >= this.#text.length) this.#fail('this text has no closing quote', start);
    const lineBreak = this.#scanBreak();
    if (lineBreak === '') {
      chunks.push(whitespace);
      return;
    }
    const breaks: string[] = [];
    this.#scanQuotedBreaks(breaks);
    if (lineBreak !== '\n') chunks.push(lineBreak);
    else if (breaks.length === 0) chunks.push(' ');
    chunks.push(...breaks);
  }

  #scanQuotedBreaks(chunks: string[]): void {
    for (;;) {
      if (this.#startsAnyMarker()) this.#fail('“---” and “...” cannot begin a line of a text');
      while (this.#isAt(' \t')) this.#forward();
      const lineBreak = this.#scanBreak();
      if (lineBreak === '') return;
      chunks.push(lineBreak);
    }
  }

  #scanPlain(): Token {
    const start = this.#at;
    const chunks: string[] = [];
    const indent = this.#indent + 1;
    const isFlow = this.#flowLevel > 0;
    let end = start;
    let spaces: string[] = [];
    while (this.#char() !== '#') {
      let length = 0;
      while (!this.#endsPlain(length, isFlow)) length += 1;
      if (length === 0) break;
      this.#allowSimpleKey = false;
      chunks.push(...spaces, this.#text.slice(this.#at, this.#at + length));
      this.#forward(length);
      end = this.#at;
      spaces = this.#scanPlainSpaces();
      if (spaces.length === 0 || (!isFlow && this.#column < indent)) break;
    }
    return { type: 'scalar', start, end, value: chunks.join(''), style: 'PLAIN' };
  }

  #endsPlain(ahead: number, isFlow: boolean): boolean {
    const char = this.#char(ahead);
    if (char === ':') return this.#isAt(isFlow ? `${blanksAndTab},[]{}` : blanksAndTab, ahead + 1);
    return blanksAndTab.includes(char) || (isFlow && ',?[]{}'.includes(char));
  }

  #scanPlainSpaces(): string[] {
    let length = 0;
    while (this.#char(length) === ' ') length += 1;
    const whitespace = this.#text.slice(this.#at, this.#at + length);
    this.#forward(length);
    const lineBreak = this.#scanBreak();
    if (lineBreak === '') return whitespace === '' ? [] : [whitespace];
    this.#allowSimpleKey = true;
    if (this.#startsAnyMarker()) return [];
    const breaks: string[] = [];
    while (this.#isAt(' \r\n\x85\u2028\u2029')) {
      if (this.#char() === ' ') this.#forward();
      else {
        breaks.push(this.#scanBreak());
        if (this.#startsAnyMarker()) return [];
      }
    }
    if (lineBreak !== '\n') return [lineBreak, ...breaks];
    return breaks.length === 0 ? [' '] : breaks;
  }

  /** Passes over one line break, and tells what it means; empty where there is none. */
  #scanBreak(): string {
    const char = this.#char();
    if (char === '\r' || char === '\n' || char === '\x85') {
      this.#forward(char === '\r' && this.#char(1) === '\n' ? 2 : 1);
      return '\n';
    }
    if (char !== '\u2028' && char !== '\u2029') return '';
    this.#forward();
    return char;
  }
}
