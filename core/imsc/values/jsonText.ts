import { printParseErrorCode, visit } from 'jsonc-parser';
import { floatText, jsonFloatText } from '../../text/numberText.ts';
import { pythonText } from './pythonText.ts';
import type { JsonValue } from '../../text/jsonValue.ts';
import * as values from './values.ts';
import type { DictEntry, Value } from './values.ts';

/** A value that JSON has no form for; the message says what it is. */
export class UnjsonableError extends Error {
  override readonly name = 'UnjsonableError';
}

/**
 * JSON text that keeps what JavaScript's own would lose: `5.0`, integers of any size, the order of keys.
 * @param indent spaces per level; 0 gives one line without blanks
 * @throws UnjsonableError for what `unjsonableReason` gives a reason for
 */
export function jsonText(value: Value, indent = 0): string {
  return write(value, indent, '\n', refuseFloat);
}

/**
 * What the Python ingestor makes of a number, boolean or null that stands where a template should: the text that
 * `json.dumps` gives, which for floats that JSON cannot hold is `NaN`, `Infinity` or `-Infinity`.
 */
export function jsonScalarText(value: Value): string {
  return write(value, 0, '\n', jsonFloatText);
}

/** Why a value cannot be written as JSON, as a sentence for people; undefined if it can. */
export function unjsonableReason(value: Value): string | undefined {
  try {
    jsonText(value);
    return undefined;
  } catch (error) {
    if (error instanceof UnjsonableError) return error.message;
    throw error;
  }
}

/** The same value, with the Python text of whatever JSON has no form for in its place; for reports. */
export function toJsonable(value: Value): Value {
  switch (value.kind) {
    case 'float':
      return Number.isFinite(value.value) ? value : values.string(pythonText(value));
    case 'bytes':
      return values.string(pythonText(value));
    case 'list':
      return values.list(value.items.map(toJsonable));
    case 'dict':
      return values.dict(
        value.entries.map(([key, item]): DictEntry => [
          isKey(key) ? key : values.string(pythonText(key)),
          toJsonable(item),
        ]),
      );
    default:
      return value;
  }
}

/**
 * A value as plain JavaScript, for display and tests. Loses the difference between `5` and `5.0`; integers beyond
 * ±(2^53 − 1) and whatever JSON has no form for become their text, so that `JSON.stringify` shows every digit.
 */
export function plainJson(value: Value): JsonValue {
  const jsonable = toJsonable(value);
  switch (jsonable.kind) {
    case 'none':
    case 'bytes':
      return null;
    case 'integer': {
      const number = Number(jsonable.value);
      return Number.isSafeInteger(number) ? number : String(jsonable.value);
    }
    case 'list':
      return jsonable.items.map(plainJson);
    case 'dict':
      return Object.fromEntries(jsonable.entries.map(([key, item]) => [jsonKeyText(key), plainJson(item)]));
    default:
      return jsonable.value;
  }
}

/**
 * Plain JavaScript data as a value. Whole numbers become integers, others floats; undefined and null become none.
 * @throws TypeError for what is not data, such as a function
 */
export function valueFromPlain(data: unknown): Value {
  if (data === undefined || data === null) return values.none;
  if (typeof data === 'boolean') return values.boolean(data);
  if (typeof data === 'bigint') return values.integer(data);
  if (typeof data === 'number') {
    return Number.isSafeInteger(data) && !Object.is(data, -0) ? values.integer(data) : values.float(data);
  }
  if (typeof data === 'string') return values.string(data);
  if (data instanceof Uint8Array) return values.bytes(data);
  if (Array.isArray(data)) return values.list(data.map(valueFromPlain));
  if (typeof data !== 'object') throw new TypeError(`A ${typeof data} is not data.`);
  return values.dict(Object.entries(data).map(([key, item]): DictEntry => [values.string(key), valueFromPlain(item)]));
}

/** An array, or an object with the key whose value comes next. */
interface OpenContainer {
  readonly items: Value[];
  readonly entries: DictEntry[];
  key: Value | undefined;
}

/**
 * Reads strict JSON without loss: `5` is an integer of any size, `5.0` and `5e0` are floats. Of equal keys the last
 * one wins. Numbers too large for a float are infinite, as in Python.
 * @throws SyntaxError with the place
 */
export function valueFromJsonText(text: string): Value {
  let root: Value | undefined;
  const open: OpenContainer[] = [];
  const add = (value: Value): void => {
    const parent = open.at(-1);
    if (!parent) root = value;
    else if (parent.key === undefined) parent.items.push(value);
    else parent.entries.push([parent.key, value]);
  };
  const begin = (): void => {
    open.push({ items: [], entries: [], key: undefined });
  };
  try {
    visit(
      text,
      {
        onObjectBegin: begin,
        onArrayBegin: begin,
        onObjectEnd: () => {
          const closed = open.pop();
          if (closed) add(values.dict(closed.entries));
        },
        onArrayEnd: () => {
          const closed = open.pop();
          if (closed) add(values.list(closed.items));
        },
        onObjectProperty: (name: string) => {
          const parent = open.at(-1);
          if (parent) parent.key = values.string(name);
        },
        onLiteralValue: (value: unknown, offset, length) => {
          add(typeof value === 'number' ? numberValue(text.slice(offset, offset + length)) : valueFromPlain(value));
        },
        onError: (code, _offset, _length, line, column) => {
          const what = printParseErrorCode(code);
          throw new SyntaxError(`This is not JSON: ${what} at line ${line + 1}, column ${column + 1}.`);
        },
      },
      { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
    );
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('This JSON is nested too deeply.');
    throw error;
  }
  if (root === undefined) throw new SyntaxError('This is not JSON: it is empty.');
  return root;
}

function numberValue(source: string): Value {
  return /^-?\d+$/.test(source) ? values.integer(BigInt(source)) : values.float(Number(source));
}

function write(value: Value, indent: number, newline: string, nonFinite: (value: number) => string): string {
  const inner = newline + ' '.repeat(indent);
  const wrap = (parts: readonly string[], start: string, end: string): string => {
    if (parts.length === 0) return start + end;
    return indent === 0 ? start + parts.join(',') + end : start + inner + parts.join(`,${inner}`) + newline + end;
  };
  switch (value.kind) {
    case 'none':
      return 'null';
    case 'boolean':
    case 'integer':
      return String(value.value);
    case 'float':
      return Number.isFinite(value.value) ? floatText(value.value) : nonFinite(value.value);
    case 'string':
      return JSON.stringify(value.value);
    case 'bytes':
      throw new UnjsonableError('It holds bytes, which JSON has no form for.');
    case 'list':
      if (value.flavour === 'set') throw new UnjsonableError('It holds a set, which JSON has no form for.');
      return wrap(
        value.items.map((item) => write(item, indent, inner, nonFinite)),
        '[',
        ']',
      );
    case 'dict': {
      const separator = indent === 0 ? ':' : ': ';
      const parts = value.entries.map(
        ([key, item]) => JSON.stringify(jsonKeyText(key)) + separator + write(item, indent, inner, nonFinite),
      );
      return wrap(parts, '{', '}');
    }
  }
}

function refuseFloat(value: number): string {
  const name = Number.isNaN(value) ? 'a NaN (not a number)' : 'an infinite number';
  throw new UnjsonableError(`It holds ${name}, which JSON has no form for.`);
}

function isKey(key: Value): boolean {
  return key.kind !== 'list' && key.kind !== 'dict' && key.kind !== 'bytes';
}

/**
 * A key as text; what is not text, as Python's `json.dumps` writes it.
 * @throws UnjsonableError for keys that JSON has no form for
 */
export function jsonKeyText(key: Value): string {
  if (key.kind === 'string') return key.value;
  if (!isKey(key)) throw new UnjsonableError('It holds an object with a key that JSON has no form for.');
  return key.kind === 'float' && !Number.isFinite(key.value) ? String(key.value) : jsonScalarText(key);
}
