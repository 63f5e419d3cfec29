import { lineStart } from '../../core/text/lines.ts';
import type { TextRange } from '../../core/problems/problem.ts';
import { isMergeKey, keyText, nodeAt, writtenEntries } from '../../core/imsc/tree/tree.ts';
import { valueOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import type { MapEntry, MapNode, Node, PathStep, ScalarNode, Tree } from '../../core/imsc/tree/tree.ts';

/** Where a cursor stands in a schema, half-typed or not: in or for a key of a map, or in or for a value. */
export interface Place {
  readonly part: 'key' | 'value';
  /**
   * The way from the root, list positions as `#`: for a key that of its map, for a value with the key itself; e.g.
   * `['variables', 'title', 'path']`.
   */
  readonly path: readonly string[];
  /** The map that the key stands in; for a value the one that holds it. Undefined where it is yet to be typed. */
  readonly map: MapNode | undefined;
  readonly entry: MapEntry | undefined;
  /** What is typed already; undefined where there is nothing yet. */
  readonly scalar: ScalarNode | undefined;
  /** The decoded text of `scalar`, and where in it the cursor is. */
  readonly text: string;
  readonly cursor: number;
  /** In the braces or brackets of JSON or YAML. */
  readonly inFlow: boolean;
  /** The column at which the keys of the map stand; meaningful in block YAML. */
  readonly indent: number;
}

/** What is known of where keys stand in a kind of document, for a text in which they are yet to be typed. */
export interface DocumentShape {
  /** Whether a map of keys is what stands at such a path. */
  readonly holdsMap: (path: readonly string[]) => boolean;
  /** Whether a text is, also on a line of its own below its key. */
  readonly holdsText: (path: readonly string[]) => boolean;
}

const schemaShape: DocumentShape = {
  holdsMap: (path) => {
    const [section, , key] = path;
    if (path.length <= 1) return true;
    return section === 'selector' || (['variables', 'schema', 'schemas'].includes(section ?? '') && key === undefined);
  },
  holdsText: (path) => path.at(-1) === 'value' && path.length === 3,
};

/** The place at an offset; undefined where nothing can be typed that is ours, such as in a comment. */
export function placeAt(tree: Tree, offset: number, shape: DocumentShape = schemaShape): Place | undefined {
  if (commentAt(tree, offset)) return undefined;
  const steps = nodeAt(tree, offset);
  const last = steps.at(-1);
  if (!last) return blockPlace(tree, offset, shape);
  const { node } = last;
  // In front of an opening quote nothing of the text is typed yet.
  if (node.kind === 'scalar' && steps.length > 1 && offset === node.range.start && /^["']/.test(node.source)) {
    const outer = steps.slice(0, -1);
    const parent = outer.at(-1)?.node;
    return parent && parent.kind !== 'scalar' && (tree.notation === 'json' || parent.flow)
      ? flowPlace(tree, outer, offset)
      : undefined;
  }
  if (node.kind === 'scalar')
    return last.part === 'key' ? keyPlace(tree, steps, node, offset) : valuePlace(tree, steps, node, offset, shape);
  if (tree.notation === 'json' || node.flow) return flowPlace(tree, steps, offset);
  return blockPlace(tree, offset, shape);
}

/** The comment that a cursor is in; at its very beginning it is before it. */
export function commentAt(tree: Tree, offset: number): Tree['comments'][number] | undefined {
  return tree.comments.find(({ range }) => range.start < offset && offset <= range.end);
}

/** The keys on the way to a step, the step's own key included; what a merge key holds counts as its map's own. */
export function pathOf(steps: readonly PathStep[]): string[] {
  return steps.flatMap(({ entry, part, index }) =>
    index !== undefined ? ['#'] : entry && part === 'value' && !isMergeKey(entry.key) ? [keyText(entry)] : [],
  );
}

function decoded(scalar: ScalarNode): string {
  return scalar.value.kind === 'string' ? scalar.value.value : scalar.source;
}

function keyPlace(tree: Tree, steps: readonly PathStep[], scalar: ScalarNode, offset: number): Place {
  const map = mapOf(steps.at(-2)?.node);
  return {
    part: 'key',
    path: pathOf(steps.slice(0, -1)),
    map,
    entry: steps.at(-1)?.entry,
    scalar,
    text: decoded(scalar),
    cursor: valueOffsetOf(scalar, offset),
    inFlow: tree.notation === 'json' || (map?.flow ?? false),
    indent: columnOf(tree.text, scalar.range.start),
  };
}

function valuePlace(
  tree: Tree,
  steps: readonly PathStep[],
  scalar: ScalarNode,
  offset: number,
  { holdsMap }: DocumentShape,
): Place | undefined {
  const step = steps.at(-1);
  const parent = steps.at(-2)?.node;
  const inFlow = tree.notation === 'json' || (parent !== undefined && parent.kind !== 'scalar' && parent.flow);
  if (scalar.alias !== undefined) return undefined;
  const empty = scalar.source === '';
  const path = pathOf(steps);
  const common = {
    scalar: empty ? undefined : scalar,
    text: empty ? '' : decoded(scalar),
    cursor: empty ? 0 : valueOffsetOf(scalar, offset),
    inFlow,
  };
  // A lone word on a line below its key, or in an empty file, is the beginning of the first key of a map.
  const above = step?.entry?.key;
  const startsMap =
    !inFlow &&
    scalar.style === 'plain' &&
    !empty &&
    !scalar.source.includes('\n') &&
    (parent === undefined ||
      (above !== undefined && tree.text.slice(above.range.end, scalar.range.start).includes('\n')));
  if (startsMap && (parent === undefined || holdsMap(path))) {
    const indent = columnOf(tree.text, scalar.range.start);
    return { part: 'key', path, map: undefined, entry: undefined, ...common, indent };
  }
  const map = [...steps].reverse().find(({ node }) => node.kind === 'map')?.node;
  return { part: 'value', path, map: mapOf(map), entry: step?.entry, ...common, indent: lineIndent(tree.text, offset) };
}

/** Between the braces or brackets of JSON or of a YAML flow collection. */
function flowPlace(tree: Tree, steps: readonly PathStep[], offset: number): Place | undefined {
  const { text } = tree;
  const node = steps.at(-1)?.node;
  const common = { scalar: undefined, text: '', cursor: 0, inFlow: true, indent: lineIndent(text, offset) };
  const path = pathOf(steps);
  if (node?.kind === 'list') {
    if (offset <= node.range.start || (offset === node.range.end && text[offset - 1] === ']')) return undefined;
    const map = [...steps].reverse().find((step) => step.node.kind === 'map')?.node;
    return { part: 'value', path: [...path, '#'], map: mapOf(map), entry: undefined, ...common };
  }
  if (node?.kind !== 'map') return undefined;
  if (offset <= node.range.start || (offset === node.range.end && text[offset - 1] === '}')) return undefined;
  const before = previousCharacter(text, offset);
  if (before !== ':') return { part: 'key', path, map: node, entry: undefined, ...common };
  const entry = writtenEntries(node).findLast(({ key }) => key.range.end < offset);
  if (!entry) return undefined;
  const { value } = entry;
  // A value that stands behind the cursor on the same line is there already.
  if (value && value.range.start >= offset && !text.slice(offset, value.range.start).includes('\n')) return undefined;
  return { part: 'value', path: [...path, keyText(entry)], map: node, entry, ...common };
}

/** On a line of its own in block YAML: the column tells which map a new key would belong to. */
function blockPlace(tree: Tree, offset: number, shape: DocumentShape): Place | undefined {
  const { text, root, notation } = tree;
  const start = lineStart(text, offset);
  const head = text.slice(start, offset);
  if (notation === 'json' && (root || head.trim() !== '')) return undefined;
  if (head.trim() !== '') return trailingPlace(tree, offset, start + head.trimEnd().length, shape);
  const rest = text.slice(offset).split('\n', 1)[0] ?? '';
  if (rest.trim() !== '' && !rest.trimStart().startsWith('#')) return undefined;
  const column = offset - start;
  const place = (path: string[], map: MapNode | undefined): Place => ({
    part: 'key',
    path,
    map,
    entry: undefined,
    scalar: undefined,
    text: '',
    cursor: 0,
    inFlow: false,
    indent: column,
  });
  if (!root || (root.kind === 'scalar' && root.value.kind === 'none'))
    return column === 0 ? place([], undefined) : undefined;
  const path: string[] = [];
  let node: Node | undefined = root;
  while (node) {
    if (node.kind === 'list' && !node.flow) {
      node = node.items.findLast(({ range }) => range.start < offset);
      path.push('#');
      continue;
    }
    if (node.kind !== 'map' || node.flow) return undefined;
    const own = writtenEntries(node);
    const entry = own.findLast(({ range }) => range.start < offset);
    const first = own[0];
    const at = first && columnOf(text, first.range.start);
    if (at === column) return place(path, node);
    if (!entry || at === undefined || at > column) return undefined;
    path.push(keyText(entry));
    const { value } = entry;
    if (!value || (value.kind === 'scalar' && value.source === '')) {
      return shape.holdsText(path) ? { ...place(path, node), part: 'value', entry } : place(path, undefined);
    }
    node = value;
  }
  return undefined;
}

/** Behind a plain text and blanks, which belong to it as soon as more is typed. */
function trailingPlace(tree: Tree, offset: number, contentEnd: number, shape: DocumentShape): Place | undefined {
  if (contentEnd === offset) return undefined;
  const steps = nodeAt(tree, contentEnd);
  const last = steps.at(-1);
  if (last?.node.kind !== 'scalar' || last.part === 'key' || last.node.style !== 'plain') return undefined;
  if (last.node.source === '' || last.node.range.end !== contentEnd) return undefined;
  const place = valuePlace(tree, steps, last.node, contentEnd, shape);
  if (place?.part !== 'value') return undefined;
  const text = place.text + tree.text.slice(contentEnd, offset);
  return { ...place, text, cursor: text.length };
}

function mapOf(node: Node | undefined): MapNode | undefined {
  return node?.kind === 'map' ? node : undefined;
}

/** Where a place of the decoded text of a scalar, or the cursor itself, is on the line of the cursor. */
export function onCursorLine(text: string, offset: number, { start, end }: TextRange): TextRange {
  const from = lineStart(text, offset);
  const lineBreak = text.indexOf('\n', offset);
  const to =
    lineBreak < 0 ? text.length : text[lineBreak - 1] === '\r' && lineBreak > offset ? lineBreak - 1 : lineBreak;
  return { start: Math.min(Math.max(start, from), offset), end: Math.max(Math.min(end, to), offset) };
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

export function lineIndent(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return /^[ \t]*/.exec(text.slice(start, start + 200))?.[0].length ?? 0;
}

/** The last character before an offset that is not a blank. */
export function previousCharacter(text: string, offset: number): string {
  let at = offset - 1;
  while (at >= 0 && /\s/.test(text[at] ?? '')) at--;
  return text[at] ?? '';
}

/** The first character from an offset on that is not a blank. */
export function nextCharacter(text: string, offset: number): string {
  let at = offset;
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return text[at] ?? '';
}
