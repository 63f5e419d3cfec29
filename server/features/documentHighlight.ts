import { DocumentHighlightKind } from 'vscode-languageserver';
import type { DocumentHighlight, TextDocumentPositionParams } from 'vscode-languageserver';
import { anchorAt, placesOf } from '../documents/anchors.ts';
import type { Handler } from '../context.ts';

/** The places that name the variable, or the YAML anchor, under the cursor; its definition is a writing one. */
export const documentHighlight: Handler<TextDocumentPositionParams, DocumentHighlight[] | null> = (
  snapshot,
  { position },
) => {
  const offset = snapshot.offsetAt(position);
  const occurrence = snapshot.occurrences.at(offset);
  if (!occurrence) {
    const anchor = anchorAt(snapshot.tree, offset)?.anchor;
    if (!anchor) return null;
    return placesOf(anchor).map((range) => ({
      range: snapshot.rangeOf(range),
      kind: range === anchor.range ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
  }
  return snapshot.occurrences.of(occurrence.name).map(({ kind, nameRange }) => ({
    range: snapshot.rangeOf(nameRange),
    kind: kind === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
};
