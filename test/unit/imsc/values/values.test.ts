import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  jsonScalarText,
  jsonText,
  plainJson,
  toJsonable,
  unjsonableReason,
  valueFromJsonText,
  valueFromPlain,
} from '../../../../core/imsc/values/jsonText.ts';
import { LiteralError, parsePythonLiteral } from '../../../../core/imsc/values/pythonLiteral.ts';
import { pythonRepr, pythonText } from '../../../../core/imsc/values/pythonText.ts';
import {
  boolean,
  bytes,
  dict,
  float,
  integer,
  list,
  none,
  set,
  string,
  tuple,
  valueAt,
  valuesEqual,
} from '../../../../core/imsc/values/values.ts';
import type { DictEntry, Value } from '../../../../core/imsc/values/values.ts';

const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(none),
    fc.boolean().map(boolean),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(integer),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
    fc.string({ unit: 'binary' }).map(string),
    fc.array(tie('value')).map(list),
    fc
      .array(fc.tuple(fc.string(), tie('value')))
      .map((entries) => dict(entries.map(([key, value]): DictEntry => [string(key), value]))),
  ),
})).value;

test('JSON text is read back as the same value, in one line and in many', () => {
  fc.assert(
    fc.property(anyValue, fc.constantFrom(0, 2), (value, indent) =>
      valuesEqual(valueFromJsonText(jsonText(value, indent)), value),
    ),
  );
});

test('what Python prints is a literal of the same value', () => {
  fc.assert(fc.property(anyValue, (value) => valuesEqual(parsePythonLiteral(pythonRepr(value)), value)));
});

test('JSON keeps 5.0, large integers, order and hostile keys; of equal keys the last one wins', () => {
  const text = '{"2":5.0,"1":12345678901234567890,"__proto__":{"a":[1]},"b":[]}';
  expect(jsonText(valueFromJsonText(text))).toBe(text);
  expect(jsonText(valueFromJsonText('{"a":1,"b":2,"a":{"c":3}}'))).toBe('{"a":{"c":3},"b":2}');
  expect(jsonText(valueFromJsonText('{"a":[1,{}]}'), 2)).toBe('{\n  "a": [\n    1,\n    {}\n  ]\n}');
});

test.each([
  '',
  ' ',
  '{"a":1,}',
  '[1] // c',
  '[01]',
  '[1.]',
  'nul',
  '{a:1}',
  '"\\x"',
  '"a\nb"',
  '1 2',
  '[',
  'NaN',
  '﻿1',
])('is not JSON: %j', (text) => {
  expect(() => valueFromJsonText(text)).toThrow(SyntaxError);
});

test('says where JSON is wrong, and refuses absurd nesting', () => {
  expect(() => valueFromJsonText('{\n  "a": x}')).toThrow('line 2, column 8');
  expect(() => valueFromJsonText('['.repeat(100_000))).toThrow(SyntaxError);
});

test.each<[string, Value, RegExp]>([
  ['NaN', float(NaN), /NaN/],
  ['infinity in a list', list([float(-Infinity)]), /infinite/],
  ['bytes', dict([[string('a'), bytes(Uint8Array.of(1))]]), /bytes/],
  ['a set', tuple([set([integer(1)])]), /set/],
  ['a tuple as key', dict([[tuple([]), none]]), /key/],
])('JSON cannot hold %s', (_name, value, reason) => {
  expect(unjsonableReason(value)).toMatch(reason);
  expect(() => jsonText(value)).toThrow(reason);
  expect(unjsonableReason(toJsonable(value))).toBeUndefined();
});

test('keys that are not text become text as Python makes it', () => {
  const keys = [integer(1), float(2), boolean(false), none];
  expect(jsonText(dict(keys.map((key): DictEntry => [key, tuple([])])))).toBe('{"1":[],"2.0":[],"false":[],"null":[]}');
});

test('templates see floats that JSON cannot hold as json.dumps writes them', () => {
  expect([NaN, Infinity, -Infinity, 5].map((value) => jsonScalarText(float(value)))).toEqual([
    'NaN',
    'Infinity',
    '-Infinity',
    '5.0',
  ]);
});

test('plain data keeps every digit', () => {
  const value = dict([
    [string('safe'), integer(5)],
    [string('large'), integer(2n ** 60n)],
    [string('nan'), float(NaN)],
    [string('set'), set([integer(1), boolean(true)])],
  ]);
  expect(plainJson(value)).toEqual({ safe: 5, large: '1152921504606846976', nan: 'nan', set: [1] });
  expect(pythonText(valueFromPlain({ a: [1, 1.5, true, null, 10n ** 20n], b: undefined }))).toBe(
    "{'a': [1, 1.5, True, None, 100000000000000000000], 'b': None}",
  );
  expect(() => valueFromPlain(Symbol('x'))).toThrow(TypeError);
});

test('numbers that Python takes for the same key are the same key', () => {
  const value = dict([
    [integer(1), string('a')],
    [float(1), string('b')],
    [boolean(true), string('c')],
    [string('1'), string('d')],
  ]);
  expect(pythonText(value)).toBe("{1: 'c', '1': 'd'}");
  expect(valueAt(value, float(1))).toEqual(string('c'));
  expect(() => dict([[list([]), none]])).toThrow(TypeError);
});

test.each<[string, Value, Value, boolean]>([
  ['5 and 5.0', integer(5), float(5), false],
  ['NaN and NaN', float(NaN), float(NaN), true],
  ['0.0 and -0.0', float(0), float(-0), false],
  ['lists in another order', list([integer(1), integer(2)]), list([integer(2), integer(1)]), false],
  ['sets in another order', set([integer(1), integer(2)]), set([integer(2), integer(1)]), true],
  ['a list and a tuple', list([]), tuple([]), false],
  ['dicts in another order', valueFromJsonText('{"a":1,"b":2}'), valueFromJsonText('{"b":2,"a":1}'), true],
  ['dicts with other values', valueFromJsonText('{"a":1}'), valueFromJsonText('{"a":1.0}'), false],
  ['bytes', bytes(Uint8Array.of(1)), bytes(Uint8Array.of(1)), true],
])('equality of %s', (_name, a, b, equal) => {
  expect(valuesEqual(a, b)).toBe(equal);
});

test.each<[Value, string]>([
  [tuple([integer(1)]), '(1,)'],
  [tuple([]), '()'],
  [set([]), 'set()'],
  [set([string('a'), string('a')]), "{'a'}"],
  [bytes(Uint8Array.of(0x27, 0x0a, 0xff, 0x5c)), String.raw`b"'\n\xff\\"`],
  [bytes(Uint8Array.of(0x27, 0x22)), String.raw`b'\'"'`],
  [string('\u{1f6d8}'), String.raw`'\U0001f6d8'`],
])('repr %#', (value, text) => {
  expect(pythonRepr(value)).toBe(text);
});

test.each([
  [
    String.raw`'a\
b'`,
    "'ab'",
  ],
  [String.raw`rb'\x' b'\x01'`, String.raw`b'\\x\x01'`],
  ['-(1)', '-1'],
  ['1,', '(1,)'],
  ["{'a': [1, {2}], }", "{'a': [1, {2}]}"],
])('reads the literal %j', (text, repr) => {
  expect(pythonRepr(parsePythonLiteral(text))).toBe(repr);
});

test.each(["'a' b'b'", '[1', '{[]: 1}', "{1, 'a': 2}", '-True', '1 2', "'\\x4'", '['.repeat(300), '9'.repeat(5000)])(
  'is not a literal: %.20s',
  (text) => {
    expect(() => parsePythonLiteral(text)).toThrow(LiteralError);
  },
);
