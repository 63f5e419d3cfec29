import path from 'node:path';
import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver';
import { parseByContent } from '../../core/imsc/tree/parse.ts';
import type { TextRange } from '../../core/problems/problem.ts';
import { entryOf } from '../../core/imsc/tree/tree.ts';
import { textOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import type { Node, ScalarNode } from '../../core/imsc/tree/tree.ts';
import type { ServerContext } from '../context.ts';
import { documentKind, fileOf, uriOf } from '../documents/documentKind.ts';
import { sampleComments } from '../samples/samples.ts';

/** Links to the files that a text names: samples in a schema; schemas and other files in a configuration. */
export function documentLink(server: ServerContext) {
  return ({ textDocument: { uri } }: DocumentLinkParams): DocumentLink[] | null => {
    const snapshot = server.documents.get(uri);
    if (snapshot) {
      return sampleComments(snapshot, server.workspace).flatMap(({ file, range }) =>
        file === undefined
          ? []
          : [{ range: snapshot.rangeOf(range), target: uriOf(file), tooltip: 'Open the sample file' }],
      );
    }
    const document = server.documents.text(uri);
    const file = fileOf(uri);
    if (!document || file === undefined || documentKind(uri, document.languageId) !== 'config') return null;
    const { root } = parseByContent(document.getText());
    return configPaths.flatMap((keys): DocumentLink[] => {
      const scalar = scalarAt(root, keys);
      if (scalar?.value.kind !== 'string' || scalar.value.value === '') return [];
      const { start, end } = inside(scalar, scalar.value.value);
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      return [{ range, target: uriOf(path.resolve(path.dirname(file), scalar.value.value)) }];
    });
  };
}

/** The options of a configuration that name a file. */
const configPaths = [
  ['ingestion', 'schemas_directory'],
  ['ingestion', 'fallback_schema_file_path'],
  ['scicat', 'token_file'],
] as const;

function scalarAt(root: Node | undefined, keys: readonly string[]): ScalarNode | undefined {
  let node = root;
  for (const key of keys) node = node?.kind === 'map' ? entryOf(node, key)?.value : undefined;
  return node?.kind === 'scalar' ? node : undefined;
}

function inside(scalar: ScalarNode, text: string): TextRange {
  return { start: textOffsetOf(scalar, 0), end: textOffsetOf(scalar, text.length) };
}
