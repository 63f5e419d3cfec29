import { pathName } from '../values/pythonPaths.ts';
import type { RegistryEntry } from './registry.ts';

/** What the built-in variables are made of; what is absent is not known. */
export interface RunFacts {
  readonly runId?: string | undefined;
  /** As `pathlib` writes it. */
  readonly dataFile?: string | undefined;
  /** As Python prints it. */
  readonly now?: string | undefined;
  readonly filesDirectory?: string | undefined;
  readonly schemaId?: string | undefined;
}

export interface BuiltInVariable extends RegistryEntry {
  readonly valueType: string;
  /** What is known of its text before a run. */
  readonly format?: 'uuid' | 'date';
  readonly value: (run: RunFacts) => string | undefined;
}

/** The built-in variables; they are defined before those of the schema and have no unit. */
export const builtInVariables: readonly BuiltInVariable[] = [
  {
    name: 'ingestor_run_id',
    aliases: [],
    valueType: 'string',
    format: 'uuid',
    summary: 'identifier of this run',
    explanation: 'A new UUID for each run.',
    value: ({ runId }) => runId,
  },
  {
    name: 'data_file_path',
    aliases: [],
    valueType: 'string',
    summary: 'path of the data file as it was given',
    explanation: 'Not made absolute; doubled slashes and `./` are removed.',
    value: ({ dataFile }) => dataFile,
  },
  {
    name: 'data_file_name',
    aliases: [],
    valueType: 'string',
    summary: 'name of the data file',
    explanation: 'The last part of its path, with its ending.',
    value: ({ dataFile }) => (dataFile === undefined ? undefined : pathName(dataFile)),
  },
  {
    name: 'now',
    aliases: [],
    valueType: 'string',
    format: 'date',
    summary: 'time of the ingestion',
    explanation: 'In UTC, with microseconds, e.g. `2025-01-20T12:00:00.123456+00:00`.',
    value: ({ now }) => now,
  },
  {
    name: 'ingestor_files_directory',
    aliases: [],
    valueType: 'string',
    summary: 'folder of the files that the ingestor writes',
    explanation: '`ingestion.file_handling.ingestor_files_directory` as it is written in the configuration.',
    value: ({ filesDirectory }) => filesDirectory,
  },
  {
    name: 'ingestor_metadata_schema_id',
    aliases: [],
    valueType: 'string',
    summary: 'id of the selected schema',
    explanation: 'The `id` of the schema that is used for the file.',
    value: ({ schemaId }) => schemaId,
  },
];

export const builtInNames: readonly string[] = builtInVariables.map(({ name }) => name);

/** The values of the built-in variables, as far as they are known. */
export function builtInValues(run: RunFacts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    builtInVariables.flatMap(({ name, value }) => {
      const text = value(run);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
