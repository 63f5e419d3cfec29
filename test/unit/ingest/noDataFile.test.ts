import { mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import type { Config } from '../../../core/config/configOptions.ts';
import { expandPaths } from '../../../core/files/expandPaths.ts';
import type { Given, GivenField } from '../../../core/ingest/dataset/given.ts';
import { prepareIngestion } from '../../../core/ingest/prepare.ts';
import type { IngestionRequest, PreparedIngestion } from '../../../core/ingest/prepare.ts';
import { connect } from '../../../core/ingest/sources/connect.ts';
import { dryRun } from '../../../core/jobs/dryRun.ts';
import { ingest } from '../../../core/jobs/runJob.ts';
import { Journal } from '../../../core/jobs/store/journal.ts';
import type { JsonValue } from '../../../core/scicat/json.ts';
import { startStubScicat } from '../../support/stubScicat.ts';
import type { StubScicat } from '../../support/stubScicat.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
let stub: StubScicat;
beforeAll(async () => {
  stub = await startStubScicat();
});
afterAll(() => stub.close());

const typed = (fields: Readonly<Record<string, JsonValue>>): Given => ({
  user: Object.entries(fields).map(([field, value]): GivenField => ({ field, value, from: 'user' })),
});
const complete = {
  datasetName: 'Notes of a shift',
  owner: 'Ada Lovelace',
  ownerEmail: 'ada@example.org',
  contactEmail: 'ada@example.org',
  creationTime: '2025-01-20T12:00:00.000Z',
  principalInvestigator: 'Ada Lovelace',
  creationLocation: 'ESS:CODA',
};
const schema = (selector: string): string =>
  JSON.stringify({
    id: 'notes',
    name: 'Notes',
    instrument: 'any',
    selector,
    order: 1,
    variables: {
      title: { source: 'NXS', path: '/entry/title', value_type: 'string' },
      folder: { source: 'VALUE', operator: 'dirname', value: '<data_file_path>', value_type: 'string' },
    },
    schema: {
      name: { field_type: 'high_level', machine_name: 'datasetName', value: '<title>', type: 'string' },
      folder: { field_type: 'high_level', machine_name: 'sourceFolder', value: '<folder>', type: 'string' },
      run: { field_type: 'high_level', machine_name: 'runNumber', value: '7', type: 'string' },
      kind: { field_type: 'scientific_metadata', machine_name: 'kind', value: 'notes', type: 'string' },
    },
  });

/** A folder with two files and no NeXus file, and a configuration with the schemas of that texts. */
async function folderOf(...schemas: readonly string[]): Promise<{ folder: string; config: Config; root: string }> {
  const root = await realpath(await newFolder());
  const folder = path.join(root, 'shift-notes');
  await mkdir(path.join(folder, 'deep'), { recursive: true });
  await mkdir(path.join(root, 'schemas'));
  await writeFile(path.join(folder, 'a.txt'), 'a');
  await writeFile(path.join(folder, 'deep/b.txt'), 'bb');
  for (const [index, text] of schemas.entries()) await writeFile(path.join(root, `schemas/${index}.imsc.json`), text);
  const overrides = {
    'ingestion.schemas_directory': path.join(root, 'schemas'),
    'scicat.host': `${stub.origin}/api/v3`,
    'scicat.token': 'secret',
    'dataset.default_owner_group': 'curators',
  };
  return { folder, root, config: { ...loadConfig({ env: {}, overrides }).config } };
}

async function prepared(
  { folder, config }: Awaited<ReturnType<typeof folderOf>>,
  more: Partial<IngestionRequest> = {},
): Promise<PreparedIngestion & { codes: readonly string[] }> {
  const found = await prepareIngestion({ folder, config, moreFiles: expandPaths([folder]), ...more });
  return { ...found, codes: found.problems.map(({ code }) => code) };
}

describe('a folder without a NeXus file', () => {
  it('becomes a dataset of what is given and of the defaults, where no schema applies', async () => {
    const made = await folderOf();
    const found = await prepared(made, { given: typed(complete) });
    expect(found.verdict).toBe('ready');
    expect(found.schema).toBeUndefined();
    expect(JSON.parse(found.plan?.datasetJson ?? '')).toMatchObject({
      ...complete,
      sourceFolder: made.folder,
      ownerGroup: 'curators',
      type: 'raw',
      isPublished: false,
    });
    expect(found.dataset?.provenance['sourceFolder']).toMatchObject({ from: 'the folder' });
    expect(found.codes).toContain('pid-by-scicat');
  });

  it.each([
    ['is named', (root: string) => path.join(root, 'schemas/0.imsc.json'), 'filename:contains:elsewhere'],
    ['is chosen by the name of the folder', () => undefined, 'filename:contains:shift-notes'],
  ])('takes from a schema that %s what needs no file', async (_how, schemaFile, selector) => {
    const made = await folderOf(schema(selector));
    const found = await prepared(made, { given: typed(complete), schemaFile: schemaFile(made.root) });
    expect(found.verdict).toBe('ready');
    expect(found.schema?.schema.id).toBe('notes');
    expect(JSON.parse(found.plan?.datasetJson ?? '')).toMatchObject({
      ...complete,
      runNumber: '7',
      sourceFolder: made.folder,
      scientificMetadata: { kind: { value: 'notes' } },
    });
    expect(found.evaluation?.variables.get('title')?.outcome).toEqual({
      state: 'unknown',
      reason: 'There is no data file.',
    });
    expect(found.evaluation?.variables.get('folder')?.outcome.state).toBe('unknown');
  });

  it('is told what it lacks, with the way out, online and offline', async () => {
    const made = await folderOf(schema('*'));
    for (const client of [undefined, connect(made.config.scicat)]) {
      const found = await prepared(made, { given: typed({ ...complete, datasetName: null }), client });
      expect(found.verdict).toBe('failed');
      const missing = found.problems.filter(({ code }) => code === 'mandatory-field-missing');
      expect(missing).toHaveLength(1);
      expect(missing[0]?.message).toMatch(/no datasetName.*There is no data file/);
    }
  });

  it('is planned with its files, in a dry run', async () => {
    const { folder, config } = await folderOf(schema('*'));
    const report = await dryRun({ folder, config, given: typed(complete), moreFiles: expandPaths([folder]) });
    expect(report.outcome).toBe('planned');
    expect(report.origDatablocks).toMatchObject({ files: 2, size: 3, firstPaths: ['a.txt', 'deep/b.txt'] });
    await report.origDatablocks.close();
  });

  it.each<[wherefrom: string, said: string | undefined, expected: string]>([
    ['a schema that says a folder above', '', ''],
    ['a schema that says one of its folders', '/deep', ''],
    ['a person, wherever that is', undefined, '/elsewhere'],
  ])('lies in the source folder of %s', async (_from, said, expected) => {
    const made = await folderOf();
    const text = JSON.parse(schema('*')) as { schema: { folder: { value: string } } };
    text.schema.folder.value = `${made.folder}${said ?? '/deep'}`;
    await writeFile(path.join(made.root, 'schemas/0.imsc.json'), JSON.stringify(text));
    const given = typed({ ...complete, ...(said === undefined && { sourceFolder: `${made.folder}${expected}` }) });
    const { plan } = await prepared(made, { given });
    expect(plan?.sourceFolder).toBe(`${made.folder}${expected}`);
  });

  it('stops at what was given wrongly, before anything is asked of SciCat or sent', async () => {
    const made = await folderOf();
    stub.answer({});
    const given = typed({ ...complete, 'scientificMetadata.a$': 1 });
    const found = await prepared(made, { given, client: connect(made.config.scicat) });
    expect(found).toMatchObject({ verdict: 'failed', plan: undefined });
    expect(found.codes).toContain('given-key');
    expect(stub.requests.filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  it('is ingested, and what SciCat refuses of a given field leads back to where it was given', async () => {
    const { folder, config, root } = await folderOf();
    const journal = new Journal({ folder: path.join(root, 'journal') });
    const place = { file: '/metadata.yml', line: 4, range: { start: 30, end: 40 } };
    const given = { user: [...(typed(complete).user ?? []), { field: 'keywords', value: ['x'], from: 'user', place }] };
    const body = JSON.stringify({ statusCode: 400, message: ['keywords must be shorter'], error: 'Bad Request' });
    stub.answer({ 'POST datasets': { status: 400, body } });
    const refused = await ingest({ folder, config, given, client: connect(config.scicat), moreFiles: [] }, journal);
    expect(refused.problems).toContainEqual(
      expect.objectContaining({ code: 'field-refused', file: '/metadata.yml', range: place.range }),
    );
    stub.answer({});
    const moreFiles = expandPaths([folder]);
    const done = await ingest({ folder, config, given, client: connect(config.scicat), moreFiles }, journal);
    expect([done.outcome, done.execution?.filesSent]).toEqual(['ingested', 2]);
  });

  it('whose schema is broken is not ingested without it when it was named', async () => {
    const made = await folderOf('{ "id": ');
    const found = await prepared(made, {
      given: typed(complete),
      schemaFile: path.join(made.root, 'schemas/0.imsc.json'),
    });
    expect(found.verdict).toBe('failed');
  });
});
