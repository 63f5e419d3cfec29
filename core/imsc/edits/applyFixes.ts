import type { Fix, Problem, TextEdit, TextRange } from '../../problems/problem.ts';

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
 * @param problems of this text alone
 */
export function applyPreferredFixes(text: string, problems: readonly Problem[]): FixedText {
  const preferred = problems.flatMap((problem): AppliedFix[] => {
    const fix = problem.fixes?.find((each) => each.preferred === true && each.edits.length > 0);
    return fix ? [{ problem, fix }] : [];
  });
  const { edits, taken } = compatibleEdits(preferred.map(({ fix }) => fix.edits));
  const applied = preferred.filter((_, index) => taken.has(index));
  if (applied.length === 0) return { text, applied };
  return { text: applyEdits(text, withLineBreaksOf(text, edits)), applied };
}

/** Edits of a text with the line breaks that it has. */
export function withLineBreaksOf(text: string, edits: readonly TextEdit[]): TextEdit[] {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return edits.map(({ range, newText }) => ({ range, newText: newText.replaceAll(/\r?\n/g, lineBreak) }));
}

/**
 * The edits of several fixes that can be made together, in the order of the text. A fix whose edits meddle with those
 * of one before it is left out as a whole; an edit that several ask for is made once.
 * @returns also which of the fixes are in, by their place in the list
 */
export function compatibleEdits(fixes: readonly (readonly TextEdit[])[]): {
  readonly edits: TextEdit[];
  readonly taken: ReadonlySet<number>;
} {
  const edits: TextEdit[] = [];
  const taken = new Set<number>();
  for (const [index, own] of fixes.entries()) {
    const fresh = own.filter((edit) => !edits.some((other) => isSame(edit, other)));
    if (fresh.some((edit) => edits.some((other) => collide(edit.range, other.range)))) continue;
    edits.push(...fresh);
    taken.add(index);
  }
  return { edits: edits.sort(byPlace), taken };
}

function byPlace(a: TextEdit, b: TextEdit): number {
  return a.range.start - b.range.start || a.range.end - b.range.end;
}

/** Two insertions at one place can go one after the other; everything else that overlaps cannot. */
function collide(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}

function isSame(a: TextEdit, b: TextEdit): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.newText === b.newText;
}
