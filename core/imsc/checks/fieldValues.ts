import type { DatasetFieldFacts, RefusalOf } from '../language/datasetFieldFacts.ts';
import { refusalText, valueTypeFor } from '../language/datasetFieldFacts.ts';
import { plainJson } from '../values/jsonText.ts';
import { problem } from '../../problems/problem.ts';
import type { Fix, Problem } from '../../problems/problem.ts';
import { lookup } from '../language/registry.ts';
import type { FieldAssignment } from '../schema/schema.ts';
import type { StaticEvaluation } from '../evaluation/staticEvaluation.ts';
import { conversionFault, typedAs } from '../evaluation/staticValue.ts';
import type { StaticValue } from '../evaluation/staticValue.ts';
import { replaceScalar } from '../edits/textEdits.ts';
import type { ValueKind } from '../values/values.ts';
import { valueTypes } from '../language/valueTypes.ts';
import type { ValueType } from '../language/valueTypes.ts';
import type { Check } from './check.ts';
import { fieldTypeOf } from './fields.ts';

/** Whether SciCat takes what is assigned to the fields of the dataset. */
export const checkFieldValues: Check = ({ schema, evaluation, datasetFields, refusalOf, report }) => {
  const facts = new Map(datasetFields?.map((field) => [field.name, field]));
  for (const field of schema.fields) {
    const known = field.machineName === undefined ? undefined : facts.get(field.machineName);
    if (!known?.assignable || fieldTypeOf(field) !== 'high_level') continue;
    const found = wrongValue(field, known, evaluation, refusalOf);
    if (found) report(found);
  }
};

/** A value of each kind, for asking whether SciCat takes such values; texts are asked as they are. */
const examples: Readonly<Partial<Record<ValueKind, unknown>>> = {
  boolean: true,
  integer: 1,
  float: 0.5,
  string: 'text',
  list: [],
  dict: {},
};

function refused(facts: DatasetFieldFacts, value: StaticValue, refusalOf: RefusalOf): string | undefined {
  if (value.state === 'constant')
    return value.value.kind === 'none' ? undefined : refusalOf(facts.name, plainOf(value));
  if (value.state !== 'typed') return undefined;
  const isText = value.kind === 'string' && (facts.type === 'string' || facts.type === 'strings');
  const items = value.items === undefined ? undefined : examples[value.items];
  const example = isText ? undefined : items === undefined ? examples[value.kind] : [items];
  return example === undefined ? undefined : refusalOf(facts.name, example);
}

function plainOf({ value }: Extract<StaticValue, { state: 'constant' }>): unknown {
  // A number too large for JavaScript is a number all the same.
  return value.kind === 'integer' ? Number(value.value) : plainJson(value);
}

function wrongValue(
  field: FieldAssignment,
  facts: DatasetFieldFacts,
  evaluation: StaticEvaluation,
  refusalOf: RefusalOf | undefined,
): Problem | undefined {
  const value = evaluation.fields.get(field);
  if (!value) return undefined;
  const range = (field.keys.get('value')?.value ?? field.entry.key).range;
  const isText = value.state === 'constant' && value.value.kind === 'string';
  if (isText && value.value.value === '' && facts.mandatory) {
    const summary = facts.summary.replace(/\.$/, '');
    return problem('field-empty', `“${facts.name}” is mandatory (${summary}), and this is empty.`, range);
  }
  const reason = refusalOf && refused(facts, value, refusalOf);
  if (refusalOf === undefined || reason === undefined) return undefined;
  const code = !isText
    ? 'field-value-type'
    : facts.format?.startsWith('email')
      ? 'invalid-email'
      : facts.format?.endsWith('date-time')
        ? 'invalid-date'
        : 'field-value-type';
  const node = field.keys.get('type')?.value;
  const place = isText ? range : (node ?? field.entry.key).range;
  return problem(code, refusalText(reason), place, { fixes: otherType(field, facts, evaluation, refusalOf) });
}

/** The type that the field needs, where the value can become it and SciCat takes what it becomes. */
function otherType(
  field: FieldAssignment,
  facts: DatasetFieldFacts,
  evaluation: StaticEvaluation,
  refusalOf: RefusalOf,
): Fix[] {
  const node = field.keys.get('type')?.value;
  const input = evaluation.inputs.get(field);
  const type = lookup(valueTypes, valueTypeFor(facts));
  if (node?.kind !== 'scalar' || !type || type.name === field.type || !input) return [];
  const after = converted(type, input);
  if (after === undefined || refused(facts, after, refusalOf) !== undefined) return [];
  const edit = replaceScalar(node, type.name);
  return edit ? [{ title: `Change type to ${type.name}`, edits: [edit] }] : [];
}

function converted(type: ValueType, input: StaticValue): StaticValue | undefined {
  if (input.state === 'failed' || conversionFault(type, input)?.certain) return undefined;
  if (input.state !== 'constant') return typedAs(type, input);
  try {
    return { ...input, value: type.convert(input.value) };
  } catch {
    // The reason does not matter: the type is not proposed then.
    return undefined;
  }
}
