import { problem } from '../problems.ts';
import type { Problem } from '../problems.ts';
import type { FieldAssignment } from '../schema.ts';
import type { DatasetFieldFacts, DatasetFieldType, RefusalOf } from '../datasetFieldFacts.ts';
import type { StaticValue } from '../staticValue.ts';
import { replaceScalar } from '../textEdits.ts';
import type { ValueKind } from '../values.ts';
import type { Check } from './check.ts';
import { fieldTypeOf } from './fields.ts';

/** Whether SciCat takes what is assigned to the fields of the dataset. */
export const checkFieldValues: Check = ({ schema, evaluation, datasetFields, refusalOf, report }) => {
  const facts = new Map(datasetFields?.map((field) => [field.name, field]));
  for (const field of schema.fields) {
    const known = field.machineName === undefined ? undefined : facts.get(field.machineName);
    const value = evaluation.fields.get(field);
    if (!known?.assignable || !value || fieldTypeOf(field) !== 'high_level') continue;
    const found = wrongKind(field, known, value) ?? wrongText(field, known, value, refusalOf);
    if (found) report(found);
  }
};

/** The kinds of value that SciCat refuses in each type of field. It never converts; `null` is left out before. */
const refused: Readonly<Record<DatasetFieldType, readonly ValueKind[]>> = {
  string: ['boolean', 'integer', 'float', 'list', 'dict'],
  // A lone text is taken for a list of one.
  strings: ['boolean', 'integer', 'float', 'dict'],
  techniques: ['boolean', 'integer', 'float', 'string', 'dict'],
  relationships: ['boolean', 'integer', 'float', 'string', 'dict'],
  object: ['boolean', 'integer', 'float', 'string', 'list'],
  integer: ['boolean', 'float', 'string', 'list', 'dict'],
  number: ['boolean', 'string', 'list', 'dict'],
  boolean: ['integer', 'float', 'string', 'list', 'dict'],
};

/** What each type of field needs, in words, and the value type that gives it. */
const wording: Readonly<Record<DatasetFieldType, readonly [what: string, valueType?: string]>> = {
  string: ['a text', 'string'],
  strings: ['a list of texts', 'string[]'],
  techniques: ['a list of objects', 'list'],
  relationships: ['a list of objects', 'list'],
  object: ['an object', 'dict'],
  integer: ['an integer', 'integer'],
  number: ['a number', 'float'],
  boolean: ['true or false'],
};

function wrongKind(field: FieldAssignment, facts: DatasetFieldFacts, value: StaticValue): Problem | undefined {
  const kind = value.state === 'typed' ? value.kind : value.state === 'constant' ? value.value.kind : undefined;
  if (kind === undefined || !refused[facts.type].includes(kind)) return undefined;
  if (kind === 'list' && facts.plural !== undefined) return undefined;
  const node = field.keys.get('type')?.value;
  const [what, usual] = wording[facts.type];
  const type = facts.format === 'email' ? 'email' : facts.format?.endsWith('date-time') ? 'date' : usual;
  const edit = type !== undefined && node?.kind === 'scalar' ? replaceScalar(node, type) : undefined;
  return problem(
    'field-value-type',
    `SciCat takes ${what} for “${facts.name}”, and type “${field.type ?? ''}” gives something else; it refuses the dataset.`,
    (node ?? field.entry.key).range,
    edit ? { fixes: [{ title: `Change type to ${type ?? ''}`, edits: [edit] }] } : {},
  );
}

function wrongText(
  field: FieldAssignment,
  facts: DatasetFieldFacts,
  value: StaticValue,
  refusalOf: RefusalOf | undefined,
): Problem | undefined {
  if (value.state !== 'constant' || value.value.kind !== 'string') return undefined;
  const text = value.value.value;
  const range = (field.keys.get('value')?.value ?? field.entry.key).range;
  if (text === '' && facts.mandatory) {
    return problem(
      'field-empty',
      `“${facts.name}” is mandatory (${facts.summary.replace(/\.$/, '')}), and this is empty.`,
      range,
    );
  }
  const reason = refusalOf?.(facts.name, text);
  if (reason === undefined) return undefined;
  const code = facts.format?.startsWith('email')
    ? 'invalid-email'
    : facts.format?.endsWith('date-time')
      ? 'invalid-date'
      : 'field-value-type';
  return problem(code, `${reason} SciCat refuses the dataset.`, range);
}
