import { expect, test } from 'vitest';
import { commonUnits } from '../../../core/units/commonUnits.ts';
import { inUnit, isSciCatUnit, measureTheSame, siQuantity } from '../../../core/units/siQuantity.ts';
import { unitAdvice } from '../../../core/units/unitAdvice.ts';

// Each was answered so by SciCat's own functions, with all of mathjs 15.2.
test.each<readonly [unknown, string, unknown, unknown]>([
  [12, 'cm', 0.12, 'm'],
  [0, 'degC', 273.15, 'K'],
  [5, 'us', 0.0000049999999999999996, 's'],
  [1, 'Å', 1e-10, 'm'],
  [1, 'Å', 1e-10, 'm'],
  [1, 'A\u030a', 1e-10, 'm'],
  [1, '1/angstrom', 10_000_000_000, 'm^-1'],
  [1, 'nm^-1', 999_999_999.999_999_9, 'm^-1'],
  [1, 'meV', 1.602176565e-22, '(kg m^2) / s^2'],
  [1, 'Hz', 1, 's^-1'],
  [1, 'C', 1, 's A'],
  [1, 'N/A', 1, '(kg m) / (s^2 A)'],
  [1, '10 mm', 0.001, 'm'],
  [1, 'degF', 255.927_777_777_777_78, 'K'],
  [1, 'mm ', 0.001, 'm'],
  ['12', 'mm', 0.012, 'm'],
  ['1e3', 'mm', 1, 'm'],
  ['0x10', 'mm', 0.016, 'm'],
  ['', 'mm', 0, 'm'],
  [true, 'mm', 0.001, 'm'],
  [[1, 2], 'mm', [0.001, 0.002], 'm'],
  [[1, '2'], 'mm', [0.001, 0.002], 'm'],
])('%j %s is kept as %j %s', (value, unit, valueSI, unitSI) => {
  expect(siQuantity(value, unit)).toEqual({ valueSI, unitSI });
});

test.each([
  ...[
    'µs',
    'μs',
    'AA',
    'u',
    'a.u.',
    'counts',
    'Kelvin',
    '°C',
    '%',
    '',
    ' ',
    '1',
    'm//s',
    '(m',
    'constructor',
    '__proto__',
  ].map((unit) => [1, unit] as const),
  ...['abc', '1 2', null, [1], [1, 2, 3], [1, 'x'], { a: 1 }].map((value) => [value, 'mm'] as const),
  // Longer than any unit.
  [1, `m${' m'.repeat(200)}`] as const,
])('%j %s is not converted', (value, unit) => {
  expect(siQuantity(value, unit)).toBeUndefined();
});

test.each(commonUnits)('%s is offered, and SciCat reads it as it is meant', (unit) => {
  expect(isSciCatUnit(unit)).toBe(true);
  // Not by way of the table itself.
  expect(unitAdvice(`${unit} `)).toBeUndefined();
});

test('units of one dimension are converted without noise', () => {
  expect(inUnit(5, 'us', 's')).toBe(0.000005);
  expect(inUnit(20, 'degC', 'K')).toBe(293.15);
  expect(inUnit(1, 'angstrom', 'Å')).toBe(1);
  expect(measureTheSame('mm', 'inch')).toBe(true);
  expect(measureTheSame('mm', 's')).toBe(false);
  expect(() => inUnit(1, 'mm', 's')).toThrow();
});

test('a text of any length that a file has for a unit is told to be none at once', () => {
  const started = performance.now();
  expect(unitAdvice(`[${' '.repeat(200_000)}x`)).toMatchObject({ kind: 'unknown' });
  expect(performance.now() - started).toBeLessThan(5_000);
});
