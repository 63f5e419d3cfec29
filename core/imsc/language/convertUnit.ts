import { inUnit, isSciCatUnit, measureTheSame } from '../../units/siQuantity.ts';
import { knownSpelling, unitAdvice } from '../../units/unitAdvice.ts';
import { describeValue } from '../values/showValue.ts';
import { float, list, string } from '../values/values.ts';
import type { Value } from '../values/values.ts';
import { OperatorError } from './operator.ts';
import type { OperatorDefinition } from './operator.ts';

/** Converts by the units of SciCat’s library, so that what is stored is what SciCat would have found. */
export const convertUnit: OperatorDefinition = {
  name: 'convert_unit',
  aliases: [],
  knownTo: [],
  summary: 'a number in another unit',
  explanation:
    'Converts a number, or each number of a list, from its own unit into the unit `to`, by the library with which SciCat reads units. The result is a float with 15 digits at most. Another spelling of a unit that SciCat knows is understood, such as `µm` for `um`. Without a unit, with one that nobody knows, or with one that measures something else the variable has no value.',
  parameters: [
    {
      name: 'to',
      summary: 'the unit of the result',
      explanation: 'A unit that SciCat knows, such as `m`, `K`, `1/angstrom`.',
      kinds: ['string'],
      refuses: (value) => {
        const advice = value.kind === 'string' ? unitAdvice(value.value) : undefined;
        if (value.kind === 'string' && value.value.trim() === '') return 'a unit is needed.';
        if (advice?.kind !== 'unknown') return undefined;
        return `it is not known what is meant.${advice.instead === undefined ? '' : ` Write “${advice.instead}”.`}`;
      },
      offers: 'units',
      whenMissing: 'fails',
    },
  ],
  accepts: ['integer', 'float', 'list'],
  result: 'depends',
  keepsUnit: false,
  unitParameter: 'to',
  example: { value: float(1500), unit: 'mm', arguments: { to: string('m') }, result: float(1.5) },
  refusesList: (items) =>
    items === undefined || items === 'integer' || items === 'float'
      ? undefined
      : '“convert_unit” cannot take a list of these.',
  refusesUnit: (unit, { to }) => {
    const wanted = to?.kind === 'string' ? to.value : '';
    if (unit === '') return 'convert_unit: the value has no unit.';
    const read = readable(unit);
    if (read === undefined) return `convert_unit: the unit “${unit}” is not known.`;
    if (measureTheSame(read, wanted)) return undefined;
    const advice = unitAdvice(unit);
    return `convert_unit: “${unit}” cannot be converted into “${wanted}”.${advice ? ` ${advice.message}` : ''}`;
  },
  apply: (value, given, unit) => {
    const to = given('to');
    const wanted = to.kind === 'string' ? to.value : '';
    const read = readable(unit) ?? unit;
    const convert = (item: Value): Value => {
      if (item.kind !== 'integer' && item.kind !== 'float')
        throw new OperatorError(`convert_unit needs numbers; ${describeValue(item)} is not one.`);
      const number = Number(item.value);
      return float(read === wanted ? number : inUnit(number, read, wanted));
    };
    return value.kind === 'list' ? list(value.items.map(convert)) : convert(value);
  },
};

function readable(unit: string): string | undefined {
  return isSciCatUnit(unit) ? unit : knownSpelling(unit);
}
