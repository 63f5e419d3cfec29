import { expect, it } from 'vitest';
import { suggestion } from '../../../core/problems/suggestion.ts';

const operators = [
  'DO_NOTHING',
  'join_with_space',
  'filename',
  'dirname',
  'dirname-2',
  'getitem',
  'str-replace',
  'sum',
];

it.each([
  ['dirnam-2', 'dirname-2'],
  ['dirnam', 'dirname'],
  ['str_replace', 'str-replace'],
  ['Sum', 'sum'],
  ['getItem', 'getitem'],
  ['multiply', undefined],
])('%s → %s', (word, wanted) => {
  expect(suggestion(word, operators)).toBe(wanted);
});
