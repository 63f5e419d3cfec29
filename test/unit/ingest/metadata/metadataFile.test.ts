import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { evaluate } from '../../../../core/imsc/evaluation/evaluate.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import { parseByContent } from '../../../../core/imsc/tree/parse.ts';
import { buildDataset } from '../../../../core/ingest/dataset/dataset.ts';
import { isMetadataFileName, metadataProblems, readMetadata } from '../../../../core/ingest/metadata/metadataFile.ts';
import { metadataTemplate } from '../../../../core/ingest/metadata/metadataTemplate.ts';
import type { MetadataTemplate } from '../../../../core/ingest/metadata/metadataTemplate.ts';

describe('a file with a person’s metadata', () => {
  it('gives what is typed, with its file and line, and nothing of what is left empty', () => {
    const text = `# a comment
datasetName: Vanadium
owner:
keywords: [a, b]
scientificMetadata:
  temperature: { value: 4.2, unit: K }
  field: { value: , unit: T }
  remark: |
    two
    lines
`;
    const { fields, problems } = readMetadata(text, '/data/run.imsc.metadata.yml');
    expect(problems).toEqual([]);
    expect(fields.map(({ field, value, from, place }) => [field, value, from, place?.line])).toEqual([
      ['datasetName', 'Vanadium', 'run.imsc.metadata.yml line 2', 2],
      ['keywords', ['a', 'b'], 'run.imsc.metadata.yml line 4', 4],
      ['scientificMetadata.temperature', { value: 4.2, unit: 'K' }, 'run.imsc.metadata.yml line 6', 6],
      ['scientificMetadata.remark', 'two\nlines\n', 'run.imsc.metadata.yml line 8', 8],
    ]);
    const range = fields[0]?.place?.range;
    expect(text.slice(range?.start, range?.end)).toBe('Vanadium');
  });

  it('may be JSON, or empty', () => {
    expect(readMetadata('{"owner": "Ada"}').fields).toMatchObject([{ field: 'owner', value: 'Ada', from: 'line 1' }]);
    for (const text of ['', '# nothing\n', 'scientificMetadata:\n'])
      expect(readMetadata(text)).toMatchObject({ fields: [], problems: [] });
  });

  it.each<[name: string, text: string, code: string, at: string]>([
    ['a syntax error', 'owner: [a', 'syntax', ''],
    ['a key twice', 'owner: a\nowner: b\n', 'duplicate-key', 'owner'],
    ['no map', '- a\n', 'metadata-file', '- a'],
    ['a misspelt field', 'datasetNmae: x\n', 'given-field', 'x'],
    ['a field of the ingestor', 'size: 5\n', 'given-field', '5'],
    ['a key with a dot', 'scientificMetadata:\n  a: { b.c: 1 }\n', 'given-key', '{ b.c: 1 }'],
    ['what SciCat refuses', 'ownerEmail: nobody\n', 'scicat-refuses', 'nobody'],
    ['the wrong type', 'runNumber: 5\n', 'scicat-refuses', '5'],
  ])('is told %s at its place', (_name, text, code, at) => {
    const problems = metadataProblems(readMetadata(text, '/m.imsc.metadata.yml'));
    expect(problems.map((found) => [found.code, found.file, found.severity])).toEqual([
      [code, '/m.imsc.metadata.yml', 'error'],
    ]);
    if (at !== '') expect(text.slice(problems[0]?.range?.start, problems[0]?.range?.end)).toContain(at);
  });

  it('is known by its name', () => {
    expect(['a.imsc.metadata.yml', 'a.imsc.metadata.json'].map(isMetadataFileName)).toEqual([true, true]);
    expect(['a.imsc.yml', 'metadata.yml', '.imsc.metadata.yml'].map(isMetadataFileName)).toEqual([false, false, false]);
  });
});

const schema = `id: s
name: Loki
instrument: i
selector: "*"
order: 1
variables:
  title: { source: NXS, path: /entry/title, value_type: string }
schema:
  name: { field_type: high_level, machine_name: datasetName, value: <title>, type: string }
  owner: { field_type: high_level, machine_name: owner, value: Ada, type: string }
  bad: { field_type: scientific_metadata, machine_name: pressure, human_name: Pressure, unit: Pa, value: x, type: float }
`;

async function template(
  existing = '',
  given: readonly { field: string; value: string }[] = [],
): Promise<MetadataTemplate> {
  const bound = bindSchema(parseByContent(schema));
  const evaluation = await evaluate(bound, {
    data: { unavailable: 'no\nfile' },
    catalogue: { unavailable: 'no SciCat' },
    builtIns: {},
  });
  const { config } = loadConfig({ env: {}, overrides: { 'dataset.default_owner_group': 'curators' } });
  const user = given.map((each) => ({ ...each, from: 'user' }));
  const dataset = buildDataset(evaluation, config, [], () => 'pid', { given: { user } });
  return metadataTemplate({ evaluation, dataset, schema: { file: '/s.imsc.yml', schema: bound } }, 'run 17', existing);
}

describe('the template of such a file', () => {
  it('asks for what is unknown, failed or mandatory, with its meaning, and shows what is known', async () => {
    const { text, asked } = await template();
    expect(asked.map(({ field, isMandatory }) => `${field}${isMandatory ? '!' : ''}`)).toEqual([
      'ownerEmail!', 'contactEmail!', 'sourceFolder!', 'creationTime!', 'datasetName!', 'principalInvestigator!',
      'creationLocation!', 'pid!', 'scientificMetadata.pressure',
    ]); // prettier-ignore
    expect(text).toMatch(
      /^# datasetName: Short title.*\n# for example Vanadium calibration\n# It must be given: no file\ndatasetName:$/m,
    );
    expect(text).toMatch(/^ {2}# Pressure, in Pa\. Not known: .*\n {2}pressure:$/m);
    expect(text).toMatch(/^# owner: Ada {2}# schema line 10$/m);
    expect(text).toMatch(/^# ownerGroup: curators {2}# dataset\.default_owner_group$/m);
    expect(readMetadata(text)).toMatchObject({ fields: [], problems: [] });
    // What is known becomes an entry without more ado.
    const uncommented = text.replace('# owner: Ada', 'owner: Ada');
    expect(readMetadata(uncommented).fields).toMatchObject([{ field: 'owner', value: 'Ada' }]);
  });

  it('keeps everything that is typed when it is made again, and adds what is missing', async () => {
    const typed = `# mine
datasetName: Typed # a remark
scientificMetadata:
  # mine, too
  own: 5  # and this
`;
    const { text } = await template(typed, [{ field: 'datasetName', value: 'Typed' }]);
    for (const line of typed.trimEnd().split('\n')) expect(text.split('\n')).toContain(line);
    const { tree, problems } = readMetadata(text);
    expect(problems).toEqual([]);
    expect(tree.root?.kind === 'map' && tree.root.entries.map(({ key }) => key.source)).toEqual([
      'datasetName', 'scientificMetadata', 'ownerEmail', 'contactEmail', 'sourceFolder', 'creationTime',
      'principalInvestigator', 'creationLocation', 'pid',
    ]); // prettier-ignore
    expect(text).toMatch(/^ {2}own: 5 {2}# and this\n {2}# Pressure.*\n {2}pressure:$/m);
    expect((await template(text)).text).toBe(text);
  });

  it.each([
    'scientificMetadata:\n',
    'scientificMetadata:\n\nowner: x\n',
    'scientificMetadata:\n    a: |\n      b\n\nowner: x\n',
  ])('adds items below what stands there: %j', async (typed) => {
    const { text } = await template(typed);
    const read = readMetadata(text);
    expect(read.problems).toEqual([]);
    expect(text).toMatch(/^ +pressure:$/m);
    expect(read.fields).toEqual(
      expect.arrayContaining(
        readMetadata(typed).fields.map(({ field }) => expect.objectContaining({ field }) as unknown),
      ),
    );
  });

  it('does not touch what it cannot read, nor braces', async () => {
    for (const typed of ['owner: [', '{ owner: Ada }', '{"owner": "Ada"}'])
      expect((await template(typed)).text).toBe(typed);
  });
});
