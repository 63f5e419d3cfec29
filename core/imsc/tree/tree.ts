import type { Problem, TextRange } from '../../problems/problem.ts';
import type { DictEntry, Value } from '../values/values.ts';

export type Notation = 'json' | 'yaml';

/** How a scalar was written; it decides how text is put in its place. */
export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'block-literal' | 'block-folded' | 'json';

interface NodeBase {
  /** Without surrounding blanks and comments; for quoted scalars including the quotes. */
  readonly range: TextRange;
  /**
   * Name of the anchor where the text has only `*name`. What is inside such a map or list lies at the anchor, so that
   * it is met twice when a tree is walked.
   */
  readonly alias?: string;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  /** none, boolean, integer, float or string, as YAML 1.1 or JSON reads it; `5` and `5.0` differ. */
  readonly value: Value;
  readonly style: ScalarStyle;
  /** The characters in the file, quotes and escapes included. */
  readonly source: string;
  /** Where the text that an alias stands for is written; present with `alias` only. */
  readonly anchored?: ScalarNode;
}

export interface MapEntry {
  readonly key: ScalarNode;
  /** Absent while half-typed: `key:` in YAML gives a none scalar of zero width, `"key"` alone in JSON gives nothing. */
  readonly value: Node | undefined;
  /** From the start of the key to the end of the value. */
  readonly range: TextRange;
  /** True where it came in by a YAML merge key `<<`; it then lies elsewhere in the text. */
  readonly merged?: true;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** In the order of the text, duplicates included (the last one wins, and a problem says so); merged ones first. */
  readonly entries: readonly MapEntry[];
  /** The YAML merge keys `<<` as they are written; absent where there are none. What they take in is in `entries`. */
  readonly merges?: readonly MapEntry[];
  readonly flow: boolean;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly flow: boolean;
}

export type Node = ScalarNode | MapNode | ListNode;

/** One parsed text. Nothing above the parser asks which notation it was. */
export interface Tree {
  readonly notation: Notation;
  readonly text: string;
  /** Absent for an empty text. */
  readonly root: Node | undefined;
  /** Syntax problems and duplicate keys. */
  readonly problems: readonly Problem[];
  readonly comments: readonly Comment[];
  /** In the order of the text; none in JSON. */
  readonly anchors: readonly Anchor[];
}

/** A YAML anchor `&name` and what refers to it. */
export interface Anchor {
  readonly name: string;
  /** Of the name, without its `&`. */
  readonly range: TextRange;
  readonly node: Node;
  /** The names of its aliases, without their `*`. */
  readonly aliases: readonly TextRange[];
}

export interface Comment {
  /** With its marker (`#`, `//`, or the pair around a JSON block comment). */
  readonly range: TextRange;
  /** Without its marker, trimmed. */
  readonly text: string;
}

/** One step of the way from the root to a place in the text. */
export interface PathStep {
  readonly node: Node;
  /** The entry of the parent map that `node` belongs to, and whether it is its key or its value. */
  readonly entry?: MapEntry;
  readonly part?: 'key' | 'value';
  /** The position in the parent list. */
  readonly index?: number;
}

/** The text of a key as the ingestor compares it: what is not text counts as it is written. */
export function keyText({ key }: Pick<MapEntry, 'key'>): string {
  return key.value.kind === 'string' ? key.value.value : key.source;
}

/** The entry that counts for a key: the last one of that name. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.findLast((entry) => entry.key.value.kind === 'string' && entry.key.value.value === key);
}

/** Whether a key takes in the entries of another map. */
export function isMergeKey({ style, source }: ScalarNode): boolean {
  return style === 'plain' && source === '<<';
}

/** The entries that stand in the text of the map itself, merge keys included, in the order of the text. */
export function writtenEntries({ entries: all, merges = [] }: MapNode): readonly MapEntry[] {
  if (merges.length === 0) return all;
  return [...all.filter(({ merged }) => !merged), ...merges].sort((a, b) => a.range.start - b.range.start);
}

/** The entries with duplicates resolved as Python does: at the place of the first, with the value of the last. */
export function entries(map: MapNode): MapEntry[] {
  const found = new Map<string, MapEntry>();
  for (const entry of map.entries) found.set(keyIdentity(entry.key), entry);
  return [...found.values()];
}

/** Equal for keys that are the same key, as numbers and booleans are to Python that count the same. */
export function keyIdentity({ value, source }: ScalarNode): string {
  if (value.kind === 'integer' || value.kind === 'float' || value.kind === 'boolean') {
    const isWhole = value.kind !== 'float' || Number.isInteger(value.value);
    return `number ${String(isWhole ? BigInt(value.value) : value.value)}`;
  }
  return 'value' in value
    ? `${value.kind} ${String(value.value)}`
    : `${value.kind} ${value.kind === 'none' ? '' : source}`;
}

/** The value that a node stands for; half-typed entries count as none. */
export function valueOf(node: Node | undefined): Value {
  switch (node?.kind) {
    case undefined:
      return { kind: 'none' };
    case 'scalar':
      return node.value;
    case 'list':
      return { kind: 'list', items: node.items.map(valueOf) };
    case 'map': {
      // The first spelling of a key stays, as in Python.
      const keys = new Map<string, Value>();
      for (const { key } of node.entries) {
        const identity = keyIdentity(key);
        if (!keys.has(identity)) keys.set(identity, key.value);
      }
      const dictEntries = entries(node).map(({ key, value }): DictEntry => {
        return [keys.get(keyIdentity(key)) ?? key.value, valueOf(value)];
      });
      return { kind: 'dict', entries: dictEntries };
    }
  }
}

/**
 * The nodes around an offset, root first; empty if it is outside of the root. Ends are inclusive, so that a cursor
 * right behind a text is in it. A cursor in the blanks behind `key:` is in the empty value.
 */
export function nodeAt(tree: Tree, offset: number): PathStep[] {
  const path: PathStep[] = [];
  let step: PathStep | undefined = tree.root && { node: tree.root };
  if (!step || !reaches(tree.text, step.node.range, offset)) return path;
  while (step) {
    path.push(step);
    step = step.node.alias === undefined ? stepInto(tree.text, step.node, offset) : undefined;
  }
  return path;
}

function stepInto(text: string, node: Node, offset: number): PathStep | undefined {
  if (node.kind === 'list') {
    const index = node.items.findIndex(({ range }) => reaches(text, range, offset));
    const item = node.items[index];
    return item && { node: item, index };
  }
  if (node.kind !== 'map') return undefined;
  const entry = writtenEntries(node).find(({ range }) => reaches(text, range, offset));
  if (!entry) return undefined;
  if (offset <= entry.key.range.end) return { node: entry.key, entry, part: 'key' };
  if (entry.value && reaches(text, entry.value.range, offset)) return { node: entry.value, entry, part: 'value' };
  return undefined;
}

/** Inside a range, or behind it with only blanks of the same line between where it ends in an empty value. */
function reaches(text: string, range: TextRange, offset: number): boolean {
  if (offset < range.start) return false;
  if (offset <= range.end) return true;
  const before = text[range.end - 1];
  return (before === ':' || before === '-') && /^[ \t]*$/.test(text.slice(range.end, offset));
}
