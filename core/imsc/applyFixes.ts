import type { Fix, Problem, TextEdit, TextRange } from './problems.ts';

/** A text after some of its problems were mended. */
export interface FixedText {
  readonly text: string;
  /** Which problem was mended by which fix, in the order of the text. */
  readonly applied: readonly AppliedFix[];
}

export interface AppliedFix {
  readonly problem: Problem;
  readonly fix: Fix;
}

/**
 * The text with edits made. Edits that insert at one place are made in the order given.
 * @throws RangeError for edits that overlap
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const { range, newText } of [...edits].sort(byPlace)) {
    if (range.start < from) throw new RangeError('The edits overlap.');
    result += text.slice(from, range.start) + newText;
    from = range.end;
  }
  return result + text.slice(from);
}

/**
 * Makes the preferred fixes of problems, each as a whole or not at all: one that overlaps an earlier one is left for
 * the next look at the text. Line breaks are written as the text has them.
 * @param problems of this text; those of other files are passed over
 */
export function applyPreferredFixes(text: string, problems: readonly Problem[]): FixedText {
  const applied: AppliedFix[] = [];
  const edits: TextEdit[] = [];
  for (const problem of problems) {
    const fix = problem.fixes?.find(({ preferred }) => preferred === true);
    if (!fix || fix.edits.length === 0) continue;
    if (fix.edits.some((edit) => edits.some((other) => collide(edit.range, other.range) || isSame(edit, other)))) {
      continue;
    }
    edits.push(...fix.edits);
    applied.push({ problem, fix });
  }
  if (applied.length === 0) return { text, applied };
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const written = edits.map(({ range, newText }) => ({ range, newText: newText.replaceAll(/\r?\n/g, lineBreak) }));
  return { text: applyEdits(text, written), applied };
}

function byPlace(a: TextEdit, b: TextEdit): number {
  return a.range.start - b.range.start || a.range.end - b.range.end;
}

/** Whether two edits cannot both be made: they share text, or one inserts within what the other replaces. */
function collide(a: TextRange, b: TextRange): boolean {
  const insertions = Number(a.start === a.end) + Number(b.start === b.end);
  if (insertions === 2) return false;
  return insertions === 1 ? a.start <= b.end && b.start <= a.end : a.start < b.end && b.start < a.end;
}

/** Two problems may ask for the very same insertion; made twice it would be wrong. */
function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.newText === b.newText;
}
