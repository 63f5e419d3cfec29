import path from 'node:path';
import { differenceUnseen } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { refusalText } from '../../imsc/language/datasetFieldFacts.ts';
import type { FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import { plainJson, unjsonableReason } from '../../imsc/values/jsonText.ts';
import type { Value } from '../../imsc/values/values.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { checkDatasetField } from '../../scicat/checkDatasetField.ts';
import { datasetFields } from '../../scicat/datasetFields.ts';

/** The value of a field that can be sent; otherwise says why not. */
export function usableValue(
  { outcome, machineName, field, fieldType }: FieldOutcome,
  problems: Problem[],
): Value | undefined {
  if (fieldType === undefined) {
    const written = field.fieldType ?? '';
    const range = field.keys.get('field_type')?.value?.range ?? field.entry.key.range;
    const message = `“${written}” is not a field type; use high_level or scientific_metadata. The field is left out.`;
    problems.push(problem('unknown-field-type', message, range));
    return undefined;
  }
  if (outcome.state === 'failed') {
    problems.push(problem('field-failed', `${machineName} is left out: ${outcome.message}`, outcome.range));
    return undefined;
  }
  if (outcome.state === 'unknown') return undefined;
  const reason = unjsonableReason(outcome.value);
  if (reason !== undefined) {
    const range = field.keys.get('value')?.value?.range ?? field.entry.key.range;
    problems.push(problem('field-not-json', `${machineName} is left out: ${reason}`, range));
    return undefined;
  }
  return outcome.value;
}

/** Whether a schema may fill the field; otherwise says why not. */
export function isAssignable({ machineName, field }: FieldOutcome, problems: Problem[]): boolean {
  const range = field.keys.get('machine_name')?.value?.range ?? field.entry.key.range;
  const known = datasetFields.find(({ name }) => name === machineName);
  if (known?.setByIngestor) {
    problems.push(
      problem('reserved-field', `${machineName} is set by the ingestor; this assignment is ignored.`, range),
    );
    return false;
  }
  if (known?.assignable) return true;
  const near = suggestion(
    machineName,
    datasetFields.filter(({ assignable }) => assignable).map(({ name }) => name),
  );
  const message = known
    ? `${machineName} is a field of SciCat that ingestors do not fill; it is left out.`
    : `“${machineName}” is not a field of a SciCat dataset; it is left out.${near ? ` Did you mean ${near}${differenceUnseen(machineName, near)}?` : ''}`;
  problems.push(problem('unknown-field', message, range));
  return false;
}

/** Says what SciCat would refuse; the value is sent all the same, because SciCat has the last word. */
export function reportRefusal({ machineName, field }: FieldOutcome, value: Value, problems: Problem[]): void {
  const refusal = checkDatasetField(machineName, value.kind === 'integer' ? Number(value.value) : plainJson(value));
  const range = field.keys.get('value')?.value?.range ?? field.entry.key.range;
  if (
    machineName === 'sourceFolder' &&
    value.kind === 'string' &&
    value.value !== '' &&
    !path.isAbsolute(value.value)
  ) {
    const message = `sourceFolder is “${value.value}”, which means nothing elsewhere. Give the data file with its whole path.`;
    problems.push(problem('relative-source-folder', message, range));
  }
  if (refusal !== undefined) problems.push(problem('scicat-refuses', refusalText(refusal), range));
}
