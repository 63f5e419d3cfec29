import type { Problem, TextEdit } from '../../../core/problems/problem.ts';
import { lineStart } from '../../../core/text/lines.ts';
import { lineIndent } from '../../documents/place.ts';
import type { Snapshot } from '../../documents/snapshot.ts';
import { touches } from './offer.ts';
import type { Offer, OfferContext } from './offer.ts';

/** Comments that silence the problems at the selection: for their line, or for the whole file. */
export function suppressionOffers({ snapshot, problems, range }: OfferContext): Offer[] {
  const here = problems.filter(
    (problem) =>
      problem.range !== undefined &&
      problem.file === undefined &&
      problem.code !== 'syntax' &&
      problem.code !== 'unused-suppression' &&
      touches(problem.range, range),
  );
  const unique = [...new Map(here.map((problem) => [problem.code, problem])).values()];
  return unique.flatMap((problem): Offer[] => [
    {
      title: `Silence “${problem.code}” on this line`,
      kind: 'quickfix',
      edits: [lineComment(snapshot, problem)],
      problem,
    },
    {
      title: `Silence “${problem.code}” in this file`,
      kind: 'quickfix',
      edits: [fileComment(snapshot, problem.code)],
      problem,
    },
  ]);
}

function lineComment({ text, notation, tree }: Snapshot, { code, range }: Problem): TextEdit {
  const marker = notation === 'yaml' ? '#' : '//';
  const start = lineStart(text, range?.start ?? 0);
  // A comment that is there already takes one more code.
  const above =
    start > 0
      ? tree.comments.find((comment) => comment.range.end === start - 1 || comment.range.end === start - 2)
      : undefined;
  if (above && /^imsc-ignore-next-line[:\s]/.test(above.text) && !above.text.includes(' --')) {
    return { range: { start: above.range.end, end: above.range.end }, newText: ` ${code}` };
  }
  const indent = text.slice(start, start + lineIndent(text, start));
  return { range: { start, end: start }, newText: `${indent}${marker} imsc-ignore-next-line ${code}\n` };
}

function fileComment({ notation, tree }: Snapshot, code: string): TextEdit {
  const known = tree.comments.find(({ text }) => /^imsc-ignore-file[:\s]/.test(text) && !text.includes(' --'));
  if (known) return { range: { start: known.range.end, end: known.range.end }, newText: ` ${code}` };
  return { range: { start: 0, end: 0 }, newText: `${notation === 'yaml' ? '#' : '//'} imsc-ignore-file ${code}\n` };
}
