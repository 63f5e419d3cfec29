import { FormatError } from '../formatError.ts';
import type { BitsType, FloatType } from '../objects/datatype.ts';

/** An integer by its layout; more than 32 significant bits come as a bigint. */
export function decodeInteger(bytes: Uint8Array, { order, offset, precision, signed }: BitsType): number | bigint {
  const all = bigUint(bytes, order === 'little') >> BigInt(offset);
  const value = signed ? BigInt.asIntN(precision, all) : BigInt.asUintN(precision, all);
  return precision > 32 ? value : Number(value);
}

/**
 * A floating-point number by its layout, rounded to double precision where it has more digits. Numbers beyond the range
 * of double precision become infinite, as in Python.
 * @throws FormatError for a form of zero that the library takes for another number
 */
export function decodeFloat(bytes: Uint8Array, { order, sign, exponent, mantissa, leadingBit }: FloatType): number {
  const all = bigUint(bytes, order === 'little');
  const field = (at: number, size: number): bigint => BigInt.asUintN(size, all >> BigInt(at));
  const factor = field(sign, 1) === 1n ? -1 : 1;
  const power = Number(field(exponent.at, exponent.size));
  const fraction = field(mantissa.at, mantissa.size);
  if (power === 2 ** exponent.size - 1) {
    // A leading bit that is written stands before the point, also of what is infinite.
    const rest = leadingBit === 'written' ? BigInt.asUintN(mantissa.size - 1, fraction) : fraction;
    return rest === 0n ? factor * Infinity : NaN;
  }
  if (leadingBit === 'written' && fraction === 0n && power !== 0)
    throw new FormatError('it holds a zero with an exponent, which readers take for different numbers');
  if (leadingBit === 'written') return factor * scaled(fraction, power - exponent.bias + 1 - mantissa.size);
  const whole = power === 0 ? 0n : 1n << BigInt(mantissa.size);
  return factor * scaled(fraction | whole, Math.max(power, 1) - exponent.bias - mantissa.size);
}

function bigUint(bytes: Uint8Array, isLittle: boolean): bigint {
  let value = 0n;
  for (let index = 0; index < bytes.length; index += 1) {
    value = (value << 8n) | BigInt(bytes[isLittle ? bytes.length - 1 - index : index] ?? 0);
  }
  return value;
}

/** integer × 2^power, rounded once (to nearest, ties to even), without overflow on the way. */
function scaled(integer: bigint, power: number): number {
  if (integer === 0n) return 0;
  const digits = integer.toString(2).length;
  // Less than half of the smallest number of double precision, also where a damaged bias makes it immeasurably small.
  if (digits + power < -1074) return 0;
  // The last place that double precision has for a number of this size: below 2^-1022, no smaller one.
  const last = Math.max(digits + power - 53, -1074);
  const drop = BigInt(Math.max(last - power, 0));
  const half = drop === 0n ? 0n : 1n << (drop - 1n);
  const rest = BigInt.asUintN(Number(drop), integer);
  let kept = integer >> drop;
  if (drop > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
  const left = power + Number(drop);
  // Both factors are powers of two, and neither product is rounded again.
  return left >= -1000
    ? Number(kept) * 2 ** Math.min(left, 1023) * 2 ** Math.max(left - 1023, 0)
    : Number(kept) * 2 ** (left + 600) * 2 ** -600;
}

/** IEEE 754's binary form of so many bits of exponent and fraction, as nearly all floating-point numbers are. */
export function isIeee(type: FloatType, size: number, exponentBits: number, fractionBits: number): boolean {
  const { exponent, mantissa } = type;
  return (
    type.size === size &&
    type.leadingBit === 'implied' &&
    type.sign === exponentBits + fractionBits &&
    exponent.at === fractionBits &&
    exponent.size === exponentBits &&
    exponent.bias === 2 ** (exponentBits - 1) - 1 &&
    mantissa.at === 0 &&
    mantissa.size === fractionBits
  );
}
