import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import { Jobs } from '../../core/jobs/jobs.ts';
import type { Job, JobDraft, JobRequest } from '../../core/jobs/jobs.ts';
import { Queue } from '../../core/jobs/queue.ts';
import type { CircumstancesOf } from '../../core/jobs/queue.ts';
import { beginAgain } from '../../core/jobs/resuming/resumeJob.ts';
import { createScicatClient } from '../../core/scicat/client.ts';
import { ScicatError } from '../../core/scicat/errors.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

const samples = path.resolve(import.meta.dirname, '../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-engine-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

let sandbox: Sandbox;
let jobs: Jobs;
let storage: string;
let queue: Queue | undefined;
beforeEach(async () => {
  sandbox = await startSandbox({});
  storage = mkdtempSync(path.join(root, 'storage-'));
  jobs = new Jobs({ folder: mkdtempSync(path.join(root, 'store-')) });
});
afterEach(async () => {
  await queue?.stop();
  queue = undefined;
  await sandbox.close();
});

const circumstances: CircumstancesOf = () => circumstancesAt(sandbox.baseUrl);

function circumstancesAt(host: string, more: Readonly<Record<string, string>> = {}): ReturnType<CircumstancesOf> {
  const { config } = loadConfig({
    file: path.join(samples, 'config.yml'),
    overrides: { 'scicat.host': host, 'ingestion.file_handling.save_file_hash': 'false', ...more },
    env: { SCICAT_TOKEN: sandbox.token },
  });
  const retry = { tries: 2, firstDelaySeconds: 0.001, maxDelaySeconds: 1 };
  const client = createScicatClient({ baseUrl: host, token: sandbox.token, timeoutSeconds: 5, retry });
  return Promise.resolve({ config, client, storage });
}

function work(of: CircumstancesOf = circumstances): void {
  queue = new Queue(jobs, { circumstancesOf: of, lookMs: 20 });
  queue.start();
}

/** A folder with the sample of CODA and a file beside it. */
function measurement(): string {
  const folder = path.join(mkdtempSync(path.join(root, 'data-')), 'coda/2025/443604');
  cpSync(path.join(samples, 'data/coda/2025/443604/raw'), path.join(folder, 'raw'), { recursive: true });
  rmSync(path.join(folder, 'raw', '443604_00001018.nxs'));
  writeFileSync(path.join(folder, 'raw', 'notes.txt'), 'quiet run');
  return folder;
}

function asked(request: Partial<JobRequest>, more: Partial<JobDraft> = {}): JobDraft {
  const { options, ...rest } = request;
  const whole = { include: [], host: sandbox.baseUrl, ...rest, options: { dryRun: false, ...options } };
  return { protocol: 'test', ...more, request: whole };
}

async function until(id: string, isReached: (job: Job) => boolean): Promise<Job> {
  return vi.waitFor(
    async () => {
      const job = await jobs.show(id);
      if (!job || !isReached(job)) throw new Error(JSON.stringify(job?.statusDetail ?? 'gone'));
      return job;
    },
    { timeout: 25_000, interval: 30 },
  );
}

const ended = (job: Job): boolean =>
  !['draft', 'deposited', 'verified', 'loading'].includes(job.status) && !job.isRunning;

const isHeld = (job: Job): boolean => job.hold !== undefined && !job.isRunning;

function listed(): string[] {
  return sandbox
    .documents('origdatablocks')
    .flatMap(({ dataFileList }) => (dataFileList as { path: string }[]).map((file) => path.basename(file.path)))
    .sort();
}

async function incoming(file: string, kind: 'archive' | 'file') {
  const part = await jobs.receive(createReadStream(file), { most: 1e9 });
  return { incoming: part, about: { kind, name: path.basename(file) } as const };
}

describe('a folder', () => {
  it('without a pid that has grown since gets its new files, once nobody is at its dataset any more', async () => {
    const folder = mkdtempSync(path.join(root, 'grown-'));
    writeFileSync(path.join(folder, 'a.txt'), 'a');
    const known = { creationTime: '2025-01-20T12:00:00.000Z', datasetName: 'Notes' };
    const given = { user: Object.entries(known).map(([field, value]) => ({ field, value, from: 'user' })) };
    let idleMs = 0;
    work(async (job, signal) => {
      const found = await circumstances(job, signal);
      if (found === 'credentials' || !('client' in found)) return found;
      const compareDataset: typeof found.client.compareDataset = async (body, pid) => {
        const stored = await found.client.compareDataset(body, pid);
        return stored && { ...stored, idleMs };
      };
      return { ...found, client: { ...found.client, compareDataset } };
    });
    const again = async (isReached = ended): Promise<Job> =>
      until((await jobs.create(asked({ folder }, { given }))).id, isReached);
    expect(await again()).toMatchObject({ status: 'done', outcome: 'ingested' });
    writeFileSync(path.join(folder, 'b.txt'), 'b');
    const waiting = await again(isHeld);
    expect(waiting).toMatchObject({ hold: { for: 'retry' }, statusDetail: [{ code: 'dataset-incomplete' }] });
    expect(listed()).toEqual(['a.txt']);
    idleMs = 11 * 60_000;
    expect(await until(waiting.id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect(await again()).toMatchObject({ status: 'done', outcome: 'already-present' });
    expect([sandbox.documents('datasets').length, listed()]).toEqual([1, ['a.txt', 'b.txt']]);
  });

  it('is one dataset, with its data file first and all others behind it', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder }));
    work();
    const job = await until(id, ended);
    expect(job).toMatchObject({ status: 'done', outcome: 'ingested', id: '1' });
    expect(job.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['stage', 'verify', 'extract', 'merge', 'check', 'dataset', 'files'].map((name) => `${name} done`),
    );
    expect(listed()).toEqual(['443604_00001017.nxs', 'notes.txt']);
    expect(job.provenance).toMatchObject({ datasetName: expect.stringMatching(/^schema line \d+$/) as string });
  });

  it('lists the checksum that lies beside its data file once', async () => {
    const folder = measurement();
    mkdirSync(path.join(folder, 'ingestor'));
    writeFileSync(path.join(folder, 'ingestor', '443604_00001017.b2b'), 'of an ingestion before');
    const { id } = await jobs.create(asked({ folder }));
    work(() => circumstancesAt(sandbox.baseUrl, { 'ingestion.file_handling.save_file_hash': 'true' }));
    expect(await until(id, ended)).toMatchObject({ status: 'done' });
    expect(listed()).toEqual(['443604_00001017.b2b', '443604_00001017.nxs', 'notes.txt']);
  });

  it('without any NeXus file is a dataset of what is given', async () => {
    const folder = path.join(mkdtempSync(path.join(root, 'data-')), 'plain');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'a.csv'), '1,2');
    const user = Object.entries({
      datasetName: 'plain text',
      principalInvestigator: 'Ada',
      creationLocation: 'ESS:CODA',
      owner: 'Ada',
      ownerEmail: 'ada@example.org',
      contactEmail: 'ada@example.org',
      ownerGroup: 'ingestor',
      creationTime: '2026-01-01T00:00:00Z',
      dataFormat: 'csv',
      type: 'raw',
      proposalId: '443604',
    }).map(([field, value]) => ({ field, value, from: 'user' }));
    const { id } = await jobs.create(asked({ folder }, { given: { user } }));
    work();
    const job = await until(id, ended);
    expect(job, JSON.stringify(job.statusDetail)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect(job.provenance).toMatchObject({ datasetName: 'user' });
    expect(listed()).toEqual(['a.csv']);
  });

  it('is told to SciCat by the path at which others see it', async () => {
    const folder = measurement();
    const within = path.dirname(folder);
    const { id } = await jobs.create(asked({ folder, within, publishedAs: '/archive/ess' }));
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'done' });
    const [dataset] = sandbox.documents('datasets');
    expect(dataset?.['sourceFolder']).toMatch(/^\/archive\/ess\/443604(\/raw)?$/);
    expect(listed()).toEqual(['443604_00001017.nxs', 'notes.txt']);
  });

  it('is copied first where it does not lie in its final place, and never over anything', async () => {
    const folder = measurement();
    const copyTo = mkdtempSync(path.join(root, 'final-'));
    const request = { folder, options: { dryRun: false, copyTo } };
    const { id } = await jobs.create(asked(request));
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'done', staged: { folder: path.join(copyTo, '443604') } });
    expect(sandbox.documents('datasets')[0]?.['sourceFolder']).toContain(path.join(copyTo, '443604'));
    expect(readFileSync(path.join(copyTo, '443604/raw/notes.txt'), 'utf8')).toBe('quiet run');
    writeFileSync(path.join(folder, 'raw/notes.txt'), 'another text');
    const again = await jobs.create(asked(request));
    const failed = await until(again.id, ended);
    expect(failed).toMatchObject({ status: 'failed', statusDetail: [{ code: 'file-changed' }] });
    expect(readFileSync(path.join(copyTo, '443604/raw/notes.txt'), 'utf8')).toBe('quiet run');
  });

  it('that leads out of where it was named is rejected', async () => {
    const folder = measurement();
    const within = mkdtempSync(path.join(root, 'elsewhere-'));
    const { id } = await jobs.create(asked({ folder, within }));
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'rejected', statusDetail: [{ code: 'package' }] });
  });
});

describe('two files with the same pid', () => {
  it('at the same time are one dataset: the one waits until the other has sent its files', async () => {
    const [first, second] = [measurement(), measurement()].map((folder) => `${folder}/raw/443604_00001017.nxs`);
    let isCreated = false;
    const mayBeListed = new AbortController();
    work(async (job, signal) => {
      const found = await circumstances(job, signal);
      if (found === 'credentials' || !('client' in found)) return found;
      const createOrigDatablock: typeof found.client.createOrigDatablock = async (body) => {
        isCreated = true;
        if (!mayBeListed.signal.aborted) await once(mayBeListed.signal, 'abort');
        return found.client.createOrigDatablock(body);
      };
      return { ...found, client: { ...found.client, createOrigDatablock } };
    });
    const one = await jobs.create(asked({ dataFile: first }));
    await until(one.id, () => isCreated);
    const two = await jobs.create(asked({ dataFile: second }));
    expect(await until(two.id, isHeld)).toMatchObject({
      status: 'deposited',
      hold: { for: 'retry', reason: expect.stringContaining('is being ingested by another process') as string },
    });
    mayBeListed.abort();
    expect(await until(one.id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect(await until(two.id, ended)).toMatchObject({ status: 'done', outcome: 'already-present' });
    expect([sandbox.documents('datasets').length, listed()]).toEqual([1, ['443604_00001017.nxs']]);
  });
});

describe('what was sent', () => {
  it('as a zip of a bag is unpacked, checked, and ingested without what makes it a bag', async () => {
    const folder = measurement();
    execFileSync('node', [path.resolve(samples, '../dist/cli/main.cjs'), 'bag', 'make', path.join(folder, 'raw')]);
    execFileSync('zip', ['-qr', path.join(folder, 'bag.zip'), 'raw'], { cwd: folder });
    const part = await incoming(path.join(folder, 'bag.zip'), 'archive');
    const { id } = await jobs.create(asked({ options: { dryRun: false, swhid: true } }, { parts: [part] }));
    work();
    const job = await until(id, ended);
    expect(job, JSON.stringify(job.statusDetail)).toMatchObject({ status: 'done', bag: { version: '1.0' } });
    expect(job.swhid).toMatch(/^swh:1:dir:[0-9a-f]{40}$/);
    expect(listed()).toEqual(['443604_00001017.nxs', 'notes.txt']);
    expect(readdirSync(storage)).toEqual(['1']);
    const kept = ['events.jsonl', 'files.jsonl', 'job.json', 'parts', 'plan.jsonl', 'result', 'run.json'];
    const lies = (): readonly string[] => readdirSync(path.join(jobs.folder, 'jobs', '1')).sort();
    // It has ended a moment before it is put away.
    await vi.waitFor(
      () => {
        expect(lies()).toEqual(kept);
      },
      { timeout: 25_000 },
    );
    expect(
      JSON.parse(readFileSync(path.join(jobs.folder, 'jobs', '1', 'result', 'receipt.json'), 'utf8')),
    ).toMatchObject({ job: '1', pid: job.scicat.pid, swhid: job.swhid });
  });

  it('comes in parts, and is deposited when it is complete', async () => {
    const folder = measurement();
    const draft = await jobs.create(asked({}, { isComplete: false }));
    const file = await incoming(path.join(folder, 'raw/443604_00001017.nxs'), 'file');
    const first = await jobs.change(draft.id, { add: [file] });
    expect(first).toMatchObject({ status: 'draft', parts: [{ name: '443604_00001017.nxs', size: 28_159 }] });
    const stale = await jobs.change(draft.id, { slug: 'x', revision: draft.revision });
    expect(stale).toEqual({ refused: 'This job was changed in the meantime.' });
    const notes = await incoming(path.join(folder, 'raw/notes.txt'), 'file');
    await jobs.change(draft.id, { add: [notes], submit: true });
    expect(await jobs.change(draft.id, { slug: 'late' })).toHaveProperty('refused');
    work();
    expect(await until(draft.id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect(listed()).toEqual(['443604_00001017.nxs', 'notes.txt']);
  });

  it('can be reopened when it was rejected, with its parts', async () => {
    const broken = path.join(mkdtempSync(path.join(root, 'data-')), 'broken.zip');
    writeFileSync(broken, 'PK\u0003\u0004 not a zip');
    const { id } = await jobs.create(asked({}, { parts: [await incoming(broken, 'archive')] }));
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'rejected', statusDetail: [{ code: 'package' }] });
    expect(readdirSync(storage)).toEqual([]);
    const again = await jobs.reopen(id);
    expect(again).toMatchObject({ status: 'draft', parent: id, parts: [{ name: 'broken.zip' }] });
  });

  it('is not kept where more came than is taken', async () => {
    const source = createReadStream(path.join(samples, 'config.yml'));
    await expect(jobs.receive(source, { most: 10 })).rejects.toThrow('More than 10 bytes');
    expect(readdirSync(path.join(jobs.folder, 'incoming'))).toEqual([]);
  });

  it('is kept for some days after the end, and the record for some more', async () => {
    const part = await incoming(path.join(samples, 'config.yml'), 'file');
    const { id } = await jobs.create(asked({}, { parts: [part] }));
    await jobs.cancel(id);
    const day = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    const marks = path.join(jobs.folder, 'ended');
    mkdirSync(path.join(marks, day(5)));
    renameSync(path.join(marks, day(0), id), path.join(marks, day(5), id));
    const parts = path.join(jobs.folder, 'jobs', id, 'parts');
    await jobs.expire({ keepDays: 10, recordDays: 20 });
    expect(readdirSync(parts)).toHaveLength(1);
    await jobs.expire({ keepDays: 3, recordDays: 20 });
    expect(existsSync(parts)).toBe(false);
    expect(await jobs.show(id)).toMatchObject({ status: 'cancelled' });
    await jobs.expire({ keepDays: 1, recordDays: 3 });
    expect(await jobs.show(id)).toBeUndefined();
  });

  it('goes with its draft', async () => {
    const part = await incoming(path.join(samples, 'config.yml'), 'file');
    const { id } = await jobs.create(asked({}, { isComplete: false, parts: [part] }));
    expect(await jobs.remove(id)).toMatchObject({ status: 'cancelled' });
    expect(await jobs.show(id)).toBeUndefined();
    expect(existsSync(path.join(jobs.folder, 'jobs', id))).toBe(false);
  });
});

describe('a job', () => {
  it('waits for approval before anything is sent, and goes on with it', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder, options: { dryRun: false, needsApproval: true } }));
    work();
    const waiting = await until(id, ({ hold, isRunning }) => hold?.for === 'approval' && !isRunning);
    expect(waiting.status).toBe('verified');
    expect(sandbox.documents('datasets')).toEqual([]);
    await jobs.approve(id);
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
  });

  it('that lacks a token says so, and goes on when there is one', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder }));
    let hasToken = false;
    work((job, signal) => (hasToken ? circumstances(job, signal) : Promise.resolve('credentials')));
    await until(id, ({ hold, isRunning }) => hold?.for === 'credentials' && !isRunning);
    hasToken = true;
    await jobs.approve(id);
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
  });

  it('waits where SciCat does not answer, longer each time', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder }));
    work(() => circumstancesAt('http://127.0.0.1:9/api/v3'));
    const waiting = await until(id, ({ hold, isRunning }) => hold?.for === 'retry' && !isRunning);
    const { hold } = waiting;
    const pause = Date.parse(hold?.for === 'retry' ? hold.until : '') - Date.now();
    expect(pause).toBeGreaterThan(50_000);
    expect(pause).toBeLessThan(61_000);
    expect(waiting).toMatchObject({ status: 'deposited', retries: 1 });
  });

  it('is there already when another one has ingested the same folder', async () => {
    const folder = measurement();
    const request = { folder, options: { dryRun: false, swhid: true } };
    const ids = [await jobs.create(asked(request)), await jobs.create(asked(request))].map(({ id }) => id);
    work();
    const ends = await Promise.all(ids.map((id) => until(id, (job) => ended(job) || job.hold !== undefined)));
    expect(ends.filter(({ outcome }) => outcome === 'ingested')).toHaveLength(1);
    const [there] = ends.filter(({ outcome }) => outcome === 'already-present');
    if (there) expect(there.swhid).toMatch(/^swh:1:dir:/);
    expect(sandbox.documents('datasets')).toHaveLength(1);
    expect(listed()).toEqual(['443604_00001017.nxs', 'notes.txt']);
  });

  it('that another process is at is looked at again after a pause, not all the time', async () => {
    const { id } = await jobs.create(asked({ folder: measurement() }));
    const held = await jobs.journal.openJob(id);
    const tried = vi.spyOn(jobs.journal, 'openJob');
    work();
    await vi.waitFor(
      () => {
        expect(tried.mock.calls.length).toBeGreaterThan(2);
      },
      { timeout: 15_000 },
    );
    const before = { calls: tried.mock.calls.length, at: performance.now() };
    await vi.waitFor(
      () => {
        expect(tried.mock.calls.length).toBeGreaterThan(before.calls + 5);
      },
      { timeout: 15_000 },
    );
    // It looks every 20 ms here.
    expect(performance.now() - before.at).toBeGreaterThan(5 * 15);
    await held?.close();
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
  });

  it('whose data file has changed since it was interrupted is left to a person', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder }));
    let isAway = true;
    work(async () => {
      const found = await circumstancesAt(sandbox.baseUrl);
      if (typeof found !== 'object' || !('config' in found) || !isAway) return found;
      const createOrigDatablock = () => Promise.reject(new ScicatError('unreachable', 'SciCat is away.'));
      return { ...found, attempts: 1, client: { ...found.client, createOrigDatablock } };
    });
    await until(id, ({ hold, isRunning }) => hold?.for === 'retry' && !isRunning);
    await queue?.stop();
    isAway = false;
    writeFileSync(path.join(folder, 'raw', '443604_00001017.nxs'), 'another file');
    rmSync(path.join(folder, 'raw'), { recursive: true });
    mkdirSync(path.join(folder, 'raw'));
    writeFileSync(path.join(folder, 'raw', '443604_00001017.nxs'), 'another file, and longer');
    await jobs.approve(id);
    work();
    const left = await until(id, (job) => job.status === 'failed' && !job.isRunning);
    expect(left.statusDetail).toMatchObject([{ code: 'data-file-changed' }]);
    expect(sandbox.documents('datasets')).toHaveLength(1);
  });

  it('is called off before its turn comes, and can be put back', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder }));
    expect(await jobs.cancel(id)).toMatchObject({ status: 'cancelled' });
    expect(await jobs.requeue(id)).toMatchObject({ status: 'deposited' });
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
  });

  it('that only looks keeps what it found', async () => {
    const folder = measurement();
    const { id } = await jobs.create(asked({ folder }, { kind: 'extraction' }));
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'dry-run' });
    const found = await jobs.extraction(id);
    expect(found?.dataset).toMatchObject({ datasetName: expect.any(String) as string });
    expect(found?.provenance).toMatchObject({ datasetName: expect.stringContaining('schema') as string });
    expect(sandbox.documents('datasets')).toEqual([]);
  });
});

describe('what SciCat has refused', () => {
  /** Refuses each dataset, until it is told otherwise. */
  function refusing(more: Readonly<Record<string, string>> = {}): { isRefusing: boolean; count: number } {
    const how = { isRefusing: true, count: 0 };
    work(async () => {
      const found = await circumstancesAt(sandbox.baseUrl, more);
      if (!how.isRefusing || typeof found !== 'object' || !('client' in found)) return found;
      const createDataset = () => {
        how.count += 1;
        return Promise.reject(new ScicatError('invalid', 'SciCat does not take this.'));
      };
      return { ...found, client: { ...found.client, createDataset } };
    });
    return how;
  }

  function packed(): { archive: string; copyTo: string; request: JobRequest } {
    const folder = measurement();
    const archive = path.join(folder, 'delivery.zip');
    execFileSync('zip', ['-qr', archive, 'raw'], { cwd: folder });
    const copyTo = mkdtempSync(path.join(root, 'final-'));
    const options = { dryRun: false, isArchive: true, copyTo, unpackAs: 'delivery-1' };
    return { archive, copyTo, request: { folder: archive, include: [], host: sandbox.baseUrl, options } };
  }

  const refused = { status: 'failed', hasLoaded: true, statusDetail: [{ code: 'scicat' }] };
  const listedNow = ['443604_00001017.nxs', 'notes.txt'];

  it('of an archive is unpacked again when it is resumed, once it is taken', async () => {
    const { copyTo, request } = packed();
    const how = refusing();
    const { id } = await jobs.create(asked(request));
    expect(await until(id, ended)).toMatchObject(refused);
    expect(readdirSync(copyTo)).toEqual([]);
    await jobs.requeue(id);
    expect(await until(id, (job) => ended(job) && how.count === 2)).toMatchObject(refused);
    expect(readdirSync(copyTo)).toEqual([]);
    how.isRefusing = false;
    await jobs.requeue(id);
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect([sandbox.documents('datasets').length, listed(), readdirSync(copyTo)]).toEqual([
      1,
      listedNow,
      ['delivery-1'],
    ]);
  });

  it('is planned anew when it is resumed from the command line, with the file as it is now', async () => {
    const folder = measurement();
    const how = refusing();
    const { id } = await jobs.create(asked({ folder }));
    expect(await until(id, ended)).toMatchObject(refused);
    await queue?.stop();
    how.isRefusing = false;
    cpSync(path.join(samples, 'data/coda/2025/443604/raw/443604_00001018.nxs'), path.join(folder, 'raw/443604_00001017.nxs')); // prettier-ignore
    const { config } = loadConfig({
      file: path.join(samples, 'config.yml'),
      overrides: { 'scicat.host': sandbox.baseUrl, 'ingestion.file_handling.save_file_hash': 'false' },
      env: { SCICAT_TOKEN: sandbox.token },
    });
    expect(await beginAgain(jobs.journal, id, { config, storage })).toMatchObject({ outcome: 'ingested' });
    expect(await jobs.show(id)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect([sandbox.documents('datasets').length, listed()]).toEqual([1, listedNow]);
  });

  it('is planned anew also where a process was killed right after it was resumed', async () => {
    const { copyTo, request } = packed();
    const how = refusing({ 'ingestion.file_handling.compute_file_hash': 'true', 'ingestion.file_handling.save_file_hash': 'true' }); // prettier-ignore

    const { id } = await jobs.create(asked(request));
    expect(await until(id, ended)).toMatchObject(refused);
    await queue?.stop();
    await jobs.requeue(id);
    // What was written beside the data is written again.
    expect(readFileSync(path.join(jobs.folder, 'jobs', id, 'events.jsonl'), 'utf8')).toMatch(/write-file.*done/);
    expect(await jobs.journal.openRuns()).toMatchObject({ damaged: [], unplanned: [{ id }] });
    how.isRefusing = false;
    work();
    expect(await until(id, ended)).toMatchObject({ status: 'done', outcome: 'ingested' });
    expect([listed(), readdirSync(copyTo)]).toEqual([listedNow, expect.arrayContaining(['delivery-1'])]);
  });
});

describe('the dataset of a job that is done', () => {
  async function ingested(): Promise<Job> {
    const { id } = await jobs.create(asked({ folder: measurement() }));
    work();
    return until(id, ended);
  }
  const client = () => createScicatClient({ baseUrl: sandbox.baseUrl, token: sandbox.token, timeoutSeconds: 5 });
  const given = [
    { field: 'description', value: 'amended', from: 'user' },
    { field: 'scientificMetadata.temperature', value: { value: 4.2, unit: 'K' }, from: 'user' },
  ];

  it('is changed by who knows its pid; what was there before stays in the record', async () => {
    const { id, scicat } = await ingested();
    const amended = await jobs.amend(id, given, { pid: scicat.pid ?? '' }, client());
    expect(amended).toMatchObject({ status: 'done', amendments: [{ changes: [{ field: 'description', after: 'amended' }, { field: 'scientificMetadata' }] }] }); // prettier-ignore
    const [dataset] = sandbox.documents('datasets');
    expect(dataset).toMatchObject({ description: 'amended', scientificMetadata: { temperature: { value: 4.2 } } });
  });

  it('is not changed by others', async () => {
    const { id } = await ingested();
    expect(await jobs.amend(id, given, { pid: 'other' }, client())).toHaveProperty('refused');
    expect(sandbox.documents('datasets')[0]).not.toMatchObject({ description: 'amended' });
  });
});
