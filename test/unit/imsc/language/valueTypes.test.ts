import { expect, test } from 'vitest';
import { valueFromJsonText } from '../../../../core/imsc/values/jsonText.ts';
import { pythonRepr } from '../../../../core/imsc/values/pythonText.ts';
import { lookup } from '../../../../core/imsc/language/registry.ts';
import { ConversionError, valueTypeNames, valueTypes } from '../../../../core/imsc/language/valueTypes.ts';
import { none } from '../../../../core/imsc/values/values.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

test('every value type is in the table once', () => {
  expect(valueTypes.map(({ name }) => name)).toEqual([...valueTypeNames]);
});

test.each(valueTypes)('the example of $name gives what it says', ({ example, accepts, result, convert }) => {
  expect(convert(example.value)).toEqual(example.result);
  expect(accepts).toContain(example.value.kind);
  expect(example.result.kind).toBe(result);
});

test.each(valueTypes)('$name refuses every kind that it does not accept', ({ accepts, convert }) => {
  for (const text of ['null', 'true', '5', '5.5', '"x"', '[]', '{}']) {
    const value = valueFromJsonText(text);
    if (!accepts.includes(value.kind)) expect(() => convert(value), text).toThrow(ConversionError);
  }
});

test.each([
  ['dict', '"{\\"a\\": true}"', "{'a': True}"],
  ['dict', `"{'a': True}"`, "{'a': True}"],
  ['dict', '"{\\"a\\": 5.0}"', "{'a': 5.0}"],
  ['list', '"[true, null, 12345678901234567890]"', '[True, None, 12345678901234567890]'],
  ['list', `"['a', None]"`, "['a', None]"],
  ['dict', '[["a",1],["b",2]]', "{'a': 1, 'b': 2}"],
  ['dict', '["ab","cd"]', "{'a': 'b', 'c': 'd'}"],
  ['date', '["2024-01-01"]', "'2024-01-01T00:00:00'"],
  ['date', '[1730107970]', "'2024-10-28T09:32:50+00:00'"],
  ['date', 'true', "'1970-01-01T00:00:01+00:00'"],
  ['string', '300.0', "'300.0'"],
  ['string[]', `"{'b': 1, 'a': 2}"`, "['b', 'a']"],
  ['integer', '" +1_2 "', '12'],
  ['integer', '1e300', String(BigInt(1e300))],
  ['float', '9007199254740993', '9007199254740992.0'],
])('%s of %s is %s', (type, value, result) => {
  expect(pythonRepr(convert(type, value))).toBe(result);
});

test.each([
  ['integer', '"12.0"', '“12.0” is not a whole number. Turn it into a float first, and that into an integer.'],
  ['integer', '"abc"', '“abc” is not a whole number.'],
  ['integer', '1e999', 'Infinity is not a whole number.'],
  ['float', '[1]', '[1] is not a number.'],
  ['float', '""', 'an empty text is not a number.'],
  ['string[]', '5', '5 is not a list.'],
  ['date', 'null', 'nothing (null) is not a date.'],
  ['date', '["2024-01-01","2024-01-02"]', '["2024-01-01", "2024-01-02"] is not a date.'],
  ['date', '"28/10/2024"', '“28/10/2024” is not a date. Write dates as 2024-10-28 or 2024-10-28T09:34:50Z.'],
  ['date', '1730107970524', '1730107970524 is not a date.'],
  ['list', '"(1, 2)"', '“(1, 2)” is not a list. Use [ ] instead of ( ).'],
  ['dict', '"a: 1"', '“a: 1” is not an object such as {"a": 1} in Python or JSON notation.'],
  ['none', '0', '0 is not null, which is all that “none” takes.'],
])('%s of %s fails: %s', (type, value, message) => {
  expect(() => convert(type, value)).toThrow(new ConversionError(message));
});

function convert(type: string, value: string): Value {
  return lookup(valueTypes, type)?.convert(valueFromJsonText(value)) ?? none;
}
