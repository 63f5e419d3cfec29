import type { DocumentFormattingParams, TextEdit } from 'vscode-languageserver';
import { formatEdits } from '../../core/imsc/edits/format.ts';
import type { Handler } from '../context.ts';

/** Lays a schema out, touching only what is laid out otherwise. */
export const formatting: Handler<DocumentFormattingParams, TextEdit[] | null> = (snapshot) =>
  formatEdits(snapshot.tree).map(({ range, newText }) => ({ range: snapshot.rangeOf(range), newText }));
