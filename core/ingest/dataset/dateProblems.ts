import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { StaticEvaluation } from '../../imsc/evaluation/staticEvaluation.ts';
import { evaluateStatically } from '../../imsc/evaluation/staticEvaluation.ts';
import { lacksTimeZone, withoutTimeZone } from '../../imsc/values/timeZones.ts';
import { datasetField } from '../../scicat/datasetFields.ts';
import { fieldFormats } from '../../scicat/fieldFormats.ts';
import type { Evaluation, FieldOutcome } from '../../imsc/evaluation/evaluation.ts';

/**
 * Dates without a time zone that a file or SciCat brings into date fields. Those that are written in the schema are
 * found in its text. What `date` makes of a day alone, midnight, is not a time that anybody meant.
 * @param facts what the text of the schema says by itself, where it is known already
 */
export function dateProblems(
  evaluation: Evaluation,
  facts: StaticEvaluation = evaluateStatically(evaluation.schema),
): Problem[] {
  return evaluation.fields.flatMap((result) => {
    const { field, fieldType, outcome, machineName } = result;
    if (outcome.state !== 'known' || outcome.value.kind !== 'string' || !isDateField(result, outcome.value.value)) {
      return [];
    }
    const text = outcome.value.value;
    if (!lacksTimeZone(text) || text.endsWith('T00:00:00') || facts.fields.get(field)?.state === 'constant') return [];
    const node = field.keys.get('value')?.value;
    const written = scalarText(node) ?? '';
    const way = /^<[^<>]+>$/.test(written) ? `; if it is known, write it behind: “${written}+01:00”` : '';
    const message = `${machineName} is ${text} and says no time zone: ${withoutTimeZone(fieldType, machineName)}. Let the data say the offset${way}.`;
    return [problem('date-without-time-zone', message, (node ?? field.entry.key).range)];
  });
}

/** Whether a field is to hold a date, and takes the text. */
function isDateField({ field, fieldType, machineName }: FieldOutcome, text: string): boolean {
  if (fieldType === 'scientific_metadata') return field.type === 'date';
  const format = fieldType === 'high_level' ? datasetField(machineName)?.format : undefined;
  return (format === 'date-time' || format === 'luxon-date-time') && fieldFormats[format].test(text);
}
