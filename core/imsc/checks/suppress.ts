import { lineStart } from '../../text/lines.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Severity } from '../../problems/problemKind.ts';
import { problemKinds } from '../../problems/problemCodes.ts';
import type { ProblemCode } from '../../problems/problemCodes.ts';
import { suggestion } from '../../problems/suggestion.ts';
import type { Comment, Tree } from '../tree/tree.ts';

/** What a setting can say of a code. */
export type SeveritySetting = Severity | 'off';

/** A comment `imsc-ignore-next-line code…`, `imsc-ignore code…` (its own line) or `imsc-ignore-file code…`. */
interface Suppression {
  readonly comment: Comment;
  /** Start of the line that it is about; undefined for the whole file. */
  readonly line: number | undefined;
  /** Empty for every code. */
  readonly codes: readonly string[];
  used: boolean;
  readonly usedCodes: Set<string>;
}

const directive = /^imsc-ignore(-next-line|-file)?(?:[:\s]([^]*))?$/;

/**
 * Takes out the problems that comments silence, and says which of these comments do nothing. A syntax error cannot be
 * silenced. Behind ` -- ` a comment may give its reason.
 * @param problems of this text alone
 * @param judged codes of which it is known that they were looked for; a comment that names another is never called
 * unused, because what it silences may come from a sample file
 */
export function applySuppressions(
  tree: Tree,
  problems: readonly Problem[],
  judged: ReadonlySet<string> = new Set(Object.keys(problemKinds)),
): Problem[] {
  const suppressions = tree.comments.flatMap((comment) => readSuppression(tree, comment) ?? []);
  if (suppressions.length === 0) return [...problems];
  const byLine = new Map<number | undefined, Suppression[]>();
  for (const suppression of suppressions) {
    const same = byLine.get(suppression.line);
    if (same) same.push(suppression);
    else byLine.set(suppression.line, [suppression]);
  }
  const kept = problems.filter((found) => {
    if (found.code === 'syntax' || found.file !== undefined || !found.range) return true;
    const line = lineStart(tree.text, found.range.start);
    const matching = [...(byLine.get(line) ?? []), ...(byLine.get(undefined) ?? [])].filter(
      ({ codes }) => codes.length === 0 || codes.includes(found.code),
    );
    for (const suppression of matching) {
      suppression.used = true;
      suppression.usedCodes.add(found.code);
    }
    return matching.length === 0;
  });
  return [...kept, ...suppressions.flatMap((suppression) => unusedProblems(tree, suppression, judged))];
}

function readSuppression(tree: Tree, comment: Comment): Suppression | undefined {
  const found = directive.exec(comment.text);
  if (!found) return undefined;
  const list = (found[2] ?? '').split(/\s--(?:\s|$)/, 1)[0] ?? '';
  const codes = list.split(/[\s,]+/).filter((code) => code !== '');
  const line =
    found[1] === '-file'
      ? undefined
      : found[1] === '-next-line'
        ? nextLine(tree.text, comment.range.end)
        : lineStart(tree.text, comment.range.start);
  return { comment, line, codes, used: false, usedCodes: new Set() };
}

function unusedProblems(
  tree: Tree,
  { comment, codes, used, usedCodes }: Suppression,
  judged: ReadonlySet<string>,
): Problem[] {
  const written = tree.text.slice(comment.range.start, comment.range.end);
  const listAt = written.indexOf('imsc-ignore') + 'imsc-ignore'.length;
  if (codes.length === 0) {
    return used ? [] : [problem('unused-suppression', 'This comment silences nothing.', comment.range)];
  }
  return codes.flatMap((code): Problem[] => {
    if (usedCodes.has(code)) return [];
    const known = Object.keys(problemKinds);
    if (known.includes(code) && !judged.has(code)) return [];
    const start = comment.range.start + Math.max(written.indexOf(code, listAt), 0);
    const range = { start, end: start + code.length };
    if (known.includes(code)) return [problem('unused-suppression', `There is no “${code}” to silence here.`, range)];
    const near = suggestion(code, known);
    return [
      problem(
        'unused-suppression',
        `“${code}” is not a code of a problem.${near === undefined ? '' : ` Did you mean “${near}”?`}`,
        range,
        near === undefined
          ? {}
          : { fixes: [{ title: `Change to “${near}”`, edits: [{ range, newText: near }], preferred: true }] },
      ),
    ];
  });
}

/** Gives problems the severity that the settings want; those that are `off` are left out. */
export function applySeverities(
  problems: readonly Problem[],
  settings: Readonly<Partial<Record<ProblemCode, SeveritySetting>>>,
): Problem[] {
  return problems.flatMap((found): Problem[] => {
    const wanted = settings[found.code];
    if (wanted === undefined) return [found];
    return wanted === 'off' ? [] : [{ ...found, severity: wanted }];
  });
}

function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
