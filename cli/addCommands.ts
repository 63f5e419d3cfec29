import { Option } from 'commander';
import type { Command } from 'commander';
import { commands } from './commands.ts';
import { exitCodes } from './exitCodes.ts';
import { Terminal } from './terminal.ts';
import { sayUsageFailure } from './usageFailure.ts';

/**
 * Adds the commands to the program.
 * @param asked the first word of the command line; where it names a command, that one is enough
 */
export function addCommands(program: Command, asked?: string): void {
  const only = commands.filter(({ name }) => name === asked);
  for (const entry of only.length > 0 ? only : commands) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    command.showHelpAfterError(`(imsc ${entry.name} --help tells more)`);
    if (entry.usage !== undefined) command.usage(entry.usage);
    for (const argument of entry.arguments ?? []) command.addArgument(argument);
    for (const option of entry.options ?? []) command.addOption(option);
    command
      .option('--json', 'print one JSON document on standard output and nothing else')
      .option('-v, --verbose', 'print more')
      .option('--quiet', 'print errors only')
      .addOption(new Option('--progress <form>', 'how to show progress').choices(['text', 'json']).default('text'))
      .option('--no-color', 'no colours (also NO_COLOR)');
    if (entry.takesConfig) command.allowUnknownOption().allowExcessArguments();
    const examples = entry.examples.map(([line, meaning]) => `  ${line}\n      ${meaning}`).join('\n');
    const options = entry.takesConfig
      ? '\nThe configuration is read from -c FILE. Every option of it may be given as\n--section.option, such as --ingestion.schemas-directory DIR.\n'
      : '';
    const exits = entry.exits?.map((meaning, code) => `\n  ${code}  ${meaning}`).join('');
    const exitText = exits === undefined ? '' : `\n\nExit codes:${exits}`;
    command.addHelpText('after', `${options}\nExamples:\n${examples}${exitText}`);
    command.exitOverride().action(async () => {
      const options: Record<string, unknown> = command.opts();
      const terminal = new Terminal({
        json: options['json'] === true,
        quiet: options['quiet'] === true,
        verbose: options['verbose'] === true,
        color: options['color'] !== false,
        progressAsJson: options['progress'] === 'json',
      });
      const declared = entry.takesConfig ? 0 : command.args.length;
      const empty = emptyOnes(command, options);
      if (empty.length > 0) {
        sayUsageFailure(
          terminal,
          `An empty text is given for ${empty.join(' and ')}. A shell makes one of "$NAME" where NAME is not set.`,
        );
        process.exitCode = exitCodes.usage;
        return;
      }
      const action = await entry.load();
      process.exitCode = await action({
        terminal,
        args: command.args.slice(0, declared),
        options,
        rest: command.args.slice(declared),
        flags: command.options.flatMap(({ long }) => long ?? []),
      });
    });
  }
  program.addHelpText(
    'after',
    `\nExit codes: ${exitCodes.done} done, planned or already present; ${exitCodes.failed} failed;\n${exitCodes.usage} wrong usage or configuration.`,
  );
}

/** Arguments and options that were given as an empty text, which names nothing: as a path it would be the working directory. */
function emptyOnes(command: Command, options: Readonly<Record<string, unknown>>): readonly string[] {
  const all: readonly (readonly [name: string, given: unknown])[] = [
    ...command.registeredArguments.map((each, at) => [each.name(), command.processedArgs[at]] as const),
    ...command.options.map((each) => [each.long ?? each.flags, options[each.attributeName()]] as const),
  ];
  return all.flatMap(([name, given]) => ((Array.isArray(given) ? given.includes('') : given === '') ? [name] : []));
}
