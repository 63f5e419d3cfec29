import { problem } from '../../problems/problem.ts';
import type { Fix, Problem, TextEdit } from '../../problems/problem.ts';
import { unitAdvice } from '../../units/unitAdvice.ts';
import type { UnitAdvice } from '../../units/unitAdvice.ts';
import { removeEntry, replaceScalar } from '../edits/textEdits.ts';
import { findOperator } from '../language/operators.ts';
import { sourceNamed } from '../language/sources.ts';
import { scalarText } from '../schema/schema.ts';
import type { FieldAssignment, Variable } from '../schema/schema.ts';
import type { Tree } from '../tree/tree.ts';
import type { Check } from './check.ts';
import { fieldTypeOf } from './fields.ts';

/** Units of numbers that SciCat does not know, or takes for others. */
export const checkSiUnits: Check = ({ schema, report }) => {
  for (const owner of [...schema.variables, ...schema.fields]) {
    checkResult(owner, report);
    const node = owner.keys.get('unit')?.value;
    const unit = scalarText(node);
    if (!node || unit === undefined || unit === '' || !isWritten(owner) || !isNumeric(owner)) continue;
    const advice = unitAdvice(unit, namesOf(owner));
    if (!advice) continue;
    report(problem(`unit-${advice.kind}`, advice.message, node.range, severityAndFix(schema.tree, owner, advice)));
  }
};

/** The unit that an operator gives its result; one that is not known it refuses itself. */
function checkResult({ keys }: Variable | FieldAssignment, report: (found: Problem) => void): void {
  const parameter = findOperator(scalarText(keys.get('operator')?.value) ?? '')?.unitParameter;
  const node = parameter === undefined ? undefined : keys.get(parameter)?.value;
  const advice = unitAdvice(scalarText(node) ?? '');
  if (node && advice?.kind === 'misread') report(problem('unit-misread', advice.message, node.range));
}

/** Whether the unit gets into the dataset. */
function isWritten(owner: Variable | FieldAssignment): boolean {
  if ('label' in owner) return fieldTypeOf(owner) === 'scientific_metadata';
  return owner.source !== undefined && sourceNamed(owner.source).unitIgnored === undefined;
}

function isNumeric(owner: Variable | FieldAssignment): boolean {
  return /^(?:integer|float)/.test(('label' in owner ? owner.type : owner.valueType) ?? '');
}

/** The names and paths of what has a unit, by which a reading of it is likely. */
export function namesOf({ keys, entry }: Variable | FieldAssignment): string {
  const told = ['machine_name', 'human_name', 'path', 'value'].map((key) => scalarText(keys.get(key)?.value) ?? '');
  return [scalarText(entry.key) ?? '', ...told].join(' ');
}

/** An information where there is no way out; else a fix, which is the obvious one where only the spelling changes. */
export function severityAndFix(
  tree: Tree,
  { keys, entry }: Variable | FieldAssignment,
  { kind, instead }: UnitAdvice,
): Partial<Pick<Problem, 'severity' | 'fixes'>> {
  if (kind === 'unknown' && instead === undefined) return { severity: 'information' };
  const unit = keys.get('unit');
  if (instead === undefined || unit?.value?.kind !== 'scalar' || entry.value?.kind !== 'map') return {};
  const edit: TextEdit | undefined =
    instead === '' ? removeEntry(tree, entry.value, unit) : replaceScalar(unit.value, instead);
  const title = instead === '' ? 'Remove the unit' : `Change to ${instead}`;
  const fixes: Fix[] = edit ? [{ title, edits: [edit], preferred: kind === 'unknown' }] : [];
  return { fixes };
}
