import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemaText } from '../support/ingestionCases.ts';
import { writeNexus } from '../../scripts/writeNexus.mjs';
import { imsc, startImsc } from './imsc.ts';

const keys = ['outcome', 'schema', 'variables', 'fields', 'dataset', 'origDatablocks', 'requests', 'files', 'problems'];

let folder: string;
const environment = (): Record<string, string> => ({ IMSC_JOURNAL_DIR: path.join(folder, 'journal') });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'imsc-json-'));
  await writeNexus(path.join(folder, 'run.nxs'), [{ path: '/entry/title', kind: 'dataset', value: 'A title' }]);
  writeFileSync(path.join(folder, 'spec.imsc.json'), schemaText({}));
  writeFileSync(path.join(folder, 'text.nxs'), 'no HDF5 file');
  writeFileSync(path.join(folder, 'broken.yml'), 'ingestion: [');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const offline = ['dry-run', '--offline', '--ingestion.file-handling.file-path-type', 'absolute'];
const once = ['--ingestion.file-handling.data-file-open-max-tries', '0'];

describe('imsc with --json prints one document', () => {
  it.each([
    { args: [...offline, '--nexus-file', 'run.nxs', '--schema', 'spec.imsc.json'], code: 0, outcome: 'planned' },
    { args: [...offline, '--nexus-file', 'run.nxs', '--schema', 'nowhere.imsc.json'], code: 1, outcome: 'failed' },
    {
      args: [...offline, ...once, '--nexus-file', 'text.nxs', '--schema', 'spec.imsc.json'],
      code: 1,
      outcome: 'failed',
    },
    { args: [...offline, '--nexus-file', 'run.nxs'], code: 1, outcome: 'failed' },
    { args: offline, code: 2, outcome: 'failed' },
    { args: [...offline, '--nexus-file', 'run.nxs', '-c', 'broken.yml'], code: 2, outcome: 'failed' },
    { args: [...offline, '--nexus-file', 'run.nxs', '--ingestion.schema-directory=.'], code: 2, outcome: 'failed' },
    { args: ['ingest', '--nexus-file', 'run.nxs', '--scicat.timeout', 'long'], code: 2, outcome: 'failed' },
  ])('$args', async ({ args, code, outcome }) => {
    const run = await imsc([...args, '--json'], environment(), folder);
    const document = JSON.parse(run.stdout) as Record<string, unknown>;
    expect(document).toMatchObject({ outcome });
    for (const key of keys) expect(document).toHaveProperty(key);
    expect(run.code).toBe(code);
    expect(run.stderr).not.toContain('    at ');
  });

  it('of many files, the same in each list', async () => {
    const frames = path.join(folder, 'frames');
    mkdirSync(frames);
    const names = Array.from({ length: 12_000 }, (_, index) => path.join(frames, String(index).padStart(100, '0')));
    for (const name of names) writeFileSync(name, '12');
    const args = [...offline, '--ingestion.file-handling.compute-file-hash=false', '--nexus-file', 'run.nxs'];
    const run = await imsc(
      [...args, '--schema', 'spec.imsc.json', '--include', 'frames', '--json'],
      environment(),
      folder,
    );
    expect(run.code).toBe(0);
    interface Block {
      dataFileList: { path: string }[];
    }
    interface Document {
      dataset: object;
      files: Block['dataFileList'];
      origDatablocks: Block[];
      requests: { body: Block }[];
    }
    const { dataset, files, origDatablocks, requests } = JSON.parse(run.stdout) as Document;
    expect(files.slice(1).map((file) => file.path)).toEqual(names);
    expect(origDatablocks.flatMap(({ dataFileList }) => dataFileList)).toEqual(files);
    expect(requests.slice(1).map(({ body }) => body)).toEqual(origDatablocks);
    expect(dataset).toMatchObject({ numberOfFiles: 12_001 });
    expect(origDatablocks.length).toBeGreaterThan(2);
  });

  it('where the command itself is wrong', async () => {
    const run = await imsc(['convert', 'spec.imsc.json', '--json'], environment(), folder);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'failed', problems: [{ code: 'usage' }] });
    expect(run.code).toBe(2);
  });

  it('after Ctrl-C', async () => {
    const args = [...offline, '--nexus-file', 'text.nxs', '--schema', 'spec.imsc.json', '--json'];
    const { child, finished } = startImsc(args, environment(), folder);
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const run = await finished;
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'failed', problems: [{ code: 'cancelled' }] });
    expect(run.code).toBe(1);
  });

  it('whether or not anybody reads the news', async () => {
    const args = [...offline, '--nexus-file', 'run.nxs', '--schema', 'spec.imsc.json', '--json', '--progress', 'json'];
    const { child, finished } = startImsc(args, environment(), folder);
    child.stderr?.destroy();
    const run = await finished;
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'planned' });
    expect(run.code).toBe(0);
  });
});
