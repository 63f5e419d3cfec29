import type { ProblemCode } from '../../problems/problemCodes.ts';
import { valueAsData } from '../values/showValue.ts';
import { list, none, string } from '../values/values.ts';
import type { Value } from '../values/values.ts';
import { operatorArgumentKeys } from './operators.ts';
import type { RegistryEntry } from './registry.ts';
import type { SchemaKey } from './schemaKeys.ts';

/** What each source says of where a value came from, besides the variables that it was made of. */
interface Origins {
  NXS: {
    readonly path: string;
    /** The datasets that were read, absolute. */
    readonly paths: readonly string[];
    readonly unitFromFile: boolean;
  };
  SC: { readonly url: string; readonly field: Value | undefined };
  VALUE: { readonly operator: string | undefined };
}

export type SourceName = keyof Origins;

/** Where the value of a variable with a source came from. */
export type SourceProvenance<Name extends SourceName = SourceName> = {
  [Each in Name]: { readonly source: Each; readonly variables: readonly string[] } & Origins[Each];
}[Name];

export type Provenance = SourceProvenance | { readonly source: 'built-in'; readonly variables: readonly string[] };

/** One variable source. How it gets values is in `evaluation/sources.ts`. */
export interface VariableSource<Name extends SourceName = SourceName> extends RegistryEntry {
  readonly name: Name;
  /** What must be at hand for it besides the schema. */
  readonly asks: 'data' | 'catalogue' | undefined;
  /** Besides `source`, `value_type` and `unit`, which every variable may have. */
  readonly keys: readonly SchemaKey[];
  /** The key that says what is taken. */
  readonly subject: string;
  /** Why the key `unit` has no effect, where it has none. */
  readonly unitIgnored?: string;
  /** What notes on its values are about, and the key that they are shown at. */
  readonly note: { readonly code: ProblemCode; readonly key: string };
  readonly example: string;
  /** A whole variable to be typed, without what all have. */
  readonly snippet: { readonly label: string; readonly texts: readonly (readonly [key: string, text: string])[] };
  /** Where a value came from, in the words of documents, terminals and pages. */
  readonly origin: {
    readonly document: (from: SourceProvenance<Name>) => readonly (readonly [key: string, value: Value])[];
    /** Empty where only the variables say it. */
    readonly brief: (from: SourceProvenance<Name>) => string;
    /** @param code writes a text as code */
    readonly sentence: (from: SourceProvenance<Name>, unit: string, code: (text: string) => string) => string;
  };
}

/** The sources by their names. A new one is an entry here, and says in `evaluation/sources.ts` how it gets values. */
const table: { readonly [Name in SourceName]: VariableSource<Name> } = {
  NXS: {
    name: 'NXS',
    aliases: [],
    summary: 'a value from the NeXus file',
    explanation:
      'Reads the dataset at `path` and its `units` attribute. With `value_type: string[]` the path may hold wildcards: `/entry/user_*/name` gives one text for each user.',
    example: 'title:\n  source: NXS\n  path: /entry/title\n  value_type: string',
    asks: 'data',
    subject: 'path',
    note: { code: 'wildcard-skipped', key: 'source' },
    snippet: { label: 'variable from the NeXus file', texts: [['path', '/entry/title']] },
    keys: [
      {
        name: 'path',
        aliases: [],
        required: true,
        shape: 'paths',
        summary: 'NeXus path of a dataset',
        explanation:
          'From the root of the file, e.g. `/entry/sample/temperature`. Not a template: `<name>` is taken literally. A component with `*` is a regular expression searched in the names of the group; `*` alone takes all.',
      },
    ],
    origin: {
      document: ({ path, paths }) => [
        ['path', string(path)],
        ['paths', texts(paths)],
      ],
      brief: ({ path }) => path,
      sentence: ({ path, paths, unitFromFile }, unit, code) => {
        const from =
          unit === '' ? '' : unitFromFile ? ' The unit is that of the file.' : ' The unit is that of the schema.';
        if (!path.includes('*')) return `Read from ${code(paths[0] ?? path)}.${from}`;
        const shown = paths.slice(0, 5).map(code).join(', ');
        return `Read from ${paths.length} datasets: ${shown}${paths.length > 5 ? ', …' : ''}.${from}`;
      },
    },
  },
  SC: {
    name: 'SC',
    aliases: [],
    summary: 'a value from SciCat',
    explanation:
      'Sends a GET to `url` and takes `field` of the JSON answer, or the whole answer without `field`. A value fills in one part of the url; one that would lead elsewhere (empty, `..`, with `?` or `#`, a host) is a failure. Use the operator `urlsafe` where values may hold special characters.',
    example: 'pi_name:\n  source: SC\n  url: proposals/<proposal_id>\n  field: pi_lastname\n  value_type: string',
    asks: 'catalogue',
    subject: 'url',
    note: { code: 'slash-in-url', key: 'url' },
    snippet: {
      label: 'variable from SciCat',
      texts: [
        ['url', 'proposals/<proposal_id>'],
        ['field', 'title'],
      ],
    },
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
    origin: {
      document: ({ url, field, variables }) => [
        ['url', string(url)],
        ['field', field ?? none],
        ['variables', texts(variables)],
      ],
      brief: ({ url }) => `GET ${url}`,
      sentence: ({ url, field }, _, code) =>
        `Answer of ${code(url)}${field ? `, item ${code(valueAsData(field))}` : ''}.`,
    },
  },
  VALUE: {
    name: 'VALUE',
    aliases: [],
    summary: 'a constant, or computed from other variables',
    explanation: 'Fills in the template `value`, applies `operator` to the result and turns it into `value_type`.',
    example: 'pid:\n  source: VALUE\n  value: 20.500.12269/<job_id>\n  value_type: string',
    asks: undefined,
    subject: 'value',
    unitIgnored: 'The unit of a VALUE variable comes from the variables in it; this one is never used.',
    note: { code: 'unknown-operator', key: 'operator' },
    snippet: { label: 'variable from a value', texts: [['value', '<data_file_name>']] },
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
        shape: 'operator',
        summary: 'what to do with the value',
        explanation: 'One of the operators. An unknown one does nothing.',
      },
      ...operatorArgumentKeys,
    ],
    origin: {
      document: ({ operator, variables }) => [
        ['operator', operator === undefined ? none : string(operator)],
        ['variables', texts(variables)],
      ],
      brief: () => '',
      sentence: ({ operator, variables }, _, code) => {
        const from =
          variables.length > 0
            ? `Computed from ${variables.map((name) => code(`<${name}>`)).join(', ')}`
            : 'A constant';
        return `${from}${operator === undefined ? '' : `, by ${code(operator)}`}.`;
      },
    },
  },
};

export const sources: readonly Omit<VariableSource, 'origin'>[] = Object.values(table);

/** The names in a sentence: `NXS, SC or VALUE`. */
export const sourceList = sources
  .map(({ name }) => name)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** The entry of a source. */
export function sourceNamed(name: SourceName): Omit<VariableSource, 'origin'> {
  return table[name];
}

/** Whether variables with this source may have an operator. */
export function takesOperator(source: SourceName | undefined): boolean {
  return source !== undefined && table[source].keys.some(({ shape }) => shape === 'operator');
}

/** Keys of every variable. */
export const commonVariableKeys: readonly SchemaKey[] = [
  {
    name: 'source',
    aliases: [],
    required: true,
    shape: 'source',
    summary: `where the value comes from: ${sourceList}`,
    explanation: sources.map(({ name, summary }) => `\`${name}\`: ${summary}.`).join(' '),
  },
  {
    name: 'value_type',
    aliases: [],
    required: true,
    shape: 'value type',
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
  {
    name: 'default',
    aliases: [],
    knownTo: [],
    required: false,
    shape: 'template tree',
    summary: 'the value where there is none',
    explanation:
      'A template like `value`. It is taken if the file has no such path, or something else than the type takes, if SciCat’s answer has no such field, if the operator or the conversion fails, or if a variable that this one refers to has no value. Mistakes in the schema, and a file or a SciCat that cannot be asked, are failures all the same.',
  },
];

/** The origin of what is only filled in from variables. */
export function computedFrom(variables: readonly string[]): Provenance {
  return { source: 'VALUE', operator: undefined, variables };
}

/** Where a value came from, as the keys of a JSON document. */
export function originDocument(from: Provenance): readonly (readonly [key: string, value: Value])[] {
  const document = <Name extends SourceName>(own: SourceProvenance<Name>) => table[own.source].origin.document(own);
  return [['source', string(from.source)], ...(from.source === 'built-in' ? [] : document(from))];
}

/** Where a value came from in a few words; empty where only the variables in it say that. */
export function originBrief(from: Provenance): string {
  const brief = <Name extends SourceName>(own: SourceProvenance<Name>) => table[own.source].origin.brief(own);
  return from.source === 'built-in' ? '' : brief(from);
}

/** Where a value came from, as a sentence. @param code writes a text as code */
export function originSentence(from: Provenance, unit: string, code: (text: string) => string): string {
  const sentence = <Name extends SourceName>(own: SourceProvenance<Name>) =>
    table[own.source].origin.sentence(own, unit, code);
  return from.source === 'built-in' ? 'Given by the ingestor.' : sentence(from);
}

/** The keys of a variable that is read from the data file. */
export function fileVariable(path: string, valueType: string): readonly (readonly [key: string, text: string])[] {
  return [...written('NXS'), ['path', path], ['value_type', valueType]];
}

/** The keys of a variable that is computed. */
export function computedVariable(
  value: string,
  valueType: string,
  operator?: string,
): readonly (readonly [key: string, text: string])[] {
  const operation = operator === undefined ? [] : [['operator', operator] as const];
  return [...written('VALUE'), ...operation, ['value', value], ['value_type', valueType]];
}

function written(source: SourceName): readonly (readonly [key: string, text: string])[] {
  return [['source', source]];
}

function texts(values: readonly string[]): Value {
  return list(values.map(string));
}
