import { configOptions } from './configOptions.ts';
import { optionsOf } from './options.ts';
import type { OptionEntry, OptionTable } from './options.ts';

export type { OptionEntry };

export const optionTable: OptionTable = configOptions.options;

/** All options in the order of the table. */
export const optionEntries: readonly OptionEntry[] = [...optionsOf(optionTable)];

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
