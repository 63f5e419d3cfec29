import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { fileName, inNotation, notations } from '../support/markers.ts';
import { schemaText } from '../support/schemaTexts.ts';
import { imsc } from './imsc.ts';
import type { Finished } from './imsc.ts';

const root = path.resolve(import.meta.dirname, '../..');
const parent = mkdtempSync(path.join(tmpdir(), 'imsc-schema-tests-'));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

let folder = '';
let count = 0;
beforeEach(() => {
  folder = path.join(parent, String(count++));
  mkdirSync(folder);
  for (const name of ['schemas', 'data']) {
    cpSync(path.join(root, 'samples', name), path.join(folder, name), { recursive: true });
  }
});

const test = (...args: string[]): Promise<Finished> => imsc(['test', ...args], {}, folder);
const file = (name: string): string => path.join(folder, 'schemas', name);

/** Lets coda.imsc.test.yml expect another owner. */
function expectAnotherOwner(): void {
  const text = readFileSync(file('coda.imsc.test.yml'), 'utf8');
  writeFileSync(file('coda.imsc.test.yml'), text.replace('owner: Maren Solberg', 'owner: Somebody Else # really'));
}

it('runs every test below the working directory', async () => {
  const { code, stdout, stderr } = await test();
  expect(code).toBe(0);
  expect(stdout.match(/^✓ schemas\/\w+\.imsc\.test\.yml/gm)).toHaveLength(3);
  expect(stderr).toContain('3 tests: 3 passed, 0 failed.');
});

it('shows what was expected and what came, at its line, and fails', async () => {
  expectAnotherOwner();
  const line =
    readFileSync(file('coda.imsc.test.yml'), 'utf8').split('\n').indexOf('  owner: Somebody Else # really') + 1;
  const { code, stdout, stderr } = await test('schemas');
  expect(code).toBe(1);
  expect(stdout).toContain(
    `    schemas/coda.imsc.test.yml:${line}:3: dataset owner\n      - "Somebody Else"\n      + "Maren Solberg"\n`,
  );
  expect(stderr).toContain('3 tests: 2 passed, 1 failed.');
});

it('prints one JSON document for programs', async () => {
  expectAnotherOwner();
  const { code, stdout } = await test('schemas/coda.imsc.test.yml', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    tests: [
      {
        file: file('coda.imsc.test.yml'),
        schema: file('coda.imsc.yml'),
        outcome: 'failed',
        updated: false,
        differences: [{ part: 'dataset', name: 'owner', expected: '"Somebody Else"', actual: '"Maren Solberg"' }],
      },
    ],
    problems: [],
  });
});

it('--update expects what comes, keeps the comments, and passes from then on', async () => {
  expectAnotherOwner();
  const updated = await test('schemas', '--update');
  expect(updated.code).toBe(0);
  expect(updated.stdout).toMatch(/✓ schemas\/coda\.imsc\.test\.yml updated/);
  expect(updated.stderr).toContain('1 updated.');
  expect(updated.stdout).toContain('    dataset owner\n      - "Somebody Else"\n      + "Maren Solberg"\n');
  const original = readFileSync(path.join(root, 'samples/schemas/coda.imsc.test.yml'), 'utf8');
  const expected = original.replace('owner: Maren Solberg', 'owner: Maren Solberg # really');
  expect(readFileSync(file('coda.imsc.test.yml'), 'utf8')).toBe(expected);
});

it('a test that cannot be run says where and why', async () => {
  writeFileSync(file('x.imsc.test.yml'), 'sample: gone.nxs\nschema: coda.imsc.yml\n');
  const { code, stdout, stderr } = await test('schemas');
  expect(code).toBe(1);
  expect(stdout).toMatch(/x\.imsc\.test\.yml:1:9: error: The sample cannot be read: .*gone\.nxs.*\[test-file\]/);
  expect(stderr).toContain('1 could not be run');
});

it('a folder without tests is a failure, not a success', async () => {
  const { code, stderr } = await test('data');
  expect(code).toBe(1);
  expect(stderr).toContain('data holds no tests');
});

it('the example of the documentation passes', async () => {
  const page = readFileSync(path.join(root, 'docs/schema-tests.md'), 'utf8');
  const example = /^```yaml\n([^]*?)^```$/m.exec(page)?.[1] ?? '';
  expect(example).toContain('sample:');
  writeFileSync(file('example.imsc.test.yml'), `schema: coda.imsc.yml\n${example}`);
  const { code, stdout } = await test('schemas/example.imsc.test.yml');
  expect(code, stdout).toBe(0);
});

it('--update tells programs what it has changed', async () => {
  expectAnotherOwner();
  const [updated, again] = [
    await test('schemas/coda.imsc.test.yml', '--update', '--json'),
    await test('schemas/coda.imsc.test.yml', '--update', '--json'),
  ];
  expect(JSON.parse(updated.stdout)).toMatchObject({
    tests: [
      {
        outcome: 'passed',
        updated: true,
        changes: [{ part: 'dataset', name: 'owner', expected: '"Somebody Else"', actual: '"Maren Solberg"' }],
      },
    ],
  });
  expect(JSON.parse(again.stdout)).toMatchObject({ tests: [{ updated: false, changes: [] }] });
});

it.each(notations)('knows the dialect that is chosen, of a schema in %s', async (notation) => {
  // Of the ILL’s schemas others may give what this one does not.
  writeFileSync(file(fileName('ours', notation)), inNotation(schemaText(), notation));
  const name = 'schemas/ours.imsc.test.yml';
  writeFileSync(
    path.join(folder, name),
    'sample: ../data/coda/2025/443604/raw/443604_00001017.nxs\ndataset:\n  type: raw\nproblems: []\n',
  );
  writeFileSync(path.join(folder, 'ill.yml'), 'ingestion:\n  schemas_dialect: ill\n  max_logs: x\n');
  const told = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await test(name, '--json', ...args);
    const { tests } = JSON.parse(stdout) as { tests: { differences: { part: string; name: string }[] }[] };
    return tests[0]?.differences.filter(({ part }) => part === 'problems').map((each) => each.name);
  };
  expect(await told()).toContain('mandatory-field-missing');
  expect(await told('--dialect', 'ill')).not.toContain('mandatory-field-missing');
  expect(await told('-c', 'ill.yml')).not.toContain('mandatory-field-missing');
  expect((await test(name, '-c', 'gone.yml')).code).toBe(2);
  writeFileSync(path.join(folder, 'ill.yml'), 'ingestion:\n  schemas_dialect: nobody\n');
  const wrong = await test(name, '-c', 'ill.yml');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('schemas_dialect')]);
});
