import { existsSync } from 'node:fs';
import { suggestion } from '../../core/problems/suggestion.ts';
import { commandLineOptions, splitConfigArguments } from '../../core/config/configArguments.ts';
import { loadConfig } from '../../core/config/config.ts';
import type { Config, WrongOption } from '../../core/config/config.ts';
import { problem } from '../../core/problems/problem.ts';
import type { Problem } from '../../core/problems/problem.ts';
import type { Invocation } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Terminal } from '../terminal.ts';

/** The configuration that a command line asks for. */
export interface Settings {
  readonly config: Config;
  /** The data files that are named: by options, and where the command takes them, by themselves. */
  readonly dataFiles: readonly string[];
  readonly problems: readonly Problem[];
  /** Says of an option what is wrong with it, where it was written. */
  readonly wrong: WrongOption;
  /** True where the command line or the configuration is wrong, so that nothing should be done. */
  readonly isWrong: boolean;
}

/**
 * Reads the configuration file and the options of the command line.
 * @param takesFiles whether files that are there may stand without an option
 * @param isOnline what only `imsc online` reads must be right
 */
export function readSettings(
  { rest, flags }: Pick<Invocation, 'rest' | 'flags'>,
  takesFiles = false,
  isOnline = false,
): Settings {
  const { overrides, dataFiles, rest: others, problems: misused } = splitConfigArguments(rest);
  const isFile = (argument: string, index: number): boolean =>
    takesFiles && !argument.startsWith('-') && !others[index - 1]?.startsWith('-') && existsSync(argument);
  const named = [...dataFiles, ...others.filter(isFile)];
  const left = others.filter((argument, index) => !isFile(argument, index));
  if (overrides['nexus_file'] === undefined && named[0] !== undefined) overrides['nexus_file'] = named[0];
  const file = overrides['config_file'];
  const {
    config,
    problems,
    wrong: wrongOption,
  } = loadConfig({
    file: typeof file === 'string' ? file : undefined,
    overrides,
    env: process.env,
    isOnline,
  });
  const wrong = [...misused, ...notOptions(left, flags)];
  const all = [...wrong.map((message) => problem('usage', message)), ...problems];
  return {
    config,
    dataFiles: named,
    problems: all,
    wrong: wrongOption,
    isWrong: all.some(({ severity }) => severity === 'error'),
  };
}

/** A message for each argument that nobody takes; what stands behind a misspelt option is its value. */
function notOptions(left: readonly string[], flags: readonly string[]): string[] {
  const known = [...flags, ...commandLineOptions().map(({ flag }) => flag)];
  return left.flatMap((argument, index) => {
    if (!argument.startsWith('-')) {
      if (left[index - 1]?.startsWith('-')) return [];
      return [
        `“${argument}” belongs to no option: a switch takes no value, and files are named by options. See --help.`,
      ];
    }
    const near = suggestion(argument.replace(/=.*/s, ''), known);
    return [`“${argument}” is not an option${near === undefined ? '; see --help.' : `. Did you mean ${near}?`}`];
  });
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
