import type { Problem, TextRange } from './problems.ts';
import type { Value } from './values.ts';

export type Notation = 'json' | 'yaml';

/** How a scalar was written; it decides how text is put in its place. */
export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'block-literal' | 'block-folded' | 'json';

interface NodeBase {
  /** Without surrounding blanks and comments; for quoted scalars including the quotes. */
  readonly range: TextRange;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  /** none, boolean, integer, float or string, as YAML 1.1 or JSON reads it; `5` and `5.0` differ. */
  readonly value: Value;
  readonly style: ScalarStyle;
  /** The characters in the file, quotes and escapes included. */
  readonly source: string;
}

export interface MapEntry {
  readonly key: ScalarNode;
  /** Absent while half-typed: `key:` in YAML gives a none scalar of zero width, `"key"` alone in JSON gives nothing. */
  readonly value: Node | undefined;
  /** From the start of the key to the end of the value. */
  readonly range: TextRange;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** In the order of the text, duplicates included (the last one wins, and a problem says so). */
  readonly entries: readonly MapEntry[];
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
}

export interface Comment {
  /** With its marker (`#`, `//`, `/* … *​/`). */
  readonly range: TextRange;
  /** Without its marker, trimmed. */
  readonly text: string;
}
