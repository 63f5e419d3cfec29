import type {
  PrepareRenameResult,
  RenameParams,
  ResponseError,
  TextDocumentPositionParams,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextEdit as SchemaEdit } from '../../core/problems/problem.ts';
import { replaceInText, replaceScalar, yamlText } from '../../core/imsc/edits/textEdits.ts';
import type { ScalarNode } from '../../core/imsc/tree/tree.ts';
import { anchorAt, placesOf, whyNoAnchorName } from '../documents/anchors.ts';
import { refused } from '../context.ts';
import type { Handler, ServerContext } from '../context.ts';
import { isBuiltIn } from '../documents/occurrences.ts';
import type { Snapshot } from '../documents/snapshot.ts';
import type { Occurrence, Occurrences } from '../documents/occurrences.ts';

/** Says what would be renamed, or why it cannot be. */
export function prepareRename(
  server: ServerContext,
): Handler<TextDocumentPositionParams, PrepareRenameResult | ResponseError | null> {
  return async (snapshot, { position }) => {
    const offset = snapshot.offsetAt(position);
    const occurrence = snapshot.occurrences.at(offset);
    if (!occurrence) {
      const place = anchorAt(snapshot.tree, offset);
      return place ? { range: snapshot.rangeOf(place.range), placeholder: place.anchor.name } : null;
    }
    const reason = whyFixed(occurrence.name, await server.workspace.sharing(snapshot, occurrence.name));
    if (reason !== undefined) return refused(reason);
    return { range: snapshot.rangeOf(occurrence.nameRange), placeholder: occurrence.name };
  };
}

/** Renames a variable, or a YAML anchor, wherever it is named, each place in the way that it is written. */
export function rename(server: ServerContext): Handler<RenameParams, WorkspaceEdit | ResponseError | null> {
  const versioned = server.client.workspace?.workspaceEdit?.documentChanges === true;
  return async (snapshot, { position, newName }) => {
    const offset = snapshot.offsetAt(position);
    const occurrence = snapshot.occurrences.at(offset);
    const anchor = occurrence ? undefined : anchorAt(snapshot.tree, offset)?.anchor;
    const name = occurrence?.name ?? anchor?.name;
    if (name === undefined) return null;
    if (name === newName) return { changes: {} };
    const schemas = anchor ? [snapshot] : await server.workspace.sharing(snapshot, name);
    const reason = anchor
      ? whyNoAnchorName(snapshot.tree, newName)
      : (whyFixed(name, schemas) ??
        schemas.map(({ occurrences }) => whyNoName(newName, occurrences)).find((each) => each !== undefined));
    if (reason !== undefined) return refused(reason);
    const changed: { readonly schema: Snapshot; readonly changes: readonly TextEdit[] }[] = [];
    for (const schema of schemas) {
      const edits = anchor
        ? placesOf(anchor).map((range) => ({ range, newText: newName }))
        : renameEdits(schema.occurrences.of(name), newName);
      if (!edits) return refused(`<${name}> stands in a text that cannot hold “${newName}”.`);
      const changes = edits.map(({ range, newText }): TextEdit => ({ range: schema.rangeOf(range), newText }));
      changed.push({ schema, changes });
    }
    const isOpen = ({ uri }: Snapshot): boolean => server.documents.version(uri) !== undefined;
    return versioned
      ? {
          documentChanges: changed.map(({ schema, changes }) => ({
            textDocument: { uri: schema.uri, version: isOpen(schema) ? schema.version : null },
            edits: [...changes],
          })),
        }
      : { changes: Object.fromEntries(changed.map(({ schema: { uri }, changes }) => [uri, [...changes]])) };
  };
}

/** Why a name cannot be changed here. */
function whyFixed(name: string, schemas: readonly Snapshot[]): string | undefined {
  if (schemas.some(({ occurrences }) => occurrences.definitionsOf(name).length > 0)) return undefined;
  return isBuiltIn(name)
    ? `<${name}> is defined by the ingestor itself and cannot be renamed.`
    : `Nothing defines <${name}>, so there is no variable to rename.`;
}

/** Why a variable cannot be called so. */
export function whyNoName(name: string, occurrences: Occurrences): string | undefined {
  if (name.trim() === '') return 'A variable needs a name.';
  if (/[<>]/.test(name)) return 'The name of a variable cannot hold “<” or “>”: templates could not refer to it.';
  if (/\p{Cc}/u.test(name)) return 'The name of a variable cannot hold line breaks or other control characters.';
  if (name !== name.trim()) return 'The name of a variable cannot begin or end with a blank.';
  if (occurrences.definitionsOf(name).length > 0) return `There is a variable “${name}” already.`;
  if (isBuiltIn(name)) return `“${name}” is a variable of the ingestor itself.`;
  return undefined;
}

function renameEdits(occurrences: readonly Occurrence[], newName: string): SchemaEdit[] | undefined {
  const byScalar = new Map<ScalarNode, Occurrence[]>();
  for (const occurrence of occurrences) {
    const same = byScalar.get(occurrence.scalar);
    if (same) same.push(occurrence);
    else byScalar.set(occurrence.scalar, [occurrence]);
  }
  const edits: SchemaEdit[] = [];
  for (const [scalar, inside] of byScalar) {
    const found = editsIn(scalar, inside, newName);
    if (!found) return undefined;
    edits.push(...found);
  }
  return edits;
}

/** The edits inside one text; where its quotes cannot hold the new name, the whole text is written anew. */
function editsIn(scalar: ScalarNode, inside: readonly Occurrence[], newName: string): SchemaEdit[] | undefined {
  const isKey = inside.some(({ kind }) => kind === 'definition');
  const staysPlain = scalar.style !== 'plain' || !isKey || yamlText(newName) === newName;
  const small = inside.map(({ start, end }) => replaceInText(scalar, start, end, newName));
  if (staysPlain && small.every((edit) => edit !== undefined)) return small;
  const { value } = scalar;
  let text = value.kind === 'string' ? value.value : scalar.source;
  for (const { start, end } of [...inside].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + newName + text.slice(end);
  }
  const whole = replaceScalar(scalar, text);
  return whole && [whole];
}
