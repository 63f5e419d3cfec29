import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { identifyDataFile } from '../../../core/files/dataFileIdentity.ts';
import { jobJson, Jobs } from '../../../core/jobs/jobs.ts';
import type { Job } from '../../../core/jobs/jobs.ts';
import type { JobStatus } from '../../../core/jobs/lifecycle.ts';
import { Journal } from '../../../core/jobs/store/journal.ts';
import type { JournalRun } from '../../../core/jobs/store/journalRun.ts';
import type { OpenJob } from '../../../core/jobs/store/openJob.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const steps = [
  { id: 'dataset', kind: 'dataset' },
  { id: 'files', kind: 'files' },
];

type Run = JournalRun<(typeof steps)[number]>;

async function setUp(): Promise<{ jobs: Jobs; journal: Journal; begin: () => Promise<Run> }> {
  const folder = await newFolder();
  const dataFile = path.join(folder, 'run.hdf');
  await writeFile(dataFile, 'data');
  const journal = new Journal({ folder: path.join(folder, 'journal') });
  const start = async (): Promise<Run> =>
    journal.startRun(
      {
        planId: 'p',
        host: 'https://scicat.example',
        configFile: undefined,
        dataFile: await identifyDataFile(dataFile),
      },
      steps,
    );
  return { jobs: new Jobs({ folder: journal.folder }), journal, begin: start };
}

/** As the version before left it: without a record of the job. */
async function withoutRecords(journal: Journal): Promise<void> {
  for (const entry of await readdir(journal.folder, { recursive: true, withFileTypes: true }))
    if (entry.name === 'job.json') await rm(path.join(entry.parentPath, entry.name));
}

async function only(jobs: Jobs): Promise<Job> {
  const { jobs: all } = await jobs.list();
  expect(all).toHaveLength(1);
  return all[0]!;
}

it('a job that is given up before anything was sent leaves nothing of its archive, and all that is not its own', async () => {
  const { jobs } = await setUp();
  const copyTo = await newFolder();
  for (const name of ['delivery-1', '.imsc-delivery-1', 'delivery', '1', '.imsc-1'])
    mkdirSync(path.join(copyTo, name, 'deep'), { recursive: true });
  const options = { dryRun: false, isArchive: true, copyTo, unpackAs: 'delivery-1' };
  const request = { folder: '/data/delivery.zip', include: [], host: 'https://scicat.example', options };
  const { id } = await jobs.create({ request });
  expect(await jobs.cancel(id)).toMatchObject({ status: 'cancelled' });
  expect((await readdir(copyTo)).sort()).toEqual(['.imsc-1', '1', 'delivery']);
});

describe('a run of the version before', () => {
  it('of which nothing was sent is verified', async () => {
    const { jobs, journal, begin } = await setUp();
    const run = await begin();
    await withoutRecords(journal);
    expect(await only(jobs)).toMatchObject({ status: 'verified', isRunning: true, hasLoaded: false });
    await run.close();
    expect(await only(jobs)).toMatchObject({ status: 'verified', isRunning: false });
  });

  it('that was interrupted is loading, and says where it stands', async () => {
    const { jobs, journal, begin } = await setUp();
    const run = await begin();
    await run.recordStarted('dataset');
    await run.recordDone('dataset', '20.500/abc');
    await run.recordStarted('origdatablock-1', { files: 3 });
    await run.close();
    await withoutRecords(journal);
    const [job] = (await jobs.list({ status: ['loading'] })).jobs;
    expect(jobJson(job!)).toMatchObject({
      id: run.header.runId,
      status: 'loading',
      step: 'files',
      outcome: null,
      hold: null,
      pid: '20.500/abc',
      host: 'https://scicat.example',
      ended: null,
      problems: [],
      steps: [
        { name: 'dataset', state: 'done', attempts: 1 },
        { name: 'files', state: 'started', attempts: 1, ended: null },
      ],
    });
  });

  it.each([
    ['done', 'done', 'ingested'],
    ['failed', 'failed', undefined],
    ['abandoned', 'cancelled', undefined],
  ] as const)('that ended as %s is %s', async (ended, status, outcome) => {
    const { jobs, journal, begin } = await setUp();
    const run = await begin();
    await run.finish(ended, 'Why.');
    await withoutRecords(journal);
    const job = await only(jobs);
    expect([job.status, job.outcome]).toEqual([status, outcome]);
    expect(jobJson(job)).toMatchObject({ ended: expect.any(String) as string });
  });
});

describe('a job', () => {
  const request = {
    dataFile: '/data/run.hdf',
    include: ['/data/more'],
    host: 'https://scicat.example',
    options: { dryRun: false },
  };

  it('has a record from its first moment, with what was asked for', async () => {
    const { jobs, journal } = await setUp();
    const job = await journal.createJob(request);
    expect(await only(jobs)).toMatchObject({
      status: 'deposited',
      revision: 1,
      request,
      isRunning: true,
      steps: [],
    });
    await job.close();
    expect(await only(jobs)).toMatchObject({ status: 'deposited', isRunning: false });
  });

  it('is listed once where somebody has copied its folder beside it, and the copy is told of', async () => {
    const { jobs, journal } = await setUp();
    const job = await journal.createJob(request);
    await job.close();
    await jobs.cancel('1');
    const copy = path.join(journal.folder, 'jobs', '7');
    await cp(job.folder, copy, { recursive: true });
    const told = { code: 'journal-damaged', severity: 'warning', file: path.join(copy, 'job.json') };
    const once = { jobs: [{ id: '1' }], total: 1, problems: [told] };
    expect(await jobs.list()).toMatchObject(once);
    expect(await jobs.list({ status: ['cancelled'] })).toMatchObject(once);
    expect(await jobs.list({ dataFile: request.dataFile })).toMatchObject(once);
    expect(await jobs.newest(10)).toHaveLength(1);
    // Nor can anything be done under its number.
    expect(await jobs.show('7')).toBeUndefined();
    expect(await jobs.hide('7')).toEqual({ refused: 'There is no job 7.' });
    expect(await jobs.drop('7')).toEqual({ refused: 'There is no job 7.' });
    await rm(copy, { recursive: true });
    expect(await jobs.list()).toMatchObject({ ...once, problems: [] });
  });

  it('is not changed by what the disk does not take', async () => {
    const { jobs, journal } = await setUp();
    const job = await journal.createJob(request);
    await mkdir(`${path.join(job.folder, 'job.json')}.${process.pid}.new`);
    await expect(job.happens([{ kind: 'verify' }])).rejects.toMatchObject({ code: 'journal-unwritable' });
    await expect(job.notes({ swhid: 'swh:1:dir:0' })).rejects.toMatchObject({ code: 'journal-unwritable' });
    expect([job.record.status, job.record.revision, job.record.swhid]).toEqual(['deposited', 1, undefined]);
    await job.close();
    expect(await only(jobs)).toMatchObject({ status: 'deposited' });
  });

  it.each([
    [{ kind: 'finish', outcome: 'already-present' }, 'done', 'already-present'],
    [{ kind: 'reject' }, 'rejected', null],
    [{ kind: 'fail' }, 'failed', null],
    [{ kind: 'cancel' }, 'cancelled', null],
  ] as const)('that came to no plan leaves its trace: %j', async (event, status, outcome) => {
    const { jobs, journal } = await setUp();
    const job = await journal.createJob(request);
    const statusDetail = [{ code: 'scicat', severity: 'error', message: 'Why.' }] as const;
    await job.ends(event, { statusDetail, pid: 'p/1' });
    await job.putAway();
    const shown = await only(jobs);
    expect(jobJson(shown)).toMatchObject({ status, outcome, running: false, pid: 'p/1', problems: statusDetail });
    expect(shown.times).toMatchObject({ deposited: shown.created, [status]: shown.changed });
    expect((await journal.openRuns()).unplanned).toEqual([]);
    // Tidied as everything that has ended.
    expect(await journal.tidy(-2)).toEqual([shown.id]);
    expect((await jobs.list()).total).toBe(0);
  });

  it('that was killed while it was planned can be called off', async () => {
    const { jobs, journal } = await setUp();
    const job = await journal.createJob(request);
    await job.close();
    expect((await journal.openRuns()).unplanned).toMatchObject([{ id: job.record.id }]);
    expect(await jobs.cancel(job.record.id)).toMatchObject({ status: 'cancelled' });
    expect((await journal.openRuns()).unplanned).toEqual([]);
  });

  it('says what was done although its record is behind, as after a failure of the computer', async () => {
    const { jobs, begin } = await setUp();
    const run = await begin();
    const behind = await readFile(path.join(run.job.folder, 'job.json'), 'utf8');
    await run.recordStarted('dataset');
    await run.recordDone('dataset', 'p/1');
    await run.close();
    await writeFile(path.join(run.job.folder, 'job.json'), behind);
    expect(await only(jobs)).toMatchObject({ status: 'loading', hasLoaded: true, scicat: { pid: 'p/1' } });
  });
});

describe('the jobs of a user', () => {
  it('come newest first, a page at a time', async () => {
    const { jobs, begin } = await setUp();
    const runs = [await begin(), await begin(), await begin()];
    await runs[0]?.finish('done');
    await runs[1]?.finish('failed');
    const all = (await jobs.list()).jobs.map(({ id }) => id);
    expect(all).toEqual(runs.map(({ header }) => header.runId).sort().reverse()); // prettier-ignore
    const pages = await Promise.all([1, 2, 3].map((page) => jobs.list({ page, pageSize: 2 })));
    expect(pages.map((page) => page.total)).toEqual([3, 3, 3]);
    expect(pages.map((page) => page.jobs.map(({ id }) => id))).toEqual([all.slice(0, 2), all.slice(2), []]);
    const failed = await jobs.list({ status: ['failed'] });
    expect([failed.total, failed.jobs[0]?.status]).toEqual([1, 'failed']);
    expect((await jobs.list({ dataFile: '/elsewhere' })).total).toBe(0);
    await runs[2]?.close();
  });

  it('are called off and dropped, and what is not there is refused', async () => {
    const { jobs, begin } = await setUp();
    const run = await begin();
    const { runId } = run.header;
    // Its process is asked to stop, and does so between two steps.
    expect(await jobs.cancel(runId)).toMatchObject({ status: 'verified', isRunning: true });
    await vi.waitFor(() => {
      expect(run.job.cancelled.aborted).toBe(true);
    }, 5000);
    await run.close();
    expect(await jobs.drop(runId)).toHaveProperty('refused');
    expect(await jobs.cancel(runId)).toMatchObject({ status: 'cancelled' });
    expect(await jobs.cancel(runId)).toEqual({ refused: 'A job that is cancelled cannot be cancelled.' });
    expect(await jobs.drop(runId)).toMatchObject({ id: runId });
    expect(await jobs.show(runId)).toBeUndefined();
  });

  it.each<[string, (job: OpenJob) => Promise<void>]>([
    ['puts it away', (job) => job.putAway()],
    ['is killed before it has put it away', (job) => job.close()],
  ])('are dropped as soon as they are seen to have ended: who ended one %s', async (_, leaves) => {
    const { jobs, journal } = await setUp();
    const request = { folder: '/data/run', include: [], host: 'https://scicat.example', options: { dryRun: false } };
    const { id } = await jobs.create({ request });
    const job = await journal.openJob(id);
    await job?.happens([{ kind: 'cancel' }]);
    expect(await jobs.show(id)).toMatchObject({ status: 'cancelled' });
    const [dropped] = await Promise.all([jobs.drop(id), job && leaves(job)]);
    expect(dropped).toMatchObject({ id, status: 'cancelled' });
    expect(await jobs.show(id)).toBeUndefined();
    expect((await jobs.list()).total).toBe(0);
  });

  it.each<[string, (jobs: Jobs, id: string) => Promise<unknown>]>([
    ['changed', (jobs, id) => jobs.change(id, {})],
    ['deleted', (jobs, id) => jobs.remove(id)],
    ['submitted', (jobs, id) => jobs.submit(id)],
    ['approved', (jobs, id) => jobs.approve(id)],
    ['queued again', (jobs, id) => jobs.requeue(id)],
    ['reopened', (jobs, id) => jobs.reopen(id)],
    ['hidden', (jobs, id) => jobs.hide(id)],
    ['called off', (jobs, id) => jobs.cancel(id)],
    ['dropped', (jobs, id) => jobs.drop(id)],
  ])('that are not there cannot be %s', async (_, act) => {
    const { jobs } = await setUp();
    for (const id of ['4711', '../../etc', ''])
      expect(await act(jobs, id)).toEqual({ refused: `There is no job ${id}.` });
  });

  it('are watched until they end', async () => {
    const { jobs, begin } = await setUp();
    const run = await begin();
    const seen: string[] = [];
    for await (const { job } of jobs.watch(run.header.runId)) {
      seen.push(job.status);
      if (job.status === 'verified') await run.recordStarted('dataset');
      if (job.status === 'loading') await run.finish('done');
    }
    expect(seen).toEqual(['verified', 'loading', 'done']);
  });
});

/** @returns milliseconds of the quickest turn */
async function quickest(turns: number, work: () => Promise<void>): Promise<number> {
  let best = Infinity;
  for (let turn = 0; turn < turns; turn++) {
    const before = performance.now();
    await work();
    best = Math.min(best, performance.now() - before);
  }
  return best;
}

describe('thousands of jobs that wait', () => {
  it('are listed for one of many accounts as quickly as a few', async () => {
    const { jobs, journal } = await setUp();
    const request = { folder: '/data/run', include: [], host: 'https://scicat.example', options: { dryRun: false } };
    const template = await jobs.create({ request, protocol: 'test', owner: 'account 0' });
    const text = await readFile(path.join(journal.folder, 'jobs', template.id, 'job.json'), 'utf8');
    for (let id = 2; id <= 3000; id++) {
      const folder = path.join(journal.folder, 'jobs', String(id));
      mkdirSync(folder);
      const own = text.replace('"id": "1"', `"id": "${id}"`).replace('account 0', `account ${id % 3}`);
      writeFileSync(path.join(folder, 'job.json'), own);
      writeFileSync(path.join(journal.folder, 'waiting', String(id)), '');
      // Older versions wrote none.
      if (id > 20) writeFileSync(path.join(journal.folder, 'status', 'deposited', String(id)), '');
    }
    // What it would cost to read each of them, on this machine and as busy as it is.
    const before = performance.now();
    for (let id = 1; id <= 3000; id++)
      JSON.parse(readFileSync(path.join(journal.folder, 'jobs', String(id), 'job.json'), 'utf8'));
    const readingAll = performance.now() - before;
    // Who ingests a file looks at none of them.
    const openRuns = async (): Promise<void> => {
      expect((await journal.openRuns()).unplanned).toEqual([]);
    };
    expect(await quickest(5, openRuns)).toBeLessThan(readingAll / 5);
    await jobs.list({ owner: 'account 1', pageSize: 20 });
    const ofAccount = async (): Promise<void> => {
      const { jobs: page, total } = await jobs.list({ owner: 'account 1', page: 3, pageSize: 20 });
      expect({ count: page.length, first: page[0]?.id, total }).toEqual({ count: 20, first: '2878', total: 999 });
    };
    expect(await quickest(10, ofAccount)).toBeLessThan(readingAll);
    // The process of this one was killed between its label and its record.
    mkdirSync(path.join(journal.folder, 'status', 'failed'));
    writeFileSync(path.join(journal.folder, 'status', 'failed', '2000'), '');
    const byStatus = async (status: JobStatus): Promise<readonly [number, number, string | undefined]> => {
      const others = new Jobs({ folder: journal.folder });
      const { jobs: page, total } = await others.list({ status: [status], page: 2, pageSize: 20 });
      return [total, page.length, page[0]?.id];
    };
    for (const [status, found] of [
      ['deposited', [3000, 20, '2980']],
      ['failed', [0, 0, undefined]],
    ] as const) {
      const time = await quickest(8, async () => {
        expect(await byStatus(status)).toEqual(found);
      });
      expect(time, status).toBeLessThan(readingAll);
    }
    expect((await jobs.list({ status: ['deposited'], owner: 'account 1', pageSize: 20 })).total).toBe(999);
  }, 180_000);
});

describe('files that came for a job', () => {
  it.each([
    ['of which there is no record, after a while', { hasRecord: false, minutes: 11 }, []],
    ['of which there is no record yet', { hasRecord: false, minutes: 9 }, ['a']],
    ['of which there is a record, after a while', { hasRecord: true, minutes: 11 }, ['a']],
  ])('%s', async (_, { hasRecord, minutes }, left) => {
    const { jobs } = await setUp();
    const request = { include: [], host: 'https://scicat.example', options: { dryRun: false } };
    const { id } = await jobs.create({ request, isComplete: false });
    const folder = path.join(jobs.folder, 'jobs', id);
    mkdirSync(path.join(folder, 'parts'), { recursive: true });
    writeFileSync(path.join(folder, 'parts', 'a'), 'data');
    // As after a kill between the two.
    if (!hasRecord) await rm(path.join(folder, 'job.json'));
    await jobs.expire({ now: Date.now() + minutes * 60_000 });
    expect(await readdir(path.join(folder, 'parts')).catch(() => [])).toEqual(left);
  });
});

describe('a draft', () => {
  const dayMs = 24 * 60 * 60 * 1000;
  const expiresAt = '2030-06-08T12:00:00.000Z';
  const end = Date.parse(expiresAt);

  async function draft(): Promise<{ jobs: Jobs; id: string; codes: () => Promise<string[]> }> {
    const { jobs } = await setUp();
    const request = { include: [], host: 'https://scicat.example', options: { dryRun: false } };
    const { id } = await jobs.create({ request, protocol: 'sword', isComplete: false, expiresAt });
    return { jobs, id, codes: async () => (await jobs.show(id))?.statusDetail.map(({ code }) => code) ?? [] };
  }

  it.each([
    { name: 'two days before it expires', left: 2 * dayMs, expected: [] },
    { name: 'a day before', left: dayMs, expected: ['draft-expires'] },
    { name: 'a minute before', left: 60_000, expected: ['draft-expires'] },
  ])('$name is warned accordingly, and once', async ({ left, expected }) => {
    const { jobs, id, codes } = await draft();
    const { revision } = (await jobs.show(id))!;
    for (let turn = 0; turn < 3; turn++) await jobs.expire({ now: end - left });
    expect(await codes()).toEqual(expected);
    const log = await readFile(path.join(jobs.folder, 'jobs', id, 'events.jsonl'), 'utf8');
    expect(log.match(/"event":"expires-soon"/g) ?? []).toHaveLength(expected.length);
    // Who looked at it before may still change it.
    expect(await jobs.show(id)).toMatchObject({ status: 'draft', revision });
  });

  it('tells the warning to all who ask for the job', async () => {
    const { jobs, id } = await draft();
    await jobs.expire({ now: end - 1 });
    const told = JSON.stringify(jobJson((await jobs.show(id))!));
    expect(told).toContain('"code":"draft-expires","severity":"warning"');
    expect(told).toContain(`It expires at ${expiresAt}`);
  });

  it('that is changed or completed is warned no more', async () => {
    const { jobs, id, codes } = await draft();
    await jobs.expire({ now: end - 1 });
    await jobs.change(id, { expiresAt: new Date(end + 7 * dayMs).toISOString() });
    expect(await codes()).toEqual([]);
    await jobs.expire({ now: end });
    expect(await codes()).toEqual([]);
    await jobs.expire({ now: end + 7 * dayMs - 1 });
    expect(await codes()).toEqual(['draft-expires']);
    await jobs.submit(id);
    expect(await codes()).toEqual([]);
    expect(await jobs.show(id)).toMatchObject({ status: 'deposited' });
  });

  it('expires in the end, and one that is reopened has a time, too', async () => {
    const { jobs, id, codes } = await draft();
    for (const left of [1, 0]) await jobs.expire({ now: end - left });
    expect(await jobs.show(id)).toMatchObject({ status: 'expired', parts: [] });
    expect(await codes()).toEqual([]);
    const again = await jobs.reopen(id);
    if ('refused' in again) throw new Error(again.refused);
    const days = (Date.parse(again.expiresAt ?? '') - Date.now()) / dayMs;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });
});
