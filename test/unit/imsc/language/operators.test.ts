import { expect, test } from 'vitest';
import { valueFromJsonText } from '../../../../core/imsc/values/jsonText.ts';
import { findOperator, isIgnoredByPython, OperatorError, operators } from '../../../../core/imsc/language/operators.ts';
import type { OperatorArguments } from '../../../../core/imsc/language/operators.ts';
import { pythonRepr } from '../../../../core/imsc/values/pythonText.ts';
import { string } from '../../../../core/imsc/values/values.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

test.each(operators)('the example of $name gives what it says', (operator) => {
  const { value, arguments: given, result } = operator.example;
  expect(operator.apply(value, given)).toEqual(result);
  expect(operator.accepts).toContain(value.kind);
});

test('no spelling stands for two operators', () => {
  const spellings = operators.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(spellings).size).toBe(spellings.length);
});

test.each([
  ['str-replace', 'str-replace', false],
  ['str_replace', 'str-replace', true],
  ['to_upper', 'to-upper', true],
  ['to_lower', 'to-lower', true],
  ['dirname_2', 'dirname-2', true],
  ['To-Upper', undefined, true],
  ['', undefined, true],
])('the spelling %s means %s', (spelling, name, ignored) => {
  expect(findOperator(spelling)?.name).toBe(name);
  expect(isIgnoredByPython(spelling)).toBe(ignored);
});

test.each([
  ['join_with_space', `"['x', 'y']"`, {}, "'x, y'"],
  ['join_with_space', `"'abc'"`, {}, "'a, b, c'"],
  ['join_with_space', '{"p":1,"r":2}', {}, "'p, r'"],
  ['join_with_space', '[]', {}, "''"],
  ['getitem', '["a","b"]', { field: '-1' }, "'b'"],
  ['getitem', '["a","b"]', { field: 'true' }, "'b'"],
  ['getitem', '"å😀z"', { field: '1' }, "'😀'"],
  ['getitem', '{"1":"one"}', { field: '"1"' }, "'one'"],
  ['getitem', '{"__proto__":"p"}', { field: '"__proto__"' }, "'p'"],
  ['getitem', '{"k":null}', { field: '"k"' }, 'None'],
  ['str-replace', '"a.b.c"', { pattern: '"."', replacement: '"$&"' }, "'a$&b$&c'"],
  ['str-replace', '"a😀"', { pattern: '""', replacement: '"-"' }, "'-a-😀-'"],
  ['str-replace', '12.0', { pattern: '"."', replacement: '","' }, "'12,0'"],
  ['str-replace', '12.0', { pattern: '"."' }, '12.0'],
  ['to-upper', 'true', {}, "'TRUE'"],
  ['sum', '[0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1]', {}, '1.0'],
  ['sum', '[true,2]', {}, '3'],
  ['sum', '[]', {}, '0'],
])('%s of %s with %j is %s', (name, value, given, result) => {
  expect(pythonRepr(apply(name, value, given))).toBe(result);
});

test.each([
  ['join_with_space', '"plain words"', {}, /list/],
  ['join_with_space', '["a",1]', {}, /item 2/],
  ['filename', '["a"]', {}, /needs text/],
  ['getitem', '["a"]', {}, /“field”/],
  ['getitem', '["a"]', { field: '1' }, /no item 1/],
  ['getitem', '["a"]', { field: '"0"' }, /without quotes/],
  ['getitem', '{"a":{"b":1}}', { field: '"a.b"' }, /“a.b”/],
  ['getitem', '5', { field: '0' }, /no item/],
  ['str-replace', '"a"', { pattern: '1', replacement: '"x"' }, /quotes/],
  ['urlsafe', '["a b"]', {}, /needs text/],
  ['urlsafe', '"\\ud800"', {}, /half of a character/],
  ['sum', '["1"]', {}, /Item 1/],
  ['sum', '"[1, 2]"', {}, /list of numbers/],
  ['sum', '5', {}, /list of numbers/],
])('%s of %s with %j fails and says why', (name, value, given, message) => {
  expect(() => apply(name, value, given)).toThrow(OperatorError);
  expect(() => apply(name, value, given)).toThrow(message);
});

function apply(name: string, value: string, given: Readonly<Partial<Record<string, string>>>): Value {
  const read: OperatorArguments = Object.fromEntries(
    Object.entries(given).map(([key, text]) => [key, valueFromJsonText(text ?? 'null')]),
  );
  return findOperator(name)?.apply(valueFromJsonText(value), read) ?? string('no such operator');
}
