import type { ResponseError } from 'vscode-languageserver';
import { writeTree } from '../../core/imsc/edits/convert.ts';
import { mergedTree } from '../../core/imsc/schema/mergedTree.ts';
import { refused, wholeSchema } from '../context.ts';
import type { ServerContext } from '../context.ts';
import type { ConvertedSchema } from '../protocol.ts';

/** An open schema with all that it imports. */
export function mergedSchema(server: ServerContext) {
  return async ({ uri }: { readonly uri: string }): Promise<ConvertedSchema | ResponseError> => {
    const snapshot = await wholeSchema(server, uri);
    if (!snapshot) return refused('The schema is not open.');
    const { whole, notation } = snapshot;
    const fault = whole.problems.find(({ code }) => code === 'syntax' || code.startsWith('import-'));
    if (fault) return refused(fault.message);
    if (whole.imported === undefined) return refused('The schema imports no others.');
    return { notation, text: writeTree(mergedTree(whole), notation) };
  };
}
