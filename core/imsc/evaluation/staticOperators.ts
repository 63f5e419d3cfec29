import { findOperator } from '../language/operators.ts';
import type { Operator, OperatorArguments, ParameterName } from '../language/operators.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { isEmpty, scalarText } from '../schema/schema.ts';
import type { Variable } from '../schema/schema.ts';
import { TooLarge } from '../values/valueBudget.ts';
import { kindName } from './staticValue.ts';
import type { StaticValue } from './staticValue.ts';

export type OperatorResult = { readonly value: StaticValue } | { readonly fault: Problem };

/** What the operator of a VALUE variable makes of its value, as far as that is known. @throws TooLarge */
export function operatorResult(variable: Variable, input: StaticValue): OperatorResult {
  const node = variable.keys.get('operator')?.value;
  const operator = findOperator(scalarText(node) ?? '');
  // An unknown operator does nothing.
  if (!node || !operator || input.state === 'failed') return { value: input };
  const given = argumentsOf(variable);
  const fault = argumentFault(variable, operator, given);
  if (fault) return { fault };
  const unit = operator.keepsUnit ? input.unit : '';
  if (input.state === 'constant') {
    try {
      return { value: { state: 'constant', value: operator.apply(input.value, given), unit } };
    } catch (error) {
      if (error instanceof TooLarge) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { fault: problem('operator-value', `${reason} So the variable has no value.`, node.range) };
    }
  }
  const refusal = input.state === 'typed' ? refusalOf(operator, input, given) : undefined;
  return refusal === undefined
    ? { value: resultOf(operator, input, given) }
    : { fault: problem('operator-value', `${refusal} So the variable has no value.`, node.range) };
}

function argumentsOf(variable: Variable): OperatorArguments {
  const argument = (name: ParameterName): OperatorArguments => {
    const node = variable.keys.get(name)?.value;
    return node?.kind === 'scalar' && !isEmpty(node) ? { [name]: node.value } : {};
  };
  return { ...argument('field'), ...argument('pattern'), ...argument('replacement') };
}

/** An argument without which the operator fails, or that is of the wrong kind. */
function argumentFault(variable: Variable, operator: Operator, given: OperatorArguments): Problem | undefined {
  for (const { name, kinds, summary } of operator.parameters) {
    const argument = given[name];
    if (argument && !kinds.includes(argument.kind)) {
      const wanted = kinds.length === 1 && kinds[0] === 'string' ? 'text; put it in quotes' : summary;
      const place = variable.keys.get(name)?.value ?? variable.entry.key;
      return problem('operator-value', `“${name}” of “${operator.name}” must be ${wanted}.`, place.range);
    }
    if (argument || operator.name !== 'getitem') continue;
    const place = variable.keys.get('operator')?.value ?? variable.entry.key;
    return problem('missing-argument', `“${operator.name}” needs “${name}”: ${summary}.`, place.range);
  }
  return undefined;
}

type Typed = Extract<StaticValue, { state: 'typed' }>;

/** Why an operator can never take a value of which only the kind is known. */
function refusalOf({ name, accepts }: Operator, { kind, items }: Typed, given: OperatorArguments): string | undefined {
  if (!accepts.includes(kind)) return `“${name}” cannot take ${kindName(kind)}.`;
  if (kind !== 'list') return undefined;
  if (name === 'join_with_space' && items !== undefined && items !== 'string') {
    return `“${name}” joins texts, and this is a list of others.`;
  }
  if (name === 'sum' && items !== undefined && !['integer', 'float', 'boolean'].includes(items)) {
    return `“${name}” adds numbers, and this is a list of others.`;
  }
  if (name === 'getitem' && given.field?.kind === 'string') {
    return `The value is a list, and “${given.field.value}” is no position in it; positions are numbers without quotes.`;
  }
  return undefined;
}

function resultOf(operator: Operator, input: StaticValue, given: OperatorArguments): StaticValue {
  if (input.state === 'failed') return input;
  const unit = operator.keepsUnit ? input.unit : '';
  const items = input.state === 'typed' ? input.items : undefined;
  const unknown: StaticValue = { state: 'unknown', unit };
  // Without all of its arguments this one leaves the value as it is.
  if (operator.name === 'str-replace' && operator.parameters.some(({ name }) => !given[name]))
    return { ...input, unit };
  switch (operator.result) {
    case 'same':
      return { ...input, unit };
    case 'item':
      if (input.state === 'typed' && input.kind === 'string') return { state: 'typed', kind: 'string', unit };
      return items ? { state: 'typed', kind: items, unit } : unknown;
    case 'number':
      return items === 'integer' || items === 'float' ? { state: 'typed', kind: items, unit } : unknown;
    default:
      return { state: 'typed', kind: operator.result, unit };
  }
}
