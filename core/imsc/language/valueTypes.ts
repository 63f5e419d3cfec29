import * as conversions from './conversions.ts';
import type { RegistryEntry } from './registry.ts';
import { dict, float, integer, list, none, string } from '../values/values.ts';
import type { Value, ValueKind } from '../values/values.ts';

export { ConversionError } from './conversions.ts';

export const valueTypeNames = [
  'string',
  'string[]',
  'integer',
  'integer[]',
  'float',
  'float[]',
  'date',
  'dict',
  'list',
  'email',
  'link',
  'none',
] as const;
export type ValueTypeName = (typeof valueTypeNames)[number];

export interface ValueType extends RegistryEntry {
  readonly name: ValueTypeName;
  /** The kinds of value that can be converted, some of them only with the right content; others always fail. */
  readonly accepts: readonly ValueKind[];
  /** The kind of every converted value. */
  readonly result: ValueKind;
  /** The type of the items, for `X[]`. */
  readonly element?: 'string' | 'integer' | 'float';
  readonly example: { readonly value: Value; readonly result: Value };
  /** @throws ConversionError with a sentence for people */
  readonly convert: (value: Value) => Value;
}

const anyKind: readonly ValueKind[] = ['none', 'boolean', 'integer', 'float', 'string', 'list', 'dict', 'bytes'];
const numberKinds: readonly ValueKind[] = ['boolean', 'integer', 'float', 'string', 'bytes'];
const listKinds: readonly ValueKind[] = ['string', 'list', 'dict', 'bytes'];

/**
 * The value types, with the conversions of the Python ingestor. Differs from it in `date`, where it turns what is no
 * date into null, and in `dict` and `list`, which read JSON here too.
 */
export const valueTypes: readonly ValueType[] = [
  {
    name: 'string',
    aliases: [],
    summary: 'text',
    explanation: "Takes everything; what is not text is printed as Python prints it: `300.0`, `True`, `['a', 1]`.",
    accepts: anyKind,
    result: 'string',
    example: { value: float(300), result: string('300.0') },
    convert: conversions.toText,
  },
  {
    name: 'string[]',
    aliases: [],
    summary: 'list of texts',
    explanation:
      'Takes a list, or a text with one in Python notation such as `["a", "b"]`; each item becomes text. Of an object it takes the keys.',
    accepts: listKinds,
    result: 'list',
    element: 'string',
    example: { value: string("['a', 1]"), result: list([string('a'), string('1')]) },
    convert: (value) => conversions.toListOf(value, conversions.toText),
  },
  {
    name: 'integer',
    aliases: [],
    summary: 'whole number',
    explanation:
      'Takes numbers, cutting off what is behind the decimal point, `true` and `false` as 1 and 0, and texts of digits only: `"12"` but not `"12.0"`.',
    accepts: numberKinds,
    result: 'integer',
    example: { value: float(2.9), result: integer(2) },
    convert: conversions.toInteger,
  },
  {
    name: 'integer[]',
    aliases: [],
    summary: 'list of whole numbers',
    explanation:
      'Takes a list, or a text with one in Python notation such as `[1, 2]`; each item becomes an `integer`.',
    accepts: listKinds,
    result: 'list',
    element: 'integer',
    example: { value: string('[1, 2.9]'), result: list([integer(1), integer(2)]) },
    convert: (value) => conversions.toListOf(value, conversions.toInteger),
  },
  {
    name: 'float',
    aliases: [],
    summary: 'number',
    explanation: 'Takes numbers, `true` and `false` as 1.0 and 0.0, and texts such as `"12"`, `"1.5e-3"` or `"nan"`.',
    accepts: numberKinds,
    result: 'float',
    example: { value: string('1.5e-3'), result: float(0.0015) },
    convert: conversions.toFloat,
  },
  {
    name: 'float[]',
    aliases: [],
    summary: 'list of numbers',
    explanation: 'Takes a list, or a text with one in Python notation such as `[1, 2.5]`; each item becomes a `float`.',
    accepts: listKinds,
    result: 'list',
    element: 'float',
    example: { value: string('[1, 2.5]'), result: list([float(1), float(2.5)]) },
    convert: (value) => conversions.toListOf(value, conversions.toFloat),
  },
  {
    name: 'date',
    aliases: [],
    summary: 'date and time in ISO 8601',
    explanation:
      'Takes texts such as `2024-10-28T09:34:50Z` and writes them out as `2024-10-28T09:34:50+00:00`; a date without a time zone stays without one. A number counts as seconds since 1970 in UTC. A list of exactly one item counts as that item. Everything else fails (the Python ingestor makes it null).',
    accepts: ['boolean', 'integer', 'float', 'string', 'bytes', 'list'],
    result: 'string',
    example: { value: string('2024-10-28T09:34:50.5Z'), result: string('2024-10-28T09:34:50.500000+00:00') },
    convert: conversions.toDate,
  },
  {
    name: 'dict',
    aliases: [],
    summary: 'object with keys and values',
    explanation:
      'Takes an object, or a text with one: in Python notation, or else in JSON (the Python ingestor reads no JSON). A list of pairs becomes an object, too.',
    accepts: listKinds,
    result: 'dict',
    example: { value: string("{'a': 1}"), result: dict([[string('a'), integer(1)]]) },
    convert: conversions.toDict,
  },
  {
    name: 'list',
    aliases: [],
    summary: 'list of any values',
    explanation:
      'Takes a list, or a text with one: in Python notation, or else in JSON (the Python ingestor reads no JSON). Items are left as they are.',
    accepts: ['string', 'list'],
    result: 'list',
    example: { value: string("['a', 1.0]"), result: list([string('a'), float(1)]) },
    convert: conversions.toList,
  },
  {
    name: 'email',
    aliases: [],
    summary: 'e-mail address',
    explanation: 'The same as `string`; that it is an address is only checked by SciCat.',
    accepts: anyKind,
    result: 'string',
    example: { value: string('ada@example.org'), result: string('ada@example.org') },
    convert: conversions.toText,
  },
  {
    name: 'link',
    aliases: [],
    summary: 'link',
    explanation: 'The same as `string`; that it is a link is not checked.',
    accepts: anyKind,
    result: 'string',
    example: { value: string('https://example.org'), result: string('https://example.org') },
    convert: conversions.toText,
  },
  {
    name: 'none',
    aliases: [],
    summary: 'no value',
    explanation: 'Takes only null, as SciCat may answer it. The text `null` in a schema is not null.',
    accepts: ['none'],
    result: 'none',
    example: { value: none, result: none },
    convert: conversions.toNone,
  },
];

/** The types that make a text of every value. */
export const textTypes: ReadonlySet<string> = new Set(
  valueTypes.filter(({ convert }) => convert === conversions.toText).map(({ name }) => name),
);

/** The types of which every value is a list. */
export const listTypes: ReadonlySet<string> = new Set(
  valueTypes.filter(({ result }) => result === 'list').map(({ name }) => name),
);
