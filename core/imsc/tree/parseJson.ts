import { createScanner } from 'jsonc-parser';
import { duplicateKeyProblems } from './duplicateKeys.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import { SharedScalars } from './sharedScalars.ts';
import type { Comment, ListNode, MapEntry, MapNode, Node, ScalarNode, Tree } from './tree.ts';
import type { Value } from '../values/values.ts';

/** Deeper nesting than this is a mistake or an attack; Python's own parser gives up somewhere near. */
export const maximumDepth = 200;

/** jsonc-parser's SyntaxKind, which is a const enum and so has no form at run time. */
const kinds = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  unknown: 16,
  end: 17,
} as const;

/** jsonc-parser's ScanError, by number. */
const scanErrors: Readonly<Record<number, string>> = {
  1: 'This comment is not closed; end it with “*/”.',
  2: 'This text is not closed; end it with a double quote on the same line.',
  3: 'This number is not complete.',
  4: 'After “\\u” four hexadecimal digits are needed.',
  5: 'There is no such escape; write “\\\\” for a backslash.',
  6: 'Control characters must be escaped in a text, such as “\\t” for a tab.',
};

/** Reads a text as JSON, as far as it can be read. Comments and trailing commas are taken, and reported. */
export function parseJson(text: string): Tree {
  const reader = new JsonReader(text);
  const root = reader.readDocument();
  const problems = [...reader.problems, ...duplicateKeyProblems(root)];
  return { notation: 'json', text, root, problems, comments: reader.comments, anchors: [] };
}

class JsonReader {
  readonly problems: Problem[] = [];
  readonly comments: Comment[] = [];
  private readonly text: string;
  private readonly scanner;
  private readonly scalars = new SharedScalars();
  /** What the token at hand means as a scalar; made once, because it is asked for every one of them. */
  private readonly meaning: (source: string) => Value;
  private token: number;
  /** Where the token at hand begins and ends, and where the one before it ended. */
  private start = 0;
  private end = 0;
  private lastEnd = 0;
  private depth = 0;
  /** The closing brackets that are waited for. */
  private readonly open: number[] = [];
  private tooDeep = false;

  constructor(text: string) {
    this.text = text;
    // A byte order mark is not part of the text, but the offsets must stay.
    this.scanner = createScanner(text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text, false);
    this.token = kinds.trivia;
    this.meaning = (source) =>
      this.at(kinds.string)
        ? { kind: 'string', value: this.scanner.getTokenValue() }
        : this.at(kinds.number)
          ? readNumber(source)
          : { kind: 'string', value: source };
    this.next();
  }

  readDocument(): Node | undefined {
    if (this.text.startsWith('\ufeff')) this.reportByteOrderMark();
    if (this.token === kinds.end) {
      this.report('This file is empty; a schema is needed here.', { start: 0, end: this.text.length });
      return undefined;
    }
    const root = this.readValue();
    if (!root) this.report('A JSON value is needed here, such as “{”.');
    else if (!this.at(kinds.end) && !this.tooDeep) {
      this.report('Nothing may follow the end of the JSON value; remove this.', {
        start: this.start,
        end: this.text.length,
      });
    }
    // The scanner goes on to the end for the comments.
    while (!this.at(kinds.end)) this.next();
    return root;
  }

  private next(): void {
    this.lastEnd = this.end;
    for (;;) {
      this.token = this.scanner.scan();
      this.start = this.scanner.getTokenOffset();
      // An unclosed comment is said to end behind the text.
      this.end = Math.min(this.start + this.scanner.getTokenLength(), this.text.length);
      const error: number = this.scanner.getTokenError();
      if (error !== 0) this.report(scanErrors[error] ?? 'This cannot be read.');
      if (this.takeNumberWord()) return;
      if (this.token === kinds.lineComment || this.token === kinds.blockComment) this.takeComment();
      else if (this.token !== kinds.lineBreak && this.token !== kinds.trivia) return;
    }
  }

  /** `NaN`, `Infinity` and `-Infinity` are not JSON; Python reads and writes them all the same. */
  private takeNumberWord(): boolean {
    const isMinus = this.text[this.start] === '-';
    if (this.token !== kinds.unknown || (isMinus && this.end !== this.start + 1)) return false;
    const [word] = /^(?:NaN|-?Infinity)(?![\w$.])/.exec(this.text.slice(this.start, this.start + 10)) ?? [];
    if (word === undefined || (!isMinus && this.end !== this.start + word.length)) return false;
    this.token = kinds.number;
    this.end = this.start + word.length;
    if (isMinus) this.scanner.setPosition(this.end);
    return true;
  }

  private at(kind: number): boolean {
    return this.token === kind;
  }

  private takeComment(): void {
    const range = { start: this.start, end: this.end };
    const source = this.text.slice(this.start, this.end);
    const text = source.startsWith('//') ? source.slice(2) : source.slice(2, source.endsWith('*/') ? -2 : undefined);
    this.comments.push({ range, text: text.trim() });
    this.problems.push({
      code: 'json-comment',
      severity: 'information',
      message: 'JSON has no comments: other programs may refuse this file. YAML schemas may have them.',
      range,
      fixes: [{ title: 'Remove the comment', edits: [{ range, newText: '' }] }],
    });
  }

  private reportByteOrderMark(): void {
    const range = { start: 0, end: 1 };
    this.problems.push({
      code: 'json-byte-order-mark',
      severity: 'warning',
      message:
        'A byte order mark stands before the JSON: Python reads such a file as YAML, where a number such as 1e5 is a text. Save it as UTF-8 without one.',
      range,
      fixes: [{ title: 'Remove the byte order mark', edits: [{ range, newText: '' }], preferred: true }],
    });
  }

  private readValue(): Node | undefined {
    switch (this.token) {
      case kinds.openBrace:
        return this.nested(() => this.readMap());
      case kinds.openBracket:
        return this.nested(() => this.readList());
      case kinds.null:
        return this.scalar({ kind: 'none' });
      case kinds.true:
      case kinds.false:
        return this.scalar({ kind: 'boolean', value: this.token === kinds.true });
      case kinds.string:
      case kinds.number:
        return this.scalar();
      case kinds.closeBrace:
      case kinds.closeBracket:
      case kinds.comma:
      case kinds.colon:
      case kinds.end:
        return undefined;
      default:
        this.report('A text must be in double quotes; of bare words JSON knows only true, false and null.');
        return this.scalar();
    }
  }

  private nested(read: () => Node): Node {
    if (this.depth >= maximumDepth) return this.passOver();
    this.depth++;
    const node = read();
    this.depth--;
    return node;
  }

  /** A map or a list, of which only the end is looked for. */
  private passOver(): Node {
    const { start } = this;
    const isMap = this.at(kinds.openBrace);
    if (!this.tooDeep) this.report(`This is nested more than ${maximumDepth} levels deep; what is inside is not read.`);
    this.tooDeep = true;
    let open = 0;
    do {
      if (this.at(kinds.openBrace) || this.at(kinds.openBracket)) open++;
      if (this.at(kinds.closeBrace) || this.at(kinds.closeBracket)) open--;
      this.next();
    } while (open > 0 && !this.at(kinds.end));
    const range = { start, end: this.lastEnd };
    return isMap ? { kind: 'map', entries: [], flow: true, range } : { kind: 'list', items: [], flow: true, range };
  }

  private scalar(known?: Value): ScalarNode {
    const range = { start: this.start, end: this.end };
    const written = this.text.slice(this.start, this.end);
    if (written.length > maximumDigits && /^-?\d+$/.test(written) && written.replace('-', '').length > maximumDigits) {
      this.report(`Python reads no integer of more than ${maximumDigits} digits.`);
    }
    const { source, value } = known ? { source: written, value: known } : this.scalars.of(written, this.meaning);
    this.next();
    return { kind: 'scalar', value, style: 'json', source, range };
  }

  private readMap(): MapNode {
    const start = this.start;
    const entries: MapEntry[] = [];
    if (!this.at(kinds.end)) this.next();
    this.readItems(kinds.closeBrace, 'Name and value', () => {
      const entry = this.readEntry();
      if (entry) entries.push(entry);
      return entry !== undefined;
    });
    return { kind: 'map', entries, flow: true, range: this.close(kinds.closeBrace, '}', start) };
  }

  private readList(): ListNode {
    const start = this.start;
    const items: Node[] = [];
    if (!this.at(kinds.end)) this.next();
    this.readItems(kinds.closeBracket, 'A value', () => {
      const item = this.readValue();
      if (item) items.push(item);
      return item !== undefined;
    });
    return { kind: 'list', items, flow: true, range: this.close(kinds.closeBracket, ']', start) };
  }

  /** What stands between brackets, up to something that closes. A missing comma is reported and supposed. */
  private readItems(closing: number, wanted: string, readItem: () => boolean): void {
    let comma: TextRange | undefined;
    let afterItem = false;
    this.open.push(closing);
    while (!this.at(kinds.end) && !this.at(closing)) {
      if (this.at(kinds.closeBrace) || this.at(kinds.closeBracket)) {
        // A bracket that one further out waits for closes this one too; any other is a slip.
        if (this.open.includes(this.token)) break;
        this.report('There is nothing that this bracket could close; remove it.');
        this.next();
        continue;
      }
      if (this.at(kinds.comma)) {
        if (!afterItem) this.report(`${wanted} must stand before this comma; remove it.`);
        comma = { start: this.start, end: this.end };
        afterItem = false;
        this.next();
        continue;
      }
      if (afterItem) {
        const range = { start: this.lastEnd, end: this.lastEnd };
        const fix = { title: 'Add a comma', edits: [{ range, newText: ',' }], preferred: true };
        this.report('A comma must stand between this and what follows.', this.before(), [fix]);
      }
      if (!readItem()) {
        this.report(`${wanted} is needed here, not this.`);
        this.next();
      }
      afterItem = true;
      comma = undefined;
    }
    this.open.pop();
    if (comma && !afterItem && this.at(closing)) {
      this.problems.push({
        code: 'json-trailing-comma',
        severity: 'warning',
        message: 'No comma may stand before the closing bracket in JSON: other programs refuse this file. Remove it.',
        range: comma,
        fixes: [{ title: 'Remove the comma', edits: [{ range: comma, newText: '' }], preferred: true }],
      });
    }
  }

  private readEntry(): MapEntry | undefined {
    if (!this.at(kinds.string)) {
      if (this.token <= kinds.colon) return undefined;
      if (this.token >= kinds.null && this.token <= kinds.number) this.report('A key must be in double quotes.');
    }
    const read = this.readValue();
    if (read?.kind !== 'scalar') return undefined;
    const key: ScalarNode =
      read.value.kind === 'string' ? read : { ...read, value: { kind: 'string', value: read.source } };
    if (!this.at(kinds.colon)) {
      this.report('A colon and a value must follow this key.', key.range);
      return { key, value: undefined, range: key.range };
    }
    this.next();
    const colonEnd = this.lastEnd;
    // In a half-typed `"a": "b": 1` the text behind the first colon is the next key.
    const value = this.readValue();
    if (!value) this.report('A value must follow the colon.', { start: key.range.start, end: colonEnd });
    return { key, value, range: { start: key.range.start, end: value?.range.end ?? colonEnd } };
  }

  private close(kind: number, bracket: string, start: number): TextRange {
    if (this.at(kind)) {
      this.next();
      return { start, end: this.lastEnd };
    }
    if (!this.tooDeep)
      this.report(`“${this.text[start] ?? ''}” is not closed; add “${bracket}”.`, { start, end: start + 1 });
    return { start, end: Math.max(this.lastEnd, Math.min(start + 1, this.text.length)) };
  }

  /** The last character that was read, to mark that something is missing behind it. */
  private before(): TextRange {
    return { start: Math.max(0, this.lastEnd - 1), end: this.lastEnd };
  }

  private report(message: string, range: TextRange = { start: this.start, end: this.end }, fixes?: Fix[]): void {
    const shown = range.start < this.text.length ? range : { ...this.before(), end: this.text.length };
    this.problems.push({ code: 'syntax', severity: 'error', message, range: shown, ...(fixes && { fixes }) });
  }
}

/** Python reads no integer of more digits. */
const maximumDigits = 4300;

const numberWords: Readonly<Partial<Record<string, number>>> = { NaN, Infinity, '-Infinity': -Infinity };

/** As Python reads it: a number without point and exponent is an integer of any length. */
function readNumber(source: string): Value {
  const word = numberWords[source];
  if (word !== undefined) return { kind: 'float', value: word };
  if (/^-?\d+$/.test(source)) return { kind: 'integer', value: BigInt(source) };
  const value = Number(source);
  // What the scanner has found incomplete, such as `1.`, is read as far as it goes.
  return { kind: 'float', value: Number.isNaN(value) ? parseFloat(source) || 0 : value };
}
