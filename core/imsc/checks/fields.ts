import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { dialectNames, isKnownTo } from '../language/dialects.ts';
import { lookup } from '../language/registry.ts';
import { mayHaveMore } from '../schema/imports.ts';
import type { FieldAssignment, Schema } from '../schema/schema.ts';
import { fieldTypes } from '../language/schemaKeys.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { fieldKnownTo } from '../language/datasetFieldFacts.ts';
import type { DatasetFieldFacts } from '../language/datasetFieldFacts.ts';
import { appendEntries, replaceScalar } from '../edits/textEdits.ts';
import type { Check } from './check.ts';
import { newFieldEntries } from './newFields.ts';

/** Where each field goes, and whether SciCat and the ingestor know it. */
export const checkFields: Check = ({ schema, datasetFields, report }) => {
  const facts = new Map(datasetFields?.map((field) => [field.name, field]));
  const names = [...facts.values()].filter(({ assignable }) => assignable).map(({ name }) => name);
  for (const field of schema.fields) {
    const fieldType = fieldTypeOf(field);
    if (field.fieldType !== undefined && !fieldType) report(unknownFieldType(field, field.fieldType));
    if (field.machineName === '') report(problem('unknown-field', 'The machine name is empty.', placeOfName(field)));
    else if (fieldType === 'high_level' && datasetFields && field.machineName !== undefined) {
      const found = unknownField(field, field.machineName, facts.get(field.machineName), names);
      if (found) report(found);
    }
  }
  for (const found of setTwice(schema)) report(found);
};

/** The field type by its proper name; undefined for one that does not exist. */
export function fieldTypeOf(field: FieldAssignment): string | undefined {
  return field.fieldType === undefined ? undefined : lookup(fieldTypes, field.fieldType)?.name;
}

function unknownFieldType(field: FieldAssignment, written: string): Problem {
  const node = field.keys.get('field_type')?.value;
  const near = suggestion(
    written,
    fieldTypes.map(({ name }) => name),
  );
  const edit = near !== undefined && node?.kind === 'scalar' ? replaceScalar(node, near) : undefined;
  const guess = near === undefined ? 'Use high_level or scientific_metadata.' : `Did you mean “${near}”?`;
  return problem(
    'unknown-field-type',
    `“${written}” is not a field type, so this field is left out. ${guess}`,
    node?.range ?? field.entry.key.range,
    edit ? { fixes: [{ title: `Change to ${near ?? ''}`, edits: [edit], preferred: true }] } : {},
  );
}

function unknownField(
  field: FieldAssignment,
  name: string,
  facts: DatasetFieldFacts | undefined,
  names: readonly string[],
): Problem | undefined {
  if (facts?.assignable) return undefined;
  const range = placeOfName(field);
  if (facts?.setByIngestor) {
    return problem('reserved-field', `The ingestor sets “${name}” itself; this assignment is ignored.`, range);
  }
  if (facts) {
    return problem(
      'unknown-field',
      `SciCat knows “${name}”, but the ingestor does not send it; it is left out.`,
      range,
    );
  }
  const near = suggestion(name, names);
  const node = field.keys.get('machine_name')?.value;
  const edit = near !== undefined && node?.kind === 'scalar' ? replaceScalar(node, near) : undefined;
  const guess =
    near === undefined
      ? ' As scientific_metadata it could have any name.'
      : ` Did you mean “${near}”${differenceUnseen(name, near)}?`;
  return problem(
    'unknown-field',
    `SciCat datasets have no field “${name}”; it is left out.${guess}`,
    range,
    edit ? { fixes: [{ title: `Change to ${near ?? ''}`, edits: [edit], preferred: true }] } : {},
  );
}

function setTwice(schema: Schema): Problem[] {
  const last = new Map<string, FieldAssignment>();
  const found: Problem[] = [];
  for (const field of schema.fields) {
    const fieldType = fieldTypeOf(field);
    if (fieldType === undefined || field.machineName === undefined) continue;
    const identity = `${fieldType} ${field.machineName}`;
    const earlier = last.get(identity);
    last.set(identity, field);
    if (!earlier) continue;
    found.push(
      problem(
        'field-set-twice',
        `“${field.machineName}” is set again further down; the last one that has a value is used.`,
        placeOfName(earlier),
        { tags: ['unnecessary'], related: [{ message: 'set again here', range: placeOfName(field) }] },
      ),
    );
  }
  return found;
}

function placeOfName(field: FieldAssignment): { start: number; end: number } {
  return (field.keys.get('machine_name')?.value ?? field.entry.key).range;
}

/** Fields that every dataset must have: those that are simply missing are one problem, with one fix. */
export const checkMandatoryFields: Check = ({ schema, datasetFields, dialect, textIsWhole, report }) => {
  const section = schema.general.get('schema');
  // A schema that imports others, or is imported, may have the rest from there.
  if (!section || !datasetFields || !textIsWhole || mayHaveMore(schema)) return;
  const present = new Set<string>();
  const misspelt = new Map<string, FieldAssignment>();
  const names = datasetFields.filter(({ assignable }) => assignable).map(({ name }) => name);
  const known = new Set(datasetFields.map(({ name }) => name));
  for (const field of schema.fields) {
    // One of an unknown type is reported as such.
    if (field.machineName === undefined || fieldTypeOf(field) === 'scientific_metadata') continue;
    present.add(field.machineName);
    const near = known.has(field.machineName) ? undefined : suggestion(field.machineName, names);
    if (near !== undefined) misspelt.set(near, field);
  }
  const facts = new Map(datasetFields.map((field) => [field.name, field]));
  const missing = datasetFields
    .filter(({ name, plural, mandatory }) => mandatory && !present.has(name) && !present.has(plural ?? name))
    .map((field) => {
      // The name that the ingestor of the dialect sends.
      const other = isKnownTo(fieldKnownTo(field), dialect) ? undefined : facts.get(field.plural ?? '');
      return other ?? field;
    });
  // Without a pid the configuration decides, so that this is another problem, as is what may be meant by another name.
  const plain = missing.filter(({ name }) => name !== 'pid' && !misspelt.has(name));
  const isEmptyMap = section.value?.kind === 'map' && section.value.entries.length === 0;
  const tell = (fields: readonly DatasetFieldFacts[], says: string, parts: Partial<Problem> = {}): void => {
    const edit = fields.length === 0 ? undefined : appendEntries(schema.tree, section, newFieldEntries(schema, fields));
    const title = fields.length === 1 ? `Add “${fields[0]?.name ?? ''}”` : 'Add these fields';
    report(
      problem('mandatory-field-missing', says, section.key.range, {
        fixes: edit ? [{ title, edits: [edit] }] : [],
        // The ILL’s ingestor puts together all schemas that select a file.
        onlyIn: dialectNames.filter((dialect) => dialect !== 'ill'),
        ...parts,
      }),
    );
  };
  if (plain.length === 1) for (const field of plain) tell(plain, `${subjectOf(field)} is missing.`);
  if (plain.length > 1) {
    const all = plain.map(({ name }) => `“${name}”`).join(', ');
    tell(plain, `${plain.length} mandatory fields are missing: ${all}.`);
  }
  for (const field of missing.filter((each) => !plain.includes(each))) {
    const meant = misspelt.get(field.name);
    const severity = field.name === 'pid' ? ({ severity: 'warning' } as const) : {};
    if (meant)
      tell([], `${subjectOf(field)} is missing; “${meant.machineName ?? ''}” may be meant for it.`, {
        related: [{ message: 'may be meant for it', range: placeOfName(meant) }],
        ...severity,
      });
    // Into an empty map only one edit can go at a time.
    else
      tell(
        isEmptyMap && plain.length > 0 ? [] : [field],
        `${subjectOf(field)} is missing; whether the ingestor or SciCat makes one depends on the configuration.`,
        severity,
      );
  }
};

function subjectOf({ name, summary }: DatasetFieldFacts): string {
  return `The mandatory field “${name}” (${summary.replace(/\.$/, '')})`;
}
