import type { SelectionRange, SelectionRangeParams } from 'vscode-languageserver';
import type { TextRange } from '../../core/problems/problem.ts';
import { nodeAt } from '../../core/imsc/tree/tree.ts';
import { textOffsetOf } from '../../core/imsc/tree/scalarText.ts';
import type { Handler } from '../context.ts';
import type { Snapshot } from '../documents/snapshot.ts';

/** From the name inside a reference to the whole file, step by step. */
export const selectionRange: Handler<SelectionRangeParams, SelectionRange[] | null> = (snapshot, { positions }) =>
  positions.map((position) => {
    let selection: SelectionRange | undefined;
    for (const range of rangesAround(snapshot, snapshot.offsetAt(position))) {
      selection = { range: snapshot.rangeOf(range), ...(selection && { parent: selection }) };
    }
    return selection ?? { range: { start: position, end: position } };
  });

/** The ranges around an offset, each within the one before it. */
function rangesAround(snapshot: Snapshot, offset: number): TextRange[] {
  const found: TextRange[] = [{ start: 0, end: snapshot.text.length }];
  const add = (range: TextRange): void => {
    const outer = found.at(-1);
    if (!outer || range.start < outer.start || range.end > outer.end || range.start > offset || range.end < offset)
      return;
    if (range.start !== outer.start || range.end !== outer.end) found.push(range);
  };
  const path = nodeAt(snapshot.tree, offset);
  for (const { node, entry } of path) {
    if (entry) add(entry.range);
    add(node.range);
  }
  const last = path.at(-1)?.node;
  if (last?.kind === 'scalar' && last.value.kind === 'string') {
    add({ start: textOffsetOf(last, 0), end: textOffsetOf(last, last.value.value.length) });
  }
  const occurrence = snapshot.occurrences.at(offset);
  if (occurrence) {
    add(occurrence.range);
    add(occurrence.nameRange);
  }
  return found;
}
