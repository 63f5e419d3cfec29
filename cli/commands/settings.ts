import { suggestion } from '../../core/imsc/suggestion.ts';
import { commandLineOptions, splitConfigArguments } from '../../core/ingest/configArguments.ts';
import { loadConfig } from '../../core/ingest/config.ts';
import type { Config } from '../../core/ingest/config.ts';
import { problem } from '../../core/imsc/problems.ts';
import type { Problem } from '../../core/imsc/problems.ts';
import type { Invocation } from '../commands.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Terminal } from '../terminal.ts';

/** The configuration that a command line asks for. */
export interface Settings {
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** True where the command line or the configuration is wrong, so that nothing should be done. */
  readonly isWrong: boolean;
}

/** Reads the configuration file and the options of the command line. */
export function readSettings({ rest }: Pick<Invocation, 'rest'>): Settings {
  const { overrides, rest: left, problems: misused } = splitConfigArguments(rest);
  const file = overrides['config_file'];
  const { config, problems } = loadConfig({
    file: typeof file === 'string' ? file : undefined,
    overrides,
    env: process.env,
  });
  const wrong = [...misused, ...left.map(notAnOption)];
  const all = [...wrong.map((message) => problem('usage', message)), ...problems];
  return { config, problems: all, isWrong: all.some(({ severity }) => severity === 'error') };
}

function notAnOption(argument: string): string {
  const flags = commandLineOptions().map(({ flag }) => flag);
  const near = argument.startsWith('--') ? suggestion(argument.replace(/=.*/s, ''), flags) : undefined;
  return `“${argument}” is no option${near === undefined ? '; see --help.' : `. Did you mean ${near}?`}`;
}

/** Problems if the command line names no data file. */
export function needsDataFile(config: Config): Problem[] {
  return config.nexus_file === '' ? [problem('usage', 'Name the data file with --nexus-file FILE.')] : [];
}

/** Says what is wrong with the command line or the configuration. */
export function wrongUsage(terminal: Terminal, problems: readonly Problem[]): number {
  if (terminal.isJson)
    terminal.printJson({ outcome: 'failed', problems: problems.map((found) => terminal.problemRecord(found)) });
  terminal.problems(problems);
  return exitCodes.usage;
}
