import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import type { Outcome } from '../../../../core/imsc/evaluation/evaluation.ts';
import type { DialectName } from '../../../../core/imsc/language/dialects.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { valueAsData } from '../../../../core/imsc/values/showValue.ts';
import { nexusReader } from '../../../../core/ingest/sources/nexusReader.ts';
import { inNotation, notations } from '../../../support/markers.ts';
import { openSample } from '../../../support/snapshots.ts';

const file = await openSample();
afterAll(() => file.close());

/** The keys of the variable `x`, and its value with its unit, or why there is none. */
interface Case {
  readonly name: string;
  readonly keys: string;
  readonly value: string | RegExp;
  readonly insteadOf?: RegExp;
  readonly note?: RegExp;
  readonly dialect?: DialectName;
}

const cases: readonly Case[] = [
  // Attributes
  { name: 'an attribute', keys: 'source: NXS, path: /entry/monitor_1@signal, value_type: string', value: '"data"' },
  {
    name: 'an attribute of a dataset, with the unit of the schema',
    keys: 'source: NXS, path: /entry/monitor_1/data@units, value_type: string, unit: none',
    value: '"counts" none',
  },
  {
    name: 'an attribute that is not there',
    keys: 'source: NXS, path: /entry/monitor_1@axes, value_type: string',
    value: /no attribute “axes”/,
  },
  {
    name: 'an attribute of nothing',
    keys: 'source: NXS, path: /entry/monitor_9@signal, value_type: string',
    value: /monitor_9/,
  },
  // Classes
  {
    name: 'a path by classes',
    keys: 'source: NXS, path: "/:NXentry/:NXinstrument/:NXdetector/distance", value_type: float',
    value: '1.25 m',
  },
  {
    name: 'one text for each group of a class',
    keys: 'source: NXS, path: "/entry/:NXuser/name", value_type: "string[]"',
    value: '["Maren Solberg", "Šárka Nováčková"]',
  },
  {
    name: 'the first of several, and how many there are',
    keys: 'source: NXS, path: "/entry/:NXuser/name", value_type: string',
    value: '"Maren Solberg"',
    note: /first of 2/,
  },
  {
    name: 'an attribute of a group of a class',
    keys: 'source: NXS, path: "/entry/:NXmonitor@signal", value_type: string',
    value: '"data"',
  },
  {
    name: 'a class that is not there',
    keys: 'source: NXS, path: "/entry/:NXbeam/distance", value_type: float',
    value: /no group of the class NXbeam in \/entry/,
  },
  // Lists
  {
    name: 'the first path that is there',
    keys: 'source: NXS, path: [/entry0/title, /entry, /entry/title, /entry/end_time], value_type: string',
    value: '"MnF2 powder, 4 K, zero field"',
  },
  {
    name: 'no path of several',
    keys: 'source: NXS, path: [/entry0/title, /entry0/experimentTitle], value_type: string',
    value: /None of these paths/,
  },
  {
    name: 'a path that is there and holds something else',
    keys: 'source: NXS, path: [/entry/monitor_1/data, /entry/title], value_type: string',
    value: /not text/,
  },
  // Defaults
  {
    name: 'the default for a path that is missing',
    keys: 'source: NXS, path: /entry/sample/pressure, value_type: float, unit: bar, default: "1"',
    value: '1.0 bar',
    insteadOf: /pressure/,
  },
  {
    name: 'no default where there is a value',
    keys: 'source: NXS, path: /entry/sample/temperature, value_type: float, default: "1"',
    value: '4.02 K',
  },
  {
    name: 'a default that refers to another variable',
    keys: 'source: VALUE, value: run, operator: regex, pattern: "(\\\\d+)", value_type: string, default: "<title>"',
    value: '"MnF2 powder, 4 K, zero field"',
    insteadOf: /not found/,
  },
  {
    name: 'a default of the wrong type',
    keys: 'source: NXS, path: /nothing, value_type: integer, default: many',
    value: /not a whole number/,
  },
  {
    name: 'no default for a mistake in the schema',
    keys: 'source: VALUE, value: a, value_type: strng, default: b',
    value: /not a value type/,
  },
  // Nested values
  {
    name: 'a nested value',
    dialect: 'ill',
    keys: 'source: VALUE, value: {a: {b: "<title>", n: 3}, l: [[x], "<number>"]}, value_type: dict',
    value: '{"a": {"b": "MnF2 powder, 4 K, zero field", "n": 3}, "l": [["x"], 1017]}',
  },
  {
    name: 'a nested value for today’s ingestor',
    keys: 'source: VALUE, value: {a: {b: "<title>"}}, value_type: dict',
    value: /must be text/,
  },
];

function said(outcome: Outcome | undefined): string {
  if (outcome?.state === 'known')
    return `${valueAsData(outcome.value)}${outcome.unit === '' ? '' : ` ${outcome.unit}`}`;
  return outcome?.state === 'failed' ? outcome.message : (outcome?.reason ?? '');
}

describe.each(notations)('what only some ingestors evaluate, in %s', (notation) => {
  it.each(cases)('$name', async ({ keys, value, insteadOf, note, dialect }) => {
    const yaml = `variables:\n  title: {source: NXS, path: /entry/title, value_type: string}\n  number: {source: NXS, path: /entry/entry_identifier, value_type: integer}\n  x: {${keys}}\n`;
    const schema = bindSchema(parseTree(inNotation(yaml, notation), notation));
    const { variables } = await evaluate(schema, {
      data: nexusReader(file),
      catalogue: { unavailable: 'SciCat was not asked.' },
      builtIns: {},
      dialect,
    });
    const outcome = variables.get('x')?.outcome;
    if (typeof value === 'string') expect(said(outcome)).toBe(value);
    else {
      expect(outcome?.state).toBe('failed');
      expect(said(outcome)).toMatch(value);
    }
    if (outcome?.state !== 'known') return;
    expect(outcome.insteadOf ?? '').toMatch(insteadOf ?? /^$/);
    expect(outcome.notes.join()).toMatch(note ?? /^$/);
  });
});
