import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

/** What PyYAML makes of a text, as `fixtures/readWithPyYaml.py` writes it. */
interface Reading {
  readonly value?: unknown;
  readonly error?: string;
}

interface Row extends Reading {
  readonly text: string;
}

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
// To record it anew: python3 fixtures/readWithPyYaml.py --record fixtures/pyYaml.json
const table = JSON.parse(readFileSync(fixture('pyYaml.json'), 'utf8')) as Row[];

/** What PyYAML reads and a schema cannot hold is told here; each with a reason. */
const deviations: readonly (readonly [RegExp, string])[] = [
  [/A key is needed/, 'a key that is nothing is half typed'],
  [/The tag “(?:!!set|!!omap|!!pairs|!!binary)”/, 'SciCat has no such values'],
  [/The tag “!!value”|The tag “!!str” cannot/, 'an old way to write a map that is also a text'],
  [/This file is empty/, 'an empty file is not a schema'],
];

/** A value as the table has it. */
function tagged(value: Value): unknown {
  switch (value.kind) {
    case 'integer':
      return { $int: String(value.value) };
    case 'float':
      return { $float: value.value };
    case 'boolean':
    case 'string':
      return value.value;
    case 'list':
      return value.items.map(tagged);
    case 'dict':
      return { $dict: value.entries.map(([key, item]) => [tagged(key), tagged(item)]) };
    default:
      return null;
  }
}

const numbers: Readonly<Partial<Record<string, number>>> = { inf: Infinity, '-inf': -Infinity, nan: NaN };

/** PyYAML's value as ours is written: floats as numbers, dates as nothing that is compared. */
function comparable(theirs: unknown, ours: unknown): unknown {
  if (Array.isArray(theirs)) {
    return theirs.map((item, index) => comparable(item, Array.isArray(ours) ? ours[index] : undefined));
  }
  if (typeof theirs !== 'object' || theirs === null) return theirs;
  if ('$float' in theirs) return { $float: numbers[String(theirs.$float)] ?? Number(theirs.$float) };
  // A date stays the text that was written.
  if ('$date' in theirs) return typeof ours === 'string' && /^\d{4}-/.test(ours) ? ours : theirs;
  if (!('$dict' in theirs)) return theirs;
  return {
    $dict: comparable(theirs.$dict, typeof ours === 'object' && ours && '$dict' in ours ? ours.$dict : undefined),
  };
}

/** What is wrong with our reading of a text; undefined if it is PyYAML's. */
function difference(text: string, reading: Reading): string | undefined {
  const tree = parseTree(text, 'yaml');
  const told = tree.problems.filter(({ code }) => code !== 'duplicate-key');
  const messages = told.map(({ message }) => message).join(' ');
  if (reading.error !== undefined) return told.length > 0 ? undefined : `PyYAML refuses it (${reading.error})`;
  // JSON has no values that hold themselves.
  if (messages.includes('stands inside of what it refers to')) return undefined;
  if (told.some(({ message }) => !deviations.some(([pattern]) => pattern.test(message)))) {
    return `PyYAML reads it, and we say: ${messages}`;
  }
  if (told.length > 0) return undefined;
  const ours = tagged(valueOf(tree.root));
  const theirs = comparable(reading.value, ours);
  return isDeepStrictEqual(ours, theirs) ? undefined : `${JSON.stringify(theirs)} is read as ${JSON.stringify(ours)}`;
}

describe('what PyYAML makes of a text', () => {
  test.each(table)('$text', ({ text, ...reading }) => {
    expect(difference(text, reading)).toBeUndefined();
  });

  it('is told with a place in the text, and never both as an error and as what Python refuses', () => {
    for (const { text } of table) {
      const { problems } = parseTree(text, 'yaml');
      for (const { range } of problems) expect(range?.end ?? Infinity).toBeLessThanOrEqual(text.length);
      const codes = new Set(problems.map(({ code }) => code));
      expect(codes.has('syntax') && codes.has('pyyaml-refuses'), text).toBe(false);
    }
  });

  it('is mended by the fixes of what it refuses', () => {
    let fixed = 0;
    for (const { text } of table) {
      let mended = text;
      for (let round = 0; round < 4; round += 1) {
        const found = parseTree(mended, 'yaml').problems.find(({ code, fixes }) => code === 'pyyaml-refuses' && fixes);
        const edit = found?.fixes?.[0]?.edits[0];
        if (!edit) break;
        const after = mended.slice(0, edit.range.start) + edit.newText + mended.slice(edit.range.end);
        expect(
          parseTree(after, 'yaml').problems.filter(
            ({ code, message }) => code === 'syntax' && !message.includes('empty'),
          ),
          text,
        ).toEqual([]);
        mended = after;
        fixed += 1;
      }
      if (mended === text) continue;
      expect(
        parseTree(mended, 'yaml').problems.filter(({ code, fixes }) => code === 'pyyaml-refuses' && fixes),
      ).toEqual([]);
    }
    expect(fixed).toBeGreaterThan(20);
  });
});

const hasPyYaml = spawnSync('python3', ['-c', 'import yaml; assert yaml.__version__ >= "6"']).status === 0;
if (!hasPyYaml) console.log('PyYAML is not here: only the recorded readings are compared.');

describe.skipIf(!hasPyYaml)('PyYAML itself', () => {
  const readAll = (texts: readonly string[]): Reading[] =>
    JSON.parse(
      execFileSync('python3', [fixture('readWithPyYaml.py')], {
        input: JSON.stringify(texts),
        maxBuffer: 2 ** 28,
      }).toString(),
    ) as Reading[];

  it('says what was recorded', () => {
    const readings = readAll(table.map(({ text }) => text));
    expect(table).toEqual(table.map(({ text }, index) => ({ text, ...readings[index] })));
  });

  const pieces = [
    ...[
      'a',
      'b',
      'key',
      ':',
      ': ',
      '\n',
      '\n',
      '\n  ',
      '\n    ',
      ' ',
      '\t',
      '- ',
      '-',
      '? ',
      '?',
      '[',
      ']',
      '{',
      '}',
      ',',
    ],
    ...[
      '&x ',
      '*x',
      '&y ',
      '*y',
      '<<: ',
      '!',
      '!!str ',
      '!!int ',
      '!t ',
      '"',
      "'",
      '"x"',
      "'y'",
      '|\n',
      '>\n',
      '|-\n',
      '>2\n',
    ],
    ...[
      '#',
      ' # c',
      '%',
      '@',
      '`',
      '---\n',
      '...\n',
      '1',
      '0x1',
      '1.5',
      '~',
      '=',
      '<<',
      'true',
      '2024-02-30',
      '\\',
      '\r\n',
    ],
    ...['\x85', '\u2028', '\ufeff', '\r', 'é', 'a: b\n', '  e: f\n', '- g\n', '[a, b]', '{a: b}', 'n: |\n  o\n  p\n'],
  ];
  const schema = `id: a
name: "test: schema"
selector: 'filename:contains:/coda/' # why
variables:
  one: {source: NXS, path: /entry/title, value_type: 'string[]'}
  two:
    value: [a, "b c", 'd', 5.0]
    text: |
      one
       two
  three: &x
    a: some words
      that go on
  four:
    <<: *x
    b: 3
`;
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((list) => list.join('')),
    fc
      .tuple(fc.nat(schema.length), fc.nat(2), fc.constantFrom(...pieces, ''))
      .map(([at, without, piece]) => schema.slice(0, at) + piece + schema.slice(at + without)),
  );

  it('reads any text as we do, or refuses what we tell of', () => {
    const samples = [...new Set(fc.sample(texts, { numRuns: 2000 }))];
    const readings = readAll(samples);
    const differences = samples.flatMap((text, index) => {
      const found = difference(text, readings[index] ?? {});
      return found === undefined ? [] : [`${JSON.stringify(text)}: ${found}`];
    });
    expect(differences).toEqual([]);
  });
});
