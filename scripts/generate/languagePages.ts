import { fieldKnownTo } from '../../core/imsc/language/datasetFieldFacts.ts';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import { defaultDialect, dialectNames, dialects, isKnownTo, whoKnows } from '../../core/imsc/language/dialects.ts';
import { forms } from '../../core/imsc/language/forms.ts';
import { operators } from '../../core/imsc/language/operators.ts';
import type { Operator } from '../../core/imsc/language/operators.ts';
import { valueAsData } from '../../core/imsc/values/showValue.ts';
import type { RegistryEntry } from '../../core/imsc/language/registry.ts';
import {
  fieldKeys,
  fieldTypes,
  generalKeys,
  jobKeys,
  sampleAttachmentKeys,
} from '../../core/imsc/language/schemaKeys.ts';
import type { SchemaKey } from '../../core/imsc/language/schemaKeys.ts';
import { selectorFunctions, selectorSources } from '../../core/imsc/language/selectorFunctions.ts';
import { commonVariableKeys, sources } from '../../core/imsc/language/sources.ts';
import { builtInVariables } from '../../core/imsc/language/builtIns.ts';
import { valueTypes } from '../../core/imsc/language/valueTypes.ts';
import type { ValueType } from '../../core/imsc/language/valueTypes.ts';
import type { ValueKind } from '../../core/imsc/values/values.ts';
import { code, codeBlock, codes, pageHead, sentence, table } from './markdown.ts';

/** The pages that explain the schema language, by their path in docs/reference. */
export function languagePages(): ReadonlyMap<string, string> {
  return new Map([
    ['schema-keys.md', schemaKeysPage()],
    ['sources.md', sourcesPage()],
    ['operators.md', operatorsPage()],
    ['value-types.md', valueTypesPage()],
    ['selectors.md', selectorsPage()],
    ['built-in-variables.md', builtInVariablesPage()],
    ['dialects.md', dialectsPage()],
  ]);
}

/** Who understands an entry that not all do. */
function only(entry: RegistryEntry): string {
  const knowing = whoKnows(entry);
  return knowing === undefined ? '' : ` *Understood by ${knowing} only: see [dialects](dialects.md).*`;
}

const alsoWritten = ({ aliases }: RegistryEntry): string => codes(aliases);

/** One section for each entry, so that each has an anchor of its own. */
function sections<E extends RegistryEntry>(entries: readonly E[], more: (entry: E) => readonly string[]): string {
  return entries
    .flatMap((entry) => [
      `## ${entry.name}`,
      ...(entry.aliases.length > 0 ? [`Also written ${alsoWritten(entry)}.`] : []),
      `${sentence(entry.summary)} ${entry.explanation}${only(entry)}`,
      ...more(entry),
    ])
    .join('\n\n');
}

const kindNames: Readonly<Record<ValueKind, string>> = {
  none: 'null',
  boolean: 'true or false',
  integer: 'integer',
  float: 'float',
  string: 'text',
  list: 'list',
  dict: 'object',
  bytes: 'bytes',
};

function kinds(accepted: readonly ValueKind[]): string {
  // Bytes come from Python literals only and are not worth a word here.
  const named = accepted.filter((kind) => kind !== 'bytes');
  return named.length === Object.keys(kindNames).length - 1
    ? 'everything'
    : named.map((kind) => kindNames[kind]).join(', ');
}

function operatorDetails({ parameters, accepts, keepsUnit, unitParameter, example }: Operator): string[] {
  const unit = keepsUnit ? 'kept' : unitParameter === undefined ? 'dropped' : `that of \`${unitParameter}\``;
  const of = example.unit === undefined ? '' : ` in ${code(example.unit)}`;
  const arguments_ = parameters.map(({ name, summary }) => `\`${name}\` – ${summary}`);
  const given = Object.entries(example.arguments).map(([name, value]) => `, ${name} ${code(valueAsData(value))}`);
  return [
    [
      `- Takes: ${kinds(accepts)}`,
      ...arguments_.map((text) => `- Argument: ${text}`),
      `- Unit: ${unit}`,
      `- Example: ${code(valueAsData(example.value))}${of}${given.join('')} → ${code(valueAsData(example.result))}`,
    ].join('\n'),
  ];
}

function typeDetails({ accepts, example }: ValueType): string[] {
  return [
    [
      `- Made of: ${kinds(accepts)}`,
      `- Example: ${code(valueAsData(example.value))} → ${code(valueAsData(example.result))}`,
    ].join('\n'),
  ];
}

function keyTable(keys: readonly SchemaKey[]): string {
  return table(
    ['key', 'mandatory', 'holds', 'meaning'],
    keys.map((key) => [
      codes([key.name, ...key.aliases]),
      key.required ? 'yes' : '',
      key.shape,
      `${sentence(key.summary)} ${key.explanation}${only(key)}`,
    ]),
  );
}

function schemaKeysPage(): string {
  return [
    pageHead(
      'Keys of a schema file',
      'core/imsc/language/schemaKeys.ts',
      'A schema file is one map: a general section, `variables`, and `schema` with the fields of the dataset. The keys of a variable depend on its source: see [sources](sources.md).',
    ),
    '## General section',
    keyTable(generalKeys),
    '## Fields',
    'The keys of each entry of `schema`.',
    keyTable(fieldKeys),
    '## Jobs',
    'The keys of each entry of `jobs`.',
    keyTable(jobKeys),
    '## Field types',
    table(
      ['field_type', 'meaning'],
      fieldTypes.map((entry) => [code(entry.name), `${sentence(entry.summary)} ${entry.explanation}`]),
    ),
    '## sample_attachment',
    keyTable(sampleAttachmentKeys),
  ].join('\n\n');
}

function sourcesPage(): string {
  const parts = sources.flatMap((source) => [
    `## ${source.name}`,
    `${sentence(source.summary)} ${source.explanation}`,
    keyTable(source.keys),
    codeBlock('yaml', source.example),
  ]);
  return [
    pageHead('Sources of variables', 'core/imsc/language/sources.ts', 'Where the value of a variable comes from.'),
    '## Every variable',
    keyTable(commonVariableKeys),
    ...parts,
  ].join('\n\n');
}

function operatorsPage(): string {
  return [
    pageHead(
      'Operators',
      'core/imsc/language/operators.ts',
      'What a variable with the source `VALUE` does with its value, after the template is filled in and before it is turned into `value_type`.',
    ),
    overview(operators),
    sections(operators, operatorDetails),
  ].join('\n\n');
}

function valueTypesPage(): string {
  return [
    pageHead(
      'Value types',
      'core/imsc/language/valueTypes.ts',
      'What a value is turned into: `value_type` of a variable, `type` of a field. What cannot be turned into it has no value, and is left out.',
    ),
    overview(valueTypes),
    sections(valueTypes, typeDetails),
  ].join('\n\n');
}

function overview(entries: readonly RegistryEntry[]): string {
  const anchors = anchorsOf(entries.map(({ name }) => name));
  return table(
    ['name', 'also written', 'meaning'],
    entries.map((entry, index) => [
      `[${code(entry.name)}](#${anchors[index] ?? ''})`,
      alsoWritten(entry),
      entry.summary,
    ]),
  );
}

/** The anchors that headings get: a second heading that looks the same gets a number. */
function anchorsOf(headings: readonly string[]): string[] {
  const plain = headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  return plain.map((text, index) => {
    const before = plain.slice(0, index).filter((other) => other === text).length;
    return before === 0 ? text : `${text}-${before}`;
  });
}

function selectorsPage(): string {
  const rows = (entries: readonly RegistryEntry[]): string[][] =>
    entries.map((entry) => [code(entry.name), `${sentence(entry.summary)} ${entry.explanation}${only(entry)}`]);
  return [
    pageHead(
      'Selectors',
      'core/imsc/language/selectorFunctions.ts',
      'Which data files a schema is for. A selector is a text `source:operator:operand`, split at its first two colons; `*` for every file; an object with these three parts; or such selectors under `and` and `or`, nested as needed. The schemas of a folder are asked in ascending `order`, and the first whose selector is true is used. `imsc select` tells what each one said.',
    ),
    codeBlock(
      'yaml',
      [
        'selector: filename:contains:/coda/',
        '',
        '# the same, written out',
        'selector:',
        '  source: filename',
        '  operator: contains',
        '  operand_2: /coda/',
        '',
        '# several conditions',
        'selector:',
        '  and:',
        '    - filename:starts_with:/data/',
        '    - or:',
        '        - filename:contains:/coda/',
        '        - filename:contains:/odin/',
      ].join('\n'),
    ),
    '## Sources',
    table(['source', 'meaning'], rows(selectorSources)),
    '## Operators',
    table(['operator', 'meaning'], rows(selectorFunctions)),
  ].join('\n\n');
}

/** The entries of all tables that not every program understands, by table. */
const strangers: readonly (readonly [what: string, page: string, entries: readonly RegistryEntry[]])[] = [
  ['key of a schema', 'schema-keys.md', generalKeys],
  ['key of a variable', 'sources.md', [...commonVariableKeys, ...sources.flatMap(({ keys }) => keys)]],
  ['key of a field', 'schema-keys.md', fieldKeys],
  ['operator', 'operators.md', operators],
  [
    'field of a dataset',
    'dataset-fields.md',
    datasetFields
      .filter(({ assignable }) => assignable)
      .map((field) => ({
        ...fieldKnownTo(field),
        name: field.name,
        aliases: [],
        summary: field.summary,
        explanation: '',
      })),
  ],
  ['source of a selector', 'selectors.md', selectorSources],
  ['form', '#what-not-all-understand', Object.values(forms)],
];

function dialectsPage(): string {
  const rows = strangers.flatMap(([what, page, entries]) =>
    entries
      .filter(
        (entry, index) => entry.knownTo !== undefined && entries.findIndex((e) => e.name === entry.name) === index,
      )
      .map((entry) => [
        `[${code(entry.name)}](${page})`,
        what,
        ...dialectNames.map((dialect) => (isKnownTo(entry, dialect) ? 'yes' : '')),
      ]),
  );
  return [
    pageHead(
      'Dialects',
      'core/imsc/language/dialects.ts',
      'Several ingestors read schemas, and each understands a few things that the others do not. This program understands them all. The dialect of a schema says for which one it is written: what that one does not understand is told as an information, `other-dialect`, and comes last in completion.',
    ),
    table(
      ['dialect', 'means'],
      dialects.map(({ name, summary, explanation }) => [code(name), `${sentence(summary)} ${explanation}`]),
    ),
    'The dialect is chosen by the first of these:',
    [
      '1. a comment in the schema, `# imsc-dialect: ill`;',
      '2. the setting `imsc.dialect` of VS Code, or `--dialect` of `imsc check`;',
      '3. `ingestion.schemas_dialect` of the [configuration](configuration.md);',
      `4. otherwise it is ${code(defaultDialect)}.`,
    ].join('\n'),
    'For editors that know JSON Schema only there is [one for each](../../schemas/dialects), besides that of today’s ingestor.',
    '## What not all understand',
    table(['entry', 'is a', ...dialectNames.map(code)], rows),
    ...Object.values(forms).flatMap((form) => [
      `## ${form.name}`,
      `${sentence(form.summary)} ${form.explanation}${only(form)}`,
      codeBlock('yaml', form.example),
    ]),
  ].join('\n\n');
}

function builtInVariablesPage(): string {
  return [
    pageHead(
      'Built-in variables',
      'core/imsc/language/builtIns.ts',
      'They are there before the variables of a schema, and have no unit.',
    ),
    table(
      ['name', 'type', 'meaning'],
      builtInVariables.map((entry) => [
        code(`<${entry.name}>`),
        code(entry.valueType),
        `${sentence(entry.summary)} ${entry.explanation}`,
      ]),
    ),
  ].join('\n\n');
}
