import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextRange } from '../../problems/problem.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { appendKey } from '../edits/textEdits.ts';
import type { SchemaKey } from '../language/schemaKeys.ts';
import { keyText, writtenEntries } from '../tree/tree.ts';
import type { MapEntry, MapNode, Node, ScalarNode, Tree } from '../tree/tree.ts';

/* What can be wrong with the keys of a map, and how it is mended. */

/** What a key should be, if its value is not that. */
export function shapeFault(value: Node, key: SchemaKey): string | undefined {
  switch (key.shape) {
    case 'text':
    case 'source':
    case 'value type':
    case 'operator':
    case 'field type':
    case 'selector source':
    case 'selector operator':
    case 'template':
      return value.kind !== 'scalar' ? 'a text, not a list or a map' : undefined;
    case 'paths':
      return isScalars(value) ? undefined : 'a path, or a list of paths';
    case 'schema ids':
      return isScalars(value) ? undefined : 'the id of a schema, or a list of ids';
    case 'text or number':
      return value.kind !== 'scalar' ? 'a text or a number, not a list or a map' : undefined;
    case 'boolean':
      return value.kind === 'scalar' && value.value.kind === 'boolean' ? undefined : 'true or false';
    case 'template tree':
    case 'selector':
    case 'list of selectors':
    case 'map of variables':
    case 'map of fields':
    case 'map of jobs':
    case 'job parameters':
    case 'sample attachment':
      return undefined;
  }
}

function isScalars(value: Node): boolean {
  return value.kind === 'scalar' || (value.kind === 'list' && value.items.every(({ kind }) => kind === 'scalar'));
}

/** A key that nothing reads. @param what whose key it is not: `a variable` */
export function unknownKey(entry: MapEntry, allowed: readonly SchemaKey[], what: string): Problem {
  const written = keyText(entry);
  const near = suggestion(
    written,
    allowed.map(({ name }) => name),
  );
  const hint = near
    ? ` Did you mean “${near}”${differenceUnseen(written, near)}?`
    : ` It is ignored here, and the Python ingestor refuses the file because of it.`;
  return problem(
    'unknown-key',
    `“${written}” is not a key of ${what}.${hint}`,
    entry.key.range,
    near ? { fixes: [{ title: `Change to “${near}”`, edits: [keyEdit(entry.key, near)], preferred: true }] } : {},
  );
}

/** Writes another key in the place of one. */
export function keyEdit(key: ScalarNode, name: string): { range: TextRange; newText: string } {
  return { range: key.range, newText: key.style === 'plain' ? name : JSON.stringify(name) };
}

/** Where to say that something is missing in a map: at its first key. */
export function placeOfMap(map: MapNode): TextRange {
  return writtenEntries(map)[0]?.key.range ?? { start: map.range.start, end: map.range.end };
}

/** What nothing would be said of any more if it were empty, so that a person has to write it. */
const writtenByHand = ['id', 'name', 'order'];

/** Writes the key with nothing behind it, which stays reported until somebody fills it in. */
export function addKeyFixes(tree: Tree, map: MapNode, { name, shape }: SchemaKey): Fix[] {
  if (writtenByHand.includes(name)) return [];
  const isMap = shape === 'map of variables' || shape === 'map of fields' || shape === 'job parameters';
  const edit = appendKey(tree, map, name, isMap ? {} : '');
  return edit ? [{ title: `Add “${name}”`, edits: [edit] }] : [];
}

/** The names of the keys that must be there. */
export function listKeys(keys: readonly SchemaKey[]): string {
  return keys
    .filter(({ required }) => required)
    .map(({ name }) => name)
    .join(', ');
}
