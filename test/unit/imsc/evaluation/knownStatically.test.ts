import { describe, expect, it } from 'vitest';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { evaluateStatically } from '../../../../core/imsc/evaluation/staticEvaluation.ts';
import type { StaticValue } from '../../../../core/imsc/evaluation/staticValue.ts';
import { operators } from '../../../../core/imsc/language/operators.ts';
import { builtInVariables } from '../../../../core/imsc/language/builtIns.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { jsonText } from '../../../../core/imsc/values/jsonText.ts';
import { valueTypes } from '../../../../core/imsc/language/valueTypes.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';
import { inNotation, notations } from '../../../support/markers.ts';

/** What is known, in words: a constant as JSON, else its kind; `?` where the unit is not known. */
function shown(value: StaticValue | undefined): string {
  if (value === undefined || value.state === 'failed') return 'failed';
  const unit = value.unit === undefined ? ' ?' : value.unit === '' ? '' : ` ${value.unit}`;
  if (value.state === 'unknown') return `unknown${unit}`;
  if (value.state === 'constant') return `${jsonText(value.value)}${unit}`;
  const { kind, items, format } = value;
  return `${kind}${items ? ` of ${items}` : ''}${format ? `, ${format}` : ''}${unit}`;
}

/** Variables that the others are made of. */
const given = `
  text: {source: NXS, path: /entry/text, value_type: string}
  length: {source: NXS, path: /entry/length, value_type: float, unit: mm}
  count: {source: NXS, path: /entry/count, value_type: integer, unit: ''}
  texts: {source: NXS, path: /entry/user_*/name, value_type: 'string[]'}
  numbers: {source: NXS, path: /entry/numbers, value_type: 'float[]', unit: K}
  counts: {source: NXS, path: /entry/counts, value_type: 'integer[]', unit: K}
  anything: {source: NXS, path: /entry/list, value_type: list}
  object: {source: NXS, path: /entry/object, value_type: dict}
  day: {source: NXS, path: /entry/start, value_type: date}
  entry_uuid: {source: NXS, path: /entry/entry_uuid, value_type: string}
  raw: {source: NXS, path: /entry/raw, value_type: none, unit: s}
  found: {source: SC, url: 'datasets?filter={}', value_type: list}
  proposal: {source: SC, url: proposals/1, value_type: dict}
  title: {source: SC, url: proposals/1, field: title, value_type: string}
  five: {source: VALUE, value: '5', value_type: integer}
  word: {source: VALUE, value: abc, value_type: string}
  wrong: {source: VALUE, value: abc, value_type: integer}
`;

function known(keys: string, notation: 'yaml' | 'json'): string {
  const yaml = `variables:${given}  x: {${keys}}\n`;
  const schema = bindSchema(parseTree(inNotation(yaml, notation), notation));
  return shown(evaluateStatically(schema).variables.get('x'));
}

describe.each(notations)('what is known of a variable without a file, in %s', (notation) => {
  it.each([
    // From the file
    ['source: NXS, path: /a, value_type: string', 'string ?'],
    ["source: NXS, path: /a, value_type: string, unit: ''", 'string ?'],
    ['source: NXS, path: /a, value_type: float, unit: K', 'float K'],
    ['source: NXS, path: /a, value_type: none, unit: K', 'failed'],
    ['source: NXS, path: /a/uuid, value_type: string', 'string, likely-uuid ?'],
    ['source: NXS, path: /uuid/a, value_type: string', 'string ?'],
    ['source: NXS, path: /a/uuid, value_type: float', 'float ?'],
    ['source: NXS, path: /a, value_type: strin', 'failed'],
    ['source: NXS, path: /a', 'unknown ?'],
    ['source: NXS, value_type: date', 'string, date ?'],
    // For want of a value
    ['source: NXS, path: /a, value_type: integer, default: 1', 'integer ?'],
    ['source: NXS, path: /a, value_type: strin, default: 1', 'failed'],
    ['source: VALUE, value: abc, value_type: integer, default: <wrong>', 'failed'],
    ['source: VALUE, value: abc, value_type: integer, default: 3', 'integer ?'],
    // From SciCat
    ["source: SC, url: 'datasets?filter={}', value_type: list", 'list of dict'],
    ["source: SC, url: 'datasets?filter={}', field: '', value_type: list", 'list of dict'],
    ["source: SC, url: 'datasets?filter={}', field: 0, value_type: list", 'list of dict'],
    ["source: SC, url: 'datasets?filter={}', field: pid, value_type: list", 'list ?'],
    ["source: SC, url: 'proposals/1', value_type: dict", 'dict'],
    ["source: SC, url: 'proposals/<wrong>', value_type: dict", 'failed'],
    ['source: SC, value_type: dict', 'dict ?'],
    // Texts with references
    ['source: VALUE, value: abc, value_type: string', '"abc"'],
    ['source: VALUE, value: 7, value_type: integer', '7'],
    ['source: VALUE, value: true, value_type: string', '"true"'],
    ["source: VALUE, value: '<five>', value_type: integer", '5'],
    ["source: VALUE, value: '<five> mm', value_type: string", '"5 mm"'],
    ["source: VALUE, value: '<five><five>', value_type: integer", '55'],
    ["source: VALUE, value: '<length>', value_type: float", 'float mm'],
    ["source: VALUE, value: '<count>', value_type: integer", 'integer ?'],
    ["source: VALUE, value: '<length> mm', value_type: string", 'string, not-a-number'],
    ["source: VALUE, value: '<length>e5', value_type: string", 'string'],
    ["source: VALUE, value: '-<length>', value_type: float", 'float'],
    ["source: VALUE, value: '<five> <length>', value_type: string", 'string'],
    ["source: VALUE, value: '<day>', value_type: string", 'string, date ?'],
    ["source: VALUE, value: '<ingestor_run_id>', value_type: string", 'string, uuid'],
    ["source: VALUE, value: '<now>', value_type: string", 'string, date'],
    ["source: VALUE, value: '<now>', value_type: date", 'string, date'],
    ["source: VALUE, value: '<wrong>', value_type: string", 'failed'],
    ["source: VALUE, value: '<x>', value_type: string", 'failed'],
    ["source: VALUE, value: '<nothing>', value_type: string", 'failed'],
    ["source: VALUE, value: 'a < b', value_type: string", '"a < b"'],
    ["source: VALUE, value: '<text> > <', value_type: string", 'failed'],
    ["source: VALUE, value: '<text> > 1', value_type: string", 'string, not-a-number'],
    // Conversions
    ['source: VALUE, value: abc, value_type: float', 'failed'],
    ["source: VALUE, value: '<day>', value_type: float", 'failed'],
    ["source: VALUE, value: '<ingestor_run_id>', value_type: date", 'failed'],
    ["source: VALUE, value: '<ingestor_run_id>', value_type: integer", 'failed'],
    ["source: VALUE, value: '<entry_uuid>', value_type: integer", 'integer ?'],
    ["source: VALUE, value: '<length>', value_type: integer", 'integer mm'],
    ["source: VALUE, value: '<object>', value_type: float", 'failed'],
    ["source: VALUE, value: '<found>', value_type: 'float[]'", 'failed'],
    ["source: VALUE, value: '<found>', value_type: 'string[]'", 'list of string'],
    ["source: VALUE, value: '<numbers>', value_type: list", 'list of float K'],
    // Lists and objects
    ['source: VALUE, value: [a, b], value_type: list', '["a","b"]'],
    ['source: VALUE, value: [], value_type: list', '[]'],
    ["source: VALUE, value: [a, '<text>'], value_type: list", 'list of string ?'],
    ["source: VALUE, value: ['<length>', '<length>'], value_type: list", 'list of float mm'],
    ["source: VALUE, value: ['<length>', a], value_type: list", 'list'],
    ["source: VALUE, value: ['<length>', '<wrong>'], value_type: list", 'failed'],
    ["source: VALUE, value: ['<five>', '<count>'], value_type: list", 'list of integer ?'],
    ['source: VALUE, value: [1], value_type: list', 'failed'],
    ['source: VALUE, value: [[a]], value_type: list', 'failed'],
    ['source: VALUE, value: {a: b}, value_type: dict', '{"a":"b"}'],
    ["source: VALUE, value: {a: '<text>'}, value_type: dict", 'dict ?'],
    ["source: VALUE, value: {'<word>': b}, value_type: dict", '{"abc":"b"}'],
    ["source: VALUE, value: {'<text>': b}, value_type: dict", 'dict ?'],
    ["source: VALUE, value: {'<wrong>': b}, value_type: dict", 'failed'],
    ["source: VALUE, value: {a: '<wrong>'}, value_type: dict", 'failed'],
    ['source: VALUE, value: {a: {b: c}}, value_type: dict', 'failed'],
    // Operators
    ["source: VALUE, operator: to-upper, value: '<word>', value_type: string", '"ABC"'],
    ["source: VALUE, operator: to-upper, value: '<length>', value_type: string", 'string'],
    ["source: VALUE, operator: DO_NOTHING, value: '<length>', value_type: float", 'float mm'],
    ["source: VALUE, operator: unheard-of, value: '<length>', value_type: float", 'float mm'],
    ["source: VALUE, operator: sum, value: '<numbers>', value_type: float", 'float K'],
    ["source: VALUE, operator: sum, value: '<counts>', value_type: integer", 'integer K'],
    ["source: VALUE, operator: sum, value: '<anything>', value_type: list", 'list ?'],
    ["source: VALUE, operator: sum, value: '<counts>', value_type: list", 'failed'],
    ["source: VALUE, operator: sum, value: '<numbers>', value_type: list", 'failed'],
    ["source: VALUE, operator: sum, value: '<texts>', value_type: float", 'failed'],
    ["source: VALUE, operator: sum, value: '<text>', value_type: float", 'failed'],
    ["source: VALUE, operator: join_with_space, value: '<texts>', value_type: string", 'string'],
    ["source: VALUE, operator: join_with_space, value: '<anything>', value_type: string", 'string'],
    ["source: VALUE, operator: join_with_space, value: '<numbers>', value_type: string", 'failed'],
    ["source: VALUE, operator: filename, value: '<numbers>', value_type: string", 'failed'],
    ["source: VALUE, operator: filename, value: '<text>', value_type: string", 'string'],
    ["source: VALUE, operator: filename, value: '<wrong>', value_type: string", 'failed'],
    ["source: VALUE, operator: getitem, field: 0, value: '<numbers>', value_type: float", 'float'],
    ["source: VALUE, operator: getitem, field: a, value: '<numbers>', value_type: float", 'failed'],
    ["source: VALUE, operator: getitem, field: a, value: '<object>', value_type: string", 'string'],
    ["source: VALUE, operator: getitem, field: 0, value: '<texts>', value_type: list", 'list'],
    ["source: VALUE, operator: getitem, field: 0, value: '<text>', value_type: dict", 'dict'],
    ["source: VALUE, operator: getitem, value: '<texts>', value_type: string", 'failed'],
    ["source: VALUE, operator: getitem, field: [a], value: '<object>', value_type: string", 'failed'],
    ["source: VALUE, operator: str-replace, pattern: a, replacement: b, value: '<word>', value_type: string", '"bbc"'],
    [
      "source: VALUE, operator: str-replace, pattern: a, replacement: b, value: '<length>', value_type: string",
      'string',
    ],
    ["source: VALUE, operator: str-replace, pattern: a, value: '<numbers>', value_type: list", 'list of float'],
    ["source: VALUE, operator: str-replace, pattern: 1, replacement: b, value: '<word>', value_type: string", 'failed'],
    ['source: VALUE, value_type: string', 'string ?'],
  ])('%s: %s', (keys, wanted) => {
    expect(known(keys, notation)).toBe(wanted);
  });
});

/** A value as a schema would write it. */
const literal = (value: Value): string => JSON.stringify(JSON.parse(jsonText(value)));

describe('every row of the tables', () => {
  it.each(operators.map((operator) => [operator.name, operator] as const))(
    '%s is carried out where all is known, as its example says',
    (name, { example, apply, keepsUnit, unitParameter }) => {
      expect(jsonText(apply(example.value, example.arguments, example.unit))).toBe(jsonText(example.result));
      const given = Object.entries(example.arguments).map(([key, value]) => `${key}: ${literal(value)}, `);
      // A schema has texts and lists of texts only.
      const [first] = example.value.kind === 'list' ? example.value.items : [];
      const numbers = example.value.kind === 'float' ? '<length>' : first?.kind === 'float' ? '<numbers>' : undefined;
      const value = numbers ?? literal(example.value);
      const type = numbers === undefined ? 'string' : 'float';
      const result = known(
        `source: VALUE, operator: ${name}, ${given.join('')}value: ${value}, value_type: ${type}`,
        'yaml',
      );
      const given_ = unitParameter === undefined ? '' : ` ${example.unit === undefined ? '' : 'm'}`;
      const kept = !keepsUnit ? `float${given_}` : numbers === '<length>' ? 'float mm' : 'float K';
      expect(result).toBe(numbers === undefined ? jsonText(example.result) : kept);
      const unit = known(
        `source: VALUE, operator: ${name}, ${given.join('')}value: <length>, value_type: none`,
        'yaml',
      );
      if (unit !== 'failed') expect(unit.endsWith(' mm')).toBe(keepsUnit);
    },
  );

  it.each(valueTypes.map((type) => [type.name, type] as const))('%s is what its values are called', (name, type) => {
    const result = known(`source: NXS, path: /a, value_type: '${name}', unit: K`, 'yaml');
    // A file holds texts, which are never nothing.
    if (name === 'none') expect(result).toBe('failed');
    else expect(result).toMatch(new RegExp(`^${type.result}.* K$`));
    if (type.element) expect(result).toContain(` of ${type.element} `);
  });

  it.each(builtInVariables.map(({ name }) => name))('<%s> is a text', (name) => {
    expect(known(`source: VALUE, value: '<${name}>', value_type: string`, 'yaml')).toMatch(/^string/);
  });
});
