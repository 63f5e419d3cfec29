'load later';

import { kindsByFinder } from '../../core/problems/problemCodes.ts';
import { finders } from '../../core/problems/problemKind.ts';
import type { ProblemKind } from '../../core/problems/problemKind.ts';
import { problem } from '../../core/problems/problem.ts';
import { suggestion } from '../../core/problems/suggestion.ts';
import type { CommandAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import { wrongUsage } from './settings.ts';

interface Explained extends ProblemKind {
  readonly code: string;
  /** The chapter of docs/problems.md that it stands in: who finds it. */
  readonly chapter: string;
}

const everyKind: readonly Explained[] = finders.flatMap(({ name, title }) =>
  Object.entries<ProblemKind>(kindsByFinder[name]).map(([code, kind]) => ({ code, chapter: title, ...kind })),
);

/** `imsc explain`: what docs/problems.md says of a problem, by the code that stands behind its message. */
export const explainCommand: CommandAction = ({ terminal, args }) => {
  // As it is copied from a message: in brackets.
  const asked = (args[0] ?? '').trim().replace(/^\[(.*)\]$/s, '$1');
  const found = everyKind.find(({ code }) => code === asked);
  if (!found) {
    const near = suggestion(
      asked,
      everyKind.map(({ code }) => code),
    );
    const hint =
      near === undefined ? 'A code stands in brackets behind the message of a problem.' : `Did you mean ${near}?`;
    return Promise.resolve(wrongUsage(terminal, [problem('usage', `“${asked}” is no code of a problem. ${hint}`)]));
  }
  const { code, severity, chapter, summary, explanation } = found;
  if (terminal.isJson) {
    terminal.printJson({ code, severity, chapter, summary, explanation });
  } else {
    terminal.print(`${terminal.colors.bold(code)}  ${terminal.colors.dim(`${severity} – ${chapter}`)}`);
    terminal.print(summary);
    terminal.print('');
    for (const line of explanation.split('\n')) terminal.print(line);
  }
  return Promise.resolve(exitCodes.done);
};
