import { lineStart } from '../../text/lines.ts';
import type { TextEdit } from '../../problems/problem.ts';
import { writeTree } from '../edits/convert.ts';
import { insertBefore } from '../edits/moveEntry.ts';
import { builtInNames } from '../language/builtIns.ts';
import type { FieldAssignment, Schema, Variable } from '../schema/schema.ts';
import { keyText } from '../tree/tree.ts';
import type { MapEntry, MapNode, Node, ScalarNode, Tree } from '../tree/tree.ts';

/*
 * Changes of a schema that is written as block YAML, an entry a line, as it is while it is translated.
 */

const nowhere = { start: 0, end: 0 };

export function textNode(text: string): ScalarNode {
  return { kind: 'scalar', range: nowhere, value: { kind: 'string', value: text }, style: 'plain', source: '' };
}

export function mapNode(pairs: readonly (readonly [key: string, value: Node])[]): MapNode {
  const entries = pairs.map(([key, value]): MapEntry => ({ key: textNode(key), value, range: nowhere }));
  return { kind: 'map', range: nowhere, flow: false, entries };
}

/** A copy of a node with other templates: texts that are not keys. */
export function withTemplates(node: Node, change: (text: string) => string): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withTemplates(item, change)) };
  if (node.kind === 'map') {
    return {
      ...node,
      entries: node.entries.map((entry) => ({ ...entry, value: entry.value && withTemplates(entry.value, change) })),
    };
  }
  return node.value.kind === 'string' ? { ...node, value: { kind: 'string', value: change(node.value.value) } } : node;
}

/** An entry as lines of YAML, without comments. */
export function entryLines(key: string, value: Node): string[] {
  const root = mapNode([[key, value]]);
  return writeTree({ notation: 'yaml', text: '', root, problems: [], comments: [], anchors: [] }, 'yaml')
    .trimEnd()
    .split('\n');
}

/** Puts an entry in front of another one of the same section. */
export function putBefore(
  { tree, general }: Schema,
  section: 'variables' | 'schema',
  { entry }: Variable | FieldAssignment,
  lines: readonly string[],
): TextEdit[] {
  const map = general.get(section)?.value;
  const edit = map?.kind === 'map' ? insertBefore(tree, map, entry, lines) : undefined;
  return edit ? [edit] : [];
}

/** Puts a variable behind all others. */
export function appendVariable({ tree, general, variables }: Schema, lines: readonly string[]): TextEdit[] {
  const section = general.get('variables');
  if (!section) return [];
  const body = lines.map((line) => `  ${line}`).join('\n');
  const last = variables.at(-1);
  if (!last) {
    const end = Math.max(section.value?.range.end ?? 0, section.key.range.end + 1);
    return [{ range: { start: section.key.range.end, end }, newText: `:\n${body}` }];
  }
  const at = lineEnd(tree.text, last.entry.range.end);
  return [{ range: { start: at, end: at }, newText: `\n${body}` }];
}

/** Writes one line in the place of the value of a key; comments in it go above the key. */
export function replaceValue(tree: Tree, entry: MapEntry, text: string): TextEdit[] {
  const start = entry.key.range.end;
  const end = entry.value?.range.end ?? start + 1;
  const line = lineStart(tree.text, entry.range.start);
  const indent = ' '.repeat(entry.range.start - line);
  const lost = tree.comments.filter(({ range }) => start <= range.start && range.end <= end);
  return [
    ...lost.map((comment) => ({ range: { start: line, end: line }, newText: `${indent}# ${comment.text}\n` })),
    { range: { start, end }, newText: `: ${text}` },
  ];
}

/** Takes the lines of an entry away, but not its comments. */
export function removeLines(tree: Tree, { range }: MapEntry): TextEdit[] {
  const start = lineStart(tree.text, range.start);
  const indent = ' '.repeat(range.start - start);
  const end = Math.min(lineEnd(tree.text, range.end) + 1, tree.text.length);
  const kept = tree.comments.filter((comment) => start <= comment.range.start && comment.range.start < end);
  return [{ range: { start, end }, newText: kept.map(({ text }) => `${indent}# ${text}\n`).join('') }];
}

/** Puts lines below the key of a map, with its indentation. */
export function addKey(tree: Tree, map: MapNode, line: string): TextEdit[] {
  const last = map.entries.at(-1);
  if (!last) return [];
  const at = lineEnd(tree.text, last.range.end);
  const indent = ' '.repeat(last.range.start - lineStart(tree.text, last.range.start));
  return [{ range: { start: at, end: at }, newText: `\n${indent}${line}` }];
}

/** Where the line ends in which an offset lies; what stands behind it on the line may be a comment. */
export function lineEnd(text: string, offset: number): number {
  let end = offset;
  // A block may count the line break behind it as its own.
  while (end > 0 && text[end - 1] === '\n') end--;
  const found = text.indexOf('\n', end);
  return found < 0 ? text.length : found;
}

/** A name for a variable that no other has. */
export function freeVariable({ variables }: Schema, wanted: string): string {
  return free(wanted, new Set([...variables.map(({ name }) => name), ...builtInNames]));
}

/** A label for a field that no other has. */
export function freeLabel({ fields, general }: Schema, wanted: string): string {
  const section = general.get('schema')?.value;
  const labels = section?.kind === 'map' ? section.entries.map(keyText) : [];
  return free(wanted, new Set([...fields.map(({ label }) => label), ...labels]));
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  const name = wanted.replaceAll(/[^A-Za-z0-9_]+/g, '_');
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) if (!taken.has(`${name}_${number}`)) return `${name}_${number}`;
}
