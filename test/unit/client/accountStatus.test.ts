import { expect, it } from 'vitest';
import { nextLookMs } from '../../../client/connections/accountStatus.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

it.each([
  ['of half a minute, at its end', minute / 2, minute / 2 + 1],
  ['of ten minutes, after one', 10 * minute, minute + 1],
  ['of an hour, when its end is near', 60 * minute, 45 * minute + 1],
  // A timer of more is one of a millisecond, and the account would be asked for without a pause.
  ['of a year, after the longest time of a timer', 365 * day, 2 ** 31 - 1],
])('a sign-in %s, is looked at again', (_, left, after) => {
  expect(nextLookMs(left)).toBe(after);
});
