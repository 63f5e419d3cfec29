import { convertNotation } from '../../core/imsc/edits/convert.ts';
import { parseTree } from '../../core/imsc/tree/parse.ts';
import type { Notation } from '../../core/imsc/tree/tree.ts';

/** A text with the places that were marked in it: `¦` for a cursor, `«…»` for a range. */
export interface MarkedText {
  readonly text: string;
  readonly cursors: readonly number[];
  /** In the order of their starts. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

export function readMarkers(marked: string): MarkedText {
  let text = '';
  const cursors: number[] = [];
  const ranges: { start: number; end: number }[] = [];
  const open: { start: number; end: number }[] = [];
  for (const char of marked) {
    if (char === '¦') cursors.push(text.length);
    else if (char === '«') {
      const range = { start: text.length, end: text.length };
      ranges.push(range);
      open.push(range);
    } else if (char === '»') {
      const range = open.pop();
      if (!range) throw new Error('a » without its «');
      range.end = text.length;
    } else text += char;
  }
  return { text, cursors, ranges };
}

/** A YAML schema as the text of a notation; markers go with the words that they stand in. */
export function inNotation(yaml: string, notation: Notation): string {
  return notation === 'yaml' ? yaml : convertNotation(parseTree(yaml, 'yaml'), 'json');
}

export const notations = ['yaml', 'json'] as const satisfies readonly Notation[];

/** The name of a schema file in a notation. */
export function fileName(name: string, notation: Notation): string {
  return `${name}.imsc.${notation === 'json' ? 'json' : 'yml'}`;
}
