import { differenceUnseen, isSameUnit } from '../../text/alike.ts';
import { problem } from '../../problems/problem.ts';
import { isOtherSpelling } from '../../units/unitAdvice.ts';
import { findOperator } from '../language/operators.ts';
import { sourceNamed, takesOperator } from '../language/sources.ts';
import { scalarText } from '../schema/schema.ts';
import { removeEntry } from '../edits/textEdits.ts';
import type { Check } from './check.ts';
import { fieldTypeOf } from './fields.ts';

/** Units that are written and never used, lost on the way, or said differently in two places. */
export const checkUnits: Check = ({ schema, evaluation, report }) => {
  const { tree } = schema;
  for (const owner of [...schema.variables, ...schema.fields]) {
    const entry = owner.keys.get('unit');
    const unit = scalarText(entry?.value);
    const map = owner.entry.value;
    if (!entry?.value || unit === undefined || unit === '' || map?.kind !== 'map') continue;
    const reason =
      'source' in owner
        ? owner.source && sourceNamed(owner.source).unitIgnored
        : fieldTypeOf(owner) === 'high_level'
          ? 'Fields of the dataset have no unit; this one is never used.'
          : undefined;
    if (reason === undefined) continue;
    const edit = removeEntry(tree, map, entry);
    report(
      problem('unit-ignored', reason, entry.value.range, {
        tags: ['unnecessary'],
        fixes: edit ? [{ title: 'Remove the unit', edits: [edit], preferred: true }] : [],
      }),
    );
  }
  for (const variable of schema.variables) {
    if (!takesOperator(variable.source) || !/^(?:integer|float)/.test(variable.valueType ?? '')) continue;
    const mixed = evaluation.mixedUnits.get(variable);
    const valueNode = variable.keys.get('value')?.value;
    if (mixed && valueNode) {
      const [first = '', second = ''] = mixed;
      const units =
        mixed.map((unit) => (unit === '' ? 'none' : `“${unit}”`)).join(' and ') + differenceUnseen(first, second);
      report(
        problem('unit-dropped', `The parts of this have different units, ${units}, so it has none.`, valueNode.range),
      );
    }
    const operatorNode = variable.keys.get('operator')?.value;
    const operator = findOperator(scalarText(operatorNode) ?? '');
    const input = evaluation.inputs.get(variable);
    if (
      !operator ||
      operator.keepsUnit ||
      operator.unitParameter !== undefined ||
      !operatorNode ||
      !input ||
      input.state === 'failed' ||
      !input.unit
    )
      continue;
    report(
      problem('unit-dropped', `“${operator.name}” drops the unit “${input.unit}” of its value.`, operatorNode.range),
    );
  }
  for (const field of schema.fields) {
    const node = field.keys.get('unit')?.value;
    const own = scalarText(node);
    const value = evaluation.fields.get(field);
    if (!node || !own || fieldTypeOf(field) !== 'scientific_metadata' || !value || value.state === 'failed') continue;
    if (!value.unit || isSameUnit(value.unit, own) || isOtherSpelling(value.unit, own)) continue;
    report(
      problem(
        'unit-contradiction',
        `The value has the unit “${value.unit}” and is labelled “${own}” here${differenceUnseen(value.unit, own)}; it is not converted.`,
        node.range,
      ),
    );
  }
};
