// Follows the scanner of PyYAML (MIT licence, Kirill Simonov and Ingy döt Net) step by step, because what matters here
// is what it refuses, and where it departs from the specification of YAML.

import { scanBlock, scanPlain, scanQuoted } from './pyYamlScalars.ts';
import { scanDirective, scanName, scanTag } from './pyYamlTags.ts';
import { blanksAndTab, PyYamlText } from './pyYamlText.ts';
import type { Token, TokenType } from './pyYamlTokens.ts';

interface SimpleKey {
  readonly tokenNumber: number;
  readonly required: boolean;
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

/** Characters; a longer key must be written with “?”. */
export const longestKey = 1024;

/** The tokens of a text, one after the other. A text with a NUL in it must not be given. */
export class PyYamlScanner {
  readonly #text: PyYamlText;
  readonly #tokens: Token[] = [];
  readonly #keys = new Map<number, SimpleKey>();
  readonly #indents: number[] = [];
  /** Where an `&` with its name begins. */
  readonly anchorStarts: number[] = [];
  #done = false;
  #flowLevel = 0;
  #taken = 0;
  #indent = -1;
  #allowSimpleKey = true;

  constructor(text: string) {
    this.#text = new PyYamlText(text);
  }

  /** Where the comments are that were passed over. */
  get comments(): readonly { readonly start: number; readonly end: number }[] {
    return this.#text.comments;
  }

  /** Whether the next token is of one of the types. */
  check(...types: readonly TokenType[]): boolean {
    return types.includes(this.peek().type);
  }

  /** The next token, which stays the next one. */
  peek(): Token {
    while (this.#needsMore()) this.#fetchMore();
    const [first] = this.#tokens;
    return first ?? { type: 'stream-end', start: this.#text.at, end: this.#text.at, value: '' };
  }

  take(): Token {
    const token = this.peek();
    this.#taken += 1;
    this.#tokens.shift();
    return token;
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
    this.#unwind(this.#text.column);
    const char = this.#text.char();
    const atMargin = this.#text.column === 0;
    if (this.#text.isOver()) this.#fetchStreamEnd();
    else if (char === '%' && atMargin) this.#fetchDirective();
    else if (this.#text.isMarker('---')) this.#fetchMarker('document-start');
    else if (this.#text.isMarker('...')) this.#fetchMarker('document-end');
    else if (char === '[' || char === '{') this.#fetchOpening(char);
    else if (char === ']' || char === '}') this.#fetchClosing(char);
    else if (char === ',') this.#fetchComma();
    else if (char === '-' && this.#text.isAt(blanksAndTab, 1)) this.#fetchDash();
    else if (char === '?' && (this.#flowLevel > 0 || this.#text.isAt(blanksAndTab, 1))) this.#fetchQuestion();
    else if (char === ':' && (this.#flowLevel > 0 || this.#text.isAt(blanksAndTab, 1))) this.#fetchColon();
    else if (char === '*') this.#fetchKeyLike(() => scanName(this.#text, 'alias'));
    else if (char === '&') this.#fetchKeyLike(() => this.#scanAnchor());
    else if (char === '!') this.#fetchKeyLike(() => scanTag(this.#text));
    else if ((char === '|' || char === '>') && this.#flowLevel === 0) this.#fetchBlockScalar(char);
    else if (char === "'" || char === '"') this.#fetchKeyLike(() => scanQuoted(this.#text, char));
    else if (this.#isPlainStart(char)) this.#fetchPlain();
    else this.#text.fail(char === '\t' ? 'tab' : `a text cannot begin with “${char}” unless it is in quotes`);
  }

  #isPlainStart(char: string): boolean {
    if (!(blanksAndTab + '-?:,[]{}#&*!|>\'"%@`').includes(char)) return true;
    return (
      !this.#text.isAt(blanksAndTab, 1) && (char === '-' || (this.#flowLevel === 0 && (char === '?' || char === ':')))
    );
  }

  #dropStaleKeys(): void {
    for (const [level, key] of this.#keys) {
      if (key.line === this.#text.line && !this.#isTooLong(key)) continue;
      if (key.required)
        this.#text.fail('a key must stand with its colon on one line, within 1024 characters', key.index);
      this.#keys.delete(level);
    }
  }

  /** Counted in characters, as Python does. */
  #isTooLong({ index }: SimpleKey): boolean {
    return (
      this.#text.at - index > longestKey &&
      (this.#text.at - index > 2 * longestKey || Array.from(this.#text.since(index)).length > longestKey)
    );
  }

  #saveKey(): void {
    if (!this.#allowSimpleKey) return;
    this.#dropKey();
    this.#keys.set(this.#flowLevel, {
      tokenNumber: this.#taken + this.#tokens.length,
      required: this.#flowLevel === 0 && this.#indent === this.#text.column,
      index: this.#text.at,
      line: this.#text.line,
      column: this.#text.column,
    });
  }

  #dropKey(): void {
    const key = this.#keys.get(this.#flowLevel);
    if (key?.required)
      this.#text.fail('a key must stand with its colon on one line, within 1024 characters', key.index);
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
    const start = this.#text.at;
    this.#text.forward(length);
    this.#tokens.push({ type, start, end: this.#text.at, value: '' });
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
      if (!this.#allowSimpleKey) this.#text.fail('a list item cannot begin in the middle of a line');
      if (this.#indentTo(this.#text.column)) this.#add('block-sequence-start');
    }
    this.#allowSimpleKey = true;
    this.#dropKey();
    this.#add('-', 1);
  }

  #fetchQuestion(): void {
    if (this.#flowLevel === 0) {
      if (!this.#allowSimpleKey) this.#text.fail('a “?” cannot stand in the middle of a line');
      if (this.#indentTo(this.#text.column)) this.#add('block-mapping-start');
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
        if (!this.#allowSimpleKey) this.#text.fail('a text with “: ” in it must be in quotes');
        if (this.#indentTo(this.#text.column)) this.#add('block-mapping-start');
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

  #scanAnchor(): Token {
    const token = scanName(this.#text, 'anchor');
    this.anchorStarts.push(token.start);
    return token;
  }

  #fetchPlain(): void {
    this.#saveKey();
    const { token, isNewLine } = scanPlain(this.#text, this.#indent, this.#flowLevel > 0);
    this.#allowSimpleKey = isNewLine;
    this.#tokens.push(token);
  }

  #fetchBlockScalar(indicator: '|' | '>'): void {
    this.#allowSimpleKey = true;
    this.#dropKey();
    this.#tokens.push(scanBlock(this.#text, indicator, this.#indent));
  }

  #fetchDirective(): void {
    this.#unwind(-1);
    this.#dropKey();
    this.#allowSimpleKey = false;
    this.#tokens.push(scanDirective(this.#text));
  }

  #toNextToken(): void {
    if (this.#text.at === 0 && this.#text.char() === '\ufeff') this.#text.forward();
    for (;;) {
      while (this.#text.char() === ' ') this.#text.forward();
      this.#text.passComment();
      if (this.#text.lineBreak() === '') return;
      if (this.#flowLevel === 0) this.#allowSimpleKey = true;
    }
  }
}
