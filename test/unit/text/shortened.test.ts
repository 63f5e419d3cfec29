import { expect, it } from 'vitest';
import { shortened } from '../../../core/text/shortened.ts';

it.each([
  ['', 5, ''],
  ['abcde', 5, 'abcde'],
  ['abcdef', 5, 'abcd…'],
  // A character that takes two units is not cut in half.
  ['abc😀f', 6, 'abc😀f'],
  ['abc😀fg', 6, 'abc😀…'],
  ['abc😀fg', 5, 'abc…'],
  ['ab😀😀', 5, 'ab😀…'],
])('%j in at most %i is %j', (text, longest, expected) => {
  expect(shortened(text, longest)).toBe(expected);
});
