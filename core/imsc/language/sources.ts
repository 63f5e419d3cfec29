import { operatorArgumentKeys } from './operators.ts';
import type { RegistryEntry } from './registry.ts';
import type { SchemaKey } from './schemaKeys.ts';
import type { Quantity } from '../values/values.ts';
import type { Value } from '../values/values.ts';

/** Where the NeXus file's values come from; the pipeline implements it on an open file. */
export interface DataReader {
  /**
   * Reads one value of the kind that `valueType` asks for; what is known already is given at once.
   * @throws ReadFailure with what is wrong with the path or the data
   */
  read(path: string, valueType: string): Reading | Promise<Reading>;
}

export interface Reading extends Quantity {
  /** The datasets that were read, absolute; several for a wildcard. */
  readonly paths: readonly string[];
  /** What was passed over, in words; empty for none. */
  readonly notes: readonly string[];
  /** True where the unit comes from the file, not from the schema. */
  readonly unitFromFile: boolean;
}

/** Where values from SciCat come from; the pipeline implements it on a connection. */
export interface CatalogueReader {
  /**
   * The answer to a GET.
   * @param url absolute, or relative to the SciCat instance
   * @throws ReadFailure if there is no good answer
   */
  get(url: string): Promise<{ readonly url: string; readonly answer: Value }>;
}

/** A value that could not be had; `code` tells the reasons apart, the message is for people. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly code: ReadFailureCode;
  constructor(code: ReadFailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type ReadFailureCode =
  | 'path-missing'
  | 'path-is-group'
  | 'path-unreadable'
  | 'wrong-data'
  | 'file-unreadable'
  | 'scicat-failed'
  | 'scicat-forbidden'
  | 'answer-without-field';

export type Provenance =
  | { readonly source: 'NXS'; readonly path: string; readonly paths: readonly string[]; readonly unitFromFile: boolean }
  | {
      readonly source: 'SC';
      readonly url: string;
      readonly field: Value | undefined;
      readonly variables: readonly string[];
    }
  | { readonly source: 'VALUE'; readonly variables: readonly string[]; readonly operator: string | undefined }
  | { readonly source: 'built-in' };

/** One variable source. What it does is in the pipeline's evaluation, which has the file and the connection. */
export interface VariableSource extends RegistryEntry {
  /** Besides `source`, `value_type` and `unit`, which every variable may have. */
  readonly keys: readonly SchemaKey[];
  readonly example: string;
}

export const sourceNames = ['NXS', 'SC', 'VALUE'] as const;
export type SourceName = (typeof sourceNames)[number];

/** Keys of every variable. */
export const commonVariableKeys: readonly SchemaKey[] = [
  {
    name: 'source',
    aliases: [],
    required: true,
    shape: 'text',
    summary: 'where the value comes from: NXS, SC or VALUE',
    explanation: '`NXS` reads the data file, `SC` asks SciCat, `VALUE` computes from constants and other variables.',
  },
  {
    name: 'value_type',
    aliases: [],
    required: true,
    shape: 'text',
    summary: 'type the value is turned into',
    explanation: 'One of the value types; the variable is dropped if its value cannot be turned into it.',
  },
  {
    name: 'unit',
    aliases: [],
    required: false,
    shape: 'text',
    summary: 'unit, if the file has none',
    explanation:
      'Used where the source gives none: the `units` attribute of a dataset comes first. Not used for `VALUE`, whose unit comes from the variables it refers to.',
  },
];

export const sources: readonly (VariableSource & { readonly name: SourceName })[] = [
  {
    name: 'NXS',
    aliases: [],
    summary: 'a value from the NeXus file',
    explanation:
      'Reads the dataset at `path` and its `units` attribute. With `value_type: string[]` the path may hold wildcards: `/entry/user_*/name` gives one text for each user.',
    example: 'title:\n  source: NXS\n  path: /entry/title\n  value_type: string',
    keys: [
      {
        name: 'path',
        aliases: [],
        required: true,
        shape: 'text',
        summary: 'NeXus path of a dataset',
        explanation:
          'From the root of the file, e.g. `/entry/sample/temperature`. Not a template: `<name>` is taken literally. A component with `*` is a regular expression searched in the names of the group; `*` alone takes all.',
      },
    ],
  },
  {
    name: 'SC',
    aliases: [],
    summary: 'a value from SciCat',
    explanation:
      'Sends a GET to `url` and takes `field` of the JSON answer, or the whole answer without `field`. A value fills in one part of the url; one that would lead elsewhere (empty, `..`, with `?` or `#`, a host) is a failure. Use the operator `urlsafe` where values may hold special characters.',
    example: 'pi_name:\n  source: SC\n  url: proposals/<proposal_id>\n  field: pi_lastname\n  value_type: string',
    keys: [
      {
        name: 'url',
        aliases: [],
        required: true,
        shape: 'template',
        summary: 'what to ask for, relative to SciCat',
        explanation:
          'Begins with `datasets`, `proposals`, `origdatablocks`, `instruments` or `samples`, or is a full http(s) url.',
      },
      {
        name: 'field',
        aliases: [],
        required: false,
        shape: 'text or number',
        summary: 'which part of the answer to take',
        explanation: 'A key of the answer, or the number of an item of a list. Empty, 0 or missing: the whole answer.',
      },
    ],
  },
  {
    name: 'VALUE',
    aliases: [],
    summary: 'a constant, or computed from other variables',
    explanation: 'Fills in the template `value`, applies `operator` to the result and turns it into `value_type`.',
    example: 'pid:\n  source: VALUE\n  value: 20.500.12269/<job_id>\n  value_type: string',
    keys: [
      {
        name: 'value',
        aliases: [],
        required: true,
        shape: 'template tree',
        summary: 'constant or template',
        explanation: '`<name>` stands for the value of that variable. May be a text, a number, a list or an object.',
      },
      {
        name: 'operator',
        aliases: [],
        required: false,
        shape: 'text',
        summary: 'what to do with the value',
        explanation: 'One of the operators. An unknown one does nothing.',
      },
      ...operatorArgumentKeys,
    ],
  },
];

/** The built-in variables; they are defined before those of the schema and have no unit. */
export const builtInVariables: readonly (RegistryEntry & { readonly valueType: string })[] = [
  {
    name: 'ingestor_run_id',
    aliases: [],
    valueType: 'string',
    summary: 'identifier of this run',
    explanation: 'A new UUID for each run.',
  },
  {
    name: 'data_file_path',
    aliases: [],
    valueType: 'string',
    summary: 'path of the data file as it was given',
    explanation: 'Not made absolute; doubled slashes and `./` are removed.',
  },
  {
    name: 'data_file_name',
    aliases: [],
    valueType: 'string',
    summary: 'name of the data file',
    explanation: 'The last part of its path, with its ending.',
  },
  {
    name: 'now',
    aliases: [],
    valueType: 'string',
    summary: 'time of the ingestion',
    explanation: 'In UTC, with microseconds, e.g. `2025-01-20T12:00:00.123456+00:00`.',
  },
  {
    name: 'ingestor_files_directory',
    aliases: [],
    valueType: 'string',
    summary: 'folder of the files that the ingestor writes',
    explanation: '`ingestion.file_handling.ingestor_files_directory` as it is written in the configuration.',
  },
  {
    name: 'ingestor_metadata_schema_id',
    aliases: [],
    valueType: 'string',
    summary: 'id of the selected schema',
    explanation: 'The `id` of the schema that is used for the file.',
  },
];
