import { composeExactly, composeYaml } from './composeYaml.ts';
import type { Composed } from './composeYaml.ts';
import { maximumDepth } from './parseJson.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import { refusalProblem, refusedPlainProblem } from './pyYamlRefusal.ts';
import { longestKey } from './pyYamlScanner.ts';
import { decodeQuoted } from './scalarText.ts';
import { SharedScalars } from './sharedScalars.ts';
import type { ListNode, MapEntry, MapNode, Node, ScalarNode } from './tree.ts';
import { UnusualYaml, YamlLines } from './yamlLines.ts';
import type { Owner } from './yamlLines.ts';
import { plainRefusal, resolvePlain } from './yamlScalars.ts';

/**
 * Reads YAML of the shape that schemas have: maps and lists by indentation, with texts of one line. Many times faster
 * than the `yaml` package, and it finds its way again behind a half-typed line. An entry that holds anything else
 * (texts of several lines, brackets) is handed to the package alone.
 * @returns undefined for a text that must be read as a whole (anchors, tags, tabs, documents, a root in brackets)
 */
export function scanYaml(text: string): Composed | undefined {
  if (/[\t\0\x85\u2028\u2029\ufeff]|\r(?!\n)/.test(text)) return undefined;
  try {
    return new BlockScanner(text).readDocument();
  } catch (error) {
    if (error instanceof UnusualYaml) return undefined;
    throw error;
  }
}

/** A part of a text as PyYAML reads it; or as far as it can be understood. */
function readPart(text: string, base: number): Composed {
  const exact = composeExactly(text, base);
  if (!('offset' in exact)) return exact;
  const tolerant = composeYaml(text, base);
  if (tolerant.problems.some(({ code }) => code === 'syntax')) return tolerant;
  return { ...tolerant, problems: [...tolerant.problems, refusalProblem(exact, text, base)] };
}

class BlockScanner extends YamlLines {
  private readonly problems: Problem[] = [];
  private readonly scalars = new SharedScalars();

  readDocument(): Composed | undefined {
    if (!this.done && this.isDocumentStart()) this.toContent(true);
    let root: Node | undefined;
    if (!this.done) {
      if (!this.isBlockAhead()) return undefined;
      root = this.readBlock(-1);
      if (this.at < this.text.length) return undefined;
    }
    return { root, problems: this.problems, comments: this.comments, anchors: [] };
  }

  private owner(): Owner {
    return { start: this.at, column: this.column(), line: this.line };
  }

  /** Whether the content at hand begins a map or a list, and no text or bracket. */
  private isBlockAhead(): boolean {
    if (this.isDashAt(this.at) || this.findColon(this.at) >= 0) return true;
    if (/["'[{|>&*!?]/.test(this.text.charAt(this.at))) return false;
    // A half-typed key: a text of several lines could not have a key in its second.
    const column = this.column();
    const from = this.next;
    const lineBreak = this.text.indexOf('\n', from);
    const following = this.text.slice(from, lineBreak < 0 ? undefined : lineBreak);
    return following.search(/[^ ]/) === column && /^[\w-]+:(?:\s|$)/.test(following.slice(column));
  }

  private readBlock(parentColumn: number): Node {
    if (++this.depth > maximumDepth) throw new UnusualYaml();
    const block = this.isDashAt(this.at) ? this.readList(parentColumn) : this.readMap(parentColumn);
    this.depth--;
    return block;
  }

  /** Whether the line at hand still belongs to a block; a wrong indentation is reported and forgiven. */
  private belongs(column: number, parentColumn: number): boolean {
    const own = this.column();
    if (this.done || own <= parentColumn) return false;
    if (own !== column) {
      const message = `This begins in column ${own + 1}, the entries above in column ${column + 1}; indent them alike.`;
      const range = { start: this.at, end: this.end };
      const edits = [{ range: { start: this.lineStart, end: this.at }, newText: ' '.repeat(column) }];
      this.report(message, range, [{ title: 'Indent like the entries above', edits }]);
    }
    return true;
  }

  private readMap(parentColumn: number): MapNode {
    const column = this.column();
    const start = this.at;
    const entries: MapEntry[] = [];
    let first = true;
    while (first || this.belongs(column, parentColumn)) {
      first = false;
      if (this.isDashAt(this.at)) {
        this.report('A list item cannot stand between keys; indent it, or remove the “-”.', this.contentRange());
        this.skipRegion(column);
      } else this.readEntry(entries);
    }
    return { kind: 'map', entries, flow: false, range: { start, end: entries.at(-1)?.range.end ?? start } };
  }

  private readList(parentColumn: number): ListNode {
    const column = this.column();
    const start = this.at;
    const items: Node[] = [];
    let end = start + 1;
    while (items.length === 0 || this.belongs(column, parentColumn)) {
      if (!this.isDashAt(this.at)) {
        if (column === parentColumn + 1) break;
        this.report('Only items that begin with “- ” can stand in this list.', this.contentRange());
        this.skipRegion(column);
        continue;
      }
      const item = this.readContent(this.owner(), this.at + 1, true);
      if (item) items.push(item);
      else items.push(...this.itemsHandedOver(column));
      end = items.at(-1)?.range.end ?? end;
    }
    return { kind: 'list', items, flow: false, range: { start, end } };
  }

  private itemsHandedOver(column: number): readonly Node[] {
    const root = this.handOver({ start: this.at, column, line: this.line });
    if (root?.kind === 'list' && !root.flow) return root.items;
    return root ? [root] : [this.plainScalar(this.at, this.at)];
  }

  private readEntry(entries: MapEntry[]): void {
    const owner = this.owner();
    const colon = this.findColon(this.at);
    if (colon < 0) {
      if (/[?:]/.test(this.text.charAt(this.at)) && this.isBreakAt(this.at + 1)) throw new UnusualYaml();
      if (/["'[{|>&*!?]/.test(this.text.charAt(this.at))) this.handOverEntry(owner, entries);
      else entries.push(this.readLoneKey(owner));
      return;
    }
    const key = this.readKey(colon);
    const value = this.readContent(owner, colon + 1, false);
    if (value) entries.push({ key, value, range: { start: key.range.start, end: value.range.end } });
    else this.handOverEntry(owner, entries);
  }

  private handOverEntry(owner: Owner, entries: MapEntry[]): void {
    const before = this.problems.length;
    const root = this.handOver(owner);
    if (root?.kind === 'map' && !root.flow) entries.push(...root.entries);
    else if (root && this.problems.length === before) {
      this.report('A key, a colon and a blank are needed before this.', root.range);
    }
  }

  private readKey(colon: number): ScalarNode {
    if (colon - this.at > longestKey) throw new UnusualYaml();
    let keyEnd = colon;
    while (this.text.charCodeAt(keyEnd - 1) === 32) keyEnd--;
    const key = this.isQuote(this.at) ? this.quotedScalar(this.at, keyEnd) : this.plainScalar(this.at, keyEnd);
    if (key.source === '<<') throw new UnusualYaml();
    this.refuseUnread(key, true);
    return key;
  }

  /** A line with neither colon nor dash where a key must be: what somebody is typing. */
  private readLoneKey(owner: Owner): MapEntry {
    const comment = this.commentStart(this.at, this.end);
    const key = this.plainScalar(this.at, comment < 0 ? this.end : comment);
    const colon = key.source.indexOf(':');
    const inner = { start: key.range.start + colon + 1, end: key.range.start + colon + 1 };
    if (colon > 0) {
      const fix = { title: 'Add a blank', edits: [{ range: inner, newText: ' ' }], preferred: true };
      this.report('A blank must follow the colon behind a key.', key.range, [fix]);
    } else this.report('A colon, a blank and a value must follow this key.', key.range);
    if (comment >= 0) this.takeComment(comment);
    this.toContent();
    if (!this.done && this.column() > owner.column) {
      this.depth++;
      const value = this.isBlockAhead() ? this.readBlock(owner.column) : undefined;
      this.depth--;
      if (value) return { key, value, range: { start: key.range.start, end: value.range.end } };
      this.skipRegion(owner.column);
    }
    return { key, value: undefined, range: key.range };
  }

  /**
   * The value behind a colon or a dash.
   * @returns undefined where the entry must be handed over; the scanner then stands at its start
   */
  private readContent(owner: Owner, from: number, isItem: boolean): Node | undefined {
    let at = from;
    while (this.text.charCodeAt(at) === 32) at++;
    if (at >= this.end || this.text.charCodeAt(at) === 35) return this.readBelow(owner, from, at, isItem);
    if (isItem && (this.isDashAt(at) || this.findColon(at) >= 0)) {
      this.at = at;
      return this.readBlock(owner.column);
    }
    const first = this.text.charAt(at);
    if (first === '&' || first === '*' || first === '!') throw new UnusualYaml();
    if (/[|>[{]/.test(first) || (/[-?:]/.test(first) && this.isBreakAt(at + 1))) return undefined;
    return this.isQuote(at) ? this.readQuoted(owner, at) : this.readPlain(owner, at);
  }

  private readBelow(owner: Owner, from: number, at: number, isItem: boolean): Node | undefined {
    const mark = this.mark();
    if (at < this.end) this.takeComment(at);
    this.toContent();
    const column = this.column();
    if (!this.done && (column > owner.column || (!isItem && column === owner.column && this.isDashAt(this.at)))) {
      if (this.isBlockAhead()) return this.readBlock(column > owner.column ? owner.column : owner.column - 1);
      this.reset(mark);
      return undefined;
    }
    return this.plainScalar(from, from);
  }

  private readPlain(owner: Owner, at: number): ScalarNode | undefined {
    const comment = this.commentStart(at, this.end);
    if (this.isContinued(owner)) return undefined;
    const scalar = this.plainScalar(at, comment < 0 ? this.end : comment);
    if (/[,\]}%@`]/.test(this.text.charAt(at))) this.reportUnquoted(scalar, `begin with “${this.text.charAt(at)}”`);
    else if (scalar.source.includes(': ') || scalar.source.endsWith(':'))
      this.reportUnquoted(scalar, 'have “: ” in it');
    else this.refuseUnread(scalar, false);
    if (comment >= 0) this.takeComment(comment);
    this.toContent();
    return scalar;
  }

  /** Tells of a plain text that PyYAML makes nothing of. */
  private refuseUnread({ source, style, range }: ScalarNode, isKey: boolean): void {
    const reason = style === 'plain' ? plainRefusal(source, isKey) : undefined;
    if (reason !== undefined) this.problems.push(refusedPlainProblem(reason, range, source));
  }

  private readQuoted(owner: Owner, at: number): ScalarNode | undefined {
    const close = this.closingQuote(at);
    if (this.isContinued(owner)) return undefined;
    let rest = close + 1;
    while (this.text.charCodeAt(rest) === 32) rest++;
    if (close >= 0 && rest < this.end && !(this.text[rest] === '#' && rest > close + 1)) return undefined;
    const scalar = this.quotedScalar(at, close < 0 ? this.end : close + 1);
    if (close < 0) {
      const range = { start: this.end, end: this.end };
      const quote = this.text.charAt(at);
      const fix = { title: 'Close the text', edits: [{ range, newText: quote }] };
      this.report(`This text is not closed; add ${quote} where it ends.`, scalar.range, [fix]);
    } else if (rest < this.end) this.takeComment(rest);
    this.toContent();
    return scalar;
  }

  private plainScalar(start: number, limit: number): ScalarNode {
    let end = limit;
    while (end > start && this.text.charCodeAt(end - 1) === 32) end--;
    const { source, value } = this.scalars.of(this.text.slice(start, end), resolvePlain);
    return { kind: 'scalar', value, style: 'plain', source, range: { start, end } };
  }

  private quotedScalar(start: number, end: number): ScalarNode {
    const source = this.text.slice(start, end);
    const range = { start, end };
    const style = source.startsWith("'") ? 'single-quoted' : 'double-quoted';
    if (
      !source.includes(style === 'single-quoted' ? "''" : '\\') &&
      source.length > 1 &&
      source.endsWith(source.charAt(0))
    ) {
      return { kind: 'scalar', value: { kind: 'string', value: source.slice(1, -1) }, style, source, range };
    }
    const { value, badEscape } = decodeQuoted(source, style);
    if (badEscape !== undefined) {
      const place = { start: start + badEscape, end: Math.min(end, start + badEscape + 2) };
      this.report(
        'There is no such escape in double quotes; write “\\\\” for a backslash, or use single quotes.',
        place,
      );
    }
    return { kind: 'scalar', value: { kind: 'string', value }, style, source, range };
  }

  /** Lets the `yaml` package read an entry or item with all lines that belong to it. */
  private handOver(owner: Owner): Node | undefined {
    const from = owner.start;
    let to: number;
    do {
      to = this.next;
      this.toNextLine();
    } while (!this.done && (this.column() > owner.column || this.at >= this.end || this.text[this.at] === '#'));
    this.refuseMarkers();
    const source = this.text.slice(from, to);
    if (/(?:^|[\s[{,:-])[&*!]\S/.test(source) || /(?:^|[\s[{,])<<\s*:/.test(source)) throw new UnusualYaml();
    if (/[\]}]/.test(this.text.charAt(this.at))) throw new UnusualYaml();
    // The blanks stand for the indentation, and for the dashes before the first key of an item.
    const composed = readPart(' '.repeat(owner.column) + source, from - owner.column);
    this.problems.push(...composed.problems);
    this.comments.push(...composed.comments);
    return composed.root;
  }

  private skipRegion(column: number): void {
    do this.toContent();
    while (!this.done && this.column() > column);
  }

  private contentRange(): TextRange {
    return { start: this.at, end: this.end };
  }

  private reportUnquoted(scalar: ScalarNode, what: string): void {
    const newText = `'${scalar.source.replaceAll("'", "''")}'`;
    const fix = { title: 'Put it in quotes', edits: [{ range: scalar.range, newText }], preferred: true };
    this.report(`A text without quotes cannot ${what}; put it in quotes.`, scalar.range, [fix]);
  }

  private report(message: string, range: TextRange, fixes?: Fix[]): void {
    this.problems.push({ code: 'syntax', severity: 'error', message, range, ...(fixes && { fixes }) });
  }
}
