import { readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSchemaTest } from '../../../../core/ingest/trial/schemaTest.ts';
import type { SchemaTestResult } from '../../../../core/ingest/trial/schemaTest.ts';
import { isSchemaTestName } from '../../../../core/ingest/trial/schemaTestFile.ts';
import { unfilledIn, updateSchemaTest } from '../../../../core/ingest/trial/updateSchemaTest.ts';
import { temporaryFolders } from '../../../support/temporaryFolder.ts';

const samples = path.resolve(import.meta.dirname, '../../../../samples');
const nexus = path.join(samples, 'data/coda/2025/443604/raw/443604_00001017.nxs');
const temporaryFolder = temporaryFolders();

const variables = `
  title: { source: NXS, path: /entry/title, value_type: string }
  temperature: { source: NXS, path: /entry/sample/temperature, value_type: float, unit: K }
  log: { source: NXS, path: /entry/sample/temperature_log/value, value_type: 'float[]' }
  missing: { source: NXS, path: /entry/none, value_type: string }
  below_missing: { source: VALUE, value: <missing>, value_type: string }
  proposal: { source: SC, url: proposals/443604, field: title, value_type: string }
  twice: { source: VALUE, value: <now> <ingestor_run_id> <data_file_path>, value_type: string }
`;
const schema = `id: 1
name: tried
selector: '*'
order: 1
variables:${variables}
schema:
  owner: { field_type: high_level, machine_name: owner, value: <title>, type: string }
  description: { field_type: high_level, machine_name: description, value: <proposal>, type: string }
  temperature: { field_type: scientific_metadata, machine_name: temperature, value: <temperature>, type: float }
`;

/** Runs a test whose parts are given, beside the schema above; `missing` is expected to fail. */
async function run(parts: string): Promise<SchemaTestResult> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'tried.imsc.yml'), schema);
  await copyFile(nexus, path.join(folder, 'run.nxs'));
  const file = path.join(folder, 'tried.imsc.test.yml');
  await writeFile(file, parts.includes('sample:') ? parts : `sample: run.nxs\nfails: [missing]\n${parts}`);
  return runSchemaTest(file);
}

const told = ({ differences }: SchemaTestResult): string[] =>
  differences.map(({ part, name, expected, actual }) =>
    [part, name, expected, actual].filter((text) => text !== undefined).join(' | '),
  );

describe('the tests of the samples', () => {
  it.each(['coda', 'loki', 'fallback'])('%s passes', async (name) => {
    const result = await runSchemaTest(path.join(samples, 'schemas', `${name}.imsc.test.yml`));
    expect(told(result)).toEqual([]);
    expect(result.problems).toEqual([]);
    expect(result.outcome).toBe('passed');
  });
});

describe('a test that would show nothing', () => {
  it.each([
    ['sample: run.nxs\n', 'failed', /Nothing is expected/],
    ['sample: run.nxs\ndataset:\nproblems:\n', 'failed', /./],
    ['sample: run.nxs\nfails: []\nvariables: {}\n', 'failed', /Nothing is expected|missing/],
  ])('does not pass: %j', async (parts, outcome) => {
    const result = await run(parts);
    expect(result.outcome).toBe(outcome);
  });

  it('is one whose schema is never given the sample', async () => {
    const folder = await temporaryFolder();
    const never = schema.replace("selector: '*'", 'selector: filename:contains:/elsewhere/');
    await writeFile(path.join(folder, 'tried.imsc.yml'), never);
    await copyFile(nexus, path.join(folder, 'run.nxs'));
    const file = path.join(folder, 'tried.imsc.test.yml');
    await writeFile(file, 'sample: run.nxs\nfails: [missing]\n');
    const { outcome, problems } = await runSchemaTest(file);
    expect(outcome).toBe('broken');
    expect(problems.map(({ message }) => message).join()).toMatch(/would not be given this sample.*\/elsewhere\//);
  });
});

describe('expectations', () => {
  const cases: readonly { name: string; parts: string; differences: readonly string[] }[] = [
    { name: 'a value that is there', parts: 'variables: { temperature: 4.02 }', differences: [] },
    { name: 'a value with its unit', parts: 'variables: { temperature: { value: 4.02, unit: K } }', differences: [] },
    {
      name: 'another value',
      parts: 'variables: { temperature: 4.03 }',
      differences: ['variables | temperature | 4.03 | 4.02'],
    },
    {
      name: 'another unit',
      parts: 'variables: { temperature: { value: 4.02, unit: mK } }',
      differences: ['variables | temperature | 4.02 mK | 4.02 K'],
    },
    {
      name: 'text for a number',
      parts: "variables: { temperature: '4.02' }",
      differences: ['variables | temperature | "4.02" | 4.02'],
    },
    {
      name: 'an integer for a float',
      parts: 'variables: { log: [4.23, 4.06, 4, 4.01] }',
      differences: ['variables | log | [4.23, 4.06, 4, 4.01] | [4.23, 4.06, 4.0, 4.01]'],
    },
    { name: 'what is not there', parts: 'variables: { other: 1 }', differences: ['variables | other | 1 | '] },
    { name: 'nothing where there is nothing', parts: 'dataset: { keywords: null }', differences: [] },
    {
      name: 'nothing where there is something',
      parts: 'dataset: { owner: null }',
      differences: ['dataset | owner | null | "MnF2 powder, 4 K, zero field"'],
    },
    { name: 'a field of the dataset', parts: 'dataset: { owner: "MnF2 powder, 4 K, zero field" }', differences: [] },
    {
      name: 'scientific metadata',
      parts: 'scientific_metadata: { temperature: { value: 4.02, unit: K } }',
      differences: [],
    },
    {
      name: 'what nobody answers',
      parts: 'dataset: { description: x }',
      differences: ['dataset | description | "x" | '],
    },
    {
      name: 'what the test answers',
      parts: 'scicat: { proposals/443604: { title: x } }\ndataset: { description: x }',
      differences: [],
    },
    {
      name: 'the same run each time',
      parts: "variables: { twice: '2000-01-01T00:00:00+00:00 00000000-0000-0000-0000-000000000000 /run.nxs' }",
      differences: [],
    },
    {
      name: 'a run as the test wants it',
      parts:
        "built_in: { now: then, ingestor_run_id: me, data_file_path: /data/x.nxs }\nvariables: { twice: 'then me /data/x.nxs' }",
      differences: [],
    },
    {
      name: 'a failure that does not come',
      parts: 'sample: run.nxs\nfails: [missing, title]',
      differences: ['fails | title'],
    },
    {
      name: 'a failure because of another',
      parts: 'sample: run.nxs\nfails: [missing, below_missing]',
      differences: [],
    },
    { name: 'a failure that nobody expects', parts: 'sample: run.nxs', differences: ['fails | missing'] },
    {
      name: 'problems that nobody expects',
      parts: 'problems: [sample-path-missing]',
      differences: ['problems | mandatory-field-missing'],
    },
    {
      name: 'a problem that is not there',
      parts: 'problems: [unknown-operator]',
      differences: ['problems | unknown-operator'],
    },
  ];
  it.each(cases)('$name', async ({ parts, differences }) => {
    const result = await run(parts);
    expect(result.problems).toEqual([]);
    for (const each of differences) expect(told(result)).toContain(each);
    if (differences.length === 0) expect(told(result)).toEqual([]);
    expect(result.outcome).toBe(differences.length === 0 ? 'passed' : 'failed');
  });

  it('point at their line, and at the schema for what nobody expected', async () => {
    const result = await run('sample: run.nxs\nvariables:\n  temperature: 4.03\n');
    const lines = result.differences.map(({ file, range }) => {
      const text = readFileSync(file, 'utf8');
      return `${path.basename(file)}: ${text.slice(range?.start, range?.end)}`;
    });
    expect(lines).toEqual(['tried.imsc.test.yml: temperature: 4.03', 'tried.imsc.yml: /entry/none']);
  });
});

describe('tests that cannot be run say why', () => {
  const cases: readonly { name: string; parts: string; message: RegExp; at: string }[] = [
    {
      name: 'a part that does not exist',
      parts: 'sample: run.nxs\nvaribles: {}',
      message: /Did you mean variables/,
      at: 'varibles',
    },
    { name: 'no sample', parts: 'fails: [] # sample:', message: /no “sample”/, at: 'fails' },
    { name: 'a sample that is not there', parts: 'sample: gone.nxs', message: /gone\.nxs/, at: 'gone.nxs' },
    {
      name: 'a schema that is not there',
      parts: 'sample: run.nxs\nschema: gone.imsc.yml',
      message: /gone\.imsc\.yml/,
      at: '',
    },
    {
      name: 'a built-in variable that does not exist',
      parts: 'sample: run.nxs\nbuilt_in: { today: x }',
      message: /today.*not a built-in/,
      at: 'today',
    },
    { name: 'a list of something else', parts: 'sample: run.nxs\nfails: [[x]]', message: /list of names/, at: 'fails' },
    {
      name: 'one expectation twice',
      parts: 'sample: run.nxs\nvariables: { title: a, title: b }',
      message: /title/,
      at: 'title',
    },
    { name: 'text that is not YAML', parts: 'sample: [run.nxs', message: /./, at: '' },
  ];
  it.each(cases)('$name', async ({ parts, message, at }) => {
    const { outcome, problems, file } = await run(parts);
    expect(outcome).toBe('broken');
    expect(problems[0]?.message).toMatch(message);
    const range = problems[0]?.range;
    if (at !== '') expect(readFileSync(file, 'utf8').slice(range?.start, range?.end)).toBe(at);
  });

  it.each([
    ['a.imsc.test.yml', true],
    ['a.imsc.test.yaml', true],
    ['a.imsc.yml', false],
    ['.a.imsc.test.yml', false],
  ])('%s', (name, isTest) => {
    expect(isSchemaTestName(name)).toBe(isTest);
  });
});

describe('updating', () => {
  async function updated(parts: string): Promise<string> {
    const result = await run(parts);
    if (!result.test || !result.tried) throw new Error(JSON.stringify(result.problems));
    const text = updateSchemaTest(result.test, result.tried);
    await writeFile(result.file, text);
    const again = await runSchemaTest(result.file);
    expect(told(again), text).toEqual([]);
    if (!again.test || !again.tried) throw new Error(JSON.stringify(again.problems));
    expect(updateSchemaTest(again.test, again.tried)).toBe(text);
    return text;
  }

  it('writes what came, and keeps comments and what holds', async () => {
    const text = await updated(`# a test
sample: run.nxs # the sample
fails: [missing] # as it should
variables:
  # the title
  title: "wrong" # comment
  temperature:   4.02
  log: # in kelvin
    - 1.0
    - 2.0
dataset: { owner: x } # all on one line
`);
    expect(text).toBe(`# a test
sample: run.nxs # the sample
fails: [missing] # as it should
variables:
  # the title
  title: 'MnF2 powder, 4 K, zero field' # comment
  temperature:   4.02
  log: # in kelvin
    [4.23, 4.06, 4.0, 4.01]
dataset: { owner: 'MnF2 powder, 4 K, zero field' } # all on one line
`);
  });

  const cases: readonly { name: string; before: string; after: string }[] = [
    {
      name: 'a unit',
      before: 'variables: { temperature: { value: 4.02, unit: mK } }',
      after: 'variables: { temperature: { value: 4.02, unit: K } }',
    },
    {
      name: 'a value with a unit',
      before: 'variables: { temperature: { unit: K, value: 1 } }',
      after: 'variables: { temperature: { unit: K, value: 4.02 } }',
    },
    {
      name: 'a list by lines',
      before: 'variables:\n  log:\n    - 1\n  temperature: 4.02',
      after: 'variables:\n  log: [4.23, 4.06, 4.0, 4.01]\n  temperature: 4.02',
    },
    {
      name: 'what is gone',
      before: 'variables:\n  gone: 1\n  temperature: 4.02',
      after: 'variables:\n  temperature: 4.02',
    },
    {
      name: 'an expectation without a value',
      before: 'dataset:\n  owner:\nvariables: {temperature: 4.02}',
      after: "dataset:\n  owner: 'MnF2 powder, 4 K, zero field'\nvariables: {temperature: 4.02}",
    },
    {
      name: 'an empty part',
      before: 'scientific_metadata:',
      after: 'scientific_metadata:\n  temperature: { value: 4.02, unit: K }',
    },
  ];
  it.each(cases)('$name', async ({ before, after }) => {
    expect(await updated(before)).toBe(`sample: run.nxs\nfails: [missing]\n${after}`);
  });

  it('expects the dataset where nothing was expected', async () => {
    expect(await updated('sample: run.nxs')).toBe(`sample: run.nxs
dataset:
  owner: 'MnF2 powder, 4 K, zero field'
scientific_metadata:
  temperature: { value: 4.02, unit: K }
fails: [missing]
`);
  });
});

it('an update names what it leaves out for want of an answer', async () => {
  const { tried } = await run('dataset:\n  owner: somebody\n');
  expect(unfilledIn(tried!)).toEqual([{ name: 'description', reason: expect.stringContaining('no answer') as string }]);
});
