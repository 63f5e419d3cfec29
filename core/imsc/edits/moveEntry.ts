import { lineStart } from '../../text/lines.ts';
import type { TextEdit } from '../../problems/problem.ts';
import { writtenEntries } from '../tree/tree.ts';
import type { MapEntry, MapNode, Tree } from '../tree/tree.ts';

/*
 * Edits that keep the text of an entry as it is and put it somewhere else in its map.
 */

/**
 * Moves an entry in front of another one of the same map, in block YAML with the comments right above it.
 * @returns undefined where the text is not laid out so that this can be done
 */
export function moveEntryBefore(tree: Tree, map: MapNode, entry: MapEntry, target: MapEntry): TextEdit[] | undefined {
  if (entry.merged || target.merged || map.alias !== undefined || entry.range.start <= target.range.start)
    return undefined;
  return tree.notation === 'json' || map.flow ? moveInBraces(tree, map, entry, target) : moveLines(tree, entry, target);
}

/** Puts a new entry, written without indentation, in front of another one. */
export function insertBefore(
  tree: Tree,
  map: MapNode,
  target: MapEntry,
  lines: readonly string[],
): TextEdit | undefined {
  if (target.merged || map.alias !== undefined) return undefined;
  const { text } = tree;
  const start = lineStart(text, target.range.start);
  const column = target.range.start - start;
  const inBraces = tree.notation === 'json' || map.flow;
  const ownLine = text.slice(start, target.range.start).trim() === '';
  if (!ownLine) {
    if (!inBraces) return undefined;
    const at = target.range.start;
    return { range: { start: at, end: at }, newText: `${lines.map((line) => line.trim()).join(' ')}, ` };
  }
  const indent = text.slice(start, start + column);
  const at = inBraces ? target.range.start : startWithComments(text, start);
  const body = lines.join(`\n${indent}`);
  return inBraces
    ? { range: { start: at, end: at }, newText: `${body},\n${indent}` }
    : { range: { start: at, end: at }, newText: `${indent}${body}\n` };
}

function moveLines({ text }: Tree, entry: MapEntry, target: MapEntry): TextEdit[] | undefined {
  const first = lineStart(text, entry.range.start);
  if (text.slice(first, entry.range.start).trim() !== '') return undefined;
  const start = startWithComments(text, first);
  const end = lineEndAfter(text, contentEnd(text, entry.range.end));
  const moved = text.slice(start, end);
  const to = startWithComments(text, lineStart(text, target.range.start));
  if (to > start || text.slice(lineStart(text, target.range.start), target.range.start).trim() !== '') return undefined;
  return [
    { range: { start: to, end: to }, newText: moved.endsWith('\n') ? moved : `${moved}\n` },
    { range: { start, end }, newText: '' },
  ];
}

function moveInBraces({ text }: Tree, map: MapNode, entry: MapEntry, target: MapEntry): TextEdit[] | undefined {
  const written = writtenEntries(map);
  const previous = written[written.indexOf(entry) - 1];
  if (!previous) return undefined;
  const between = text.slice(previous.range.end, entry.range.start);
  // The comma that goes away with it is the one before it; a comment there would be torn off.
  if (!/^\s*,\s*$/.test(between)) return undefined;
  const moved = text.slice(entry.range.start, entry.range.end);
  const separator = between.replace(/^\s*,/, ',');
  return [
    { range: { start: target.range.start, end: target.range.start }, newText: moved + separator },
    { range: { start: previous.range.end, end: entry.range.end }, newText: '' },
  ];
}

/** The start of the lines of comments right above a line. */
function startWithComments(text: string, start: number): number {
  let at = start;
  while (at > 0) {
    const previous = lineStart(text, at - 1);
    if (!/^[ \t]+#/.test(text.slice(previous, at))) return at;
    at = previous;
  }
  return at;
}

function contentEnd(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}

/** Behind the line break that follows. */
function lineEndAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
