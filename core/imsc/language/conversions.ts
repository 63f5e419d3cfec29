import { describeValue } from '../values/showValue.ts';
import { itemsOf } from '../values/iteration.ts';
import { valueFromJsonText } from '../values/jsonText.ts';
import { isoDateOf, isoDateOfEpoch } from '../values/pythonDates.ts';
import { LiteralError, parsePythonLiteral } from '../values/pythonLiteral.ts';
import { integerOfFloat, parseFloatText, parseInteger } from '../values/pythonNumbers.ts';
import { pythonText } from '../values/pythonText.ts';
import { dict, float, hashKey, integer, list, string } from '../values/values.ts';
import type { DictEntry, Value } from '../values/values.ts';

/** A value that cannot be turned into a type; the message is a sentence for people. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

export function toText(value: Value): Value {
  return string(pythonText(value));
}

export function toInteger(value: Value): Value {
  const converted = integerOf(value);
  if (converted !== undefined) return integer(converted);
  const cut = value.kind === 'string' && Number.isFinite(parseFloatText(value.value));
  throw new ConversionError(
    `${describeValue(value)} is not a whole number.${cut ? ' Turn it into a float first, and that into an integer.' : ''}`,
  );
}

function integerOf(value: Value): bigint | undefined {
  switch (value.kind) {
    case 'integer':
      return value.value;
    case 'boolean':
      return value.value ? 1n : 0n;
    case 'float':
      return integerOfFloat(value.value);
    case 'string':
      return parseInteger(value.value);
    case 'bytes':
      return parseInteger(asciiOf(value.value));
    default:
      return undefined;
  }
}

export function toFloat(value: Value): Value {
  const converted = floatOf(value);
  if (converted === undefined) throw new ConversionError(`${describeValue(value)} is not a number.`);
  return float(converted);
}

function floatOf(value: Value): number | undefined {
  switch (value.kind) {
    case 'float':
      return value.value;
    case 'boolean':
      return value.value ? 1 : 0;
    case 'integer': {
      const number = Number(value.value);
      return Number.isFinite(number) ? number : undefined;
    }
    case 'string':
      return parseFloatText(value.value);
    case 'bytes':
      return parseFloatText(asciiOf(value.value));
    default:
      return undefined;
  }
}

/** Bytes as text for reading numbers; what is not ASCII becomes what no number holds. */
function asciiOf(content: Uint8Array): string {
  return Array.from(content, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '?')).join('');
}

/** Each item of a list, or of a text with a list in Python notation, converted. */
export function toListOf(value: Value, convertItem: (item: Value) => Value): Value {
  const items = itemsOf(value.kind === 'string' ? pythonLiteral(value, 'list') : value);
  if (!items) throw new ConversionError(`${describeValue(value)} is not a list.`);
  return list(items.map(convertItem));
}

export function toDate(value: Value): Value {
  const [only] = value.kind === 'list' && value.items.length === 1 ? value.items : [];
  const date = dateOf(only ?? value);
  if (date === undefined) {
    const form = value.kind === 'string' ? ' Write dates as 2024-10-28 or 2024-10-28T09:34:50Z.' : '';
    throw new ConversionError(`${describeValue(value)} is not a date.${form}`);
  }
  return string(date);
}

function dateOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'string':
      return isoDateOf(value.value);
    case 'bytes':
      return isoDateOf(asciiOf(value.value));
    case 'integer':
    case 'float':
      return isoDateOfEpoch(value.value);
    case 'boolean':
      return isoDateOfEpoch(Number(value.value));
    default:
      return undefined;
  }
}

/** A dict, the text of one, or Python's `dict()` of a list whose items have two items each. */
export function toDict(value: Value): Value {
  if (value.kind === 'dict') return value;
  if (value.kind === 'string') {
    const literal = literalOrJson(value, 'dict');
    if (literal.kind === 'dict') return literal;
    throw new ConversionError(`${describeValue(value)} is not an object.`);
  }
  const entries = itemsOf(value)?.map((item): DictEntry | undefined => {
    const [key, content, ...more] = itemsOf(item) ?? [];
    return key && content && more.length === 0 && hashKey(key) !== undefined ? [key, content] : undefined;
  });
  if (!entries || entries.includes(undefined)) {
    throw new ConversionError(
      `${describeValue(value)} is not an object, and not a list of pairs of a key and a value.`,
    );
  }
  return dict(entries.filter((entry) => entry !== undefined));
}

export function toList(value: Value): Value {
  const content = value.kind === 'string' ? literalOrJson(value, 'list') : value;
  if (content.kind === 'list' && content.flavour === undefined) return content;
  const isTuple = content.kind === 'list' && content.flavour === 'tuple';
  const given = isTuple && value === content ? 'A tuple' : describeValue(value);
  throw new ConversionError(`${given} is not a list.${isTuple ? ' Use [ ] instead of ( ).' : ''}`);
}

export function toNone(value: Value): Value {
  if (value.kind === 'none') return value;
  throw new ConversionError(`${describeValue(value)} is not null, which is all that “none” takes.`);
}

function literalOrJson(value: Value & { readonly kind: 'string' }, wanted: 'list' | 'dict'): Value {
  try {
    return valueFromLiteralOrJson(value.value);
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(value, wanted, 'Python or JSON', error);
    throw error;
  }
}

function valueFromLiteralOrJson(text: string): Value {
  try {
    return parsePythonLiteral(text);
  } catch (error) {
    if (error instanceof LiteralError) return valueFromJsonText(text);
    throw error;
  }
}

function pythonLiteral(value: Value & { readonly kind: 'string' }, wanted: 'list'): Value {
  try {
    return parsePythonLiteral(value.value);
  } catch (error) {
    if (error instanceof LiteralError) throw unreadable(value, wanted, 'Python', error);
    throw error;
  }
}

function unreadable(value: Value, wanted: 'list' | 'dict', notation: string, cause: Error): ConversionError {
  const what = wanted === 'list' ? 'a list such as [1, 2]' : 'an object such as {"a": 1}';
  return new ConversionError(`${describeValue(value)} is not ${what} in ${notation} notation.`, { cause });
}
