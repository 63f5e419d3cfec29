import { float, integer } from './values.ts';
import type { Value } from './values.ts';

/** Python refuses to read integers with more digits, to stay quick. */
export const maxIntegerDigits = 4300;

/** Python's whitespace around numbers; differs from JavaScript's in NEL and the byte order mark. */
const blank = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const digits = '[0-9](?:_?[0-9])*';
const integerPattern = new RegExp(`^[+-]?${digits}$`);
const floatPattern = new RegExp(`^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`, 'i');

/**
 * Python's `int(text)`: blanks around, a sign, `_` between digits, and the digits of any script.
 * Undefined where Python raises ValueError.
 */
export function parseInteger(text: string): bigint | undefined {
  const plain = plainDigits(text);
  if (!integerPattern.test(plain)) return undefined;
  const bare = plain.replace(/^\+|_/g, '');
  if (bare.length > maxIntegerDigits && bare.replace('-', '').length > maxIntegerDigits) return undefined;
  return bare.startsWith('-') ? -BigInt(bare.slice(1)) : BigInt(bare);
}

/** Python's `float(text)`: as for integers, and the words nan, inf and infinity. Undefined where it raises. */
export function parseFloatText(text: string): number | undefined {
  const plain = plainDigits(text);
  if (floatPattern.test(plain)) return Number(plain.replaceAll('_', ''));
  const word = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(plain);
  if (!word) return undefined;
  if (word[2] === undefined) return NaN;
  return word[1] === '-' ? -Infinity : Infinity;
}

/** Python's `int(float)`: cut off towards zero. Undefined for NaN and infinities, where it raises. */
export function integerOfFloat(value: number): bigint | undefined {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
}

/** Without blanks around, and with ASCII digits in place of those of other scripts. */
function plainDigits(text: string): string {
  // Usual numbers do without the tables of Unicode, which take milliseconds to load.
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  return withoutBlanks(text).replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code < 0x80) return digit;
    // Digits come in unbroken runs of ten, several runs in a row at most.
    let first = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
    return String((code - first) % 10);
  });
}

function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start++;
  while (end > start && blank.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** A sum that cannot be made: an item is not a number, or an integer is too large for a float. */
export class SumError extends Error {}

const longMin = -(2n ** 63n);
const longMax = 2n ** 63n - 1n;

/**
 * Python 3.12's `sum()`: integers stay integers, floats are added with compensation (Neumaier), so that ten times 0.1
 * is 1.0. Follows CPython in where compensation stops: behind an integer that needs more than 64 bits.
 * @throws SumError naming the item that is not a number
 */
export function sumValues(items: readonly Value[]): Value {
  const numbers = items.map(numberOf);
  let index = 0;
  let whole = 0n;
  for (; index < numbers.length; index++) {
    const next = numbers[index];
    if (typeof next !== 'bigint') break;
    if (!isLong(next) || !isLong(whole + next)) return addPlainly(whole, numbers.slice(index));
    whole += next;
  }
  const first = numbers[index];
  if (first === undefined) return integer(whole);
  let sum = toFloat(whole) + toFloat(first);
  let compensation = 0;
  const result = (): number => (compensation !== 0 && Number.isFinite(compensation) ? sum + compensation : sum);
  while (++index < numbers.length) {
    const next = numbers[index] ?? 0;
    if (typeof next === 'bigint') {
      if (!isLong(next)) return addPlainly(result(), numbers.slice(index));
      sum += Number(next);
      continue;
    }
    const total = sum + next;
    compensation += Math.abs(sum) >= Math.abs(next) ? sum - total + next : next - total + sum;
    sum = total;
  }
  return float(result());
}

function addPlainly(start: bigint | number, numbers: readonly (bigint | number)[]): Value {
  let sum = start;
  for (const next of numbers) {
    sum = typeof sum === 'bigint' && typeof next === 'bigint' ? sum + next : toFloat(sum) + toFloat(next);
  }
  return typeof sum === 'bigint' ? integer(sum) : float(sum);
}

function isLong(value: bigint): boolean {
  return value >= longMin && value <= longMax;
}

function toFloat(value: bigint | number): number {
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(number)) throw new SumError('An integer is too large for a float.');
  return number;
}

function numberOf(value: Value, index: number): bigint | number {
  switch (value.kind) {
    case 'integer':
    case 'float':
      return value.value;
    case 'boolean':
      return value.value ? 1n : 0n;
    default:
      throw new SumError(`Item ${index + 1} is not a number.`);
  }
}
