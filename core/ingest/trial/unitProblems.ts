import { differenceUnseen, isSameUnit } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { namesOf, severityAndFix } from '../../imsc/checks/siUnits.ts';
import { appendKey, replaceScalar } from '../../imsc/edits/textEdits.ts';
import type { Evaluation, FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { Variable } from '../../imsc/schema/schema.ts';
import { isOtherSpelling, unitAdvice } from '../../units/unitAdvice.ts';

/** A unit in the schema that the file overrules with another one. */
export function unitConflict(variable: Variable, unitFromFile: boolean, unit: string): Problem[] {
  const node = variable.keys.get('unit')?.value;
  const own = scalarText(node);
  if (!unitFromFile || node === undefined || own === undefined || isSameUnit(own, unit)) return [];
  const edit = node.kind === 'scalar' && unit !== '' ? replaceScalar(node, unit) : undefined;
  const message = `The file gives the unit “${unit}”, which is used; “${own}”${differenceUnseen(own, unit)} has no effect.`;
  return [
    problem('sample-unit-conflict', message, node.range, {
      fixes: edit ? [{ title: `Change to “${unit}”`, edits: [edit] }] : [],
    }),
  ];
}

/** A unit at a field that is not that of its value, or one that SciCat does not read as it is meant. */
export function unitsOfField(result: FieldOutcome, evaluation: Evaluation): Problem[] {
  const { field, outcome } = result;
  if (outcome.state !== 'known') return [];
  const node = field.keys.get('unit')?.value;
  const own = scalarText(node);
  if (node === undefined || own === undefined || own === '') return unreadUnit(result, evaluation);
  const text = scalarText(field.keys.get('value')?.value) ?? '';
  const from = /^<[^<>]+>$/.test(text) ? evaluation.variables.get(text.slice(1, -1))?.outcome : undefined;
  if (from?.state !== 'known' || from.unit === '' || isSameUnit(from.unit, own) || isOtherSpelling(from.unit, own))
    return [];
  const message = `${text} is in “${from.unit}”; it is written with the unit “${own}”${differenceUnseen(own, from.unit)} and not converted.`;
  return [problem('sample-unit-conflict', message, node.range)];
}

/** A unit of the file that gets into the metadata; what the schema itself says is told there. */
function unreadUnit({ field, fieldType, outcome }: FieldOutcome, { schema, variables }: Evaluation): Problem[] {
  if (fieldType !== 'scientific_metadata' || outcome.state !== 'known' || !/^(?:integer|float)/.test(field.type ?? ''))
    return [];
  const { unit, provenance } = outcome;
  if (unit === '' || schema.variables.some(({ keys }) => scalarText(keys.get('unit')?.value) === unit)) return [];
  const names = provenance.variables.map((name) => {
    const variable = variables.get(name)?.variable;
    return variable ? namesOf(variable) : name;
  });
  const advice = unitAdvice(unit, [namesOf(field), ...names].join(' '));
  if (!advice) return [];
  const { instead } = advice;
  const map = field.entry.value;
  const node = field.keys.get('unit')?.value;
  const edit =
    instead === undefined || instead === '' || map?.kind !== 'map'
      ? undefined
      : node?.kind === 'scalar'
        ? replaceScalar(node, instead)
        : appendKey(schema.tree, map, 'unit', instead);
  const { severity } = severityAndFix(schema.tree, field, advice);
  return [
    problem('sample-unit-unread', advice.message, field.entry.key.range, {
      ...(severity && { severity }),
      fixes: edit ? [{ title: `Write the unit “${instead ?? ''}” at the field`, edits: [edit] }] : [],
    }),
  ];
}
