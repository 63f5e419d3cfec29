import { budget } from '../../limits/budget.ts';
import { inLimitedTime } from '../../limits/limitedTime.ts';
import { TimeOver } from '../../limits/timeOver.ts';
import { pythonGroups, pythonRegex } from '../../text/pythonRegex.ts';
import { isoDateOf, isoDateOfEpoch } from '../values/pythonDates.ts';
import { sumValues } from '../values/pythonNumbers.ts';
import { describeValue } from '../values/showValue.ts';
import { float, integer, isOfKind, list, string } from '../values/values.ts';
import type { Value, ValueKind, ValueOf } from '../values/values.ts';
import { convertUnit } from './convertUnit.ts';
import { formatDate, FormatError } from './dateFormats.ts';
import { OperatorError, textOf } from './operator.ts';
import type { OperatorDefinition } from './operator.ts';
import { roundHalfEven } from './rounding.ts';

type Numeric = ValueOf<'integer'> | ValueOf<'float'>;

const onlyHere = { aliases: [], knownTo: [], parameters: [] } as const;
const numbers = list([float(4.2), float(1.5), float(3)]);
const numberKinds: readonly ValueKind[] = ['integer', 'float', 'list'];
/** Why a list whose items are of one kind has no numbers. */
const refusesOthers =
  (name: string, kinds: readonly ValueKind[] = ['integer', 'float']) =>
  (items: ValueKind | undefined): string | undefined =>
    items === undefined || kinds.includes(items) ? undefined : `“${name}” cannot take a list of these.`;

/** The operators that only this program has; other programs leave the value as it is. */
export const ownOperators: readonly OperatorDefinition[] = [
  {
    ...onlyHere,
    name: 'min',
    summary: 'the least of a list of numbers',
    explanation:
      'Of numbers the least, of texts the first in the order of their characters. A lone number is its own least. Not-a-number counts for nothing. The unit is kept.',
    accepts: numberKinds,
    result: 'item',
    keepsUnit: true,
    example: { value: numbers, arguments: {}, result: float(1.5) },
    refusesList: refusesOthers('min', ['integer', 'float', 'string']),
    apply: (value) => extreme('min', value, (a, b) => a < b),
  },
  {
    ...onlyHere,
    name: 'max',
    summary: 'the greatest of a list of numbers',
    explanation:
      'Of numbers the greatest, of texts the last in the order of their characters. A lone number is its own greatest. Not-a-number counts for nothing. The unit is kept.',
    accepts: numberKinds,
    result: 'item',
    keepsUnit: true,
    example: { value: numbers, arguments: {}, result: float(4.2) },
    refusesList: refusesOthers('max', ['integer', 'float', 'string']),
    apply: (value) => extreme('max', value, (a, b) => a > b),
  },
  {
    ...onlyHere,
    name: 'mean',
    summary: 'the arithmetic mean of a list of numbers',
    explanation:
      'The sum, added without rounding errors, by the number of items. Not-a-number counts for nothing. The unit is kept.',
    accepts: numberKinds,
    result: 'float',
    keepsUnit: true,
    example: { value: numbers, arguments: {}, result: float(2.9) },
    refusesList: refusesOthers('mean'),
    apply: mean,
  },
  {
    ...onlyHere,
    name: 'first',
    summary: 'the first item of a list',
    explanation: 'The same as `getitem` with `field: 0`, but keeps the unit.',
    accepts: ['list'],
    result: 'item',
    keepsUnit: true,
    example: { value: numbers, arguments: {}, result: float(4.2) },
    apply: (value) => itemOf('first', value, 0),
  },
  {
    ...onlyHere,
    name: 'last',
    summary: 'the last item of a list',
    explanation: 'The same as `getitem` with `field: -1`, but keeps the unit.',
    accepts: ['list'],
    result: 'item',
    keepsUnit: true,
    example: { value: numbers, arguments: {}, result: float(3) },
    apply: (value) => itemOf('last', value, -1),
  },
  {
    ...onlyHere,
    name: 'count',
    summary: 'how many items a list has',
    explanation: 'The number of items of a list, or of keys of an object. It has no unit.',
    accepts: ['list', 'dict'],
    result: 'integer',
    keepsUnit: false,
    example: { value: numbers, arguments: {}, result: integer(3) },
    apply: (value) => {
      if (value.kind === 'list') return integer(value.items.length);
      if (value.kind === 'dict') return integer(value.entries.length);
      throw new OperatorError(`count needs a list; ${describeValue(value)} is not one.`);
    },
  },
  {
    ...onlyHere,
    name: 'round',
    summary: 'a number with fewer decimals',
    explanation:
      'Rounds a number, or each number of a list, to `digits` decimals, and what lies in the middle to the even neighbour, as Python does. Without `digits` the result is a whole number. The unit is kept.',
    parameters: [
      {
        name: 'digits',
        summary: 'how many decimals are left',
        explanation: 'A whole number from 0 to 15, without quotes.',
        kinds: ['integer'],
        whenMissing: 'may be left out',
      },
    ],
    accepts: numberKinds,
    result: 'depends',
    keepsUnit: true,
    example: { value: float(3.14159), arguments: { digits: integer(2) }, result: float(3.14) },
    refusesList: refusesOthers('round'),
    apply: (value, given) => rounded(value, given('digits')),
  },
  {
    ...onlyHere,
    name: 'regex',
    summary: 'a part of a text, found by a regular expression',
    explanation:
      'Looks for `pattern`, a regular expression as Python has them, anywhere in the text. The result is its first group, or the one that `field` names or numbers; all that was found if there is no group. If nothing is found the variable has no value.',
    parameters: [
      {
        name: 'pattern',
        summary: 'the regular expression to look for',
        explanation: 'For `regex` it is a regular expression; write it in single quotes.',
        kinds: ['string'],
        whenMissing: 'fails',
      },
      {
        name: 'field',
        summary: 'the name or the number of the group to take',
        explanation: 'For `regex` a group: 0 is all that was found.',
        kinds: ['string', 'integer'],
        whenMissing: 'may be left out',
      },
    ],
    accepts: ['string'],
    result: 'string',
    keepsUnit: false,
    example: {
      value: string('/data/coda/443604/run_17.nxs'),
      arguments: { pattern: string('/(\\d{6})/') },
      result: string('443604'),
    },
    apply: (value, given) => partFound(textOf(value, 'regex'), given('pattern'), given('field')),
  },
  {
    ...onlyHere,
    name: 'format_date',
    summary: 'a date, written otherwise',
    explanation:
      'Writes a date (a text in ISO 8601, or seconds since 1970 in UTC) by `format`, as Python’s `strftime` does: `%Y` year, `%m` month, `%d` day, `%H` hour, `%M` minute, `%S` second, `%f` microseconds, `%j` day of the year, `%z` offset from UTC, `%y`, `%I`, `%p`, `%a`, `%A`, `%b`, `%B` in English, `%%` a percent sign. The time is that of the date’s own time zone.',
    parameters: [
      {
        name: 'format',
        summary: 'how the date is written',
        explanation: 'With the directives of `strftime`, such as `%Y-%m-%d`.',
        kinds: ['string'],
        whenMissing: 'fails',
      },
    ],
    accepts: ['string', 'integer', 'float'],
    result: 'string',
    keepsUnit: false,
    example: {
      value: string('2024-10-28T09:34:50Z'),
      arguments: { format: string('%d.%m.%Y') },
      result: string('28.10.2024'),
    },
    apply: (value, given) => writtenDate(value, given('format')),
  },
  convertUnit,
];

/** The numbers of a list without those that are none, or a lone number. @throws OperatorError */
function numbersOf(operator: string, value: Value): readonly Numeric[] {
  const items = value.kind === 'list' ? value.items : [value];
  const found = items.filter((item): item is Numeric => isOfKind(item, 'integer') || isOfKind(item, 'float'));
  if (found.length < items.length) {
    throw new OperatorError(`${operator} needs numbers; ${describeValue(value)} has something else.`);
  }
  const meant = found.filter((item) => !Number.isNaN(item.value));
  if (meant.length > 0) return meant;
  throw new OperatorError(`${operator} needs at least one number, and here is none.`);
}

function extreme(
  operator: string,
  value: Value,
  isBetter: (a: number | bigint | string, b: number | bigint | string) => boolean,
): Value {
  const texts = value.kind === 'list' ? value.items.filter((item) => isOfKind(item, 'string')) : [];
  if (value.kind === 'list' && texts.length > 0 && texts.length === value.items.length) {
    return texts.reduce((best, text) => (isBetter(text.value, best.value) ? text : best));
  }
  return numbersOf(operator, value).reduce((best, item) => (isBetter(item.value, best.value) ? item : best));
}

function mean(value: Value): Value {
  const items = numbersOf('mean', value);
  const sum = sumValues(items);
  return float(sum.kind === 'integer' || sum.kind === 'float' ? Number(sum.value) / items.length : NaN);
}

function itemOf(operator: string, value: Value, index: number): Value {
  const item = value.kind === 'list' ? value.items.at(index) : undefined;
  if (item) return item;
  throw new OperatorError(
    value.kind === 'list'
      ? `${operator}: the list is empty.`
      : `${operator} needs a list; ${describeValue(value)} is not one.`,
  );
}

const mostDigits = 15n;

function rounded(value: Value, digits: Value): Value {
  if (digits.kind === 'integer' && (digits.value < 0n || digits.value > mostDigits)) {
    throw new OperatorError(`round: “digits” is a number from 0 to ${mostDigits}, not ${digits.value}.`);
  }
  const decimals = digits.kind === 'integer' ? Number(digits.value) : undefined;
  const round = (item: Value): Value => {
    if (item.kind === 'integer') return item;
    if (item.kind !== 'float') throw new OperatorError(`round needs numbers; ${describeValue(item)} is not one.`);
    if (!Number.isFinite(item.value)) {
      if (decimals !== undefined) return item;
      throw new OperatorError(`round: ${describeValue(item)} has no whole number.`);
    }
    const result = roundHalfEven(item.value, decimals ?? 0);
    return decimals === undefined ? integer(BigInt(result)) : float(result);
  };
  return value.kind === 'list' ? list(value.items.map(round)) : round(value);
}

function partFound(text: string, pattern: Value, field: Value): Value {
  const written = pattern.kind === 'string' ? pattern.value : '';
  const found = search(written, text);
  if (found === undefined)
    throw new OperatorError(`regex: “${written}” is not found in ${describeValue(string(text))}.`);
  const group =
    field.kind === 'string'
      ? found.named[field.value]
      : found.numbered[field.kind === 'integer' ? Number(field.value) : Math.min(1, found.numbered.length - 1)];
  if (group !== undefined) return string(group);
  const which = field.kind === 'none' ? 'first' : describeValue(field);
  throw new OperatorError(`regex: the group ${which} of “${written}” is not there, or found nothing.`);
}

interface Found {
  readonly named: Readonly<Record<string, string | undefined>>;
  /** All that was found, and then the groups. */
  readonly numbered: readonly (string | undefined)[];
}

function search(pattern: string, text: string): Found | undefined {
  try {
    const regex = pythonRegex(pattern);
    const [found] = inLimitedTime(budget.patternMs, () => [regex.exec(text)], `${pattern} ${text.slice(0, 1000)}`);
    return found ? { named: found.groups ?? {}, numbered: pythonGroups(regex, found) } : undefined;
  } catch (error) {
    if (error instanceof TimeOver) throw new OperatorError(`regex: looking for “${pattern}” takes too long.`);
    if (!(error instanceof SyntaxError)) throw error;
    throw new OperatorError(`regex: “${pattern}” is not a regular expression: ${error.message}.`);
  }
}

function writtenDate(value: Value, format: Value): Value {
  const iso =
    value.kind === 'string'
      ? isoDateOf(value.value)
      : value.kind === 'integer' || value.kind === 'float'
        ? isoDateOfEpoch(value.value)
        : undefined;
  if (iso === undefined) throw new OperatorError(`format_date: ${describeValue(value)} is not a date.`);
  try {
    return string(formatDate(iso, format.kind === 'string' ? format.value : ''));
  } catch (error) {
    if (error instanceof FormatError) throw new OperatorError(`format_date: ${error.message}`);
    throw error;
  }
}
