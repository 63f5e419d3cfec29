import type { ResponseError } from 'vscode-languageserver';
import { convertNotation } from '../../core/imsc/edits/convert.ts';
import { refused } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { ConvertedSchema } from '../protocol.ts';

/** An open schema in the other notation, comments included. */
export function convertedSchema(server: ServerContext) {
  return ({ uri }: { readonly uri: string }): ConvertedSchema | ResponseError => {
    const snapshot = server.documents.get(uri);
    if (!snapshot) return refused('The schema is not open.');
    if (snapshot.tree.problems.some(({ code }) => code === 'syntax')) {
      return refused('The schema has syntax errors; mend them first, so that nothing is lost.');
    }
    const notation = snapshot.notation === 'json' ? 'yaml' : 'json';
    return { notation, text: convertNotation(snapshot.tree, notation) };
  };
}
