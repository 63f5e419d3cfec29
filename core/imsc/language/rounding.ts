/**
 * Python's `round(value, digits)`: the nearest number with so many decimals, of two the one whose last digit is even.
 * Works on the exact decimal expansion of the number, as Python does.
 * @param value finite
 * @param digits 0 to 15
 */
export function roundHalfEven(value: number, digits: number): number {
  // Beyond 2^53 there are no decimals, and `toFixed` would write an exponent.
  if (Math.abs(value) >= Number.MAX_SAFE_INTEGER) return value;
  const fixed = Number(value.toFixed(digits));
  // 60 more digits show whether it lies exactly in the middle: what is left of a double there is cut off otherwise.
  const [whole = '', decimals = ''] = Math.abs(value)
    .toFixed(Math.min(100, digits + 60))
    .split('.');
  if (!/^50*$/.test(decimals.slice(digits))) return fixed;
  const kept = BigInt(whole + decimals.slice(0, digits));
  const even = kept % 2n === 0n ? kept : kept + 1n;
  return Math.sign(value) * Number(`${even}e-${digits}`);
}
