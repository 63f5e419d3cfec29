'load later';

import { problem } from '../core/problems/problem.ts';
import type { Terminal } from './terminal.ts';

/** Says that the command line is wrong. What can be wrong is a long table, which a command that goes well does without. */
export function sayUsageFailure(terminal: Terminal, message: string): void {
  if (terminal.isJson) printUsageFailure(terminal, message);
  terminal.problems([problem('usage', message)]);
}

/** The one document of a command line that is wrong. */
export function printUsageFailure(terminal: Terminal, message: string): void {
  terminal.printJson({ outcome: 'failed', problems: [terminal.problemRecord(problem('usage', message))] });
}
