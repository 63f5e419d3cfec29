import fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { notationOfFile, parseByContent, parseTree } from '../../../../core/imsc/tree/parse.ts';
import { entries, entryOf, keyText, nodeAt, valueOf } from '../../../../core/imsc/tree/tree.ts';
import type { MapNode, Node, Tree } from '../../../../core/imsc/tree/tree.ts';
import type { TextRange } from '../../../../core/problems/problem.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';
import { allSchemas, corpusSchemas, jsonSample, yamlSample } from '../sampleSchemas.ts';

// Many random texts: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

/** Values as short texts: `5` and `5.0` differ, texts are in quotes. */
function show(value: Value): string {
  switch (value.kind) {
    case 'none':
      return 'none';
    case 'list':
      return `[${value.items.map(show).join(', ')}]`;
    case 'dict':
      return `{${value.entries.map(([key, item]) => `${show(key)}: ${show(item)}`).join(', ')}}`;
    case 'string':
      return JSON.stringify(value.value);
    case 'float':
      return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
    default:
      return String(value.kind === 'bytes' ? '' : value.value);
  }
}

const shown = (tree: Tree): string => show(valueOf(tree.root));
const codes = (tree: Tree): string[] => tree.problems.map(({ code }) => code);

/** Every range lies in its parent's and in the text; siblings come one after the other. */
function checkRanges(tree: Tree): void {
  const whole = { start: 0, end: tree.text.length };
  const within = (inner: TextRange, outer: TextRange): void => {
    if (inner.start < outer.start || inner.end > outer.end || inner.start > inner.end) {
      throw new Error(
        `range ${JSON.stringify(inner)} is not in ${JSON.stringify(outer)} of ${JSON.stringify(tree.text)}`,
      );
    }
  };
  const check = (node: Node, parent: TextRange): void => {
    within(node.range, parent);
    if (node.alias !== undefined) return;
    let last = node.range.start;
    const inOrder = (range: TextRange): void => {
      if (range.start < last)
        throw new Error(`${JSON.stringify(range)} overlaps what is before, in ${JSON.stringify(tree.text)}`);
      last = range.end;
    };
    if (node.kind === 'scalar') expect(node.source).toBe(tree.text.slice(node.range.start, node.range.end));
    else if (node.kind === 'list') {
      for (const item of node.items) {
        check(item, node.range);
        inOrder(item.range);
      }
    } else {
      for (const entry of node.entries.filter(({ merged }) => !merged)) {
        within(entry.range, node.range);
        inOrder(entry.range);
        check(entry.key, entry.range);
        if (entry.value) check(entry.value, { start: entry.key.range.end, end: entry.range.end });
      }
    }
  };
  if (tree.root) check(tree.root, whole);
  for (const { range } of [...tree.comments, ...tree.problems]) if (range) within(range, whole);
}

describe('values', () => {
  test.each([
    ['[5, 5.0, -0, 1e3, 12345678901234567890, 0.1]', '[5, 5.0, 0, 1000.0, 12345678901234567890, 0.1]'],
    ['{"b": 1, "a": {"2": true, "1": null}}', '{"b": 1, "a": {"2": true, "1": none}}'],
    ['"a\\n\\u00e5\\"/"', '"a\\nå\\"/"'],
    ['{"__proto__": 1, "constructor": 2}', '{"__proto__": 1, "constructor": 2}'],
  ])('JSON %s', (text, expected) => {
    const tree = parseTree(text, 'json');
    expect(shown(tree)).toBe(expected);
    expect(codes(tree)).toEqual([]);
  });

  test('JSON behind a byte order mark, which is told', () => {
    const tree = parseTree('\ufeff{"a": 1}', 'json');
    expect(shown(tree)).toBe('{"a": 1}');
    expect(codes(tree)).toEqual(['json-byte-order-mark']);
  });

  test.each([
    ['a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n', '{"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}'],
    ['a: &x 5\nb: [*x, *x]\n', '{"a": 5, "b": [5, 5]}'],
    ['a: {<<: [{b: 1}, {b: 2, c: 3}]}', '{"a": {"b": 1, "c": 3}}'],
    ['a: !!str 5\nb: !!float 5\n', '{"a": "5", "b": 5.0}'],
    ['- a\n-\n- b: 1\n  c: 2\n- - x\n', '["a", none, {"b": 1, "c": 2}, ["x"]]'],
    ['a:\n- 1\nb:\n  - 2\n', '{"a": [1], "b": [2]}'],
    ['---\na: 1\n', '{"a": 1}'],
    ['\ufeffa: 1\n', '{"a": 1}'],
    ['a: "x\n  y"\nb: z\n', '{"a": "x y", "b": "z"}'],
    ['a: |2\n    x\n   y\nb: >-\n  z\n', '{"a": "  x\\n y\\n", "b": "z"}'],
    ['a: |\n  last line', '{"a": "last line"}'],
    ['a: {\n  b: 1,\n  c: [\n    x\n  ]\n}\nd: 2\n', '{"a": {"b": 1, "c": ["x"]}, "d": 2}'],
    ['value: 2024-01-02\nother: "="\n', '{"value": "2024-01-02", "other": "="}'],
    ['{"a": [1, 2.0], "b": "x"}', '{"a": [1, 2.0], "b": "x"}'],
  ])('YAML %j', (text, expected) => {
    const tree = parseTree(text, 'yaml');
    expect(codes(tree)).toEqual([]);
    expect(shown(tree)).toBe(expected);
  });
});

describe('a broken text', () => {
  test.each([
    ['{"a": 1, "b"', '{"a": 1, "b": none}', 'colon'],
    ['{"a": 1, "b" "c": 2}', '{"a": 1, "b": none, "c": 2}', 'colon'],
    ['{"a": }', '{"a": none}', 'value must follow'],
    ['{"a": [1, 2, "b": 3}', '{"a": [1, 2, "b", 3]}', 'not closed'],
    ['{"a": 1 "b": 2}', '{"a": 1, "b": 2}', 'comma'],
    ['{"a": yes, b: 1}', '{"a": "yes", "b": 1}', 'double quotes'],
    ['{"a": "x\n, "b": 1}', '{"a": "x", "b": 1}', 'closed'],
    ['{"a": 1} x', '{"a": 1}', 'follow the end'],
    ['{"a": 1]}', '{"a": 1}', 'remove'],
    ['', 'none', 'empty'],
  ])('JSON %j keeps %s', (text, expected, message) => {
    const tree = parseTree(text, 'json');
    expect(shown(tree)).toBe(expected);
    expect(codes(tree)).toContain('syntax');
    expect(tree.problems.map((problem) => problem.message).join(' ')).toContain(message);
    checkRanges(tree);
  });

  test.each([
    ['a: 1\nsour\nb: 2\n', '{"a": 1, "sour": none, "b": 2}', 'colon'],
    ['v:\n  p\n  q:\n    source: NXS\n', '{"v": {"p": none, "q": {"source": "NXS"}}}', 'colon'],
    ['a: 1\nsource:NXS\nb: 2\n', '{"a": 1, "source:NXS": none, "b": 2}', 'blank'],
    ['a: "x\nb: 2\n', '{"a": "\\"x", "b": 2}'.replace('\\"x', 'x'), 'closed'],
    ['a:\n    b: 1\n  c: 2\nd: 3\n', '{"a": {"b": 1, "c": 2}, "d": 3}', 'column'],
    ['a: [1, 2\nb: 3\n', '{"a": [1, 2], "b": 3}', 'closing'],
    ['a: x: y\nb: 1\n', '{"a": "x: y", "b": 1}', 'quotes'],
    ['a: `x`\nb: 1\n', '{"a": "`x`", "b": 1}', 'quotes'],
    ['a: *x\n', '{"a": "*x"}', '&x'],
    ['a: &x [*x]\n', '{"a": ["*x"]}', 'inside'],
    ['a: 1\n---\nb: 2\n', '{"a": 1}', 'one document'],
    ['a: !custom x\n', '{"a": "x"}', 'tag'],
    ['a: 1\n- b\n', '{"a": 1}', 'list item'],
    ['a: x\u0007y\n', '{"a": "x\\u0007y"}', 'U+0007'],
    ['a: 1\n: 2\n', '{"a": 1, none: 2}', 'key is needed'],
    ['# nothing\n', 'none', 'empty'],
  ])('YAML %j keeps %s', (text, expected, message) => {
    const tree = parseTree(text, 'yaml');
    expect(shown(tree)).toBe(expected);
    expect(codes(tree)).toContain('syntax');
    expect(tree.problems.map((problem) => problem.message).join(' ')).toContain(message);
    checkRanges(tree);
  });

  test.each([
    ['v: { x: string[], y: 1 }\nb: 2\n', '{"v": {"x": "string[]", "y": 1}, "b": 2}', ["'string[]'"]],
    ['v: {x: float[]}\n', '{"v": {"x": "float[]"}}', ["'float[]'"]],
    [
      'v: {\n  x: int[],\n  y: string[]\n}\nb: [ date[] ]\n',
      '{"v": {"x": "int[]", "y": "string[]"}, "b": ["date[]"]}',
      ["'int[]'", "'string[]'", "'date[]'"],
    ],
  ])('a type of lists without quotes inside of braces is one mistake: %j', (text, expected, mended) => {
    const tree = parseTree(text, 'yaml');
    expect(shown(tree)).toBe(expected);
    expect(tree.problems.map(({ fixes }) => fixes?.[0]?.edits[0]?.newText)).toEqual(mended);
    expect(tree.problems[0]?.message).toContain('must stand in quotes inside of braces');
    checkRanges(tree);
  });

  test.each([
    ['v: string[]\n', '{"v": "string[]"}'],
    ["v: { x: 'string[]' }\n", '{"v": {"x": "string[]"}}'],
  ])('a type of lists where it may stand so is none: %j', (text, expected) => {
    const tree = parseTree(text, 'yaml');
    expect([shown(tree), tree.problems]).toEqual([expected, []]);
  });

  it('with an open quote in the middle of a schema keeps the entries after it', () => {
    const tree = parseTree(yamlSample.replace('value_type: string\n', 'value_type: "string\n'), 'yaml');
    expect(keyText(entries(tree.root as MapNode).at(-1)!)).toBe('schema');
    expect(codes(tree)).toEqual(['syntax']);
  });

  it('says where a duplicate key stood before, and lets the last one win', () => {
    for (const [text, notation] of [
      ['{"a": 1, "b": 0, "a": 2}', 'json'],
      ['a: 1\nb: 0\na: 2\n', 'yaml'],
    ] as const) {
      const tree = parseTree(text, notation);
      expect(codes(tree)).toEqual(['duplicate-key']);
      expect(tree.problems[0]?.range?.start).toBe(text.lastIndexOf('a') - (notation === 'json' ? 1 : 0));
      expect(tree.problems[0]?.related?.[0]?.range.start).toBe(notation === 'json' ? 1 : 0);
      expect(shown(tree)).toBe('{"a": 2, "b": 0}');
      expect(show(valueOf(entryOf(tree.root as MapNode, 'a')?.value))).toBe('2');
    }
  });

  it('reports each comment and trailing comma of JSON with an edit that removes it', () => {
    const text = '{"a": [1,], // c\n "b": 2,\n/* d */}';
    const tree = parseTree(text, 'json');
    expect(codes(tree).sort()).toEqual(['json-comment', 'json-comment', 'json-trailing-comma', 'json-trailing-comma']);
    const edits = tree.problems.flatMap(({ fixes }) => fixes?.[0]?.edits ?? []);
    const mended = edits
      .sort((a, b) => b.range.start - a.range.start)
      .reduce((result, { range, newText }) => result.slice(0, range.start) + newText + result.slice(range.end), text);
    expect(JSON.parse(mended)).toEqual({ a: [1], b: 2 });
    expect(tree.comments.map((comment) => comment.text)).toEqual(['c', 'd']);
  });
});

describe('any text', () => {
  it.each(["{' ", '{" ', "['  ", "{a: ' ", "{'\t", '{"\t', "{' \t"])(
    'nests its ranges after an open quote: %j',
    (text) => {
      expect(() => {
        checkRanges(parseTree(text, 'yaml'));
      }).not.toThrow();
    },
  );

  const pieces = fc.constantFrom(
    ...[
      'a',
      'key',
      ':',
      ': ',
      ' ',
      '  ',
      '\n',
      '\r\n',
      '- ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '#',
      ' # c',
      '//',
      '/*',
      '*/',
    ],
    ...[
      '&x',
      '*x',
      '<<',
      '!',
      '|',
      '>',
      '>-',
      '%',
      '---',
      '...',
      '?',
      '\\',
      '\\u00e5',
      '1',
      '5.0',
      '\t',
      '@',
      '\ufeff',
      '\0',
      '\r',
      '~',
    ],
    ...['"a": ', 'a: b\n', '  c: d\n', '- e\n', '<a>', 'å', '\ud83d', '😀', '\u2028', '-', 'true', 'null', '`'],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 40 }).map((list) => list.join('')),
  );

  test.each(['json', 'yaml'] as const)('is read as %s without an exception, with ranges that nest', (notation) => {
    fc.assert(
      fc.property(texts, (text) => {
        checkRanges(parseTree(text, notation));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['yaml', yamlSample],
    ['json', jsonSample],
  ] as const)('that is the beginning of a schema in %s is read as far as it goes', (notation, sample) => {
    for (let length = 0; length <= sample.length; length++) {
      const tree = parseTree(sample.slice(0, length), notation);
      checkRanges(tree);
      if (length > 70) expect(tree.root?.kind).toBe('map');
    }
  });

  test.each([
    '[',
    '{"a":',
    '- ',
    'a: &x [*x, ',
    '? ',
    '{',
    '"',
    'a: |\n ',
    '\n  a:\n',
    '&a ',
    '[,',
    '{"a" ',
    'a:\n',
    '!x ',
  ])('that repeats %j is read in linear time', (piece) => {
    const seconds = (count: number, notation: 'json' | 'yaml'): number => {
      const text = piece.repeat(count);
      const start = process.cpuUsage();
      checkRanges(parseTree(text, notation));
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    for (const notation of ['json', 'yaml'] as const) {
      seconds(500, notation);
      const [few, many] = [seconds(1500, notation), seconds(12_000, notation)];
      // Eight times the text; quadratic would be sixty-four times the time.
      expect(many).toBeLessThan(0.5 + few * 25);
    }
  });

  it('that would be enormous with its aliases written out is refused', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 12; i++) text += `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]\n`;
    const tree = parseTree(text, 'yaml');
    expect(tree.problems[0]?.message).toContain('aliases');
    const count = (node: Node): number =>
      node.kind === 'scalar' ? 1 : node.kind === 'list' ? node.items.reduce((sum, item) => sum + count(item), 1) : 0;
    const sizes = (tree.root as MapNode).entries.map((entry) => count(entry.value!));
    expect(Math.max(...sizes)).toBeLessThan(200_000);
  });
});

describe('notation', () => {
  test.each([
    ['a.imsc.json', 'json'],
    ['a.imsc.yml', 'yaml'],
    ['A.IMSC.YAML', 'yaml'],
    ['a.txt', undefined],
  ])('of the file %s is %s', (name, expected) => {
    expect(notationOfFile(name)).toBe(expected);
  });

  test.each([
    ['{"a": yes}', 'yaml'],
    ['{"a": 1}', 'json'],
    ['// c\n{"a": 1,}', 'json'],
    ['{"a": [}', 'json'],
    ['a: 1', 'yaml'],
    ['{a: b}', 'yaml'],
    ['', 'yaml'],
  ])('of the text %j is %s', (text, expected) => {
    expect(parseByContent(text).notation).toBe(expected);
  });
});

describe('nodeAt', () => {
  test.each([
    ['a: 1\nb:\n  c: x|y\n', 'value/value', 'xy'],
    ['a: 1\nb:\n  c|c: xy\n', 'value/key', 'cc'],
    ['a: |', 'value', ''],
    ['a:\n  b: |\n', 'value/value', ''],
    ['a:\n  - x\n  - y|z\n', 'value/1', 'yz'],
    ['{"a": {"b": "x|y"}}', 'value/value', '"xy"'],
    ['{"a": |}', '', '{"a": }'],
  ])('%j', (marked, way, source) => {
    const offset = marked.indexOf('|');
    const text = marked.slice(0, offset) + marked.slice(offset + 1);
    const tree = parseTree(text, text.startsWith('{') ? 'json' : 'yaml');
    const path = nodeAt(tree, offset);
    expect(
      path
        .slice(1)
        .map(({ part, index }) => part ?? index)
        .join('/'),
    ).toBe(way);
    const leaf = path.at(-1)?.node.range;
    expect(text.slice(leaf?.start, leaf?.end)).toBe(source);
  });
});

test.skipIf(corpusSchemas().length === 0)('real schemas (folder IMSC_CORPUS) have no syntax problems', () => {
  for (const { text } of corpusSchemas()) {
    const tree = parseByContent(text);
    checkRanges(tree);
    expect(codes(tree)).not.toContain('syntax');
  }
});

test('schemas have as many comments as they have markers of them', () => {
  for (const { name, text } of allSchemas().slice(0, 2)) {
    expect(parseTree(text, notationOfFile(name)!).comments).toHaveLength(name.endsWith('json') ? 2 : 4);
  }
});
