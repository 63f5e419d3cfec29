import { expect, it } from 'vitest';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import { checkDatasetField } from '../../../../core/scicat/checkDatasetField.ts';
import { datasetFields } from '../../../../core/scicat/datasetFields.ts';

/** Values of every kind, of which all is known, or the kind alone. */
const values: readonly string[] = [
  ...['value: a, type: string', "value: '', type: string", 'value: <text>, type: string', "value: '12', type: string"],
  ...[
    "value: '2025-01-20T12:00:00Z', type: string",
    "value: '2025-01-20T12:00:00Z', type: date",
    'value: <now>, type: date',
  ],
  ...['value: a@example.org, type: string', 'value: 12, type: integer', 'value: <text>, type: integer'],
  ...["value: '1.5', type: float", 'value: <text>, type: float', 'value: true, type: string'],
  ...["value: [a], type: 'string[]'", "value: <texts>, type: 'string[]'", 'value: <texts>, type: list'],
  ...["value: ['1'], type: 'integer[]'", "value: <numbers>, type: 'float[]'", 'value: [], type: list'],
  ...['value: {a: b}, type: dict', 'value: <object>, type: dict', 'value: https://example.org, type: link'],
];

const given = `
  text: {source: NXS, path: /entry/text, value_type: string}
  texts: {source: NXS, path: /entry/texts, value_type: 'string[]'}
  numbers: {source: NXS, path: /entry/numbers, value_type: 'float[]'}
  object: {source: NXS, path: /entry/object, value_type: dict}
`;

function saidOf(keys: string): string {
  const yaml = `id: a\nname: a\nselector: filename:contains:a\norder: 1\nvariables:${given}schema:\n  f: {${keys}}\n`;
  const { problems } = checkText(yaml, 'yaml', { datasetFields, refusalOf: checkDatasetField, dialect: 'imsc' });
  const about = problems.filter(({ code }) => !['unused-variable', 'mandatory-field-missing'].includes(code));
  const said = about.map(({ code, message, range, fixes = [] }) => {
    const place = yaml.slice(range?.start, range?.end);
    return `${code} at ${place}: ${message}${fixes.map(({ title }) => ` [${title}]`).join('')}`;
  });
  return said.join(' | ') || 'fine';
}

/** Each row of the table of fields; a new field writes its own down, and changed ones are read before they are committed. */
it.each(datasetFields.filter(({ assignable }) => assignable))('what is said of values for $name', ({ name }) => {
  const said = values.map((value) => [value, saidOf(`field_type: high_level, machine_name: ${name}, ${value}`)]);
  const rows = said.filter(([, text]) => text !== 'fine').map((row) => row.join(' → '));
  expect(`\n${rows.join('\n')}\n`).toMatchSnapshot();
});

it.each(values)('nothing is said of %s in the metadata, whatever it is called', (value) => {
  const names = ['pid', 'keywords', 'creationTime', 'contactEmail', 'numberOfFiles', 'techniques'];
  const said = names.map((name) => saidOf(`field_type: scientific_metadata, machine_name: ${name}, ${value}`));
  expect(said).toEqual(names.map(() => 'fine'));
});
