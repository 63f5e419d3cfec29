import type { TextRange } from '../../problems/problem.ts';
import type { ProblemCode } from '../../problems/problemCodes.ts';
import type { Value, ValueKind } from '../values/values.ts';
import type { ValueType } from '../language/valueTypes.ts';

/** What is known of a value without reading a file or asking SciCat. */
export type StaticValue =
  | { readonly state: 'constant'; readonly value: Value; readonly unit: string | undefined }
  | {
      readonly state: 'typed';
      readonly kind: ValueKind;
      /** The kind of all items of a list, where it is one and known. */
      readonly items?: ValueKind;
      readonly format?: TextFormat;
      /** Undefined where it is not known; the unit in the schema counts as known. */
      readonly unit: string | undefined;
    }
  | { readonly state: 'unknown'; readonly unit: string | undefined }
  /** Certainly without a value, whatever the file holds. */
  | { readonly state: 'failed' };

/** What is known of a text whose characters are not. */
export type TextFormat = 'uuid' | 'likely-uuid' | 'date' | 'not-a-number';

export const unknown: StaticValue = { state: 'unknown', unit: undefined };
export const failed: StaticValue = { state: 'failed' };

/** A constant from the schema; it has no unit. */
export function constant(value: Value): StaticValue {
  return { state: 'constant', value, unit: '' };
}

interface ConversionFault {
  readonly code: ProblemCode;
  readonly message: string;
  /** False where it is only very likely. */
  readonly certain: boolean;
}

/** What goes wrong when a value that is not known in detail is turned into a type; undefined where it may be fine. */
export function conversionFault(type: ValueType, value: StaticValue): ConversionFault | undefined {
  if (value.state !== 'typed') return undefined;
  const { kind, format, items } = value;
  const conflict = (message: string): ConversionFault => ({ code: 'type-conflict', message, certain: true });
  if (!type.accepts.includes(kind))
    return conflict(`This gives ${kindName(kind)}, which cannot be turned into ${type.name}.`);
  if (
    kind === 'list' &&
    type.element &&
    type.element !== 'string' &&
    items &&
    ['list', 'dict', 'none'].includes(items)
  ) {
    return conflict(`The items of this list are not numbers, so it cannot be turned into ${type.name}.`);
  }
  if (type.name === 'date' && format === 'uuid') return conflict('A UUID is not a date.');
  if (type.name !== 'integer' && type.name !== 'float') return undefined;
  if (format === 'likely-uuid') {
    const message = `This comes from a path that says “uuid”: a UUID cannot be turned into ${type.name}.`;
    return { code: 'type-doubtful', message, certain: false };
  }
  if (format) return conflict(`This text is not a number, so it cannot be turned into ${type.name}.`);
  if (type.name === 'integer' && kind === 'float') {
    const message = 'A float becomes an integer here: what is behind the decimal point is cut off, not rounded.';
    return { code: 'number-cut', message, certain: false };
  }
  return undefined;
}

/** A kind of value in words, with its article. */
export function kindName(kind: ValueKind): string {
  return kindNames[kind];
}

const kindNames: Readonly<Record<ValueKind, string>> = {
  none: 'nothing',
  boolean: 'true or false',
  integer: 'an integer',
  float: 'a float',
  string: 'text',
  list: 'a list',
  dict: 'an object',
  bytes: 'bytes',
};

/** What is known once a value has been turned into a type. */
export function typedAs(type: ValueType, before: StaticValue): StaticValue {
  const unit = before.state === 'failed' ? undefined : before.unit;
  const known = before.state === 'typed' ? before : undefined;
  const items = type.element ?? (type.result === 'list' ? known?.items : undefined);
  const format = type.name === 'date' ? 'date' : type.result === 'string' ? known?.format : undefined;
  return { state: 'typed', kind: type.result, ...(items && { items }), ...(format && { format }), unit };
}

/** A list of what is known of its items. */
export function listOf(items: readonly StaticValue[]): StaticValue {
  if (items.some(({ state }) => state === 'failed')) return failed;
  const [first] = items;
  const units = items.map((item) => (item.state === 'failed' ? undefined : item.unit));
  const unit = units.every((other) => other === units[0]) ? (items.length === 0 ? '' : units[0]) : unitOfMixture(units);
  const values = items.flatMap((item) => (item.state === 'constant' ? [item.value] : []));
  if (values.length === items.length) return { state: 'constant', value: { kind: 'list', items: values }, unit };
  const kinds = new Set(items.map(kindOf));
  const kind = kinds.size === 1 && first ? kindOf(first) : undefined;
  return kind ? { state: 'typed', kind: 'list', items: kind, unit } : { state: 'typed', kind: 'list', unit };
}

/** Text put together from known and unknown parts; letters in the known ones make it no number. */
export function mixedText(text: string, references: readonly TextRange[]): StaticValue {
  let literal = '';
  let from = 0;
  for (const { start, end } of references) {
    literal += text.slice(from, start);
    from = end;
  }
  literal += text.slice(from);
  // What Python's int() and float() can read: digits, blanks, signs, and the letters of “e”, “nan” and “infinity”.
  return /[^\d\s_+.einfaty-]/i.test(literal)
    ? { state: 'typed', kind: 'string', format: 'not-a-number', unit: '' }
    : { state: 'typed', kind: 'string', unit: '' };
}

/** Different units give none; with an unknown one among them it cannot be told. */
function unitOfMixture(units: readonly (string | undefined)[]): string | undefined {
  return units.includes(undefined) ? undefined : '';
}

function kindOf(value: StaticValue): Value['kind'] | undefined {
  if (value.state === 'constant') return value.value.kind;
  return value.state === 'typed' ? value.kind : undefined;
}
