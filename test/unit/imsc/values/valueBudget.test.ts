import { expect, test } from 'vitest';
import { budget } from '../../../../core/limits/budget.ts';
import { checkText } from '../../../../core/imsc/checks/checkSchema.ts';
import { hasStrayBrackets, knownReferences, renderText } from '../../../../core/imsc/schema/template.ts';
import { TooLarge, ValueBudget } from '../../../../core/imsc/values/valueBudget.ts';
import { dict, hashKey, integer, list, string, tuple } from '../../../../core/imsc/values/values.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

function doubled(times: number): Value {
  let value: Value = list([string('x')]);
  for (let time = 0; time < times; time++) value = list([value, value]);
  return value;
}

test.each([
  ['a long text', string('x'.repeat(budget.values.size + 1))],
  ['a list that holds one twice that holds one twice …', doubled(60)],
  ['an object of such', dict([[string('k'), doubled(22)]])],
])('%s is too large', (_name, value) => {
  expect(() => new ValueBudget().take(value)).toThrow(TooLarge);
});

test('what is large and no more than that is taken, until all together are too large', () => {
  const values = new ValueBudget();
  const large = string('x'.repeat(budget.values.size - 1));
  const times = Math.floor(budget.values.total / budget.values.size);
  for (let time = 0; time < times; time++) expect(values.take(large)).toBe(large);
  expect(() => values.take(large)).toThrow(/together/);
});

test('a text is not put together beyond the limit', () => {
  const names = new Map([['a', { value: string('x'.repeat(1e6)), unit: '' }]]);
  expect(() => renderText('<a>.'.repeat(1e6), names)).toThrow(TooLarge);
});

test.each(['<'.repeat(1e6), `${'<'.repeat(5e5)}${'>'.repeat(5e5)}`, '<a>'.repeat(3e5), '<a'.repeat(5e5)])(
  'brackets without end are looked through in bounded time',
  (text) => {
    const before = performance.now();
    knownReferences(text, (name) => name === 'a');
    hasStrayBrackets(text, (name) => name === 'a');
    expect(performance.now() - before).toBeLessThan(5_000);
  },
);

test('keys that are tuples of tuples stay short, and differ where their contents do', () => {
  let deep: Value = integer(1);
  for (let level = 0; level < 60; level++) deep = tuple([deep]);
  expect(hashKey(deep)?.length).toBeLessThan(10_000);
  expect(hashKey(tuple([string('a'), string('b')]))).not.toBe(hashKey(tuple([string('a 8 string b')])));
});

test.each([
  ['lists', 'list', '["p", "q"]', '["BEFORE", "BEFORE"]', ''],
  ['lists of texts', 'string[]', '["p", "q"]', '["BEFORE", "BEFORE"]', ''],
  ['objects', 'dict', '{"p": "q"}', '{"l": "BEFORE", "r": "BEFORE"}', ''],
  ['texts that are joined', 'string', '"p"', '["BEFORE", "BEFORE", "x"]', '"operator": "join_with_space", '],
  ['letters', 'string', '"pp"', '"BEFORE"', '"operator": "str-replace", "pattern": "p", "replacement": "pppp", '],
])('%s that grow with each variable are named where they become too large', (_name, type, first, next, operator) => {
  const rest = Array.from({ length: 60 }, (_, index) => {
    const value = next.replaceAll('BEFORE', `<v${index}>`);
    return `"v${index + 1}": {"source": "VALUE", ${operator}"value": ${value}, "value_type": "${type}"}`;
  });
  const text = `{"variables": {"v0": {"source": "VALUE", "value": ${first}, "value_type": "${type}"}, ${rest.join(',\n')}}}`;
  const before = performance.now();
  const found = checkText(text).problems.filter(({ code }) => code === 'value-too-large');
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(found).toHaveLength(1);
});
