import type { LinkedEditingRanges, TextDocumentPositionParams } from 'vscode-languageserver';
import type { Handler } from '../context.ts';

/** A variable's name is typed at its definition and at all its references at once. */
export const linkedEditing: Handler<TextDocumentPositionParams, LinkedEditingRanges | null> = (
  snapshot,
  { position },
) => {
  const offset = snapshot.offsetAt(position);
  const occurrence = snapshot.occurrences.at(offset);
  if (!occurrence || offset < occurrence.nameRange.start || offset > occurrence.nameRange.end) return null;
  const all = snapshot.occurrences.of(occurrence.name);
  // Only what is written alike can be typed alike, and a lone place needs no links.
  if (all.length < 2 || snapshot.occurrences.definitionsOf(occurrence.name).length !== 1) return null;
  if (all.some(({ nameRange }) => snapshot.textOf(nameRange) !== occurrence.name)) return null;
  return {
    ranges: all.map(({ nameRange }) => snapshot.rangeOf(nameRange)),
    wordPattern: String.raw`[\p{L}\p{N}_.\-]+`,
  };
};
