import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import { openNexus } from '../../core/nexus/file.ts';
import { newSchemaText } from '../../core/ingest/newSchema/newSchemaText.ts';
import { fileName, notations } from '../support/markers.ts';
import { sampleFile } from '../support/snapshots.ts';
import { imsc } from './imsc.ts';

const root = await mkdtemp(join(tmpdir(), 'imsc-new-schema-'));
afterAll(() => rm(root, { recursive: true, force: true }));
const data = join(root, 'proposal', 'run', 'raw', 'data.nxs');
await mkdir(join(data, '..'), { recursive: true });
await copyFile(sampleFile, data);
const file = await openNexus(data);
afterAll(() => file.close());

/** What the configuration says of files, and the folder that the dataset then names. */
const handlings: readonly (readonly [handling: string, folder: string])[] = [
  ['{}', 'proposal/run'],
  ['{save_file_hash: false}', 'proposal/run/raw'],
  ['{compute_file_hash: false}', 'proposal/run/raw'],
  ['{file_path_type: absolute}', 'proposal/run/raw'],
  ['{ingestor_files_directory: sums}', 'proposal/run/raw'],
  ['{ingestor_files_directory: ../../sums}', 'proposal'],
  [`{ingestor_files_directory: ${join(root, 'sums')}}`, ''],
];

describe.each(notations)('a new schema in %s', (notation) => {
  it.each([...handlings.entries()])('passes its own dry run, configuration %i', async (index, [handling, folder]) => {
    const schemas = join(root, `${notation}-${index}`);
    await mkdir(schemas);
    const configFile = join(schemas, 'config.yml');
    await writeFile(configFile, `ingestion: {schemas_directory: ${schemas}, file_handling: ${handling}}\n`);
    const { config } = loadConfig({ file: configFile });
    const text = await newSchemaText(file, ['/entry/title', '/entry/start_time'], notation, 'new', config);
    await writeFile(join(schemas, fileName('new', notation)), text);
    const args = ['dry-run', '-c', configFile, '--nexus-file', data, '--offline', '--json'];
    const { code, stdout, stderr } = await imsc(args);
    const report = JSON.parse(stdout) as { outcome: string; dataset: { sourceFolder: string }; problems: unknown };
    expect({ code, outcome: report.outcome, stderr }, JSON.stringify(report.problems)).toMatchObject({
      code: 0,
      outcome: 'planned',
    });
    expect(report.dataset.sourceFolder).toBe(join(root, folder));
  });
});
