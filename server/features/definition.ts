import type { Location, LocationLink, TextDocumentPositionParams } from 'vscode-languageserver';
import { anchorAt } from '../documents/anchors.ts';
import { uriOf } from '../documents/documentKind.ts';
import { importAt, importedPlace } from '../documents/importedText.ts';
import type { Handler, ServerContext } from '../context.ts';
import type { Snapshot } from '../documents/snapshot.ts';

/** From a reference to where the variable is defined, and from a YAML alias to its anchor. */
export function definition(
  server: ServerContext,
): Handler<TextDocumentPositionParams, Location[] | LocationLink[] | null> {
  const links = server.client.textDocument?.definition?.linkSupport === true;
  return (snapshot, { position }) => {
    const offset = snapshot.offsetAt(position);
    const occurrence = snapshot.occurrences.at(offset);
    if (!occurrence) return importOf(snapshot, offset) ?? anchorOf(snapshot, offset, links);
    const targets = snapshot.occurrences.definitionsOf(occurrence.name);
    if (targets.length === 0) {
      const imported = snapshot.whole.variables.find(({ name }) => name === occurrence.name);
      const place = imported && importedPlace(snapshot.whole, imported.entry.key.range);
      return place ? [place] : null;
    }
    const { uri } = snapshot;
    if (!links) return targets.map(({ nameRange }) => ({ uri, range: snapshot.rangeOf(nameRange) }));
    const entries = new Map(snapshot.schema.variables.map(({ entry }) => [entry.key.range.start, entry]));
    return targets.map(({ range, nameRange }) => ({
      originSelectionRange: snapshot.rangeOf(occurrence.range),
      targetUri: uri,
      targetRange: snapshot.rangeOf(entries.get(range.start)?.range ?? range),
      targetSelectionRange: snapshot.rangeOf(nameRange),
    }));
  };
}

/** From the id of an imported schema to its file. */
function importOf(snapshot: Snapshot, offset: number): Location[] | null {
  const imported = importAt(snapshot, offset);
  return imported ? [{ uri: uriOf(imported.file), range: { start: origin, end: origin } }] : null;
}

const origin = { line: 0, character: 0 };

function anchorOf(snapshot: Snapshot, offset: number, links: boolean): Location[] | LocationLink[] | null {
  const place = anchorAt(snapshot.tree, offset);
  if (!place) return null;
  const { uri } = snapshot;
  const { range: name, node } = place.anchor;
  const range = snapshot.rangeOf(name);
  if (!links) return [{ uri, range }];
  return [
    {
      originSelectionRange: snapshot.rangeOf(place.range),
      targetUri: uri,
      targetRange: snapshot.rangeOf({ start: name.start, end: Math.max(name.end, node.range.end) }),
      targetSelectionRange: range,
    },
  ];
}
