import { holdsHidden, visibleDocument } from '../../text/hiddenCharacters.ts';
import { parseTree } from '../tree/parse.ts';
import { entries, keyIdentity, keyText, valueOf } from '../tree/tree.ts';
import type { Comment, ListNode, MapEntry, MapNode, Node, Notation, ScalarNode, Tree } from '../tree/tree.ts';
import { writeScalar } from './writeScalar.ts';

/** A list of scalars that is shorter than this stays on one line in JSON. */
const lineWidth = 100;

/**
 * The same schema in the other notation, with comments and the order of keys kept. Aliases and merge keys of YAML are
 * written out. What could not be read is left out: ask for a tree without syntax problems.
 * @returns the whole new text, in which nothing is hidden; the old one if it is in that notation already
 */
export function convertNotation(tree: Tree, to: Notation): string {
  if (tree.notation === to && !holdsHidden(tree.text)) return tree.text;
  return writeTree(tree, to);
}

/** A tree as a text, however it was written before. */
export function writeTree(tree: Tree, to: Notation): string {
  const writer = new NotationWriter(tree, to);
  return visibleDocument(`${writer.writeDocument().join('\n')}\n`);
}

class NotationWriter {
  private readonly tree: Tree;
  private readonly to: Notation;
  private readonly comments: readonly Comment[];
  private nextComment = 0;
  /** Inside of what an alias stands for, whose comments belong to the anchor. */
  private elsewhere = 0;

  constructor(tree: Tree, to: Notation) {
    this.tree = tree;
    this.to = to;
    this.comments = [...tree.comments].sort((a, b) => a.range.start - b.range.start);
  }

  writeDocument(): string[] {
    const { root } = this.tree;
    const lines = root ? this.commentLines(root.range.start) : [];
    if (root) lines.push(...this.endLine(this.write(root), root, ''));
    lines.push(...this.commentLines(Infinity));
    return lines;
  }

  private write(node: Node): string[] {
    if (node.alias !== undefined) this.elsewhere++;
    const lines = node.kind === 'scalar' ? [this.writeScalar(node)] : this.writeCollection(node);
    if (node.alias !== undefined) this.elsewhere--;
    return lines;
  }

  private writeCollection(node: MapNode | ListNode): string[] {
    const isEmpty = (node.kind === 'map' ? node.entries : node.items).length === 0;
    if (isEmpty) return [node.kind === 'map' ? '{}' : '[]'];
    if (this.to === 'yaml') return node.kind === 'map' ? this.writeYamlMap(node) : this.writeYamlList(node);
    return node.kind === 'map' ? this.writeJsonMap(node) : this.writeJsonList(node);
  }

  private writeYamlMap(node: MapNode): string[] {
    const lines = this.eachEntry(node, (entry) => {
      const key = writeScalar({ kind: 'string', value: keyText(entry) }, 'yaml');
      const { value } = entry;
      if (!value) return [`${key}:`];
      if (isBlock(value)) return [`${key}:`, ...this.write(value).map((line) => `  ${line}`)];
      return this.endLine([`${key}: ${this.write(value).join('')}`], value, '');
    });
    lines.push(...this.commentLines(node.flow ? node.range.end : 0));
    return lines;
  }

  /** The lines of all entries. What takes the place of an entry that was merged in is written there, and once. */
  private eachEntry(node: MapNode, write: (entry: MapEntry, isLast: boolean) => string[]): string[] {
    const lines: string[] = [];
    const placed = placedEntries(node);
    const last = placed.findLastIndex(({ written }) => written !== undefined);
    for (const [index, { entry, written }] of placed.entries()) {
      lines.push(...this.commentLines(entry.range.start, entry.merged));
      if (!written) {
        const lineBreak = this.tree.text.indexOf('\n', entry.range.end);
        lines.push(...this.commentLines(lineBreak < 0 ? Infinity : lineBreak, entry.merged));
        continue;
      }
      if (entry.merged) this.elsewhere++;
      lines.push(...write(written, index === last));
      if (entry.merged) this.elsewhere--;
    }
    return lines;
  }

  private writeYamlList(node: ListNode): string[] {
    const lines: string[] = [];
    for (const item of node.items) {
      lines.push(...this.commentLines(item.range.start));
      const [first = '', ...rest] = this.write(item);
      lines.push(...this.endLine([`- ${first}`, ...rest.map((line) => `  ${line}`)], item, ''));
    }
    lines.push(...this.commentLines(node.flow ? node.range.end : 0));
    return lines;
  }

  private writeJsonMap(node: MapNode): string[] {
    const lines = this.eachEntry(node, (entry, isLast) => {
      const [first = 'null', ...rest] = entry.value ? this.write(entry.value) : [];
      return this.endLine([`${JSON.stringify(keyText(entry))}: ${first}`, ...rest], entry.value, isLast ? '' : ',');
    });
    lines.push(...this.commentLines(node.flow ? node.range.end : 0));
    return ['{', ...lines.map((line) => `  ${line}`), '}'];
  }

  private writeJsonList(node: ListNode): string[] {
    const pending = this.comments[this.nextComment];
    const hasComments = this.elsewhere === 0 && pending !== undefined && pending.range.start < node.range.end;
    if (!hasComments && node.items.every((item) => item.kind === 'scalar')) {
      const line = `[${node.items.map((item) => this.write(item).join('')).join(', ')}]`;
      if (line.length < lineWidth) return [line];
    }
    const lines: string[] = [];
    for (const [index, item] of node.items.entries()) {
      lines.push(...this.commentLines(item.range.start));
      lines.push(...this.endLine(this.write(item), item, index < node.items.length - 1 ? ',' : ''));
    }
    lines.push(...this.commentLines(node.flow ? node.range.end : 0));
    return ['[', ...lines.map((line) => `  ${line}`), ']'];
  }

  /** A number is written as it was where that means the same, so that `1.50` and long numbers stay. */
  private writeScalar(node: ScalarNode): string {
    const isNumber = node.value.kind === 'integer' || node.value.kind === 'float';
    if (isNumber && node.alias === undefined && node.source.length < 400) {
      const again = parseTree(node.source, this.to);
      const same = again.root?.kind === 'scalar' && again.problems.length === 0 ? again.root.value : undefined;
      if (same?.kind === node.value.kind && 'value' in same && Object.is(same.value, node.value.value))
        return node.source;
    }
    return writeScalar(valueOf(node), this.to);
  }

  /** Puts a comma behind the last line, and the comment that stands on the same line in the old text. */
  private endLine(lines: string[], node: Node | undefined, comma: string): string[] {
    const last = `${lines.pop() ?? ''}${comma}`;
    const comment = this.comments[this.nextComment];
    const { text } = this.tree;
    const onSameLine =
      node &&
      comment &&
      this.elsewhere === 0 &&
      (this.to === 'json' || !isBlock(node)) &&
      comment.range.start >= node.range.end &&
      /^[ \t,]*$/.test(text.slice(node.range.end, comment.range.start)) &&
      !comment.text.includes('\n');
    if (!onSameLine) return [...lines, last];
    this.nextComment++;
    return [...lines, `${last} ${this.marker(comment.text)}`];
  }

  /** The comments that stand before an offset and were not written yet, a line each. */
  private commentLines(before: number, elsewhere = false): string[] {
    const lines: string[] = [];
    if (elsewhere || this.elsewhere > 0) return lines;
    for (let next = this.comments[this.nextComment]; next && next.range.start < before;) {
      lines.push(...next.text.split(/\r?\n/).map((line) => this.marker(line.replace(/^\s*\*?\s?/, '').trimEnd())));
      this.nextComment++;
      next = this.comments[this.nextComment];
    }
    return lines;
  }

  private marker(text: string): string {
    return `${this.to === 'yaml' ? '#' : '//'} ${text}`.trimEnd();
  }
}

/**
 * What is written at the place of each entry: as Python has it, the last of a name at the place of the first. Two of a
 * name that stand in one map are a mistake, and stay.
 */
function placedEntries(node: MapNode): { readonly entry: MapEntry; readonly written: MapEntry | undefined }[] {
  const counting = new Map(entries(node).map((entry) => [keyIdentity(entry.key), entry]));
  const merged = new Set<string>();
  return node.entries.map((entry) => {
    const identity = keyIdentity(entry.key);
    if (!entry.merged) return { entry, written: merged.has(identity) ? undefined : entry };
    if (merged.has(identity)) return { entry, written: undefined };
    merged.add(identity);
    return { entry, written: counting.get(identity) };
  });
}

/** Written on lines of its own in YAML. */
function isBlock(node: Node): boolean {
  return node.kind === 'map' ? node.entries.length > 0 : node.kind === 'list' && node.items.length > 0;
}
