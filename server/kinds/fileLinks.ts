import path from 'node:path';
import type { DocumentLink } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { textOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import { entryOf } from '../../core/imsc/tree/tree.ts';
import type { Node, ScalarNode } from '../../core/imsc/tree/tree.ts';
import { fileOf, uriOf } from '../documents/documentKind.ts';
import { treeOf } from './offers.ts';

/** Links to the files that the values at some paths of keys name, relative to the folder of the document. */
export function fileLinks(document: TextDocument, paths: readonly (readonly string[])[]): DocumentLink[] {
  const file = fileOf(document.uri);
  if (file === undefined) return [];
  const { root } = treeOf(document);
  return paths.flatMap((keys): DocumentLink[] => {
    const scalar = scalarAt(root, keys);
    if (scalar?.value.kind !== 'string' || scalar.value.value === '') return [];
    const range = {
      start: document.positionAt(textOffsetOf(scalar, 0)),
      end: document.positionAt(textOffsetOf(scalar, scalar.value.value.length)),
    };
    return [{ range, target: uriOf(path.resolve(path.dirname(file), scalar.value.value)) }];
  });
}

function scalarAt(root: Node | undefined, keys: readonly string[]): ScalarNode | undefined {
  let node = root;
  for (const key of keys) node = node?.kind === 'map' ? entryOf(node, key)?.value : undefined;
  return node?.kind === 'scalar' ? node : undefined;
}
