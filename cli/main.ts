#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { failureReason } from '../core/ingest/failureReason.ts';
import { problem } from '../core/imsc/problems.ts';
import { addCommands } from './commands.ts';
import { exitCodes } from './exitCodes.ts';
import { Terminal } from './terminal.ts';
import { version } from './version.ts';

const program = new Command('imsc')
  .description('Put NeXus files into a SciCat catalogue, and write the schemas that say how.')
  .version(version)
  .showHelpAfterError('(imsc --help tells more)')
  .exitOverride();

addCommands(program, process.argv[2]);

// A reader that has seen enough (`imsc inspect file | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: The result cannot be written: ${failureReason(error)}.\n`);
  process.exit(exitCodes.failed);
});
// That nobody can read the news is no reason to stop.
process.stderr.on('error', () => undefined);

void program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version were asked for; anything else is wrong usage, and commander has said what.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error.exitCode !== 0 && process.argv.includes('--json')) {
    const terminal = new Terminal({ json: true });
    const message = error.message.replace(/^error: /, '');
    terminal.printJson({ outcome: 'failed', problems: [terminal.problemRecord(problem('usage', message))] });
  }
});
