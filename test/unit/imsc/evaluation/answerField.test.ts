import { expect, it } from 'vitest';
import { partOfAnswer } from '../../../../core/imsc/evaluation/answerField.ts';
import { ReadFailure } from '../../../../core/imsc/evaluation/readers.ts';
import { jsonText, valueFromPlain } from '../../../../core/imsc/values/jsonText.ts';

const one = [{ pid: 'a', title: 'b' }];
const nine = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, index]));
const eight = Object.fromEntries(Object.entries(nine).slice(0, 8));

it.each<[unknown, unknown, unknown]>([
  [{ pid: 'a' }, 'pid', 'a'],
  [{ pid: 'a' }, '', { pid: 'a' }],
  [{ pid: 'a' }, 0, { pid: 'a' }],
  [{ pid: 'a' }, false, { pid: 'a' }],
  [{ pid: 'a' }, null, { pid: 'a' }],
  [one, 'pid', 'a'],
  [['x', 'y'], 1, 'y'],
  [['x', 'y'], -1, 'y'],
  [['x'], 'pid', "SciCat's answer is a list of 1; it has no “pid”"],
  [[...one, ...one], 'pid', "SciCat's answer is a list of 2; it has no “pid”"],
  [[], 'pid', "SciCat's answer is an empty list; it has no “pid”"],
  [{}, 'pid', "SciCat's answer is an empty object; it has no “pid”"],
  [eight, 'pid', "SciCat's answer is an object with k0, k1, k2, k3, k4, k5, k6, k7; it has no “pid”"],
  [nine, 'pid', "SciCat's answer is an object with k0, k1, k2, k3, k4, k5, k6, k7, …; it has no “pid”"],
  [one, 'owner', "SciCat's answer is an object with pid, title; it has no “owner”"],
])('of %j the field %j is %j', (answer, field, expected) => {
  const take = (): string => jsonText(partOfAnswer(valueFromPlain(answer), valueFromPlain(field)));
  if (typeof expected !== 'string' || !expected.startsWith("SciCat's")) {
    expect(take()).toBe(jsonText(valueFromPlain(expected)));
    return;
  }
  expect(take).toThrow(ReadFailure);
  expect(take).toThrow(expected.replace(/ it has no .*/, ''));
});
