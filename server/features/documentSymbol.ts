import { SymbolKind } from 'vscode-languageserver';
import type { DocumentSymbol, DocumentSymbolParams, SymbolInformation } from 'vscode-languageserver';
import { visibleDocument, visibleText } from '../../core/text/hiddenCharacters.ts';
import { shortened } from '../../core/text/shortened.ts';
import type { Handler, ServerContext } from '../context.ts';
import { outlineOf } from '../documents/outline.ts';
import type { OutlineItem } from '../documents/outline.ts';
import type { Snapshot } from '../documents/snapshot.ts';

export const symbolKinds: Readonly<Record<OutlineItem['kind'], SymbolKind>> = {
  section: SymbolKind.Namespace,
  key: SymbolKind.Key,
  variable: SymbolKind.Variable,
  'high-level': SymbolKind.Field,
  metadata: SymbolKind.Property,
};

/** The outline of a schema. */
export function documentSymbol(
  server: ServerContext,
): Handler<DocumentSymbolParams, DocumentSymbol[] | SymbolInformation[] | null> {
  const nested = server.client.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
  return (snapshot) => {
    const outline = outlineOf(snapshot.schema);
    if (nested) return outline.map((item) => nestedSymbol(snapshot, item));
    return outline.flatMap((section) =>
      section.children.map((item) => ({
        name: nameOf(item),
        kind: symbolKinds[item.kind],
        containerName: section.name,
        location: { uri: snapshot.uri, range: snapshot.rangeOf(item.range) },
      })),
    );
  };
}

function nestedSymbol(snapshot: Snapshot, item: OutlineItem): DocumentSymbol {
  return {
    name: nameOf(item),
    detail: visibleDocument(shortened(item.detail, 80)),
    kind: symbolKinds[item.kind],
    range: snapshot.rangeOf(item.range),
    selectionRange: snapshot.rangeOf(item.nameRange),
    ...(item.children.length > 0 && { children: item.children.map((child) => nestedSymbol(snapshot, child)) }),
  };
}

/** Editors refuse symbols without a name. */
export function nameOf({ name }: OutlineItem): string {
  return name.trim() === '' ? '(no name)' : visibleText(name);
}
