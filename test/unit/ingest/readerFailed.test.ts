import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { prepareIngestion } from '../../../core/ingest/prepare.ts';
import type { PreparedIngestion } from '../../../core/ingest/prepare.ts';
import { connect } from '../../../core/ingest/sources/connect.ts';
import { openDataFile } from '../../../core/ingest/sources/openDataFile.ts';
import { NexusError } from '../../../core/nexus/model.ts';
import type { NexusErrorCode } from '../../../core/nexus/model.ts';
import { QuestionedFile } from '../../../core/nexus/worker/questionedFile.ts';
import { schemaText } from '../../support/ingestionCases.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

vi.mock('../../../core/ingest/sources/openDataFile.ts');
afterEach(() => vi.resetAllMocks());
const newFolder = temporaryFolders();

const title = {
  variables: {
    team: { source: 'NXS', path: '/entry/user_*/name', value_type: 'string[]' },
    title: { source: 'NXS', path: '/entry/title', value_type: 'string', default: 'none' },
  },
  fields: {
    keywords: { field_type: 'high_level', machine_name: 'keywords', value: '<team>', type: 'string[]' },
    title: { field_type: 'scientific_metadata', machine_name: 'title', value: '<title>', type: 'string' },
  },
};

/** An ingestion of a file that could be opened, of which each question then fails. */
async function prepared(
  code: NexusErrorCode,
  schema: Parameters<typeof schemaText>[0],
  isOnline = false,
  grows = false,
): Promise<PreparedIngestion> {
  const folder = await newFolder();
  await mkdir(path.join(folder, 'schemas'));
  await writeFile(path.join(folder, 'schemas/s.imsc.json'), schemaText(schema));
  const dataFile = path.join(folder, 'a.nxs');
  await writeFile(dataFile, 'data');
  const reason = new NexusError(code, 'There was no answer within 10 s.');
  const answer = async (): Promise<never> => {
    if (grows) await appendFile(dataFile, 'more');
    throw reason;
  };
  vi.mocked(openDataFile).mockResolvedValue(new QuestionedFile(dataFile, answer));
  const overrides = {
    'ingestion.schemas_directory': path.join(folder, 'schemas'),
    'dataset.default_owner_group': 'owners',
    'scicat.host': 'http://127.0.0.1:9/api/v3',
    'scicat.token': 'secret',
  };
  const { config } = loadConfig({ env: {}, overrides });
  return prepareIngestion({ dataFile, config, client: isOnline ? connect(config.scicat) : undefined });
}

it.each([
  'reader-crashed',
  'too-slow',
  'no-reader',
  'file-changed',
  'file-missing',
  'file-not-readable',
  'file-being-written',
] as const)(
  'a file of which an answer does not come (%s) gives no dataset without that value, and the way out is said once',
  async (code) => {
    const { verdict, plan, problems } = await prepared(code, title);
    expect(verdict).toBe('failed');
    expect(plan).toBeUndefined();
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([
      { code: 'data-file', message: expect.stringMatching(/10 s\..*try again/) as unknown },
    ]);
    expect(problems.map((each) => each.code)).not.toContain('variable-failed');
  },
);

it('a file that changes after its values were read gives no dataset with the old values and the new size', async () => {
  const { verdict, plan, problems } = await prepared('path-missing', title, false, true);
  expect(verdict).toBe('failed');
  expect(plan).toBeUndefined();
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors).toMatchObject([
    { code: 'file-changed', message: expect.stringContaining('while it was read') as unknown },
  ]);
});

it('what is not there has no value, and the dataset is made without it', async () => {
  const { verdict, problems } = await prepared('path-missing', title);
  expect(verdict).toBe('ready');
  expect(problems.map((each) => each.code)).toContain('variable-failed');
});

it('a dataset is not made without its samples because an answer does not come', async () => {
  const samples = {
    head: { sample_attachment: { query_sample_name: true, sample_name_path: '/s', proposal_id_path: '/p' } },
  };
  const { verdict, problems } = await prepared('reader-crashed', samples, true);
  expect(verdict).toBe('failed');
  const message = expect.stringMatching(/No sample name.*try again/) as unknown;
  expect(problems).toContainEqual(expect.objectContaining({ code: 'sample-query', severity: 'error', message }));
});
