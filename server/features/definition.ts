import type { Location, LocationLink, TextDocumentPositionParams } from 'vscode-languageserver';
import type { Handler, ServerContext } from '../context.ts';

/** From a reference to where the variable is defined. */
export function definition(
  server: ServerContext,
): Handler<TextDocumentPositionParams, Location[] | LocationLink[] | null> {
  const links = server.client.textDocument?.definition?.linkSupport === true;
  return (snapshot, { position }) => {
    const occurrence = snapshot.occurrences.at(snapshot.offsetAt(position));
    if (!occurrence) return null;
    const targets = snapshot.occurrences.definitionsOf(occurrence.name);
    if (targets.length === 0) return null;
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
