import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import type { Outcome } from '../../../../core/imsc/evaluation/evaluation.ts';
import { ReadFailure } from '../../../../core/imsc/evaluation/readers.ts';
import type { CatalogueReader, DataReader, EvaluationContext } from '../../../../core/imsc/evaluation/readers.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { jsonText } from '../../../../core/imsc/values/jsonText.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';
import { inNotation, notations } from '../../../support/markers.ts';

const text = (value: string): Value => ({ kind: 'string', value });
const list = (...items: readonly Value[]): Value => ({ kind: 'list', items });
const object = (...keys: readonly string[]): Value => ({
  kind: 'dict',
  entries: keys.map((key) => [text(key), text(`the ${key}`)]),
});

/** A file in which two values are known at once, as what was read ahead, and one must be waited for. */
const data: DataReader = {
  read: (path) => {
    const fail = (): never => {
      if (path.endsWith('/group')) throw new ReadFailure('path-is-group', 'It is a group.');
      if (path.endsWith('/broken')) throw new ReadFailure('path-unreadable', 'It cannot be read.');
      throw new ReadFailure('path-missing', 'There is no such path.');
    };
    const reading = { value: text('1.5'), unit: 'mm', paths: [path], notes: [], unitFromFile: true };
    if (path === '/length') return reading;
    if (path === '/plain') return { ...reading, unit: '', unitFromFile: false };
    if (path === '/later') return Promise.resolve(reading);
    return Promise.resolve().then(fail);
  },
};

const answers: Readonly<Record<string, Value>> = {
  'proposals/1': object('title', 'pi'),
  'proposals/2': object(),
  'proposals/9': object('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
  'proposals/8': object('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  instruments: list(object('name')),
  samples: list(object('name'), object('name')),
  datasets: list(),
  count: text('12'),
};
const catalogue: CatalogueReader = {
  get: (url) => {
    const answer = answers[url];
    if (answer) return Promise.resolve({ url: `http://scicat/${url}`, answer });
    return Promise.reject(new ReadFailure('scicat-forbidden', `SciCat does not show ${url}.`));
  },
};

const reading: EvaluationContext = { data, catalogue, builtIns: { now: '2025-01-20T12:00:00+00:00' } };

/** What a person is told of a variable or field: its value with its unit, or why there is none and where. */
function told(outcome: Outcome | undefined, schemaText: string): string {
  if (!outcome) return 'nothing';
  if (outcome.state === 'unknown') return `unknown: ${outcome.reason}`;
  if (outcome.state === 'failed') {
    // In both notations the same, but for the quotes.
    const place = schemaText.slice(outcome.range.start, outcome.range.end).replaceAll(/["'\s]/g, '');
    return `${outcome.code} at ${place}: ${outcome.message}`;
  }
  const { value, unit, notes, insteadOf } = outcome;
  return [
    `${jsonText(value)}${unit && ` ${unit}`}`,
    ...notes.map((note) => `note: ${note}`),
    ...(insteadOf === undefined ? [] : [`instead of: ${insteadOf}`]),
  ].join('; ');
}

const given = `
  a: {source: VALUE, value: abc, value_type: string, unit: s}
  length: {source: NXS, path: /length, value_type: float}
  wide: {source: NXS, path: /length, value_type: float}
  texts: {source: VALUE, value: [b, c], value_type: 'string[]'}
  wrong: {source: VALUE, value: abc, value_type: integer}
  wrong2: {source: VALUE, value: abc, value_type: integer}
`;

describe.each(notations)('what becomes of it, in %s', (notation) => {
  const evaluated = async (yaml: string, context: EvaluationContext = reading) => {
    const schemaText = inNotation(yaml, notation);
    const evaluation = await evaluate(bindSchema(parseTree(schemaText, notation)), context);
    return { evaluation, schemaText };
  };
  const variable = async (keys: string, context?: EvaluationContext): Promise<string> => {
    const { evaluation, schemaText } = await evaluated(`variables:${given}  x: {${keys}}\n`, context);
    return told(evaluation.variables.get('x')?.outcome, schemaText);
  };

  it.each([
    // What is not whole
    ['value: a, value_type: string', 'incomplete at x: The variable has no source.'],
    ['source: NXS, value_type: string', 'incomplete at x: The variable has no “path”.'],
    ['source: SC, value_type: string', 'incomplete at x: The variable has no “url”.'],
    ['source: VALUE, value_type: string', 'incomplete at x: The variable has no “value”.'],
    ['source: NXS, path: {a: b}, value_type: string', 'incomplete at {a:b}: The path is not text.'],
    ['source: VALUE, value: a', 'unknown-value-type at x: “” is not a value type.'],
    ['source: VALUE, value: a, value_type: strin', 'unknown-value-type at strin: “strin” is not a value type.'],

    // From the file
    ['source: NXS, path: /length, value_type: float', '1.5 mm'],
    ['source: NXS, path: /length, value_type: float, unit: m', '1.5 mm'],
    ['source: NXS, path: /later, value_type: float', '1.5 mm'],
    ['source: NXS, path: /plain, value_type: float', '1.5'],
    ['source: NXS, path: /plain, value_type: float, unit: m', '1.5 m'],
    [
      'source: NXS, path: /length, value_type: integer',
      'conversion-failed at /length: “1.5” is not a whole number. Turn it into a float first, and that into an integer.',
    ],
    ['source: NXS, path: /none, value_type: string', 'path-missing at /none: There is no such path.'],

    // From SciCat
    ['source: SC, url: proposals/1, field: title, value_type: string', '"the title"'],
    ['source: SC, url: proposals/1, field: title, value_type: string, unit: m', '"the title" m'],
    ["source: SC, url: proposals/1, field: '', value_type: dict", '{"title":"the title","pi":"the pi"}'],
    ['source: SC, url: proposals/1, value_type: dict', '{"title":"the title","pi":"the pi"}'],
    ['source: SC, url: instruments, field: name, value_type: string', '"the name"'],
    [
      'source: SC, url: "proposals/<a>", value_type: dict',
      'scicat-forbidden at proposals/<a>: SciCat does not show proposals/abc.',
    ],
    [
      'source: SC, url: [proposals/1], value_type: dict',
      'wrong-template at [proposals/1]: The url must be text, not ["proposals/1"].',
    ],
    [
      'source: SC, url: proposals/1, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is an object with title, pi; it has no “name”.",
    ],
    [
      'source: SC, url: proposals/2, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is an empty object; it has no “name”.",
    ],
    [
      'source: SC, url: proposals/8, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is an object with a, b, c, d, e, f, g, h; it has no “name”.",
    ],
    [
      'source: SC, url: proposals/9, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is an object with a, b, c, d, e, f, g, h, …; it has no “name”.",
    ],
    [
      'source: SC, url: samples, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is a list of 2; it has no “name”.",
    ],
    [
      'source: SC, url: datasets, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is an empty list; it has no “name”.",
    ],
    [
      'source: SC, url: count, field: name, value_type: string',
      "answer-without-field at name: SciCat's answer is “12”; it has no “name”.",
    ],
    ['source: SC, url: count, value_type: integer', '12'],
    [
      'source: SC, url: proposals/1, field: title, value_type: integer',
      'conversion-failed at integer: “the title” is not a whole number.',
    ],

    // Computed
    ['source: VALUE, value: <length>, value_type: float', '1.5 mm'],
    ['source: VALUE, value: <length> or so, value_type: string', '"1.5 or so"'],
    ['source: VALUE, value: [<length>, <wide>], value_type: list', '[1.5,1.5] mm'],
    ['source: VALUE, value: [<length>, a], value_type: list', '[1.5,"a"]'],
    ['source: VALUE, value: {a: <length>}, value_type: dict', '{"a":1.5} mm'],
    ['source: VALUE, value: {a: <length>, b: c}, value_type: dict', '{"a":1.5,"b":"c"}'],
    ['source: VALUE, value: [], value_type: list', '[]'],
    ['source: VALUE, value: <length>, operator: to-upper, value_type: string', '"1.5"'],
    [
      'source: VALUE, value: a, operator: upward, value_type: string',
      '"a"; note: “upward” is not an operator; the value is left as it is.',
    ],
    ['source: VALUE, value: a, operator: "", value_type: string', '"a"'],
    ['source: VALUE, value: <now>, value_type: string', '"2025-01-20T12:00:00+00:00"'],
    ['source: VALUE, value: <nope>, value_type: string', 'unknown-variable at <nope>: <nope> has no value here.'],
    [
      'source: VALUE, value: <nope> and <neither>, value_type: string',
      'unknown-variable at <nope>and<neither>: <nope>, <neither> have no value here.',
    ],
    [
      'source: VALUE, value: <wrong>, value_type: string',
      'depends-on-failed at <wrong>: <wrong> failed, so this has no value.',
    ],
    [
      'source: VALUE, value: <wrong> <nope> <wrong2>, value_type: string',
      'depends-on-failed at <wrong><nope><wrong2>: <wrong>, <wrong2> failed, so this has no value.',
    ],
    [
      'source: VALUE, value: <a> 2 > 1 < 3, value_type: string',
      'stray-brackets at <a>2>1<3: “<a> 2 > 1 < 3” has a “<” and a “>” that belong to no variable; remove one of them.',
    ],
    [
      'source: VALUE, value: [abc, 5], value_type: list',
      'wrong-template at 5: Inside a list or an object every item must be text, and this is 5; put it in quotes.',
    ],
    [
      'source: VALUE, value: [abc, [d]], value_type: list',
      'wrong-template at [d]: Inside a list or an object every item must be text, and this is a list; put it in quotes.',
    ],
    [
      'source: VALUE, value: {"<texts>": b}, value_type: dict',
      'wrong-template at <texts>: A list or an object cannot be a key.',
    ],
    ['source: VALUE, value: abc, value_type: integer', 'conversion-failed at integer: “abc” is not a whole number.'],
    [
      'source: VALUE, value: abc, operator: sum, value_type: float',
      'operator-failed at sum: sum needs a list of numbers; “abc” is not one.',
    ],
  ])('of a variable with %s', async (keys, expected) => {
    expect(await variable(keys)).toBe(expected);
  });

  it.each([
    // Dialects that know it take the first path that is there, and a default for what is missing
    ['source: NXS, path: [/none, /length], value_type: float', '1.5 mm'],
    ['source: NXS, path: [/none, /later], value_type: float', '1.5 mm'],
    [
      'source: NXS, path: [/none, /group], value_type: float',
      'path-missing at [/none,/group]: None of these paths is in the file.',
    ],
    ['source: NXS, path: [/broken, /length], value_type: float', 'path-unreadable at /broken: It cannot be read.'],
    ['source: NXS, path: /none, value_type: float, default: 2', '2.0; instead of: There is no such path.'],
    ['source: NXS, path: /none, value_type: float, default: 2, unit: m', '2.0 m; instead of: There is no such path.'],
    [
      'source: NXS, path: /none, value_type: float, default: <length>, unit: m',
      '1.5 mm; instead of: There is no such path.',
    ],
    ['source: NXS, path: /length, value_type: float, default: 2', '1.5 mm'],
    ['source: NXS, path: /broken, value_type: float, default: 2', 'path-unreadable at /broken: It cannot be read.'],
  ])('of a variable with %s, in schemas of imsc', async (keys, expected) => {
    expect(await variable(keys, { ...reading, dialect: 'imsc' })).toBe(expected);
  });

  it.each([
    ['source: NXS, path: /length, value_type: float', 'unknown: no file'],
    ['source: SC, url: proposals/1, value_type: dict', 'unknown: not asked'],
    ['source: VALUE, value: <now>, value_type: string', 'unknown: <now> is only known in a run.'],
    ['source: VALUE, value: at <length>, value_type: string', 'unknown: no file'],
    ['source: VALUE, value: at <length> and <wrong>, value_type: string', 'unknown: no file'],
  ])('of a variable with %s, where nothing can be asked', async (keys, expected) => {
    const nothing = { data: { unavailable: 'no file' }, catalogue: { unavailable: 'not asked' }, builtIns: {} };
    expect(await variable(keys, nothing)).toBe(expected);
  });

  it.each([
    ['field_type: high_level, machine_name: m, value: <length>, type: float', '1.5 mm'],
    ['field_type: high_level, machine_name: m, value: <length>, type: float, unit: m', '1.5 m'],
    ["field_type: high_level, machine_name: m, value: <length>, type: float, unit: ''", '1.5 mm'],
    ['field_type: high_level, machine_name: m, type: float', 'incomplete at f: The field has no value.'],
    ['field_type: high_level, machine_name: m, value: a', 'unknown-value-type at f: “” is not a value type.'],
    [
      'field_type: high_level, machine_name: m, value: a, type: flot',
      'unknown-value-type at flot: “flot” is not a value type.',
    ],
    ['field_type: high_level, machine_name: m, value: a, type: float', 'conversion-failed at a: “a” is not a number.'],
  ])('of a field with %s', async (keys, expected) => {
    const { evaluation, schemaText } = await evaluated(`variables:${given}schema:\n  f: {${keys}}\n`);
    expect(told(evaluation.fields[0]?.outcome, schemaText)).toBe(expected);
  });

  it.each([
    ['high_level', 'high_level'],
    ['high-level', undefined],
    ['scientific_metadata', 'scientific_metadata'],
    ['other', undefined],
  ])('of a field that is %s', async (fieldType, expected) => {
    const { evaluation } = await evaluated(
      `variables: {}\nschema:\n  f: {field_type: ${fieldType}, value: a, type: string}\n`,
    );
    expect(evaluation.fields.map((field) => [field.fieldType, field.machineName])).toEqual([[expected, '']]);
  });

  it('of a built-in variable whose name is taken by what fails', async () => {
    const { evaluation, schemaText } = await evaluated(
      'variables:\n  now: {source: NXS, path: /none, value_type: string}\n  x: {source: VALUE, value: <now>, value_type: string}\n',
    );
    expect(told(evaluation.variables.get('x')?.outcome, schemaText)).toBe('"2025-01-20T12:00:00+00:00"');
    expect(evaluation.overruled.map(({ name }) => name)).toEqual(['now']);
  });
});

it('what is no fault of a schema or its data is not taken for one', async () => {
  const schema = bindSchema(parseTree('variables:\n  x: {source: NXS, path: /a, value_type: string}\n', 'yaml'));
  const broken: DataReader = { read: () => Promise.reject(new RangeError('a bug')) };
  await expect(evaluate(schema, { ...reading, data: broken })).rejects.toThrow('a bug');
});
