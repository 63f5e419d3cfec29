import { lookup } from '../../imsc/language/registry.ts';
import { ConversionError, valueTypes } from '../../imsc/language/valueTypes.ts';
import { scalarText } from '../../imsc/schema/schema.ts';
import type { FieldOutcome } from '../../imsc/evaluation/evaluation.ts';
import { jsonText, UnjsonableError, valueFromPlain } from '../../imsc/values/jsonText.ts';
import { TooLarge } from '../../imsc/values/valueBudget.ts';
import { dict, string } from '../../imsc/values/values.ts';
import type { Value } from '../../imsc/values/values.ts';
import { isJsonObject } from '../../scicat/json.ts';
import type { JsonValue } from '../../scicat/json.ts';

/** An item of scientific metadata that a schema makes, with its keys in the order that catalogues show today. */
export function metadataItem({ machineName, field, outcome }: FieldOutcome, value: Value): Value {
  const unit = outcome.state === 'known' ? outcome.unit : '';
  return itemOf(value, field.type ?? '', humanNameOf(field, machineName), unit);
}

/** The keys of what is given with a unit, or with what people call it. */
const quantityKeys: readonly string[] = ['value', 'unit', 'type', 'human_name'];

/**
 * The item of scientific metadata of what is given: a value, an object of `value` and `unit`, or any other object,
 * which is taken as it is. What is not said (the unit, what people call it, the type if the value is of it) is taken
 * from the schema where that has an item of this name.
 * @param ofSchema what the schema has of this item
 */
export function givenItem(
  name: string,
  given: JsonValue,
  ofSchema: FieldOutcome | undefined,
): Value | { readonly fault: string } {
  const isQuantity =
    isJsonObject(given) &&
    Object.hasOwn(given, 'value') &&
    Object.keys(given).every((key) => quantityKeys.includes(key));
  if (isJsonObject(given) && !isQuantity) return valueFromPlain(given);
  const said = isQuantity ? given : { value: given };
  for (const key of ['unit', 'type', 'human_name']) {
    const text = said[key];
    if (text !== undefined && text !== null && typeof text !== 'string')
      return { fault: `${name}: the ${key} must be a text.` };
  }
  if (said['value'] === null) return { fault: `${name} has no value; leave it out, or give it one.` };
  const text = (key: string): string | undefined => (typeof said[key] === 'string' ? said[key] : undefined);
  const { value, type } = typed(valueFromPlain(said['value']), text('type') ?? ofSchema?.field.type);
  const unit = text('unit') ?? (ofSchema ? unitOf(ofSchema) : '');
  const humanName = text('human_name') ?? (ofSchema ? humanNameOf(ofSchema.field, name) : name);
  return itemOf(value, type, humanName, unit);
}

function humanNameOf(field: FieldOutcome['field'], machineName: string): string {
  const humanName = scalarText(field.keys.get('human_name')?.value);
  return humanName === undefined || humanName === '' ? machineName : humanName;
}

function unitOf({ field, outcome }: FieldOutcome): string {
  return outcome.state === 'known' ? outcome.unit : (scalarText(field.keys.get('unit')?.value) ?? '');
}

function itemOf(value: Value, type: string, humanName: string, unit: string): Value {
  const keys: readonly [string, Value][] = [
    ['value', value],
    ['type', string(type)],
    ['human_name', string(humanName)],
    ['unit', string(unit)],
  ];
  return dict(keys.map(([key, item]) => [string(key), item]));
}

/** A value as the type has it where that says the same, `300` as `300.0`; otherwise with the type that it is of. */
function typed(value: Value, wanted: string | undefined): { readonly value: Value; readonly type: string } {
  const type = wanted === undefined ? undefined : lookup(valueTypes, wanted);
  try {
    const converted = type?.convert(value);
    if (type && converted && sameText(converted) === sameText(value)) return { value: converted, type: type.name };
  } catch (error) {
    if (![ConversionError, TooLarge, UnjsonableError].some((kind) => error instanceof kind)) throw error;
  }
  return { value, type: typeOf(value) };
}

/** The JSON of a value, with `5.0` as `5`: of equal ones JSON's readers make the same. */
function sameText(value: Value): string {
  return JSON.stringify(JSON.parse(jsonText(value)));
}

const typeOfKind: Readonly<Record<Value['kind'], string>> = {
  none: 'none',
  boolean: 'boolean',
  integer: 'integer',
  float: 'float',
  string: 'string',
  list: 'list',
  dict: 'dict',
  bytes: 'bytes',
};

function typeOf(value: Value): string {
  const [first] = value.kind === 'list' ? value.items : [];
  const isUniform = value.kind === 'list' && value.items.every(({ kind }) => kind === first?.kind);
  const list = `${first ? typeOfKind[first.kind] : ''}[]`;
  return isUniform && lookup(valueTypes, list) ? list : typeOfKind[value.kind];
}
