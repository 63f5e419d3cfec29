import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem, TextRange } from '../../problems/problem.ts';
import { lookup } from '../language/registry.ts';
import type { FieldAssignment, Variable } from '../schema/schema.ts';
import { isVariable } from '../evaluation/staticEvaluation.ts';
import type { TemplatePlace } from '../evaluation/staticEvaluation.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { replaceScalar } from '../edits/textEdits.ts';
import { lacksTimeZone, withoutTimeZone } from '../values/timeZones.ts';
import { valueTypes } from '../language/valueTypes.ts';
import type { Check, CheckInput } from './check.ts';

/** Value types that do not exist, and values that cannot be turned into them. */
export const checkTypes: Check = ({ schema, evaluation, report }) => {
  for (const owner of [...schema.variables, ...schema.fields]) {
    const found = unknownType(owner);
    if (found) report(found);
  }
  for (const fault of evaluation.faults) report(fault);
};

function unknownType(owner: Variable | FieldAssignment): Problem | undefined {
  const key = isVariable(owner) ? 'value_type' : 'type';
  const written = isVariable(owner) ? owner.valueType : owner.type;
  const node = owner.keys.get(key)?.value;
  if (written === undefined || node?.kind !== 'scalar' || lookup(valueTypes, written)) return undefined;
  const near =
    usualNames[written.toLowerCase()] ??
    suggestion(
      written,
      valueTypes.map(({ name }) => name),
    );
  const edit = near === undefined ? undefined : replaceScalar(node, near);
  const guess =
    near === undefined
      ? `Use one of ${valueTypes.map(({ name }) => name).join(', ')}.`
      : `Did you mean ${near}${differenceUnseen(written, near)}?`;
  return problem(
    'unknown-value-type',
    `“${written}” is not a value type, so the ${isVariable(owner) ? 'variable' : 'field'} is left out. ${guess}`,
    node.range,
    edit ? { fixes: [{ title: `Change to ${near ?? ''}`, edits: [edit], preferred: true }] } : {},
  );
}

/** What other languages call the value types. */
const usualNames: Readonly<Partial<Record<string, string>>> = {
  str: 'string',
  text: 'string',
  int: 'integer',
  long: 'integer',
  number: 'float',
  double: 'float',
  datetime: 'date',
  timestamp: 'date',
  time: 'date',
  object: 'dict',
  map: 'dict',
  array: 'list',
  null: 'none',
  url: 'link',
};

/** Dates that are written in the schema itself. */
export const checkDates: Check = (input) => {
  const told = new Set<string>();
  for (const template of input.evaluation.templates) {
    if (template.isKey) continue;
    if (template.references.length > 0) {
      checkTimeZoneOfConstant(template, input, told);
      continue;
    }
    checkUnquotedDate(template, input);
    if (checkTimeZone(template, input) && isVariable(template.owner)) told.add(template.owner.name);
  }
};

/** What YAML 1.1 reads as a date, unless it is quoted. */
const yamlTimestamp =
  /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[+-]\d\d?(?::?\d\d)?))?$/;

function checkUnquotedDate({ scalar }: TemplatePlace, { schema, report }: CheckInput): void {
  if (schema.tree.notation !== 'yaml' || scalar.style !== 'plain' || !yamlTimestamp.test(scalar.source)) return;
  report(
    problem('unquoted-date', 'Put dates in quotes: the Python ingestor crashes on a bare one.', scalar.range, {
      fixes: [
        { title: 'Put it in quotes', edits: [{ range: scalar.range, newText: `'${scalar.source}'` }], preferred: true },
      ],
    }),
  );
}

function checkTimeZone(
  { owner, scalar, text }: TemplatePlace,
  { evaluation, datasetFields, report }: CheckInput,
): boolean {
  if (owner.keys.get('value')?.value !== scalar || !wantsDate(owner, datasetFields)) return false;
  // What is not a date at all is reported as that.
  const value = isVariable(owner) ? evaluation.variables.get(owner.name) : evaluation.fields.get(owner);
  if (value?.state === 'failed' || !lacksTimeZone(text)) return false;
  const range: TextRange = scalar.range;
  const edit = replaceScalar(scalar, `${text}Z`);
  report(
    problem(
      'date-without-time-zone',
      `Without a time zone ${isVariable(owner) ? withoutTimeZone() : withoutTimeZone(owner.fieldType ?? '', owner.machineName)}; add “Z” for UTC or an offset such as “+01:00”.`,
      range,
      { fixes: edit ? [{ title: 'Add “Z” (UTC)', edits: [edit] }] : [] },
    ),
  );
  return true;
}

/** A date that comes into a field from the text of a variable which is not a date by itself. */
function checkTimeZoneOfConstant(
  { owner, scalar, references }: TemplatePlace,
  { evaluation, datasetFields, report }: CheckInput,
  told: ReadonlySet<string>,
): void {
  if (isVariable(owner) || owner.keys.get('value')?.value !== scalar || !wantsDate(owner, datasetFields)) return;
  const value = evaluation.fields.get(owner);
  if (value?.state !== 'constant' || value.value.kind !== 'string' || references.some(({ name }) => told.has(name))) {
    return;
  }
  const text = value.value.value;
  if (!lacksTimeZone(text) || text.endsWith('T00:00:00')) return;
  const message = `This is ${text} and says no time zone: ${withoutTimeZone(owner.fieldType ?? '', owner.machineName)}. Add “Z” for UTC or an offset such as “+01:00” where it is written.`;
  report(problem('date-without-time-zone', message, scalar.range));
}

function wantsDate(owner: Variable | FieldAssignment, datasetFields: CheckInput['datasetFields']): boolean {
  if (isVariable(owner)) return owner.valueType === 'date' && !owner.keys.has('operator');
  return (
    owner.type === 'date' ||
    (owner.fieldType === 'high_level' &&
      (datasetFields?.some(({ name, format }) => name === owner.machineName && format?.endsWith('date-time')) ?? false))
  );
}
