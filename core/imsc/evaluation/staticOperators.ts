import { argumentFault, findOperator, keepsValue, unitAfter } from '../language/operators.ts';
import type { Operator, OperatorArguments } from '../language/operators.ts';
import { argumentsOf } from './operatorArguments.ts';
import { problem } from '../../problems/problem.ts';
import type { Problem } from '../../problems/problem.ts';
import { scalarText } from '../schema/schema.ts';
import type { Variable } from '../schema/schema.ts';
import { TooLarge } from '../values/valueBudget.ts';
import { kindName } from './staticValue.ts';
import type { StaticValue } from './staticValue.ts';

/** `doubt`: what is wrong unless the file says otherwise. */
export type OperatorResult = { readonly value: StaticValue; readonly doubt?: Problem } | { readonly fault: Problem };

/** What the operator of a VALUE variable makes of its value, as far as that is known. @throws TooLarge */
export function operatorResult(variable: Variable, input: StaticValue): OperatorResult {
  const node = variable.keys.get('operator')?.value;
  const operator = findOperator(scalarText(node) ?? '');
  // An unknown operator does nothing.
  if (!node || !operator || input.state === 'failed') return { value: input };
  const given = argumentsOf(variable);
  const unit = unitAfter(operator, given, input.unit);
  if (keepsValue(operator, given)) return { value: { ...input, unit } };
  const fault = argumentFault(operator, given);
  if (fault) {
    const { parameter, isMissing, message } = fault;
    const place = isMissing ? node : (variable.keys.get(parameter.name)?.value ?? variable.entry.key);
    return { fault: problem(isMissing ? 'missing-argument' : 'operator-value', message, place.range) };
  }
  if (input.state === 'constant') {
    try {
      return { value: { state: 'constant', value: operator.apply(input.value, given, input.unit), unit } };
    } catch (error) {
      if (error instanceof TooLarge) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { fault: problem('operator-value', `${reason} So the variable has no value.`, node.range) };
    }
  }
  const refusal = input.state === 'typed' ? refusalOf(operator, input, given) : undefined;
  if (refusal === undefined) {
    const doubt = input.unit === undefined ? undefined : operator.refusesUnit?.(input.unit, given);
    const told = doubt === undefined ? {} : { doubt: problem('operator-value', doubt, node.range, unlessFile) };
    return { value: resultOf(operator, input, unit), ...told };
  }
  return { fault: problem('operator-value', `${refusal} So the variable has no value.`, node.range) };
}

/** A file may give another unit than the schema. */
const unlessFile = { severity: 'warning' } as const;

type Typed = Extract<StaticValue, { state: 'typed' }>;

/** Why an operator can never take a value of which only the kind is known. */
function refusalOf({ name, accepts, refusesList }: Operator, { kind, items }: Typed, given: OperatorArguments) {
  if (!accepts.includes(kind)) return `“${name}” cannot take ${kindName(kind)}.`;
  return kind === 'list' ? refusesList?.(items, given) : undefined;
}

function resultOf(operator: Operator, input: StaticValue, unit: string | undefined): StaticValue {
  if (input.state === 'failed') return input;
  const items = input.state === 'typed' ? input.items : undefined;
  const unknown: StaticValue = { state: 'unknown', unit };
  switch (operator.result) {
    case 'same':
      return { ...input, unit };
    case 'item':
      if (input.state === 'typed' && input.kind === 'string') return { state: 'typed', kind: 'string', unit };
      return items ? { state: 'typed', kind: items, unit } : unknown;
    case 'depends':
      return unknown;
    case 'number':
      return items === 'integer' || items === 'float' ? { state: 'typed', kind: items, unit } : unknown;
    default:
      return { state: 'typed', kind: operator.result, unit };
  }
}
