import { format } from 'jsonc-parser';
import equal from 'fast-deep-equal';
import { applyEdits } from './applyFixes.ts';
import { parseTree } from '../tree/parse.ts';
import type { TextEdit } from '../../problems/problem.ts';
import { valueOf, writtenEntries } from '../tree/tree.ts';
import type { Node, Tree } from '../tree/tree.ts';

/**
 * The edits that lay a text out: two blanks for each level, none at the ends of lines, one line break at the end. They
 * are made only where the text differs, and never change what it means.
 * @returns nothing for a text with syntax problems
 */
export function formatEdits(tree: Tree): TextEdit[] {
  if (!tree.root || tree.problems.some(({ code }) => code === 'syntax')) return [];
  return tree.notation === 'json' ? formatJson(tree.text) : formatYaml(tree, tree.root);
}

function formatJson(text: string): TextEdit[] {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edits = format(text, undefined, { tabSize: 2, insertSpaces: true, eol, insertFinalNewline: true });
  return edits
    .map(({ offset, length, content }) => ({ range: { start: offset, end: offset + length }, newText: content }))
    .filter(({ range, newText }) => text.slice(range.start, range.end) !== newText);
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
  /** Blanks to add before, or to take away; undefined until a node claims the line. */
  shift: number | undefined;
}

function formatYaml(tree: Tree, root: Node): TextEdit[] {
  const lines = linesOf(tree.text);
  const layout = new YamlLayout(lines);
  if (!layout.place(root, 0)) return [];
  const inText = layout.linesWithinTexts;
  layout.release(tree);
  const edits: TextEdit[] = [];
  for (const [index, line] of lines.entries()) {
    const content = tree.text.slice(line.start, line.end);
    const isBlank = content.trim() === '';
    const indent = line.indent + (line.shift ?? shiftOfComment(lines, index));
    if (!isBlank && indent >= 0 && indent !== line.indent) {
      edits.push({ range: { start: line.start, end: line.start + line.indent }, newText: ' '.repeat(indent) });
    }
    const kept = content.replace(/[ \t]+$/, '').length;
    if (kept < content.length && !inText.has(index)) {
      edits.push({ range: { start: line.start + kept, end: line.end }, newText: '' });
    }
  }
  if (!tree.text.endsWith('\n') && !inText.has(lines.length - 1)) {
    edits.push({
      range: { start: tree.text.length, end: tree.text.length },
      newText: tree.text.includes('\r\n') ? '\r\n' : '\n',
    });
  }
  // Whatever was overlooked above, a text that would mean something else is not offered.
  const after = parseTree(applyEdits(tree.text, edits), 'yaml');
  const isSame = after.problems.length === tree.problems.length && equal(valueOf(after.root), valueOf(root));
  return isSame ? edits : [];
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= text.length;) {
    const lineBreak = text.indexOf('\n', start);
    const next = lineBreak < 0 ? text.length : lineBreak;
    const end = text[next - 1] === '\r' && lineBreak >= 0 ? next - 1 : next;
    let indent = 0;
    while (text[start + indent] === ' ') indent++;
    lines.push({ start, end, indent, shift: undefined });
    start = next + 1;
  }
  return lines;
}

/** A comment moves with the line below it if it stands in the same column, else with the line above. */
function shiftOfComment(lines: readonly Line[], index: number): number {
  const own = lines[index]?.indent;
  const below = lines.slice(index + 1, index + 50).find(({ shift }) => shift !== undefined);
  if (below?.indent === own) return below?.shift ?? 0;
  return lines.slice(Math.max(0, index - 50), index).findLast(({ shift }) => shift !== undefined)?.shift ?? 0;
}

/** Decides by how much each line moves. */
class YamlLayout {
  /** Lines whose end lies within a text of several lines, where blanks can mean something. */
  readonly linesWithinTexts = new Set<number>();
  private readonly lines: readonly Line[];

  constructor(lines: readonly Line[]) {
    this.lines = lines;
  }

  /** False for a block that cannot be laid out again. */
  place(node: Node, column: number): boolean {
    if (node.alias !== undefined) return true;
    if (node.kind === 'scalar') {
      // The blank lines behind a block of text can belong to it.
      const extra = node.style.startsWith('block') ? 1 : 0;
      const last = this.lineAt(node.range.end) + extra;
      for (let line = this.lineAt(node.range.start); line < last; line++) this.linesWithinTexts.add(line);
      return true;
    }
    const parts = node.kind === 'list' ? node.items : writtenEntries(node);
    if (node.flow)
      return parts.every((part) => ('kind' in part ? this.place(part, 0) : !part.value || this.place(part.value, 0)));
    const from = this.columnAt(node.range.start);
    return parts.every((part) => {
      const value = 'kind' in part ? part : part.value;
      const firstLine = 'kind' in part ? this.dashLine(part, from, node.range.start) : this.lineAt(part.range.start);
      for (let line = firstLine; line <= this.lineAt(part.range.end); line++) {
        const found = this.lines[line];
        if (found) found.shift = column - from;
      }
      return !value || this.placeBelow(value, firstLine, from, column, 'kind' in part);
    });
  }

  /** Lines without content of their own are placed by their neighbours. */
  release({ text, comments }: Tree): void {
    for (const line of this.lines) if (line.start + line.indent >= line.end) line.shift = undefined;
    for (const { range } of comments) {
      const line = this.lines[this.lineAt(range.start)];
      if (line && text.slice(line.start, range.start).trim() === '') line.shift = undefined;
    }
  }

  private placeBelow(value: Node, ownerLine: number, from: number, column: number, isItem: boolean): boolean {
    const isBlock = value.kind !== 'scalar' && !value.flow && value.alias === undefined;
    const own = this.columnAt(value.range.start);
    if (!isBlock || this.lineAt(value.range.start) === ownerLine) return this.place(value, own + column - from);
    // A list may begin in the column of its key.
    return this.place(value, !isItem && own === from ? column : column + 2);
  }

  private dashLine(item: Node, column: number, listStart: number): number {
    let line = this.lineAt(item.range.start);
    const first = this.lineAt(listStart);
    while (line > first && this.lines[line]?.indent !== column) line--;
    return line;
  }

  private columnAt(offset: number): number {
    return offset - (this.lines[this.lineAt(offset)]?.start ?? 0);
  }

  private lineAt(offset: number): number {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lines[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
