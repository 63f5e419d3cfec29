import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { convertNotation } from '../../../../core/imsc/edits/convert.ts';
import { formatEdits } from '../../../../core/imsc/edits/format.ts';
import { parseByContent, parseTree } from '../../../../core/imsc/tree/parse.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import type { Tree } from '../../../../core/imsc/tree/tree.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';
import { writeScalar } from '../../../../core/imsc/edits/writeScalar.ts';
import { allSchemas } from '../sampleSchemas.ts';

// Many random texts: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

const other = (tree: Tree): 'json' | 'yaml' => (tree.notation === 'json' ? 'yaml' : 'json');
const words = (tree: Tree): string[] =>
  tree.comments.flatMap(({ text }) => text.split(/\s+/)).filter((word) => word !== '');
const significant = (tree: Tree): string[] =>
  tree.problems.map(({ code }) => code).filter((code) => code !== 'json-comment');

function applyEdits(text: string, edits: ReturnType<typeof formatEdits>): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end), text);
}

const texts = fc.oneof(
  fc.constantFrom(
    'yes',
    'No',
    '012',
    '1_000',
    '12:30',
    '2024-01-02',
    '<a>',
    '~',
    'null',
    '',
    ' x',
    'a: b',
    'a #b',
    '-',
    '- a',
    '=',
    '<<',
  ),
  fc.constantFrom(
    '1e5',
    '1.0e+5',
    '.5',
    '.inf',
    '---',
    '...',
    '# x',
    "it's",
    '"q"',
    'a\nb',
    'a\tb',
    '\u2028',
    '\u0085',
    '\ufeff',
    '{a}',
    '%',
    '@x',
    'y',
    '&a',
    '*',
  ),
  fc.string(),
  fc.string({ unit: 'binary' }),
);
const scalars: fc.Arbitrary<Value> = fc.oneof(
  texts.map((value) => ({ kind: 'string', value }) as const),
  fc.bigInt().map((value) => ({ kind: 'integer', value }) as const),
  fc.double({ noNaN: true }).map((value) => ({ kind: 'float', value }) as const),
  fc.boolean().map((value) => ({ kind: 'boolean', value }) as const),
  fc.constant({ kind: 'none' } as const),
);
const { value: values } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ kind: 'list', items })),
    fc.uniqueArray(fc.tuple(texts, tie('value')), { maxLength: 4, selector: ([key]) => key }).map((list): Value => ({
      kind: 'dict',
      entries: list.map(([key, item]) => [{ kind: 'string', value: key }, item] as const),
    })),
  ),
}));

function asJson(value: Value): string {
  switch (value.kind) {
    case 'list':
      return `[${value.items.map(asJson).join(', ')}]`;
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${asJson(key)}: ${asJson(item)}`).join(', ')}}`;
    default:
      return writeScalar(value, 'json');
  }
}

describe('the other notation', () => {
  it('says the same as each sample schema, there and back, with all comments', () => {
    for (const { text } of allSchemas()) {
      const tree = parseByContent(text);
      const there = parseTree(convertNotation(tree, other(tree)), other(tree));
      const back = parseTree(convertNotation(there, tree.notation), tree.notation);
      expect(significant(there)).toEqual([]);
      expect(significant(back)).toEqual([]);
      // Keys that are not text in YAML are texts in JSON.
      expect(valueOf(there.root)).toEqual(valueOf(tree.root));
      expect(valueOf(back.root)).toEqual(valueOf(tree.root));
      expect(words(there)).toEqual(words(tree));
      expect(words(back)).toEqual(words(tree));
    }
  });

  it.each(['json', 'yaml'] as const)('hides nothing in a text, a key or a comment, to %s', (to) => {
    const tree = parseTree(
      '{"a": "x\u009b\u202ey\u2028", "\u2067b": ["\\u001b", "\u007f"] // c\u202e\u009b\n}',
      'json',
    );
    const text = convertNotation(tree, to);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028]/u);
    expect(valueOf(parseTree(text, to).root)).toEqual(valueOf(tree.root));
    expect(text).toMatch(/c\\u202e\\u009b$/m);
  });

  it('says the same for any value, there and back', () => {
    fc.assert(
      fc.property(values, (value) => {
        const tree = parseTree(asJson(value), 'json');
        expect(valueOf(tree.root)).toEqual(value);
        const there = parseTree(convertNotation(tree, 'yaml'), 'yaml');
        expect(there.problems).toEqual([]);
        expect(valueOf(there.root)).toEqual(value);
        const back = parseTree(convertNotation(there, 'json'), 'json');
        expect(valueOf(back.root)).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    [
      '{"a": "yes", "b": "012", "c": "<a>", "d": "12:30", "e": "2024-01-02", "f": "string[]"}',
      `a: 'yes'\nb: '012'\nc: <a>\nd: '12:30'\ne: '2024-01-02'\nf: string[]\n`,
    ],
    [
      '{"a": 5.0, "b": 1.50, "c": 12345678901234567890, "d": 1e5}',
      'a: 5.0\nb: 1.50\nc: 12345678901234567890\nd: 100000.0\n',
    ],
    [
      '{\n// top\n"a": [{"b": 1, "c": []}], // end\n/* two\n * lines */\n"d": {}\n}',
      'a: \n'.replace('a: \n', '# top\na:\n  - b: 1\n    c: []\n# end\n# two\n# lines\nd: {}\n'),
    ],
  ])('JSON %j is YAML %j', (json, yaml) => {
    expect(convertNotation(parseTree(json, 'json'), 'yaml')).toBe(yaml);
  });

  test.each([
    [
      '# top\na: yes # why\nb:\n  # inner\n  - 0x1F\n  - .inf\n# end\n',
      '// top\n{\n  "a": true, // why\n  "b": [\n    // inner\n    31,\n    1e999\n  ]\n}\n// end\n',
    ],
    [
      'a: &x {b: 1}\nc:\n  <<: *x\n  d: 1_000\n',
      '{\n  "a": {\n    "b": 1\n  },\n  "c": {\n    "b": 1,\n    "d": 1000\n  }\n}\n',
    ],
    [
      'a: &x {b: 1, z: 0}\nc:\n  <<: *x # taken in\n  d: 2\n  # instead\n  b: 3 # three\n',
      '{\n  "a": {\n    "b": 1,\n    "z": 0\n  },\n  "c": {\n    "b": 3,\n    "z": 0,\n    // taken in\n    "d": 2\n    // instead\n    // three\n  }\n}\n',
    ],
    [
      'a: &x {b: 1}\ne: &y {b: 2}\nc:\n  b: {f: 4}\n  <<: [*x, *y]\n',
      '{\n  "a": {\n    "b": 1\n  },\n  "e": {\n    "b": 2\n  },\n  "c": {\n    "b": {\n      "f": 4\n    }\n  }\n}\n',
    ],
    ['a: [x, y]\nb:\n', '{\n  "a": ["x", "y"],\n  "b": null\n}\n'],
  ])('YAML %j is JSON %j', (yaml, json) => {
    expect(convertNotation(parseTree(yaml, 'yaml'), 'json')).toBe(json);
  });
});

describe('formatting', () => {
  test.each([
    ['{"a":1,\n   "b":[1,2]}', '{\n  "a": 1,\n  "b": [\n    1,\n    2\n  ]\n}\n'],
    [
      'a:\n    b: 1   \n    # note\n    c:\n        - x\n        - y: 1\n          z: |\n              text  \n               more\n',
      'a:\n  b: 1\n  # note\n  c:\n    - x\n    - y: 1\n      z: |\n          text  \n           more\n',
    ],
    ['a:\n- x\n-   y: 1\n    z: 2', 'a:\n- x\n-   y: 1\n    z: 2\n'],
    ['a:\n    "b": {c: 1,\n        d: 2}\n', 'a:\n  "b": {c: 1,\n      d: 2}\n'],
    ['a: |+\n  x\n\n\n', 'a: |+\n  x\n\n\n'],
    ['a: 1\nsour\n', 'a: 1\nsour\n'],
    ['{"a": 1, "b', '{"a": 1, "b'],
  ])('%j becomes %j', (text, expected) => {
    const tree = parseTree(text, text.startsWith('{') ? 'json' : 'yaml');
    expect(applyEdits(text, formatEdits(tree))).toBe(expected);
  });

  it('keeps the meaning and the comments of each sample schema, and is then content', () => {
    for (const { text } of allSchemas()) {
      const tree = parseByContent(text);
      const after = parseTree(applyEdits(text, formatEdits(tree)), tree.notation);
      expect(valueOf(after.root)).toEqual(valueOf(tree.root));
      expect(words(after)).toEqual(words(tree));
      expect(formatEdits(after)).toEqual([]);
    }
  });
});
