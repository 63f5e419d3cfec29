import type { Value } from '../values/values.ts';

const booleans = new Map<string, boolean>();
for (const [word, value] of [
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
] as const) {
  for (const spelling of [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]) {
    booleans.set(spelling, value);
  }
}
const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);

const decimalFloat = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const sexagesimalFloat = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/;
const infinity = /^[-+]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;
const integer = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*)$/;
const sexagesimalInteger = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;

/**
 * What an unquoted YAML scalar means by YAML 1.1, as PyYAML's safe loader reads it. Differs from PyYAML where that
 * fails or makes what a schema cannot use: dates, `=` and numbers without digits (`0x_`) are text.
 */
export function resolvePlain(text: string): Value {
  const first = text.charCodeAt(0);
  // Digits, sign and point: everything else that is not a word of the tables is text.
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return resolveNumber(text);
  if (text.length > 5) return { kind: 'string', value: text };
  const boolean = booleans.get(text);
  if (boolean !== undefined) return { kind: 'boolean', value: boolean };
  return nulls.has(text) ? { kind: 'none' } : { kind: 'string', value: text };
}

function resolveNumber(text: string): Value {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  if (integer.test(text)) {
    const value = readInteger(digits);
    if (value !== undefined) return { kind: 'integer', value: negative ? -value : value };
  } else if (decimalFloat.test(text)) {
    return { kind: 'float', value: negative ? -Number(digits) : Number(digits) };
  } else if (sexagesimalInteger.test(text)) {
    const value = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
    return { kind: 'integer', value: negative ? -value : value };
  } else if (sexagesimalFloat.test(text)) {
    // Summed from the right, as PyYAML does, because rounding depends on the order.
    let sum = 0;
    let base = 1;
    for (const part of digits.split(':').reverse()) {
      sum += Number(part) * base;
      base *= 60;
    }
    return { kind: 'float', value: negative ? -sum : sum };
  } else if (infinity.test(text)) {
    return { kind: 'float', value: negative ? -Infinity : Infinity };
  } else if (notANumber.test(text)) {
    return { kind: 'float', value: NaN };
  }
  return { kind: 'string', value: text };
}

function readInteger(digits: string): bigint | undefined {
  if (/^0[bx]$/.test(digits)) return undefined;
  if (/^0[bx]/.test(digits)) return BigInt(digits);
  return digits.length > 1 && digits.startsWith('0') ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
}

const timestamp =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.\d*)?(?:[ \t]*(?:Z|[-+](\d\d?)(?::(\d\d))?))?)?$/;

/**
 * Why PyYAML refuses an unquoted scalar that is a text here, as a clause; undefined if it takes it.
 * @param isKey keys may be `=` and `<<`
 */
export function plainRefusal(text: string, isKey = false): string | undefined {
  if (text === '=' || text === '<<')
    return isKey ? undefined : `“${text}” has a meaning of its own unless it is in quotes`;
  const first = text.charCodeAt(0);
  // Nearly all texts begin with a letter.
  if (first > 57 || first < 43) return undefined;
  if (/^[-+]?0[bx]_+$/.test(text)) return 'this looks like a number and has no digits; put it in quotes';
  if (!timestamp.test(text) || (!text.includes(':') && text.length !== 10)) return undefined;
  return isTimestamp(text) ? undefined : 'this looks like a date and is none; put it in quotes';
}

/** Whether PyYAML can make a date, or a date with a time, of a text. */
export function isTimestamp(text: string): boolean {
  const parts = timestamp.exec(text);
  if (!parts) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0, zoneMinute = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  // A day that does not exist is one of another month; leap years come again after 400 years.
  const date = new Date(Date.UTC(2000 + (year % 400), month - 1, day));
  if (year === 0 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  return hour < 24 && minute < 60 && second < 60 && zone * 60 + zoneMinute < 24 * 60;
}
