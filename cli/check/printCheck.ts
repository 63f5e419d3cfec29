import type { Problem } from '../../core/problems/problem.ts';
import type { Terminal } from '../terminal.ts';
import type { KnownProblem } from './baseline.ts';
import type { CheckOptions } from './checkOptions.ts';
import type { Change } from './fixSchemas.ts';
import { githubAnnotation } from './github.ts';
import { sarifLog } from './sarif.ts';
import type { IdentifiedProblem } from './sarif.ts';

/** What came out of a check. */
export interface CheckOutcome {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Without those that the baseline knows. */
  readonly problems: readonly IdentifiedProblem[];
  readonly changes: readonly Change[];
  /** How many problems the baseline knows. */
  readonly known: number;
  /** Entries of the baseline that are no longer needed. */
  readonly unusedKnown: readonly KnownProblem[];
}

/** Prints the outcome in the format that was asked for; what only people want to know goes to standard error. */
export function printCheck(terminal: Terminal, outcome: CheckOutcome, { format, updateBaseline }: CheckOptions): void {
  const { files, changes, known, unusedKnown } = outcome;
  const problems = outcome.problems.map(({ problem }) => problem);
  const changeText = ({ file, line, fix, problem }: Change): string =>
    `${terminal.places.shortName(file)}:${line}: ${terminal.colors.green('fixed:')} ${fix.title} ${terminal.colors.dim(`[${problem.code}]`)}`;
  switch (format) {
    case 'json':
      terminal.printJson({
        files,
        problems: problems.map((found) => terminal.problemRecord(found)),
        changes: changes.map(({ file, line, fix, problem: { code } }) => ({ code, file, line, title: fix.title })),
        known,
      });
      return;
    case 'sarif':
      terminal.printJson(sarifLog(outcome.problems, terminal.places, process.cwd()));
      break;
    case 'github':
      for (const found of problems) {
        const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
        terminal.printDocument(`${githubAnnotation(found, terminal.places, root)}\n`);
      }
      break;
    case 'text':
      for (const change of changes) terminal.print(changeText(change));
      printProblems(terminal, terminal.isQuiet ? problems.filter(({ severity }) => severity === 'error') : problems);
  }
  if (format !== 'text') for (const change of changes) terminal.say(changeText(change));
  const parts = [
    `${counted(files.length, 'schema')} checked: ${counted(number(problems, 'error'), 'error')}, ${counted(number(problems, 'warning'), 'warning')}.`,
    ...(changes.length > 0 ? [`${changes.length} mended.`] : []),
    ...(known > 0 ? [`${known} known, ${updateBaseline ? 'now in the baseline' : 'not shown'}.`] : []),
    ...(unusedKnown.length > 0
      ? [`${counted(unusedKnown.length, 'entry')} of the baseline no longer needed; --update-baseline takes them out.`]
      : []),
  ];
  terminal.say(parts.join(' '));
}

/** Nobody reads further in one file; the other formats are for programs and have all of them. */
const mostOfFile = 100;

function printProblems(terminal: Terminal, problems: readonly Problem[]): void {
  const counts = new Map<string | undefined, number>();
  for (const found of problems) {
    const before = counts.get(found.file) ?? 0;
    counts.set(found.file, before + 1);
    if (before < mostOfFile) terminal.print(terminal.problemText(found));
  }
  for (const [file, count] of counts) {
    const name = file === undefined ? '' : `${terminal.places.shortName(file)}: `;
    if (count > mostOfFile) terminal.print(`${name}… and ${count - mostOfFile} more`);
  }
}

function number(problems: readonly Problem[], severity: Problem['severity']): number {
  return problems.filter((found) => found.severity === severity).length;
}

function counted(count: number, word: string): string {
  if (count === 1) return `1 ${word}`;
  return `${count} ${word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`;
}
