import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonScalarText, jsonText, valueFromJsonText } from '../../core/imsc/values/jsonText.ts';
import { findOperator } from '../../core/imsc/language/operators.ts';
import { isoDateOf } from '../../core/imsc/values/pythonDates.ts';
import { parsePythonLiteral } from '../../core/imsc/values/pythonLiteral.ts';
import { integerOfFloat, parseFloatText, parseInteger } from '../../core/imsc/values/pythonNumbers.ts';
import { pythonRepr, pythonText } from '../../core/imsc/values/pythonText.ts';
import { floatText } from '../../core/text/numberText.ts';
import { lookup } from '../../core/imsc/language/registry.ts';
import { float, integer, none, string, valueAt, valuesEqual } from '../../core/imsc/values/values.ts';
import type { Value, ValueOf } from '../../core/imsc/values/values.ts';
import { valueTypes } from '../../core/imsc/language/valueTypes.ts';
import { pathBelow, pathlibText, pathStem } from '../../core/files/pathlibPath.ts';
import { untag } from './taggedValue.ts';

/** What a row says comes out: a value, or `fails`. */
type Result = Value | 'fails';
type Row = ValueOf<'dict'>;

interface Table {
  readonly name: string;
  /** What we make of a row, for each of its columns; a missing column is not compared. */
  readonly run: (row: Row) => Readonly<Record<string, Result>>;
  /** Rows that come out differently on purpose, by their input as JSON text. */
  readonly differing?: { readonly reason: string; readonly inputs: readonly string[] }[];
}

const noDateIsAnError =
  'what is not a date fails instead of becoming null, and a list of one item is taken as that item';

const tables: readonly Table[] = [
  {
    name: 'float-str',
    run: (row) => {
      const value = Buffer.from(textAt(row, 'bits'), 'hex').readDoubleBE();
      const isJson = Number.isFinite(value);
      const text = floatText(value);
      return {
        str: string(text),
        json_dumps: string(isJson ? jsonText(float(value)) : jsonScalarText(float(value))),
      };
    },
  },
  { name: 'python-str', run: (row) => ({ str: string(pythonText(valueFromJsonText(textAt(row, 'json')))) }) },
  {
    name: 'json-scalar-as-value',
    run: (row) => ({ rendered: string(jsonScalarText(valueFromJsonText(textAt(row, 'json')))) }),
  },
  {
    name: 'int-parse',
    run: (row) => {
      const value = parseInteger(textAt(row, 'in'));
      return { value: value === undefined ? 'fails' : integer(value) };
    },
  },
  {
    name: 'float-parse',
    run: (row) => {
      const value = parseFloatText(textAt(row, 'in'));
      return { value: value === undefined ? 'fails' : float(value) };
    },
  },
  {
    name: 'int-of-float',
    run: (row) => {
      const given = inputOf(row);
      const value = given.kind === 'float' ? integerOfFloat(given.value) : undefined;
      return { value: value === undefined ? 'fails' : integer(value) };
    },
  },
  {
    name: 'literal-eval',
    run: (row) => ({ value: attempt(() => parsePythonLiteral(textAt(row, 'in'))) }),
    differing: [
      {
        reason: 'complex numbers and the ellipsis have no kind of value, so they fail',
        inputs: ['"1j"', '"1-2j"', '"-1+2j"', '"..."', `"['a', b'b', 1, 2.5, None, True, (1,), {2}, {'k': 'v'}, ...]"`],
      },
      {
        reason: 'characters by name need the names of all characters, so they fail',
        inputs: [String.raw`"'\\N{BULLET}'"`],
      },
    ],
  },
  {
    name: 'date-parse',
    run: (row) => {
      const value = isoDateOf(textAt(row, 'in'));
      return { value: value === undefined ? 'fails' : string(value) };
    },
  },
  {
    name: 'date-epoch',
    run: (row) => ({ value: convert('date', inputOf(row)) }),
  },
  { name: 'sum', run: (row) => ({ value: operate('sum', inputOf(row)) }) },
  {
    name: 'case',
    run: (row) => ({ lower: operate('to-lower', inputOf(row)), upper: operate('to-upper', inputOf(row)) }),
  },
  {
    name: 'paths',
    run: (row) =>
      Object.fromEntries(['filename', 'dirname', 'dirname-2'].map((name) => [name, operate(name, inputOf(row))])),
  },
  { name: 'quote-plus', run: (row) => ({ out: operate('urlsafe', inputOf(row)) }) },
  {
    name: 'pathlib',
    run: (row) => ({ as_posix: string(pathlibText(textAt(row, 'in'))), stem: string(pathStem(textAt(row, 'in'))) }),
  },
  {
    name: 'relative-to',
    run: (row) => {
      const value = pathBelow(textAt(row, 'path'), textAt(row, 'base'));
      return { value: value === undefined ? 'fails' : string(value) };
    },
  },
  {
    name: 'convert',
    run: (row) => ({ value: convert(textAt(row, 'type'), inputOf(row)) }),
    differing: [
      {
        reason: noDateIsAnError,
        inputs: [
          'null',
          '[]',
          '["1","2"]',
          '[1,{"$float":"2.9"}]',
          '[["a",1]]',
          '["ab"]',
          '{"$dict":[]}',
          '{"$dict":[["a",1]]}',
        ].map((text) => `date ${text}`),
      },
    ],
  },
];

test.each(tables)('table $name comes out as Python computed it', ({ name, run, differing = [] }) => {
  const rows = readTable(name);
  const allowed = new Set(differing.flatMap(({ inputs }) => inputs));
  const found = rows.flatMap((row) =>
    Object.entries(run(row))
      .filter(([column, actual]) => !same(actual, expectedOf(row, column)))
      .map(([column, actual]) => ({ row: identify(row), text: `${jsonText(row)}: ${column} is ${show(actual)}` })),
  );
  expect(rows.length).toBeGreaterThan(10);
  expect(found.filter(({ row }) => !allowed.has(row)).map(({ text }) => text)).toEqual([]);
  // What is allowed to differ and does not is listed for nothing.
  expect(new Set(found.map(({ row }) => row))).toEqual(allowed);
});

test('repr escapes what Python escapes', () => {
  const { rows } = JSON.parse(readFileSync(tableFile('repr-escaped-ranges'), 'utf8')) as { rows: [number, number][] };
  const unescaped = rows.flatMap(([first, last]) => {
    const found: string[] = [];
    for (let code = first; code <= last; code++) {
      const hex = code.toString(16);
      const escaped =
        code < 0x100 ? `\\x${hex}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
      if (pythonRepr(string(String.fromCodePoint(code))) !== `'${escaped}'`) found.push(hex);
    }
    return found;
  });
  expect(unescaped).toEqual([]);
});

function operate(name: string, value: Value): Result {
  const operator = findOperator(name);
  if (!operator) throw new Error(`There is no operator ${name}.`);
  return attempt(() => operator.apply(value, {}));
}

/** A type that does not exist fails, as it does in an ingestion. */
function convert(typeName: string, value: Value): Result {
  const type = lookup(valueTypes, typeName);
  return type ? attempt(() => type.convert(value)) : 'fails';
}

function attempt(make: () => Value): Result {
  try {
    return make();
  } catch (error) {
    // A failure must be one that people can read, not a bug.
    if (error instanceof Error && /^(?:Conversion|Operator|Literal)Error$/.test(error.name)) return 'fails';
    throw error;
  }
}

function tableFile(name: string): URL {
  return new URL(`tables/${name}.json`, import.meta.url);
}

function readTable(name: string): Row[] {
  const table = valueFromJsonText(readFileSync(tableFile(name), 'utf8'));
  const rows = table.kind === 'dict' ? valueAt(table, string('rows')) : undefined;
  if (rows?.kind !== 'list') throw new Error(`The table ${name} has no rows.`);
  return rows.items.filter((row) => row.kind === 'dict');
}

function identify(row: Row): string {
  const type = valueAt(row, string('type'));
  const given = jsonText(valueAt(row, string('in')) ?? none);
  return type?.kind === 'string' ? `${type.value} ${given}` : given;
}

function textAt(row: Row, key: string): string {
  const value = valueAt(row, string(key));
  if (value?.kind !== 'string') throw new Error(`No text “${key}” in ${jsonText(row)}`);
  return value.value;
}

function inputOf(row: Row): Value {
  const value = untag(valueAt(row, string('in')) ?? none);
  if (!value) throw new Error(`Cannot read the input of ${jsonText(row)}`);
  return value;
}

/** Undefined for a recorded value that schemas have no value for. */
function expectedOf(row: Row, column: string): Result | undefined {
  if (valueAt(row, string('error'))) return 'fails';
  const recorded = valueAt(row, string(column));
  if (!recorded) throw new Error(`No column ${column} in ${jsonText(row)}`);
  return untag(recorded);
}

function same(actual: Result, expected: Result | undefined): boolean {
  if (expected === undefined) return false;
  return actual === 'fails' || expected === 'fails' ? actual === expected : valuesEqual(actual, expected);
}

function show(result: Result): string {
  return result === 'fails' ? 'a failure' : pythonRepr(result);
}
