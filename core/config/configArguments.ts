import { commandLineFlag, optionEntries, optionNamed } from './configTable.ts';
import type { OptionEntry } from './configTable.ts';
import type { GivenValue } from './configValue.ts';
import { describeExpected } from './configValue.ts';

/** One option of the configuration as the command line has it, for `--help` and for completion of shells. */
export interface CommandLineOption {
  /** `--ingestion.dry-run` */
  readonly flag: string;
  /** `-d` */
  readonly short: string | undefined;
  /** `ingestion.dry_run` */
  readonly path: string;
  /** What follows the flag: nothing (a switch), one value, or one and more. */
  readonly takes: 'nothing' | 'one' | 'several';
  /** What the value must be: `a whole number, at least 1`. */
  readonly expected: string;
  readonly summary: string;
}

function takesOf({ option }: OptionEntry): CommandLineOption['takes'] {
  if (option.type === 'boolean') return 'nothing';
  return ['texts', 'names', 'numbers'].includes(option.type) ? 'several' : 'one';
}

/** Every option that the command line accepts, spelt as for the Python ingestor. */
export function commandLineOptions(): CommandLineOption[] {
  return optionEntries
    .filter(({ option }) => !option.fileOnly)
    .map((entry) => ({
      flag: commandLineFlag(entry.path),
      short: entry.option.short && `-${entry.option.short}`,
      path: entry.path,
      takes: takesOf(entry),
      expected: describeExpected(entry.option),
      summary: entry.option.summary,
    }));
}

export interface SplitArguments {
  /** For `loadConfig`. A later flag wins over an earlier one. */
  readonly overrides: Record<string, GivenValue>;
  /** What every `--nexus-file` names, in order. */
  readonly dataFiles: readonly string[];
  /** All other arguments, in their order. */
  readonly rest: readonly string[];
  /** Messages for a person: a flag whose value is missing, a switch that has one. */
  readonly problems: readonly string[];
}

const shortPaths = new Map(optionEntries.flatMap(({ path, option }) => (option.short ? [[option.short, path]] : [])));

function entryOfFlag(flag: string): OptionEntry | undefined {
  const short = /^-([a-z])$/.exec(flag)?.[1];
  const path = short === undefined ? /^--([A-Za-z].*)$/.exec(flag)?.[1] : shortPaths.get(short);
  const entry = path === undefined ? undefined : optionNamed(path);
  return entry?.option.fileOnly ? undefined : entry;
}

/** Not a flag: a negative number is a value. */
const isValue = (argument: string | undefined): argument is string =>
  argument !== undefined && (!argument.startsWith('-') || argument === '-' || /^-\d/.test(argument));

/**
 * Takes the options of the configuration out of a command line without words of its own, as the Python ingestor reads them: `--section.option
 * value`, `--section.option=value`, lists as several values, switches without a value (`=false` turns one off); `_`
 * and `-` are the same. After `--` nothing is taken.
 */
export function splitConfigArguments(args: readonly string[]): SplitArguments {
  const overrides: Record<string, GivenValue> = {};
  const dataFiles: string[] = [];
  const rest: string[] = [];
  const problems: string[] = [];
  let at = 0;
  while (at < args.length) {
    const argument = args[at] ?? '';
    if (argument === '--') {
      rest.push(...args.slice(at));
      break;
    }
    at += 1;
    const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const entry = entryOfFlag(flag);
    if (!entry) {
      rest.push(argument);
      continue;
    }
    const takes = takesOf(entry);
    if (equals >= 0) {
      const value = argument.slice(equals + 1);
      if (entry.path === 'nexus_file') dataFiles.push(value);
      overrides[entry.path] = takes === 'several' ? [value] : value;
    } else if (takes === 'nothing') {
      overrides[entry.path] = true;
      const next = args[at];
      if (!isValue(next)) continue;
      at += 1;
      problems.push(
        `“${next}” behind ${flag} means nothing: it is a switch; ${commandLineFlag(entry.path)}=false turns it off.`,
      );
    } else {
      const values: string[] = [];
      for (let next = args[at]; isValue(next) && (takes === 'several' || values.length === 0); next = args[at]) {
        values.push(next);
        at += 1;
      }
      const [first] = values;
      if (entry.path === 'nexus_file') dataFiles.push(...values);
      if (first === undefined) problems.push(`${flag} needs a value: ${describeExpected(entry.option)}.`);
      else overrides[entry.path] = takes === 'several' ? values : first;
    }
  }
  return { overrides, dataFiles, rest, problems };
}
