import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkText } from '../../../core/imsc/checks/checkSchema.ts';
import { decodeText } from '../../../core/text/decodeText.ts';
import { loadConfig } from '../../../core/config/config.ts';
import { readSchemaFile } from '../../../core/ingest/schemas/schemaFiles.ts';
import { runSchemaTest } from '../../../core/ingest/trial/schemaTest.ts';
import { schemaText } from '../../support/schemaTexts.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'imsc-encoding-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function utf32(text: string): Buffer {
  const characters = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(characters.length * 4);
  for (const [index, code] of characters.entries()) bytes.writeUInt32LE(code, index * 4);
  return bytes;
}

const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const encodings: readonly (readonly [string, (text: string) => Buffer, RegExp])[] = [
  ['UTF-16 with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le'), /UTF-16 text; save it as UTF-8/],
  ['UTF-16 of the other order', (text) => swapped(`\ufeff${text}`), /UTF-16 text; save it as UTF-8/],
  ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le'), /UTF-16 text; save it as UTF-8/],
  ['UTF-16 of the other order without a mark', swapped, /UTF-16 text; save it as UTF-8/],
  ['UTF-32 with a mark', (text) => utf32(`\ufeff${text}`), /UTF-32 text; save it as UTF-8/],
  ['UTF-32 without a mark', utf32, /UTF-32 text; save it as UTF-8/],
  [
    'Latin-1',
    (text) => Buffer.from(`# a\n# Zür\n${text}`, 'latin1'),
    /not UTF-8 text \(see line 2, byte 0xFC\); save it as UTF-8/,
  ],
  ['half a character', (text) => Buffer.concat([Buffer.from(text), Buffer.of(0xe2, 0x82)]), /not UTF-8 text/],
];

describe.each(encodings)('what is written in %s is told of once, with the way out:', (_name, encode, message) => {
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, encode(text));
    return file;
  };

  test('a schema', async () => {
    const read = await readSchemaFile(write('a.imsc.yml', schemaText()));
    expect('problem' in read ? read.problem.message : '').toMatch(message);
  });

  test('a configuration', () => {
    const { problems } = loadConfig({ file: write('config.yml', 'scicat:\n  host: https://scicat.example.org\n') });
    expect(problems.filter(({ code }) => code === 'config-file').map((found) => found.message)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  test('a token', () => {
    const file = write('token', 'secret-token\n');
    const { problems } = loadConfig({ overrides: { 'scicat.token_file': file } });
    const found = problems.filter(({ code }) => code === 'token-file');
    expect(found.map((each) => each.message)).toEqual([expect.stringMatching(message)]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  test('a test of a schema', async () => {
    const { outcome, problems } = await runSchemaTest(write('a.imsc.test.yml', 'sample: a.nxs\n'));
    expect(outcome).toBe('broken');
    expect(problems.map((found) => found.message)).toEqual([expect.stringMatching(message)]);
  });
});

test.each(encodings.slice(0, 6))('a text in %s that an editor took for UTF-8 has one problem', (_name, encode) => {
  for (const [notation, text] of [
    ['yaml', schemaText()],
    ['json', JSON.stringify({ id: 'a', name: 'a', variables: {}, schema: {} }, null, 2)],
    [undefined, schemaText()],
  ] as const) {
    const { problems } = checkText(encode(text).toString('utf8'), notation);
    expect(problems.map(({ code }) => code)).toEqual(['syntax']);
    expect(problems[0]?.message).toMatch(/UTF-(?:16|32) text; save it as UTF-8/);
  }
});

test.each([
  ['plain', 'a: 1'],
  ['with its mark', '\ufeffa: 1'],
  ['with what looks like a fault', 'a: \ufffd'],
  ['of Asian letters', 'a: 日本語\n'.repeat(50)],
  ['empty', ''],
])('UTF-8 is read as it is: %s', (_name, text) => {
  expect(decodeText(Buffer.from(text))).toBe(text.replace(/^\ufeff/, ''));
});

test('a single zero is a character that may not be there, and no encoding', () => {
  const { problems } = checkText(`${schemaText()}# \0\n`, 'yaml');
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('U+0000')]);
});
