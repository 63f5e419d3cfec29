import { configOptions } from './configOptions.ts';
import type { Option, Section } from './configOptions.ts';

export interface OptionTable {
  readonly [name: string]: Option<unknown> | Section<OptionTable>;
}

/** One option with its place: `ingestion.file_handling.file_path_type`. */
export interface OptionEntry {
  readonly path: string;
  readonly option: Option<unknown>;
}

export const optionTable: OptionTable = configOptions.options;

function* entriesOf(table: OptionTable, prefix: string): Generator<OptionEntry> {
  for (const [name, item] of Object.entries(table)) {
    const path = prefix + name;
    if (item.kind === 'option') yield { path, option: item };
    else yield* entriesOf(item.options, `${path}.`);
  }
}

/** All options in the order of the table. */
export const optionEntries: readonly OptionEntry[] = [...entriesOf(optionTable, '')];

/** Command line spelling of an option, as the Python ingestor has it: `--ingestion.file-handling.file-path-type`. */
export function commandLineFlag(path: string): string {
  return `--${path.replaceAll('_', '-')}`;
}

const spellingOf = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();
const entriesBySpelling = new Map(optionEntries.map((entry) => [spellingOf(entry.path), entry]));

/** The option of that dotted name; `_` and `-` are the same, and so are `apiVersion` and `api-version`. */
export function optionNamed(name: string): OptionEntry | undefined {
  return entriesBySpelling.get(spellingOf(name));
}
