import type { Comment } from './tree.ts';

/** Thrown by the line scanner and caught there: the text holds what only the `yaml` package understands. */
export class UnusualYaml extends Error {}

/** An entry or an item: what stands behind its colon or dash belongs to it while it is indented further. */
export interface Owner {
  readonly start: number;
  readonly column: number;
  readonly line: number;
}

/** A cursor over the lines of a YAML text, and what can be seen on one line. Collects the comments that it passes. */
export class YamlLines {
  protected readonly text: string;
  protected readonly comments: Comment[] = [];
  /** The line at hand: its number, where it begins, where its content begins and where it ends. */
  protected line = -1;
  protected lineStart = 0;
  protected at = 0;
  protected end = -1;
  protected next = 0;
  protected done = false;
  /** How many blocks the line at hand is in. */
  protected depth = 0;

  constructor(text: string) {
    this.text = text;
    this.toContent();
  }

  protected column(): number {
    return this.at - this.lineStart;
  }

  protected toNextLine(): void {
    if (this.next > this.text.length) {
      this.done = true;
      this.at = this.lineStart = this.end = this.text.length;
      return;
    }
    this.line++;
    this.lineStart = this.next;
    const lineBreak = this.text.indexOf('\n', this.lineStart);
    this.end = lineBreak < 0 ? this.text.length : lineBreak;
    this.next = this.end + 1;
    if (this.text[this.end - 1] === '\r') this.end--;
    this.at = this.lineStart;
    while (this.text.charCodeAt(this.at) === 32) this.at++;
  }

  /** Goes on to the next line that is neither blank nor a comment. */
  protected toContent(afterDocumentStart = false): void {
    for (;;) {
      this.toNextLine();
      if (this.done) return;
      const first = this.text.charCodeAt(this.at);
      if (first === 35) this.takeComment(this.at);
      else if (this.at < this.end) break;
    }
    this.refuseMarkers(afterDocumentStart);
  }

  /** Markers of documents and directives; the one `---` that a file may begin with is passed over. */
  protected refuseMarkers(afterDocumentStart = false): void {
    if (this.done || this.column() > 0) return;
    if (this.text.startsWith('%', this.at)) throw new UnusualYaml();
    const word = /^(?:---|\.\.\.)(?=\s|$)/.exec(this.text.slice(this.at, this.at + 4));
    if (word && (afterDocumentStart || this.depth > 0 || !this.isDocumentStart())) throw new UnusualYaml();
  }

  protected isDocumentStart(): boolean {
    return this.column() === 0 && this.text.slice(this.at, this.end).trimEnd() === '---';
  }

  protected takeComment(start: number): void {
    this.comments.push({ range: { start, end: this.end }, text: this.text.slice(start + 1, this.end).trim() });
  }

  protected isDashAt(at: number): boolean {
    return this.text.charCodeAt(at) === 45 && (at + 1 >= this.end || this.text.charCodeAt(at + 1) === 32);
  }

  /** Where the colon of a simple key on this line is, or -1. */
  protected findColon(from: number): number {
    const first = this.text.charAt(from);
    if (first === '"' || first === "'") {
      const close = this.closingQuote(from);
      if (close < 0) return -1;
      let at = close + 1;
      while (this.text.charCodeAt(at) === 32) at++;
      return this.text[at] === ':' && this.isBreakAt(at + 1) ? at : -1;
    }
    if (/[,[\]{}#&*!|>%@`]/.test(first) || (/[-?:]/.test(first) && this.isBreakAt(from + 1))) return -1;
    for (let at = from; at < this.end; at++) {
      if (this.text.charCodeAt(at) !== 58 || !this.isBreakAt(at + 1)) continue;
      return this.commentStart(from, at) < 0 ? at : -1;
    }
    return -1;
  }

  protected isBreakAt(at: number): boolean {
    return at >= this.end || this.text.charCodeAt(at) === 32;
  }

  protected isQuote(at: number): boolean {
    return this.text[at] === '"' || this.text[at] === "'";
  }

  /** Where the quoted text that begins here is closed on the same line, or -1. */
  protected closingQuote(from: number): number {
    const quote = this.text[from];
    for (let at = from + 1; at < this.end; at++) {
      const char = this.text[at];
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) {
        if (quote === '"' || this.text[at + 1] !== "'") return at;
        at++;
      }
    }
    return -1;
  }

  /** Where a comment begins behind blanks of this line, or -1. */
  protected commentStart(from: number, to: number): number {
    for (let at = from; at < to; at++) {
      if (this.text.charCodeAt(at) === 35 && this.text.charCodeAt(at - 1) === 32) return at;
    }
    return -1;
  }

  /** Whether the next content line is indented further than the owner of what stands on this line. */
  protected isContinued(owner: Owner): boolean {
    let at = this.next;
    for (;;) {
      let content = at;
      while (this.text.charCodeAt(content) === 32) content++;
      if (content >= this.text.length) return false;
      const first = this.text.charCodeAt(content);
      // Comments end a text, so that what is indented behind one is not part of it but a mistake.
      if (first !== 10 && first !== 13 && first !== 35) return content - at > owner.column;
      const lineBreak = this.text.indexOf('\n', content);
      if (lineBreak < 0) return false;
      at = lineBreak + 1;
    }
  }

  protected mark() {
    const { line, lineStart, at, end, next, done } = this;
    return { line, lineStart, at, end, next, done, comments: this.comments.length };
  }

  protected reset(mark: ReturnType<YamlLines['mark']>): void {
    this.comments.length = mark.comments;
    ({
      line: this.line,
      lineStart: this.lineStart,
      at: this.at,
      end: this.end,
      next: this.next,
      done: this.done,
    } = mark);
  }
}
