'load later';
import { createUnitClass } from 'mathjs';
import type { MathJSON, Unit, UnitCtor } from 'mathjs';
import { budget } from '../limits/budget.ts';

/** What SciCat keeps of a quantity beside `value` and `unit`, when it has read its unit. */
export interface SiQuantity {
  readonly valueSI: number | readonly number[];
  readonly unitSI: string;
}

/**
 * What SciCat’s `convertToSI` (`src/common/utils.ts` of its backend, 5.0 to 5.2.1 with mathjs 15.2) makes of a value and
 * its unit: of a number, of what reads as one, and of a pair of numbers, which is a range.
 * @param value as JSON gives it
 * @returns undefined where SciCat cannot convert it, and writes `value` and `unit` once more
 */
export function siQuantity(value: unknown, unit: string): SiQuantity | undefined {
  if (unit.length > budget.unitText) return undefined;
  try {
    const Unit = units();
    const name = unit.normalize('NFC');
    const target = (Unit.isValuelessUnit(name) ? new Unit(null, name) : Unit.parse(name)).toSI().toJSON().unit;
    const inSI = (one: unknown): MathJSON => new Unit(numberOf(one), name).to(target).toJSON();
    if (!Array.isArray(value)) {
      const made = inSI(value);
      return { valueSI: made.value, unitSI: made.unit };
    }
    if (value.length !== 2) return undefined;
    const both = value.map(inSI);
    return { valueSI: both.map((one) => one.value), unitSI: both[0]?.unit ?? target };
  } catch {
    // mathjs throws errors of all kinds, and SciCat takes each for a unit that it does not know.
    return undefined;
  }
}

/** As mathjs takes for numbers what is none. */
function numberOf(value: unknown): number {
  const number = ['number', 'string', 'boolean'].includes(typeof value) ? Number(value) : NaN;
  if (Number.isNaN(number)) throw new TypeError('This is no number.');
  return number;
}

/** Whether SciCat reads this text as a unit. */
export function isSciCatUnit(unit: string): boolean {
  return siQuantity(1, unit) !== undefined;
}

/** Whether two units that SciCat reads measure the same, so that one can be converted into the other. */
export function measureTheSame(one: string, other: string): boolean {
  return siQuantity(1, one)?.unitSI === siQuantity(1, other)?.unitSI;
}

/**
 * A number in another unit of the same dimension, without the noise of the last digit: 5 us are 0.000005 s.
 * @throws what mathjs throws if one is no unit, or if they measure different things
 */
export function inUnit(value: number, unit: string, wanted: string): number {
  const Unit = units();
  const { value: converted } = new Unit(value, unit.normalize('NFC')).to(wanted.normalize('NFC')).toJSON();
  return Number(converted.toPrecision(15));
}

let known: UnitClass | undefined;

/**
 * The units of mathjs with the arithmetic of plain numbers: what it computes for numbers, at a quarter of the size and
 * a tenth of the time of its own, which is also for matrices, fractions and complex numbers.
 */
function units(): UnitClass {
  if (known) return known;
  const Unit = createUnitClass({
    config: { number: 'number', predictable: false, relTol: 1e-12, absTol: 1e-15 },
    addScalar: (a: number, b: number) => a + b,
    subtractScalar: (a: number, b: number) => a - b,
    multiplyScalar: (a: number, b: number) => a * b,
    divideScalar: (a: number, b: number) => a / b,
    pow: (a: number, b: number) => a ** b,
    abs: Math.abs,
    fix: Math.trunc,
    round: Math.round,
    equal: (a: number, b: number) => a === b,
    isNumeric: (value: unknown) => typeof value === 'number',
    format: String,
    number: Number,
    // The one unit with a complex value, VAR, gives no number in SciCat either.
    Complex: { I: NaN },
    BigNumber: Number,
    Fraction: Ratio,
  });
  const isLetter = Unit.isValidAlpha.bind(Unit);
  // As SciCat does.
  Unit.isValidAlpha = (character) => isLetter(character) || character === 'Å';
  Unit.createUnit({ Å: '1 angstrom' });
  known = Unit;
  return Unit;
}

/** Degrees Fahrenheit are 5/9 of a kelvin. */
class Ratio {
  readonly isFraction = true;
  readonly #value: number;

  constructor(numerator: number, denominator: number) {
    this.#value = numerator / denominator;
  }

  valueOf(): number {
    return this.#value;
  }
}

type UnitClass = UnitCtor & (new (value: number | null, name: string) => Unit);

declare module 'mathjs' {
  /** Missing in the types of mathjs: the class of its units, made of the functions by which they are computed. */
  export function createUnitClass(parts: Readonly<Record<string, unknown>>): UnitClass;
}
