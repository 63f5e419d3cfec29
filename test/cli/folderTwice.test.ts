import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc, startServing } from './imsc.ts';
import type { Running } from './imsc.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
let root: string;
let sandbox: Sandbox;
const running: Running[] = [];
const at = (...parts: string[]): string => path.join(root, ...parts);

beforeEach(async () => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'imsc-folder-twice-')));
  fill('notes');
  writeFileSync(at('given.yml'), `creationTime: 2025-01-20T12:00:00Z\n${given('Notes of a shift')}`);
  sandbox = await startSandbox();
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill();
    await finished;
  }
  await sandbox.close();
  rmSync(root, { recursive: true, force: true });
});

const given = (name: string): string => `datasetName: ${name}\n`;

/** A folder without a NeXus file. */
function fill(name: string): void {
  mkdirSync(at(name, 'deep'), { recursive: true });
  writeFileSync(at(name, 'a.txt'), 'a');
  writeFileSync(at(name, 'deep/b.txt'), 'b');
}

interface Told {
  readonly code: number | null;
  readonly outcome: string;
  readonly codes: readonly string[];
  readonly messages: string;
}

async function run(command: 'ingest' | 'dry-run', folder: string, ...more: readonly string[]): Promise<Told> {
  const config = ['-c', path.join(samples, 'config.yml'), '--scicat.host', sandbox.baseUrl];
  const args = [command, ...config, folder, '--json', ...(more.includes('--metadata') ? [] : ['--metadata', at('given.yml')]), ...more]; // prettier-ignore
  const { code, stdout, stderr } = await imsc(
    args,
    { SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: at('store') },
    root,
  );
  const said = JSON.parse(stdout || `{"problems":[{"code":"none","message":${JSON.stringify(stderr)}}]}`) as {
    outcome: string;
    problems: { code: string; message: string; severity: string }[];
  };
  return {
    code,
    outcome: said.outcome,
    codes: said.problems
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map((found) => found.code),
    messages: said.problems.map(({ message }) => message).join('\n'),
  };
}

const datasets = () => sandbox.documents('datasets').length;
const files = () =>
  sandbox
    .documents('origdatablocks')
    .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => file.path))
    .sort();

describe('a folder without a pid that was ingested', () => {
  beforeEach(async () => {
    expect(await run('ingest', 'notes')).toMatchObject({ code: 0, outcome: 'ingested' });
  });

  it.each([
    { name: 'by the same name', again: () => 'notes' },
    { name: 'by its whole path, with a slash', again: () => `${at('notes')}/` },
    {
      name: 'through a link',
      again: () => {
        symlinkSync(at('notes'), at('link'));
        return 'link';
      },
    },
    {
      name: 'after a new journey through a backup',
      again: () => {
        execFileSync('cp', ['-a', at('notes'), at('backup')]);
        rmSync(at('notes'), { recursive: true });
        renameSync(at('backup'), at('notes'));
        return 'notes';
      },
    },
  ])('$name is there already, and no second dataset is made', async ({ again }) => {
    const name = again();
    for (const command of ['dry-run', 'ingest'] as const) {
      const told = await run(command, name);
      expect(told).toMatchObject({ code: 0, outcome: 'already-present' });
      expect(told.messages).toContain('job 1 made it');
    }
    expect([datasets(), files()]).toEqual([1, ['a.txt', 'deep/b.txt']]);
  });

  it('and has another file since is not complete: nothing is made twice, and it is said which', async () => {
    writeFileSync(at('notes/c.txt'), 'c');
    const told = await run('ingest', 'notes');
    expect(told).toMatchObject({ code: 1, outcome: 'failed', codes: ['dataset-incomplete'] });
    expect(told.messages).toContain(at('notes/c.txt'));
    expect([datasets(), files()]).toEqual([1, ['a.txt', 'deep/b.txt']]);
  });

  it('and in whose place another one lies is a folder of its own', async () => {
    renameSync(at('notes'), at('moved'));
    fill('notes');
    utimesSync(at('notes'), 1e9, 1e9);
    expect(await run('ingest', 'notes')).toMatchObject({ code: 0, outcome: 'ingested', codes: ['data-file-changed'] });
    expect(datasets()).toBe(2);
    const told = await run('ingest', 'notes');
    expect(told).toMatchObject({ code: 0, outcome: 'already-present' });
    expect(told.messages).toContain('job 2 made it');
  });

  it('and whose dataset was deleted is ingested anew', async () => {
    const pid = String(sandbox.documents('datasets')[0]?.['pid']);
    const headers = { Authorization: `Bearer ${sandbox.token}` };
    await fetch(`${sandbox.baseUrl}/datasets/${encodeURIComponent(pid)}`, { method: 'DELETE', headers });
    expect(datasets()).toBe(0);
    expect(await run('ingest', 'notes')).toMatchObject({ code: 0, outcome: 'ingested' });
    expect(datasets()).toBe(1);
    expect(await run('ingest', 'notes')).toMatchObject({ code: 0, outcome: 'already-present' });
  });

  it('becomes another dataset where it is given a pid, or goes to another SciCat', async () => {
    writeFileSync(at('other.yml'), `pid: 20.500.12269/notes\ncreationTime: 2025-01-20T12:00:00Z\n${given('Other')}`);
    expect(await run('ingest', 'notes', '--metadata', at('other.yml'))).toMatchObject({ outcome: 'ingested' });
    expect(datasets()).toBe(2);
    const own = sandbox;
    sandbox = await startSandbox();
    await own.close();
    expect(await run('ingest', 'notes')).toMatchObject({ outcome: 'ingested' });
    expect(datasets()).toBe(1);
  });

  it('is there already where its record was dropped, and where SciCat is to make a new pid each time', async () => {
    await imsc(['jobs', 'drop', '1', '--store', at('store')]);
    expect(await run('ingest', 'notes')).toMatchObject({ outcome: 'already-present' });
    expect(await run('ingest', 'notes', '--dataset.generate-dataset-pid=true')).toMatchObject({ outcome: 'already-present' }); // prettier-ignore
    expect(datasets()).toBe(1);
  });

  it('is there already for a service that is asked for it, too', async () => {
    writeFileSync(at('serve.yml'), `storage: ${root}\nlocations: [{name: data, path: ${root}}]\n`);
    const config = ['-c', path.join(samples, 'config.yml'), '--serve-config', at('serve.yml'), '--store', at('store')];
    const args = [...config, '--scicat.host', sandbox.baseUrl];
    const { url } = await startServing(args, (started) => running.push(started), { SCICAT_TOKEN: sandbox.token });
    const metadata = { creationTime: '2025-01-20T12:00:00Z', datasetName: 'Notes of a shift' };
    const body = JSON.stringify({ path: 'notes', metadata });
    const asked = await fetch(`${url}/api/v1/jobs`, { method: 'POST', body });
    const { id } = (await asked.json()) as { id: string };
    await vi.waitFor(
      async () => {
        const job = (await (await fetch(`${url}/api/v1/jobs/${id}`)).json()) as object;
        expect(job).toMatchObject({ status: 'done', outcome: 'already-present', running: false });
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(datasets()).toBe(1);
  });
});
