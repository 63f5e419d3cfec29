import { applyEdits } from '../../core/imsc/edits/applyFixes.ts';
import type { TextEdit } from '../../core/problems/problem.ts';
import { lineNumbers, lineStart } from '../../core/text/lines.ts';

/** Lines that are changed together. */
export interface ChangedLines {
  /** Of the first line before the change, from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What edits do to the lines of a text, in its order. */
export function changedLines(text: string, edits: readonly TextEdit[]): ChangedLines[] {
  const lineOf = lineNumbers(text);
  const groups: { start: number; end: number; edits: TextEdit[] }[] = [];
  for (const edit of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    const start = lineStart(text, edit.range.start);
    const behind = edit.newText.endsWith('\n') && edit.range.end === lineStart(text, edit.range.end);
    const lineEnd = text.indexOf('\n', edit.range.end);
    const end = behind ? edit.range.end : lineEnd < 0 ? text.length : lineEnd + 1;
    const last = groups.at(-1);
    if (last && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else groups.push({ start, end, edits: [edit] });
  }
  return groups.map(({ start, end, edits: own }) => {
    const moved = own.map(({ range, newText }) => ({
      range: { start: range.start - start, end: range.end - start },
      newText,
    }));
    const before = text.slice(start, end);
    return { line: lineOf(start), before: linesOf(before), after: linesOf(applyEdits(before, moved)) };
  });
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
