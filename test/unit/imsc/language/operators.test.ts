import { expect, test } from 'vitest';
import { valueFromJsonText } from '../../../../core/imsc/values/jsonText.ts';
import { findOperator, OperatorError, operators } from '../../../../core/imsc/language/operators.ts';
import type { OperatorArguments } from '../../../../core/imsc/language/operators.ts';
import { pythonRepr } from '../../../../core/imsc/values/pythonText.ts';
import { float, list, string } from '../../../../core/imsc/values/values.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

test.each(operators)('the example of $name gives what it says', (operator) => {
  const { value, unit, arguments: given, result } = operator.example;
  expect(operator.apply(value, given, unit)).toEqual(result);
  expect(operator.accepts).toContain(value.kind);
});

test('not-a-number counts for nothing', () => {
  const numbers = list([float(3), float(NaN), float(2), float(-Infinity)]);
  expect(findOperator('min')?.apply(numbers, {})).toEqual(float(-Infinity));
  expect(findOperator('max')?.apply(numbers, {})).toEqual(float(3));
  expect(() => findOperator('round')?.apply(float(NaN), {})).toThrow(/no whole number/);
  expect(() => findOperator('mean')?.apply(list([float(NaN)]), {})).toThrow(/at least one number/);
});

test.each([
  ['300', 'K', 'degC', '26.85'],
  ['26.85', 'degC', 'K', '300.0'],
  ['5', 'us', 's', '5e-06'],
  ['[1, 2.5]', 'mm', 'um', '[1000.0, 2500.0]'],
  ['1.5', '\u00b5m', 'um', '1.5'],
  ['1', 'AA', 'Å', '1.0'],
  ['7', 'mm', 'mm', '7.0'],
  ['0.1234567890123456789', 'mm', 'mm', '0.12345678901234568'],
  ['[]', 'mm', 'm', '[]'],
])('convert_unit of %s %s into %s gives %s', (value, unit, to, wanted) => {
  const result = findOperator('convert_unit')?.apply(valueFromJsonText(value), { to: string(to) }, unit);
  expect(result && pythonRepr(result)).toBe(wanted);
});

test.each([
  ['1', '', 'm', 'no unit'],
  ['1', 'counts', 'm', '“counts” is not known'],
  ['1', 'mm', 's', '“mm” cannot be converted into “s”'],
  ['1', 'C', 'K', 'coulombs'],
  ['1', 'mm', 'counts', 'not known what is meant'],
  ['1', 'mm', 'µm', 'Write “um”'],
  ['1', 'mm', ' ', 'a unit is needed'],
  ['"a"', 'mm', 'm', 'needs numbers'],
  ['["1"]', 'mm', 'm', 'needs numbers'],
])('convert_unit of %s %s into %s fails: %s', (value, unit, to, why) => {
  expect(() => findOperator('convert_unit')?.apply(valueFromJsonText(value), { to: string(to) }, unit)).toThrow(why);
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
  expect(findOperator(spelling)?.name !== spelling).toBe(ignored);
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
  ['min', '[3,1.5,2]', {}, '1.5'],
  ['min', '["b","a"]', {}, "'a'"],
  ['min', '7', {}, '7'],
  ['max', '[3,1.5,2]', {}, '3'],
  ['mean', '[1,2]', {}, '1.5'],
  ['mean', '[0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1]', {}, '0.1'],
  ['first', '["a","b"]', {}, "'a'"],
  ['last', '["a","b"]', {}, "'b'"],
  ['count', '[]', {}, '0'],
  ['count', '{"a":1,"b":2}', {}, '2'],
  ['round', '2.5', {}, '2'],
  ['round', '3.5', {}, '4'],
  ['round', '-0.5', {}, '0'],
  ['round', '0.125', { digits: '2' }, '0.12'],
  ['round', '2.675', { digits: '2' }, '2.67'],
  ['round', '1e300', { digits: '2' }, '1e+300'],
  ['round', '[1.26,3]', { digits: '1' }, '[1.3, 3]'],
  ['regex', '"run_17.nxs"', { pattern: '"run_(\\\\d+)"' }, "'17'"],
  ['regex', '"run_17.nxs"', { pattern: '"\\\\d+"' }, "'17'"],
  ['regex', '"run_17.nxs"', { pattern: '"(?P<what>[a-z]+)_(?P<n>\\\\d+)"', field: '"n"' }, "'17'"],
  ['regex', '"run_17.nxs"', { pattern: '"([a-z]+)_(\\\\d+)"', field: '0' }, "'run_17'"],
  // What a possessive repeat is translated to counts for no group.
  ['regex', '"run_17.nxs"', { pattern: '"[a-z]++_(\\\\d+)"' }, "'17'"],
  ['regex', '"run_17.nxs"', { pattern: '"([a-z])++_(?P<n>\\\\d++)"', field: '2' }, "'17'"],
  ['regex', '"run_17.nxs"', { pattern: '"[a-z]++_\\\\d++"' }, "'run_17'"],
  ['format_date', '"2024-10-28"', { format: '"%d/%m/%y %H:%M"' }, "'28/10/24 00:00'"],
  ['format_date', '"2024-10-28T09:34:50.5+02:00"', { format: '"%Y%m%dT%H%M%S.%f%z"' }, "'20241028T093450.500000+0200'"],
  ['format_date', '0', { format: '"%A"' }, "'Thursday'"],
  ['format_date', '"2024-12-31"', { format: '"%j %b %I%p %%"' }, "'366 Dec 12AM %'"],
])('%s of %s with %j is %s', (name, value, given, result) => {
  expect(pythonRepr(apply(name, value, given))).toBe(result);
});

test.each([
  ['min', '[]', {}, /at least one number/],
  ['max', '["a",1]', {}, /needs numbers/],
  ['mean', '"12"', {}, /needs numbers/],
  ['first', '[]', {}, /empty/],
  ['last', '"text"', {}, /needs a list/],
  ['count', '"text"', {}, /needs a list/],
  ['round', '1.5', { digits: '-1' }, /from 0 to 15/],
  ['round', '"1.5"', {}, /needs numbers/],
  ['regex', '"abc"', {}, /“pattern”/],
  ['regex', '"abc"', { pattern: '"(x)"' }, /is not found/],
  ['regex', '"abc"', { pattern: '"("' }, /not a regular expression/],
  ['regex', '"abc"', { pattern: '"(a)"', field: '4' }, /group 4/],
  ['regex', `"${'a'.repeat(40)}!"`, { pattern: '"(a+)+$"' }, /takes too long/],
  ['format_date', '"yesterday"', { format: '"%Y"' }, /not a date/],
  ['format_date', '"2024-10-28"', { format: '"%Q"' }, /“%Q” is none of/],
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
