import { describe, expect, test } from 'vitest';
import { valueText as inDryRun } from '../../../../cli/printReport.ts';
import { parseForShowing } from '../../../../client/json.ts';
import { valueText as inResults } from '../../../../client/results/report.ts';
import { jsonText, toJsonable } from '../../../../core/imsc/values/jsonText.ts';
import { describeValue, valueAsData } from '../../../../core/imsc/values/showValue.ts';
import {
  boolean,
  bytes,
  dict,
  float,
  integer,
  list,
  none,
  set,
  string,
  tuple,
} from '../../../../core/imsc/values/values.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';
import { comparableText } from '../../../../core/ingest/trial/compareWithTest.ts';
import { formatElements } from '../../../../core/nexus/inspect.ts';
import type { Element, ElementType } from '../../../../core/nexus/model.ts';
import { explainOutcome, shortOutcome } from '../../../../server/explain/explain.ts';
import { outcomeData } from '../../../../server/requests/evaluation.ts';

const known = (value: Value) => ({
  state: 'known' as const,
  value,
  unit: '',
  notes: [],
  provenance: { source: 'built-in' as const, variables: [] },
});

/** Where values stand by themselves: a text is as it is, everything else is data. */
const alone: Readonly<Record<string, (value: Value) => string>> = {
  'an inlay hint': (value) => shortOutcome(known(value), 200),
  'a hover': (value) => /^Value: `+ ?(.*?) ?`+\n/.exec(explainOutcome(known(value)))?.[1] ?? '',
  'the preview': (value) => {
    const data = outcomeData(known(value));
    return data.state === 'known' ? data.text : '';
  },
  'a dry run': inDryRun,
};

/** Where a text would be taken for a word of the sentence, or for the JSON around it. */
const amongWords: Readonly<Record<string, (value: Value) => string>> = {
  'a test of a schema': (value) => comparableText(value, undefined),
  'an example': (value) => valueAsData(value),
};

describe.each<[kind: string, value: Value, alone: string, amongWords: string, message: string]>([
  ['null', none, 'null', 'null', 'nothing (null)'],
  ['true', boolean(true), 'true', 'true', 'true'],
  ['false', boolean(false), 'false', 'false', 'false'],
  ['an integer', integer(300), '300', '300', '300'],
  ['a large integer', integer(2n ** 70n), '1180591620717411303424', '1180591620717411303424', '1180591620717411303424'],
  ['a whole float', float(300), '300.0', '300.0', '300.0'],
  ['a small float', float(1e-7), '1e-07', '1e-07', '1e-07'],
  ['NaN', float(NaN), 'NaN', 'NaN', 'NaN'],
  ['infinity', float(-Infinity), '-Infinity', '-Infinity', '-Infinity'],
  ['a text', string("it's"), "it's", `"it's"`, "“it's”"],
  ['an empty text', string(''), '""', '""', 'an empty text'],
  ['a list', list([string('coda')]), '["coda"]', '["coda"]', '["coda"]'],
  ['a mixed list', list([boolean(true), none, float(1)]), ...same('[true, null, 1.0]')],
  ['an empty list', list([]), ...same('[]')],
  ['a tuple', tuple([integer(1)]), ...same('[1]')],
  ['a set', set([integer(1), integer(2)]), ...same('[1, 2]')],
  ['an object', dict([[string('a'), list([string('b')])]]), ...same('{"a": ["b"]}')],
  ['numbers as keys', dict([[integer(1), string('b')]]), ...same('{"1": "b"}')],
  ['bytes', bytes(new Uint8Array([65, 0])), ...same("b'A\\x00'")],
])('%s', (_kind, value, shownAlone, shownAmongWords, message) => {
  test.each(Object.entries(alone))('in %s', (_place, show) => {
    expect(show(value)).toBe(shownAlone);
  });

  test.each(Object.entries(amongWords))('in %s', (_place, show) => {
    expect(show(value)).toBe(shownAmongWords);
  });

  test('in a message', () => {
    expect(describeValue(value)).toBe(message);
  });
});

function same(text: string): [string, string, string] {
  return [text, text, text];
}

test.each<[value: Value, shown: string]>([
  [none, 'null'],
  [float(300), '300.0'],
  [string('coda'), 'coda'],
  [string(''), '""'],
  [list([string('coda'), float(1)]), '["coda", 1.0]'],
  [list([string('a,\n b'), list([])]), '["a,\\n b", []]'],
  [dict([[string('a'), boolean(false)]]), '{"a": false}'],
  [string(`${'a'.repeat(78)}😀b`), `${'a'.repeat(78)}…`],
])('the page of a run in VS Code, which knows only its JSON: %#', (value, shown) => {
  const document = parseForShowing(`{"value": ${jsonText(toJsonable(value), 2)}}`);
  expect(inResults(document?.['value'])).toBe(shown);
});

test.each<[elements: readonly Element[], shape: readonly number[], type: ElementType, shown: string]>([
  [['coda'], [1], { kind: 'string', length: 'variable', padding: 'null-terminated' }, '["coda"]'],
  [[300], [], { kind: 'float', bits: 64 }, '300.0'],
  [[300], [], { kind: 'integer', bits: 32, signed: true }, '300'],
  [[NaN], [], { kind: 'float', bits: 64 }, 'NaN'],
  [[true, false], [2], { kind: 'boolean' }, '[true, false]'],
  [
    [{ x: 1, name: 'a' }],
    [],
    {
      kind: 'compound',
      fields: [
        { name: 'x', type: { kind: 'float', bits: 64 } },
        { name: 'name', type: { kind: 'string', length: 4, padding: 'null-padded' } },
      ],
    },
    '{"x": 1.0, "name": "a"}',
  ],
])('what is in a file: %s', (elements, shape, type, shown) => {
  expect(formatElements(elements, shape, type)).toBe(shown);
});
