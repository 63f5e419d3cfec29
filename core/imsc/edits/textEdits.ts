import { lineStart } from '../../text/lines.ts';
import type { TextEdit, TextRange } from '../../problems/problem.ts';
import { writtenEntries } from '../tree/tree.ts';
import { encodeText, textOffsetOf } from '../tree/scalarText.ts';
import type { MapEntry, MapNode, ScalarNode, Tree } from '../tree/tree.ts';

/** A plain YAML text that no reader takes for anything but text. */
const safePlain = /^[A-Za-z<_/.^][A-Za-z0-9_<>/.\-[\]^$*+@%?=&() ]*$/;
const notText = /^(?:true|false|yes|no|on|off|null|~|y|n|\.?nan|\.inf|\.)$/i;

/**
 * Replaces a part of the decoded text of a scalar.
 * @param start in UTF-16 units of the decoded text
 * @returns undefined where the scalar's style cannot hold the new text
 */
export function replaceInText(scalar: ScalarNode, start: number, end: number, newText: string): TextEdit | undefined {
  if (scalar.alias !== undefined) return undefined;
  const encoded = encodeText(newText, scalar.style, true);
  if (encoded === undefined) return undefined;
  return { range: { start: textOffsetOf(scalar, start), end: textOffsetOf(scalar, end) }, newText: encoded };
}

/** Puts another text in the place of a whole scalar, quoted as it was where that can hold it. */
export function replaceScalar(
  scalar: Pick<ScalarNode, 'alias' | 'range' | 'style'>,
  text: string,
): TextEdit | undefined {
  if (scalar.alias !== undefined) return undefined;
  return { range: scalar.range, newText: writeText(text, scalar) };
}

function writeText(text: string, { style }: Pick<ScalarNode, 'style'>): string {
  if (style === 'json' || style === 'double-quoted') return JSON.stringify(text);
  if (style === 'single-quoted') return quoted(text);
  return yamlText(text);
}

/** A text as a YAML scalar: plain where it stays a text, quoted otherwise. */
export function yamlText(text: string): string {
  if (safePlain.test(text) && !notText.test(text) && !text.endsWith(' ') && !/[[\]]/.test(text)) return text;
  return quoted(text);
}

function quoted(text: string): string {
  const encoded = encodeText(text, 'single-quoted');
  return encoded === undefined ? JSON.stringify(text) : `'${encoded}'`;
}

/** Takes an entry out of its map, together with its comma or its lines; not one with an anchor that others refer to. */
export function removeEntry(tree: Tree, map: MapNode, entry: MapEntry): TextEdit | undefined {
  if (entry.merged || map.alias !== undefined) return undefined;
  const isIn = ({ start, end }: TextRange): boolean => entry.range.start <= start && end <= entry.range.end;
  if (tree.anchors.some(({ range, aliases }) => isIn(range) && aliases.some((alias) => !isIn(alias)))) return undefined;
  if (tree.notation === 'json' || map.flow) {
    const written = writtenEntries(map);
    const index = written.indexOf(entry);
    const next = written[index + 1];
    const previous = written[index - 1];
    if (next) return { range: { start: entry.range.start, end: next.range.start }, newText: '' };
    if (previous) return { range: { start: previous.range.end, end: entry.range.end }, newText: '' };
    return { range: entry.range, newText: '' };
  }
  const start = lineStart(tree.text, entry.range.start);
  if (tree.text.slice(start, entry.range.start).trim() !== '') return undefined;
  const lineBreak = tree.text.indexOf('\n', contentEnd(tree.text, entry.range.end));
  return { range: { start, end: lineBreak < 0 ? tree.text.length : lineBreak + 1 }, newText: '' };
}

/** A key with texts below it, to be written into a map of maps. */
export interface NewEntry {
  readonly key: string;
  readonly texts: readonly (readonly [key: string, text: string])[];
}

/**
 * Adds entries at the end of a map of maps, such as `variables` or `schema`, in the notation and the indentation that
 * stand there already. Several such edits of one map that has entries can be applied together.
 * @param owner the entry whose value the map is; its value may still be empty
 */
export function appendEntries(tree: Tree, owner: MapEntry, added: readonly NewEntry[]): TextEdit | undefined {
  const { value } = owner;
  if (value?.alias !== undefined || added.length === 0) return undefined;
  const ownIndent = indentOf(tree.text, owner.range.start);
  if (value?.kind === 'map' && (tree.notation === 'json' || value.flow)) {
    return appendToBraces(tree, value, ownIndent, added);
  }
  if (tree.notation === 'json') return undefined;
  const last = value?.kind === 'map' ? writtenEntries(value).at(-1) : undefined;
  if (value && !last && !(value.kind === 'scalar' && value.value.kind === 'none')) return undefined;
  const step = stepOf(tree.text, value?.kind === 'map' ? value : undefined) ?? 2;
  const indent = last ? columnOf(tree.text, last.range.start) : ownIndent + step;
  const at = lineEnd(tree.text, contentEnd(tree.text, (last ?? owner).range.end));
  const lines = added.flatMap(({ key, texts }) => [
    `${' '.repeat(indent)}${yamlText(key)}:`,
    ...texts.map(([name, text]) => `${' '.repeat(indent + step)}${name}: ${yamlText(text)}`),
  ]);
  return { range: { start: at, end: at }, newText: lines.map((line) => `\n${line}`).join('') };
}

/** A map without entries. */
type Empty = Readonly<Record<string, never>>;

/**
 * Adds a key at the end of a map, in its notation. Several such edits of one map can be applied together.
 * @param value a text, or an empty map
 */
export function appendKey(tree: Tree, map: MapNode, key: string, value: string | Empty): TextEdit | undefined {
  if (map.alias !== undefined) return undefined;
  const last = writtenEntries(map).at(-1);
  const isJson = tree.notation === 'json';
  const shown = typeof value !== 'string' ? '{}' : isJson ? JSON.stringify(value) : yamlText(value);
  const written = isJson ? `"${key}": ${shown}` : `${key}: ${shown}`;
  const isFlow = isJson || map.flow;
  if (!last) return isFlow ? { range: map.range, newText: `{${written}}` } : undefined;
  const at = isFlow ? last.range.end : lineEnd(tree.text, contentEnd(tree.text, last.range.end));
  const isOneLine = isFlow && !tree.text.slice(map.range.start, last.range.start).includes('\n');
  const lead = isOneLine ? ' ' : `\n${' '.repeat(columnOf(tree.text, last.range.start))}`;
  return { range: { start: at, end: at }, newText: `${isFlow ? ',' : ''}${lead}${written}` };
}

function appendToBraces(tree: Tree, map: MapNode, ownIndent: number, added: readonly NewEntry[]): TextEdit {
  const { text } = tree;
  const last = writtenEntries(map).at(-1);
  const oneLine = last !== undefined && !text.slice(map.range.start, map.range.end).includes('\n');
  const step = stepOf(text, map) ?? (ownIndent || 2);
  const indent = last && !oneLine ? columnOf(text, last.range.start) : ownIndent + step;
  const quote = (word: string): string => (tree.notation === 'json' ? JSON.stringify(word) : yamlText(word));
  const blocks = added.map(({ key, texts }) => {
    const pairs = texts.map(([name, value]) => `${quote(name)}: ${JSON.stringify(value)}`);
    if (oneLine) return `${quote(key)}: {${pairs.join(', ')}}`;
    const inner = pairs.map((pair) => `${' '.repeat(indent + step)}${pair}`).join(',\n');
    return `${' '.repeat(indent)}${quote(key)}: {\n${inner}\n${' '.repeat(indent)}}`;
  });
  const separator = oneLine ? ', ' : ',\n';
  if (last) {
    return {
      range: { start: last.range.end, end: last.range.end },
      newText: blocks.map((block) => separator + block).join(''),
    };
  }
  return { range: map.range, newText: `{\n${blocks.join(separator)}\n${' '.repeat(ownIndent)}}` };
}

/** By how much the inner maps of a map of maps are indented further than its keys. */
function stepOf(text: string, map: MapNode | undefined): number | undefined {
  for (const { range, value } of map ? writtenEntries(map) : []) {
    const inner = value?.kind === 'map' ? value.entries[0] : undefined;
    if (!inner) continue;
    const step = columnOf(text, inner.range.start) - columnOf(text, range.start);
    if (step > 0 && lineStart(text, inner.range.start) !== lineStart(text, range.start)) return step;
  }
  return undefined;
}

/** The end of what stands before an offset, without the blanks and line breaks that a block text may end with. */
function contentEnd(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function indentOf(text: string, offset: number): number {
  return /^ */.exec(text.slice(lineStart(text, offset), offset))?.[0].length ?? 0;
}
