import { DocumentHighlightKind } from 'vscode-languageserver';
import type { DocumentHighlight, TextDocumentPositionParams } from 'vscode-languageserver';
import type { Handler } from '../context.ts';

/** The places that name the variable under the cursor; its definition is a writing one. */
export const documentHighlight: Handler<TextDocumentPositionParams, DocumentHighlight[] | null> = (
  snapshot,
  { position },
) => {
  const occurrence = snapshot.occurrences.at(snapshot.offsetAt(position));
  if (!occurrence) return null;
  return snapshot.occurrences.of(occurrence.name).map(({ kind, nameRange }) => ({
    range: snapshot.rangeOf(nameRange),
    kind: kind === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
};
