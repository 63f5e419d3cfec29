import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitConfigArguments } from '../../../core/config/configArguments.ts';
import { loadConfig } from '../../../core/config/config.ts';
import { optionEntries } from '../../../core/config/configTable.ts';
import { problemKinds } from '../../../core/problems/problemCodes.ts';
import { fuzzing, longest, mutated, patience } from './fuzzing.ts';

const sample = readFileSync(path.resolve(import.meta.dirname, '../../../samples/config.yml'), 'utf8');
const secret = 'SESAME-opens-4711';
const withSecrets = sample.replace("token: ''", `token: ${secret}\n  additional_headers: {x-key: ${secret}}`);

/** A configuration with any value at any option. */
const generated = fc
  .dictionary(
    fc.oneof(fc.constantFrom(...optionEntries.map((entry) => entry.path)), fc.string()),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 8 },
  )
  .map((options) => {
    const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of Object.entries(options)) {
      const [section = '', ...rest] = name.split('.');
      const inner = root[section];
      root[section] =
        rest.length === 0 ? value : { ...(typeof inner === 'object' ? inner : {}), [rest.join('.')]: value };
    }
    return JSON.stringify(root);
  });

function check(text: string, env: Record<string, string> = {}): void {
  const before = performance.now();
  const { config, problems } = loadConfig({ file: '/config.yml', text, env });
  expect(performance.now() - before).toBeLessThan(longest);
  // Complete whatever the text is.
  expect(typeof config.scicat.host).toBe('string');
  expect(typeof config.ingestion.max_files_per_block).toBe('number');
  expect(typeof config.ingestion.file_handling.compute_file_hash).toBe('boolean');
  for (const { code, message, range } of problems) {
    assert(code in problemKinds, code);
    assert.doesNotMatch(message, /\n +at |undefined|\[object/);
    if (range) assert(range.start <= range.end && range.start >= 0 && range.end <= text.length, message);
  }
  // Where the text is broken the token may have become the name of an option.
  const shown = problems.filter(({ code }) => code !== 'config-unknown-key' && code !== 'duplicate-key');
  const said = JSON.stringify([shown.map(({ message }) => message), config]);
  if (text.includes(`  token: ${secret}\n`)) assert(!said.includes(secret), said);
}

test('configurations that are mutated', { timeout: patience }, () => {
  fc.assert(
    fc.property(mutated([sample, withSecrets]), (text) => {
      check(text);
    }),
    fuzzing(2000),
  );
});

test('configurations that are generated', { timeout: patience }, () => {
  fc.assert(
    fc.property(generated, fc.string(), (text, token) => {
      check(text, { SCICAT_TOKEN: token });
    }),
    fuzzing(2000),
  );
});

test('command lines that are generated', { timeout: patience }, () => {
  const word = fc.oneof(
    fc.constantFrom(...optionEntries.map((entry) => `--${entry.path}`), '--', '-c', '-d', '-v', '--_', '=', 'x=y'),
    fc.string(),
    fc
      .tuple(fc.constantFrom(...optionEntries.map((entry) => entry.path)), fc.string())
      .map(([name, value]) => `--${name}=${value}`),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      const { overrides, problems } = splitConfigArguments(words);
      const loaded = loadConfig({ overrides, env: {} });
      for (const message of [...problems, ...loaded.problems.map((found) => found.message)]) {
        expect(message).not.toMatch(/\n +at |\[object/);
      }
    }),
    fuzzing(2000),
  );
});
