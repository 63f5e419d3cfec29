import { PyYamlError } from './pyYamlTokens.ts';

/** Characters at which a line ends; NUL stands for the end of the text. */
export const endsOfLine = '\0\r\n\x85\u2028\u2029';
export const blanks = `${endsOfLine} `;
export const blanksAndTab = `${blanks}\t`;

/** A text that is gone through from its begin to its end. It holds no NUL, which stands for its end. */
export class PyYamlText {
  readonly #text: string;
  /** Where the comments are that were passed over. */
  readonly comments: { readonly start: number; readonly end: number }[] = [];
  #at = 0;
  #line = 0;
  #column = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get at(): number {
    return this.#at;
  }

  get line(): number {
    return this.#line;
  }

  get column(): number {
    return this.#column;
  }

  /** Whether there is nothing more. */
  isOver(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next characters, which stay the next ones. */
  ahead(length: number): string {
    return this.#text.slice(this.#at, this.#at + length);
  }

  /** What was passed over since a place. */
  since(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  /** The next character, or one behind it; NUL behind the end. */
  char(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? '\0';
  }

  /** Whether the next character, or one behind it, is one of these. */
  isAt(characters: string, ahead = 0): boolean {
    return characters.includes(this.char(ahead));
  }

  /** Passes over characters. */
  forward(length = 1): void {
    for (let left = length; left > 0; left -= 1) {
      const char = this.char();
      this.#at += 1;
      if ('\n\x85\u2028\u2029'.includes(char) || (char === '\r' && this.char() !== '\n')) {
        this.#line += 1;
        this.#column = 0;
      } else if (char !== '\ufeff') this.#column += 1;
    }
  }

  /** Refuses the text. @throws PyYamlError */
  fail(message: string, offset = this.#at): never {
    throw new PyYamlError(message, offset);
  }

  /** Whether a line begins here with `---` or `...`. */
  isMarker(marker: string): boolean {
    return this.#column === 0 && this.#startsMarker(marker);
  }

  #startsMarker(marker: string): boolean {
    return this.#text.startsWith(marker, this.#at) && this.isAt(blanksAndTab, 3);
  }

  /** Whether a marker stands here, in whichever column. */
  startsAnyMarker(): boolean {
    return this.#startsMarker('---') || this.#startsMarker('...');
  }

  /** Passes over a comment, if there is one. */
  passComment(): void {
    if (this.char() !== '#') return;
    const start = this.#at;
    while (!this.isAt(endsOfLine)) this.forward();
    this.comments.push({ start, end: this.#at });
  }

  /** Passes over blanks and a comment to the next line. @param otherwise why it refuses what else is there */
  toLineEnd(otherwise: string): void {
    while (this.char() === ' ') this.forward();
    this.passComment();
    if (!this.isAt(endsOfLine)) this.fail(this.char() === '\t' ? 'tab' : otherwise);
    this.lineBreak();
  }

  /** The letters, digits, `_` and `-` from here on. @param otherwise why it refuses where there are none */
  word(otherwise: string): string {
    let length = 0;
    while (/[\w-]/.test(this.char(length))) length += 1;
    if (length === 0) this.fail(otherwise);
    const word = this.#text.slice(this.#at, this.#at + length);
    this.forward(length);
    return word;
  }

  /** Passes over empty lines, and over the blanks of the next one, no more than `indent`; what the breaks mean. */
  lineBreaks(indent: number): string[] {
    const breaks: string[] = [];
    for (;;) {
      while (this.#column < indent && this.char() === ' ') this.forward();
      const lineBreak = this.lineBreak();
      if (lineBreak === '') return breaks;
      breaks.push(lineBreak);
    }
  }

  /** Passes over one line break, and tells what it means; empty where there is none. */
  lineBreak(): string {
    const char = this.char();
    if (char === '\r' || char === '\n' || char === '\x85') {
      this.forward(char === '\r' && this.char(1) === '\n' ? 2 : 1);
      return '\n';
    }
    if (char !== '\u2028' && char !== '\u2029') return '';
    this.forward();
    return char;
  }
}
