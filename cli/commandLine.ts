'load later';

import { Command, CommanderError } from 'commander';
import { failureReason } from '../core/files/failureReason.ts';
import { addCommands } from './addCommands.ts';
import { exitCodes } from './exitCodes.ts';
import { Terminal } from './terminal.ts';
import { printUsageFailure, sayUsageFailure } from './usageFailure.ts';
import { version } from './version.ts';

const terminal = new Terminal({ json: process.argv.includes('--json') });

const program = new Command('imsc')
  .description('Put NeXus files into a SciCat catalogue, and write the schemas that say how.')
  .version(version)
  .configureOutput({ writeErr: sayLines, outputError: sayMisuse })
  .showHelpAfterError('(imsc --help tells more)')
  .exitOverride();

addCommands(program, process.argv[2]);

// A reader that has seen enough (`imsc inspect file | head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  terminal.say(`error: The result cannot be written: ${failureReason(error)}.`);
  process.exit(exitCodes.failed);
});
// That nobody can read the news is not a reason to stop.
process.stderr.on('error', () => undefined);
process.on('uncaughtException', sayBug);

void run();

async function run(): Promise<void> {
  try {
    // Paths are told from there, also where nothing else needs it.
    process.cwd();
  } catch (error) {
    fail(exitCodes.usage, `The working directory cannot be used: ${failureReason(error)}. Change to another one.`);
    return;
  }
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) endOf(error);
    else sayBug(error);
  }
}

/** Help and version were asked for; anything else is wrong usage, and commander has said what. */
function endOf({ exitCode, message }: CommanderError): void {
  process.exitCode = exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (exitCode !== 0 && terminal.isJson) printUsageFailure(terminal, misuseText(message).replace(/^error: /, ''));
}

/** Commander puts what it suggests on a line of its own; any other line break is one of an argument. */
function misuseText(text: string): string {
  return text.replace(/\n$/, '').replace(/\n(?=\(Did you mean )/, ' ');
}

function sayMisuse(text: string): void {
  terminal.say(misuseText(text));
}

function sayLines(text: string): void {
  for (const line of text.replace(/\n$/, '').split('\n')) terminal.say(line);
}

function fail(code: number, message: string): void {
  process.exitCode = code;
  sayUsageFailure(terminal, message);
}

/** A mistake of the program is loud, and tells where it is. */
function sayBug(error: unknown): void {
  terminal.say('This is a mistake of imsc; please report it:');
  sayLines(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(exitCodes.failed);
}
