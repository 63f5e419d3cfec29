import { differenceUnseen } from '../../text/alike.ts';
import { pythonDialects } from '../language/dialects.ts';
import { findOperator, operatorArgumentKeys, operators } from '../language/operators.ts';
import { problem } from '../../problems/problem.ts';
import { isEmpty, scalarText } from '../schema/schema.ts';
import { takesOperator } from '../language/sources.ts';
import { suggestion } from '../../problems/suggestion.ts';
import { removeEntry, replaceScalar } from '../edits/textEdits.ts';
import type { Check } from './check.ts';

/** Operators by name, and the arguments that they need or do not look at. */
export const checkOperators: Check = ({ schema, report }) => {
  for (const variable of schema.variables) {
    if (!takesOperator(variable.source)) continue;
    const node = variable.keys.get('operator')?.value;
    const written = scalarText(node) ?? '';
    const operator = findOperator(written);
    if (node?.kind === 'scalar' && written !== '') {
      if (!operator) {
        const near = suggestion(
          written,
          operators.flatMap(({ name, aliases }) => [name, ...aliases]),
        );
        const canonical = findOperator(near ?? '')?.name;
        const edit = canonical === undefined ? undefined : replaceScalar(node, canonical);
        report(
          problem(
            'unknown-operator',
            `“${written}” is not an operator, so the value is left as it is.${canonical === undefined ? '' : ` Did you mean “${canonical}”${differenceUnseen(written, near ?? '')}?`}`,
            node.range,
            edit ? { fixes: [{ title: `Change to ${canonical ?? ''}`, edits: [edit], preferred: true }] } : {},
          ),
        );
      } else if (written !== operator.name) {
        const edit = replaceScalar(node, operator.name);
        report(
          problem(
            'operator-spelling',
            `The Python ingestor knows this operator only as “${operator.name}”, and does nothing for “${written}”.`,
            node.range,
            {
              onlyIn: pythonDialects,
              fixes: edit ? [{ title: `Change to ${operator.name}`, edits: [edit], preferred: true }] : [],
            },
          ),
        );
      }
    }
    // What an unknown operator would need is unknown.
    if (written !== '' && !operator) continue;
    const parameters = operator?.parameters ?? [];
    for (const { name: key } of operatorArgumentKeys) {
      const entry = variable.keys.get(key);
      const isGiven = entry?.value !== undefined && !isEmpty(entry.value);
      const parameter = parameters.find(({ name }) => name === key);
      if (operator && parameter?.whenMissing === 'keeps the value' && !isGiven) {
        report(
          problem(
            'missing-argument',
            `“${operator.name}” needs “${key}”; without it the value is left as it is.`,
            (node ?? variable.entry.key).range,
            { severity: 'warning' },
          ),
        );
      }
      if (!entry || parameter) continue;
      const map = variable.entry.value;
      const edit = map?.kind === 'map' ? removeEntry(schema.tree, map, entry) : undefined;
      report(
        problem(
          'unused-argument',
          operator ? `“${operator.name}” does not use “${key}”.` : `Without an operator “${key}” has no effect.`,
          entry.key.range,
          {
            tags: ['unnecessary'],
            fixes: edit ? [{ title: `Remove “${key}”`, edits: [edit], preferred: true }] : [],
          },
        ),
      );
    }
  }
};
