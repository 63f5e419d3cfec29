import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseByContent, parseTree } from '../../../../core/imsc/tree/parse.ts';
import { readSchema } from '../../../../core/ingest/schemas/select.ts';
import { valueOf } from '../../../../core/imsc/tree/tree.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

/** What Python's json makes of a text, as `fixtures/readWithPythonJson.py` writes it. */
interface Reading {
  readonly value?: unknown;
  readonly error?: string;
}

interface Row extends Reading {
  readonly text: string;
}

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
// To record it anew: python3 fixtures/readWithPythonJson.py --record fixtures/pythonJson.json
const table = JSON.parse(readFileSync(fixture('pythonJson.json'), 'utf8')) as Row[];

/** A value as the table has it; floats by their number. */
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

const words: Readonly<Partial<Record<string, number>>> = { inf: Infinity, '-inf': -Infinity, nan: NaN };

function withNumbers(theirs: unknown): unknown {
  if (Array.isArray(theirs)) return theirs.map(withNumbers);
  if (typeof theirs !== 'object' || theirs === null) return theirs;
  if ('$float' in theirs) return { $float: words[String(theirs.$float)] ?? Number(theirs.$float) };
  return '$dict' in theirs ? { $dict: withNumbers(theirs.$dict) } : theirs;
}

/** What is wrong with our reading of a text; undefined if it is Python's. */
function difference(text: string, reading: Reading): string | undefined {
  const tree = parseTree(text, 'json');
  const told = tree.problems.filter(({ code }) => code !== 'duplicate-key');
  if (reading.error !== undefined) return told.length > 0 ? undefined : `Python refuses it (${reading.error})`;
  if (told.length > 0) return `Python reads it, and we say: ${told.map(({ message }) => message).join(' ')}`;
  const theirs = withNumbers(reading.value);
  // An ingestion reads by the content; a lone text or number is not a schema in either notation.
  const readings = [tree, ...(/^\s*[[{]/.test(text) ? [parseByContent(text)] : [])].map(({ root }) => tagged(valueOf(root))); // prettier-ignore
  const other = readings.find((ours) => !isDeepStrictEqual(ours, theirs));
  return other === undefined ? undefined : `${JSON.stringify(theirs)} is read as ${JSON.stringify(other)}`;
}

describe('what the json of Python makes of a text', () => {
  test.each(table)('$text', ({ text, ...reading }) => {
    expect(difference(text, reading)).toBeUndefined();
  });
});

describe('a schema that is called JSON and is none', () => {
  const told = (file: string, text: string): readonly string[] =>
    readSchema(file, text)
      .schema.problems.map(({ code }) => code)
      .filter((code) => code.startsWith('json'));

  it.each(['{"a": "b\tc"}', '{"a": 1 # no\n}', '{a: 1}', 'a: 1'])('is told where it is read as YAML: %j', (text) => {
    expect(told('/a/b.imsc.json', text)).toEqual(['json-read-as-yaml']);
    expect(told('/a/b.imsc.yml', text)).toEqual([]);
  });
});

const python = ['/usr/bin/python3', 'python3'].find((name) => spawnSync(name, ['--version']).status === 0);

describe.skipIf(python === undefined)('the json of Python itself', () => {
  const readAll = (texts: readonly string[]): Reading[] =>
    JSON.parse(
      execFileSync(python ?? '', [fixture('readWithPythonJson.py')], { input: JSON.stringify(texts), maxBuffer: 2 ** 28 }).toString(), // prettier-ignore
    ) as Reading[];

  const pieces = [
    ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"b": ', '1', '-', '0', '.5', 'e5', 'E+', 'NaN', 'Infinity', '-Infinity'],
    ...['true', 'false', 'null', 'x', ' ', '\t', '\n', '\r', '\v', '\xa0', '\ufeff', '\u2028', '\0', '\\', '\\u0041', '\\n'],
    ...['//', '/*', '*/', '#', "'", '{"a": 1}', '[1, 2]'],
  ]; // prettier-ignore
  const schema =
    '{"id": "a", "order": 1, "variables": {"one": {"value": [1.5, NaN, "b"], "path": "/c"}}, "schema": {}}';
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 10 }).map((list) => list.join('')),
    fc.json(),
    fc
      .tuple(fc.nat(schema.length), fc.nat(2), fc.constantFrom(...pieces, ''))
      .map(([at, without, piece]) => schema.slice(0, at) + piece + schema.slice(at + without)),
  );

  it('reads any text as we do, or refuses what we tell of', () => {
    const samples = [...new Set(fc.sample(texts, { numRuns: 3000 }))];
    const readings = readAll(samples);
    const differences = samples.flatMap((text, index) => {
      const found = difference(text, readings[index] ?? {});
      return found === undefined ? [] : [`${JSON.stringify(text)}: ${found}`];
    });
    expect(differences).toEqual([]);
  });
});
