#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { addCommands } from './commands.ts';
import { exitCodes } from './exitCodes.ts';
import { version } from './version.ts';

const program = new Command('imsc')
  .description('Put NeXus files into a SciCat catalogue, and write the schemas that say how.')
  .version(version)
  .showHelpAfterError('(imsc --help tells more)')
  .exitOverride();

addCommands(program);

// A reader that has seen enough (`imsc inspect file | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version were asked for; anything else is wrong usage, and commander has said what.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
