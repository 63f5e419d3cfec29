import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver';
import type { ServerContext } from '../context.ts';
import { uriOf } from '../documents/documentKind.ts';
import { kinds } from '../kinds.ts';
import { sampleComments } from '../samples/samples.ts';

/** Links to the files that a text names: samples in a schema; what else is ours names others (kinds.ts). */
export function documentLink(server: ServerContext) {
  return async ({ textDocument: { uri } }: DocumentLinkParams): Promise<DocumentLink[] | null> => {
    const snapshot = server.documents.get(uri);
    if (snapshot) {
      return sampleComments(snapshot, server.workspace).flatMap(({ file, range }) =>
        file === undefined
          ? []
          : [{ range: snapshot.rangeOf(range), target: uriOf(file), tooltip: 'Open the sample file' }],
      );
    }
    const other = server.documents.other(uri);
    return (await (other && kinds[other.kind].links?.(other.document, server))) ?? null;
  };
}
