import { describeValue } from '../values/showValue.ts';
import type { Value, ValueKind } from '../values/values.ts';
import type { RegistryEntry } from './registry.ts';

/** What a variable gives its operator besides the value, by the keys that it has for it. */
export type OperatorArguments = Readonly<Record<string, Value>>;

/** An argument of an operator: a key that a variable with this operator has. */
export interface OperatorParameter {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Markdown. */
  readonly explanation: string;
  readonly kinds: readonly ValueKind[];
  /** Why this value of it can never do; absent where each can. */
  readonly refuses?: (value: Value) => string | undefined;
  /** What of it can be proposed. */
  readonly offers?: 'units';
  /** What becomes of the variable without it. */
  readonly whenMissing: 'fails' | 'keeps the value' | 'may be left out';
}

/** `aliases` are spellings that its documentation has, but that the Python ingestor takes for no operator. */
export interface Operator extends RegistryEntry {
  readonly parameters: readonly OperatorParameter[];
  /** The kinds of value it can be applied to; others always fail. */
  readonly accepts: readonly ValueKind[];
  /**
   * Why it certainly cannot take a list of which only the kind of its items may be known; undefined where it may.
   * @param items undefined where their kind is not known, or where they are of several
   */
  readonly refusesList?: (items: ValueKind | undefined, given: OperatorArguments) => string | undefined;
  /** The kind of its result: that of the value, that of one of its items, always the same, or one that depends. */
  readonly result: 'same' | 'item' | 'number' | 'depends' | ValueKind;
  /** Whether the result has the unit of the value; if not, it has none. */
  readonly keepsUnit: boolean;
  /** The parameter that names the unit of the result, where one does. */
  readonly unitParameter?: string;
  /** Why it cannot take a value with this unit; empty: without one. */
  readonly refusesUnit?: (unit: string, given: OperatorArguments) => string | undefined;
  readonly example: {
    readonly value: Value;
    readonly unit?: string;
    readonly arguments: OperatorArguments;
    readonly result: Value;
  };
  /**
   * @param unit of the value, empty for none
   * @throws OperatorError if it cannot be applied, TooLarge for what would be made
   */
  readonly apply: (value: Value, given: OperatorArguments, unit?: string) => Value;
}

/** An operator as it stands in the table: `apply` is called only with all arguments, each of the right kind. */
export interface OperatorDefinition extends Omit<Operator, 'apply'> {
  readonly apply: (value: Value, given: (name: string) => Value, unit: string) => Value;
}

/** An operator that cannot be applied; the message is a sentence for people. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

export const anyKind: readonly ValueKind[] = ['none', 'boolean', 'integer', 'float', 'string', 'list', 'dict', 'bytes'];

/** @throws OperatorError for what is not text */
export function textOf(value: Value, operator: string): string {
  if (value.kind === 'string') return value.value;
  throw new OperatorError(`${operator} needs text; ${describeValue(value)} is not text.`);
}
