/**
 * A float as Python prints it: the shortest digits that give the same number, `.0` on whole numbers, an exponent of
 * at least two digits below 1e-4 and from 1e16 on.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

/** A float as Python writes it into JSON: as it prints, but `NaN`, `Infinity` and `-Infinity`. */
export function jsonFloatText(value: number): string {
  return Number.isFinite(value) ? floatText(value) : String(value);
}
