import { fieldKnownTo } from '../../core/imsc/language/datasetFieldFacts.ts';
import { whoKnows } from '../../core/imsc/language/dialects.ts';
import { datasetFields } from '../../core/scicat/datasetFields.ts';
import type { DatasetField } from '../../core/scicat/datasetFields.ts';
import { code, pageHead, table } from './markdown.ts';

/** The page with the fields of a SciCat dataset. */
export function datasetFieldsPage(): string {
  const mandatory = datasetFields.filter((field) => field.mandatory);
  const optional = datasetFields.filter((field) => field.assignable && !field.mandatory);
  const set = datasetFields.filter((field) => field.setByIngestor);
  const others = datasetFields.filter((field) => !field.assignable && !field.setByIngestor);
  return [
    pageHead(
      'Fields of a dataset',
      'core/scicat/datasetFields.ts',
      'What a field with `field_type: high_level` can have as its `machine_name`. SciCat converts nothing: a number for a field of text is refused.',
    ),
    '## Mandatory',
    'Every schema must give these, or nothing is ingested.',
    fieldTable(mandatory),
    '## Optional',
    fieldTable(optional),
    '## Set by the ingestor',
    'A schema that assigns one of these is warned, and the assignment is ignored.',
    fieldTable(set),
    '## Not filled by ingestors',
    'SciCat has these fields too. A schema that assigns one is warned, and the field is left out.',
    table(
      ['field', 'meaning'],
      others.map((field) => [code(field.name), field.summary]),
    ),
  ].join('\n\n');
}

function fieldTable(fields: readonly DatasetField[]): string {
  return table(
    ['field', 'type', 'meaning', 'example'],
    fields.map((field) => [code(field.name), typeName(field), meaning(field), example(field)]),
  );
}

const typeNames: Readonly<Record<DatasetField['type'], string>> = {
  string: 'text',
  strings: 'list of texts',
  integer: 'integer',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  techniques: 'list of objects',
  relationships: 'list of objects',
};

const formatNames: Readonly<Record<NonNullable<DatasetField['format']>, string>> = {
  email: 'e-mail address',
  'email-list': 'e-mail addresses',
  'date-time': 'date and time',
  'luxon-date-time': 'date and time',
  url: 'host or URL',
  'web-address': 'web address',
};

function typeName({ type, format }: DatasetField): string {
  return format === undefined ? typeNames[type] : formatNames[format];
}

function meaning(field: DatasetField): string {
  const { summary, rule, notEmpty, default: option } = field;
  const knowing = whoKnows(fieldKnownTo(field));
  return [
    summary,
    rule,
    notEmpty ? 'Not empty.' : undefined,
    option === undefined ? undefined : `Without it: ${code(`dataset.${option}`)} of the configuration.`,
    knowing === undefined ? undefined : `_Sent by ${knowing} only: see [dialects](dialects.md)._`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function example({ example: value }: DatasetField): string {
  if (value === undefined) return '';
  return code(typeof value === 'string' ? value : JSON.stringify(value));
}
