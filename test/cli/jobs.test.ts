import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Jobs } from '../../core/jobs/jobs.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { imsc, startImsc } from './imsc.ts';
import { startKillingProxy } from './killingProxy.ts';
import type { KillingProxy } from './killingProxy.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-jobs-'));
const store = path.join(root, 'journal');
const raw = path.join(root, 'coda/2025/443604/raw');
const files = ['443604_00001017.nxs', '443604_00001018.nxs'].map((name) => path.join(raw, name));

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly running: boolean;
  readonly outcome: string | null;
  readonly pid: string | null;
  readonly dataFile: string;
  readonly problems: readonly { readonly code: string }[];
  readonly steps: readonly { readonly name: string; readonly state: string }[];
}

let sandbox: Sandbox;
let proxy: KillingProxy;
const env = () => ({ SCICAT_TOKEN: sandbox.token, IMSC_JOURNAL_DIR: store });
const run = (...args: readonly string[]) => imsc(args, env(), samples);
const ingestion = (file = '') => [...['ingest', '-c', 'config.yml', '--nexus-file', file, '--scicat.host', proxy.host]];

async function json(...args: readonly string[]): Promise<{ readonly code: number | null; readonly document: unknown }> {
  const { code, stdout } = await run('jobs', ...args, '--json');
  return { code, document: JSON.parse(stdout) };
}
const list = async (...args: readonly string[]) =>
  (await json(...args)).document as { readonly jobs: readonly Shown[]; readonly total: number };

it('imsc jobs has all that can be done with a job in its help', async () => {
  const told = await imsc(['jobs', 'xyzzy']);
  const names = /There are (.*)\. \[/.exec(told.stderr)?.[1]?.split(', ') ?? [];
  expect(names).toContain('approve');
  const help = await imsc(['jobs', '--help']);
  expect(help.stdout.replaceAll(/\s+/g, '')).toContain(`[${names.join('|')}][ID]`);
});

describe('imsc jobs', () => {
  let done: Shown;
  let interrupted: Shown;

  beforeAll(async () => {
    cpSync(path.join(samples, 'data/coda'), path.join(root, 'coda'), { recursive: true });
    rmSync(path.join(root, 'coda/2025/443604/ingestor'), { recursive: true, force: true });
    sandbox = await startSandbox({});
    proxy = await startKillingProxy(sandbox.baseUrl);
    expect((await run(...ingestion(files[0]))).code).toBe(0);
    const killed = startImsc(ingestion(files[1]), env(), samples);
    proxy.arm({ write: 1, when: 'before' }, () => killed.child.kill('SIGKILL'));
    await killed.finished;
    proxy.arm(undefined, () => undefined);
    const { jobs } = await list();
    [interrupted, done] = jobs as [Shown, Shown];
  });
  afterAll(async () => {
    await proxy.close();
    await sandbox.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('lists them, newest first, by status, by file and in pages', async () => {
    expect(done).toMatchObject({ status: 'done', outcome: 'ingested', running: false, dataFile: files[0] });
    expect(interrupted).toMatchObject({ status: 'loading', outcome: null, running: false, dataFile: files[1] });
    expect((await list('--status', 'done', 'failed')).jobs.map(({ id }) => id)).toEqual([done.id]);
    expect((await list('list', '--file', files[1] ?? '')).jobs.map(({ id }) => id)).toEqual([interrupted.id]);
    const second = await list('--page', '2', '--page-size', '1');
    expect({ ids: second.jobs.map(({ id }) => id), total: second.total }).toEqual({ ids: [done.id], total: 2 });
    const { stdout } = await run('jobs', '--page-size', '1');
    expect(stdout).toMatch(/interrupted +\S*443604_00001018\.nxs → .* as \S+\n1 of 2; see --page\.\n$/);
  });

  it('lists a copy of a record in another folder of the store no second time, and says where it lies', async () => {
    const copy = path.join(store, 'jobs/7');
    cpSync(path.join(store, 'jobs', done.id), copy, { recursive: true });
    const listed = await run('jobs');
    rmSync(copy, { recursive: true });
    expect(listed.stdout.trim().split('\n')).toHaveLength(2);
    expect(listed.stderr.trim()).toBe(
      `${path.join(copy, 'job.json')}: warning: ${path.join(copy, 'job.json')} is the record of job ${done.id} and not of job 7; it is passed over. Delete the folder that it lies in, or put that elsewhere. [journal-damaged]`,
    );
    expect(listed.code).toBe(0);
  });

  it('shows what SciCat holds and each step with its times', async () => {
    const shown = await run('jobs', 'show', done.id);
    expect(shown.stdout).toContain(`Holds     the dataset ${done.pid ?? ''} with its files\n`);
    expect(shown.stdout).toMatch(/Step +dataset +done +\d{4}-\d\d-\d\dT\S+ – \d{4}/);
    expect((await run('jobs', 'show', interrupted.id)).stdout).toMatch(/Holds +the dataset \S+ with some of its files/);
  });

  it('watches: first all, then what changes, until it is told to stop', async () => {
    const { child, finished } = startImsc(['jobs', 'watch', '--json'], env(), samples);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect((await json('resume', interrupted.id, '-c', 'config.yml')).document).toMatchObject({
      id: interrupted.id,
      status: 'done',
      outcome: 'ingested',
    });
    expect((await json('drop', interrupted.id)).document).toMatchObject({ id: interrupted.id, dropped: true });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    const { stdout, code } = await finished;
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Shown & { readonly dropped?: true });
    expect(lines.slice(0, 2).map(({ id }) => id)).toEqual([done.id, interrupted.id]);
    expect(lines.at(-1)).toEqual({ id: interrupted.id, dropped: true });
    expect(code).toBe(0);
    expect(sandbox.documents('datasets')).toHaveLength(2);
  });

  it('gives one up: it is not offered again, SciCat is not touched, and it can be gone on with all the same', async () => {
    cpSync(path.join(samples, 'data/loki'), path.join(root, 'loki'), { recursive: true });
    const other = path.join(root, 'loki/2025/443618/raw/443618_00000291.nxs');
    const killed = startImsc(ingestion(other), env(), samples);
    proxy.arm({ write: 0, when: 'before' }, () => killed.child.kill('SIGKILL'));
    await killed.finished;
    const [open] = (await list('--status', 'loading', 'verified')).jobs;
    expect((await json('drop', open?.id ?? '')).code).toBe(1);
    expect((await json('cancel', open?.id ?? '')).document).toMatchObject({ id: open?.id, status: 'cancelled' });
    expect((await run('resume', '--list')).stdout).toBe('No interrupted ingestion.\n');
    expect(sandbox.documents('datasets')).toHaveLength(2);
    proxy.arm(undefined, () => undefined);
    expect((await json('resume', open?.id ?? '', '-c', 'config.yml')).document).toMatchObject({ status: 'done' });
    expect(sandbox.documents('datasets')).toHaveLength(3);
    expect((await json('drop', open?.id ?? '')).code).toBe(0);
  });

  it.each([
    ['resume', 'A job that is done cannot be resumed.'],
    ['cancel', 'A job that is done cannot be cancelled.'],
  ])('says why one that is done cannot %s', async (verb, why) => {
    const { code, document } = await json(verb, done.id);
    expect({ code, document }).toMatchObject({
      code: 1,
      document: { problems: [{ code: 'job-refused', message: why }] },
    });
  });

  it('of the service are approved, begun anew and submitted', async () => {
    const folder = path.join(root, 'service');
    const service = new Jobs({ folder });
    const request = { include: [], host: sandbox.baseUrl, options: { dryRun: false } };
    const { id } = await service.create({ protocol: 'sword', request });
    const job = await service.journal.openJob(id);
    await job?.happens([{ kind: 'hold', hold: { for: 'approval' } }]);
    await job?.close();
    expect((await run('jobs', '--store', folder)).stdout).toMatch(/needs approval/);
    expect((await json('approve', id, '--store', folder)).document).toMatchObject({ id, hold: null });
    expect((await json('approve', id, '--store', folder)).code).toBe(1);
    const rejected = await service.journal.openJob(id);
    await rejected?.ends({ kind: 'reject' });
    await rejected?.putAway();
    const again = (await json('reopen', id, '--store', folder)).document as Shown;
    expect(again).toMatchObject({ status: 'draft', running: false });
    expect((await json('submit', again.id, '--store', folder)).document).toMatchObject({ status: 'deposited' });
    expect((await run('jobs', '--store', folder)).stdout).toMatch(/waiting/);
  });

  it('of another folder, and of none', async () => {
    expect(await list('--store', path.join(root, 'nowhere'))).toEqual({ jobs: [], total: 0 });
    expect((await run('jobs', '--store', path.join(root, 'nowhere'))).stdout).toBe('No jobs.\n');
    expect((await run('jobs', 'show', '20260504T120000Z-00000000')).stderr).toContain('There is no job');
  });
});
