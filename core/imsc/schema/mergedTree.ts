import type { TextRange } from '../../problems/problem.ts';
import { lineStart } from '../../text/lines.ts';
import { writeTree } from '../edits/convert.ts';
import { parseTree } from '../tree/parse.ts';
import { keyText, writtenEntries } from '../tree/tree.ts';
import type { Comment, MapEntry, MapNode, Tree } from '../tree/tree.ts';
import type { Schema } from './schema.ts';

/** An entry with the comments that belong to it: those above it, in it, and behind it on its line. */
interface Piece {
  readonly entry: MapEntry;
  readonly tree: Tree;
  readonly comments: readonly Comment[];
}

/**
 * The schema with all that it imports as one text: what stands in it, with its comments, and where it stood. A schema
 * that imports none stays as it is.
 */
export function mergedTree(schema: Schema): Tree {
  const { tree, general, imported = [] } = schema;
  const { root } = tree;
  if (root?.kind !== 'map' || imported.length === 0) return tree;
  const own = piecesOf(tree, root);
  const sections = new Map<string, readonly MapEntry[]>([
    ['variables', schema.variables.map(({ entry }) => entry)],
    ['schema', schema.fields.map(({ entry }) => entry)],
    ['jobs', jobsOf(general)],
  ]);
  const said = new Set([...sections.values()].flat());
  const taken = new Map(
    imported.flatMap(({ schema: { tree: other } }) => [...withOwnLines(other, piecesBelow(other), said)]),
  );
  for (const [entry, piece] of piecesBelow(tree)) taken.set(entry, piece);
  const blocks: string[] = [];
  for (const [name, entry] of general) {
    if (name === 'import') continue;
    const piece = own.get(entry) ?? { entry, tree, comments: [] };
    const section = sections.get(name);
    if (!section) blocks.push(written(piece));
    else {
      const above = piece.comments.filter(({ range }) => range.start < entry.range.start);
      const head = written({ ...piece, entry: emptySection(entry, name), comments: above });
      const below = section.map((each) => written(taken.get(each) ?? { entry: each, tree, comments: [] }));
      blocks.push(`${head.trimEnd()}${below.length === 0 ? ' {}' : ''}\n${below.map(indented).join('')}`);
    }
  }
  const attachment = general.has('sample_attachment') ? undefined : attachmentOf(schema);
  if (attachment) blocks.push(written(attachment));
  const last = tree.comments.filter(({ range }) => range.start >= root.range.end && !isIn(own, range));
  blocks.push(...last.map(({ text }) => `# ${text}\n`));
  return parseTree(blocks.join(''), 'yaml');
}

function jobsOf(general: Schema['general']): readonly MapEntry[] {
  const jobs = general.get('jobs')?.value;
  return jobs?.kind === 'map' ? jobs.entries : [];
}

/** The look-up of a sample that is only in a schema that is taken in; the last one counts. */
function attachmentOf({ imported = [] }: Schema): Piece | undefined {
  const found = imported.findLast(({ schema }) => schema.sampleAttachment !== undefined)?.schema;
  const entry = found?.general.get('sample_attachment');
  return found && entry && { entry, tree: found.tree, comments: [] };
}

/** The entries of the sections of a schema, each with its comments. */
function piecesBelow(tree: Tree): Map<MapEntry, Piece> {
  const { root } = tree;
  if (root?.kind !== 'map') return new Map();
  const sections = root.entries.filter((entry) => ['variables', 'schema', 'schemas', 'jobs'].includes(keyText(entry)));
  return new Map(
    sections.flatMap(({ value }) =>
      value?.kind === 'map' && value.alias === undefined ? [...piecesOf(tree, value)] : [],
    ),
  );
}

function piecesOf(tree: Tree, map: MapNode): Map<MapEntry, Piece> {
  const pieces = new Map<MapEntry, Piece>();
  const { text, comments } = tree;
  let from = map === tree.root ? 0 : map.range.start - 1;
  // The comments above the first entry stand before the map begins.
  const owner = tree.root?.kind === 'map' ? tree.root.entries.find(({ value }) => value === map) : undefined;
  if (owner) from = owner.key.range.end;
  for (const entry of writtenEntries(map)) {
    const lineEnd = text.indexOf('\n', entry.range.end);
    const end = lineEnd < 0 ? text.length : lineEnd;
    pieces.set(entry, {
      entry,
      tree,
      comments: comments.filter(({ range }) => from <= range.start && range.start < end),
    });
    from = end;
  }
  return pieces;
}

/** With what stands on lines of its own outside of the sections, such as at the head of the file, above the first entry. */
function withOwnLines(tree: Tree, pieces: Map<MapEntry, Piece>, said: ReadonlySet<MapEntry>): Map<MapEntry, Piece> {
  const first = [...pieces.values()].find(({ entry }) => said.has(entry));
  if (!first) return pieces;
  const lines = tree.comments.filter(
    ({ range, text }) =>
      !isIn(pieces, range) &&
      !text.startsWith('imsc-dialect:') &&
      tree.text.slice(lineStart(tree.text, range.start), range.start).trim() === '',
  );
  const comments = [...lines, ...first.comments].sort((a, b) => a.range.start - b.range.start);
  // What stands further down is written above it, too.
  const above = comments.map((comment) =>
    lines.includes(comment) ? { ...comment, range: { start: 0, end: 0 } } : comment,
  );
  return new Map([...pieces, [first.entry, { ...first, comments: above }]]);
}

function isIn(pieces: ReadonlyMap<MapEntry, Piece>, { start }: TextRange): boolean {
  return [...pieces.values()].some(({ comments }) => comments.some(({ range }) => range.start === start));
}

function emptySection({ key, range }: MapEntry, name: string): MapEntry {
  return {
    key: { ...key, value: { kind: 'string', value: name } },
    value: undefined,
    range: { ...range, end: range.start },
  };
}

/** One entry as lines of YAML. */
function written({ entry, tree, comments }: Piece): string {
  const root: MapNode = { kind: 'map', range: entry.range, flow: false, entries: [entry] };
  return writeTree({ ...tree, root, comments }, 'yaml');
}

function indented(lines: string): string {
  return lines.replaceAll(/^(?=.)/gm, '  ');
}
