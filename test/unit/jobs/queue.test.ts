import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { Jobs } from '../../../core/jobs/jobs.ts';
import type { JobDraft, JobRequest } from '../../../core/jobs/jobs.ts';
import { Queue } from '../../../core/jobs/queue.ts';
import type { CircumstancesOf, QueueOptions } from '../../../core/jobs/queue.ts';
import { createScicatClient } from '../../../core/scicat/client.ts';
import { writeRun } from '../../../scripts/online/runs.mjs';

const samples = path.resolve(import.meta.dirname, '../../../samples');
const root = mkdtempSync(path.join(tmpdir(), 'imsc-queue-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9/api/v3';
let jobs: Jobs;
let queue: Queue | undefined;
/** The jobs that the queue has begun, in that order. */
let begun: string[];
beforeEach(() => {
  jobs = new Jobs({ folder: mkdtempSync(path.join(root, 'store-')) });
  begun = [];
});
afterEach(async () => {
  await queue?.stop();
  queue = undefined;
  vi.useRealTimers();
});

const withoutToken: CircumstancesOf = () => Promise.resolve('credentials');

function work(circumstancesOf: CircumstancesOf, more: Partial<QueueOptions> = {}): void {
  queue = new Queue(jobs, {
    lookMs: 20,
    circumstancesOf: (job, signal) => {
      begun.push(job.id);
      return circumstancesOf(job, signal);
    },
    ...more,
  });
  queue.start();
}

function asked(request: Partial<JobRequest> = {}, more: Partial<JobDraft> = {}): JobDraft {
  const whole = { dataFile: '/data/run.nxs', include: [], host: nowhere, options: { dryRun: false }, ...request };
  return { protocol: 'test', ...more, request: whole };
}

async function reaches(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 15_000, interval: 20 });
}

it('a new job has its turn however many wait whose records are to be read again', async () => {
  const many = Array.from({ length: 150 }, (_, index) => index);
  await Promise.all(many.map(() => jobs.enter(asked({}, { tag: 'of others' }))));
  vi.useFakeTimers({ toFake: ['Date'] });
  work(withoutToken, {
    takes: ({ tag }) => {
      // Until all are read, what was read first is old again.
      vi.setSystemTime(Date.now() + 1000);
      return tag === undefined;
    },
  });
  const { id } = await jobs.create(asked());
  await reaches(() => {
    expect(begun).toEqual([id]);
  });
});

it('what another process is at does not keep those behind it waiting', async () => {
  const busy = await jobs.enter(asked());
  const behind = await jobs.enter(asked());
  const held = await jobs.journal.openJob(busy);
  const tried = vi.spyOn(jobs.journal, 'openJob');
  work(withoutToken, { running: 1, lookMs: 50 });
  await reaches(() => {
    expect(begun).toEqual([behind]);
  });
  // It is left alone for five looks each time.
  expect(tried.mock.calls.filter(([id]) => id === busy).length).toBeLessThan(8);
  await held?.close();
  await reaches(() => {
    expect(begun).toEqual([behind, busy]);
  });
});

it('a job that is made here has its turn at once, however seldom it is looked for those of others', async () => {
  work(withoutToken, { lookMs: 600_000 });
  const { id } = await jobs.create(asked());
  await reaches(() => {
    expect(begun).toEqual([id]);
  });
  const before = performance.now();
  await queue?.stop();
  expect(performance.now() - before).toBeLessThan(10_000);
});

it('a mistake of ours with one job is told, and keeps none behind it waiting', async () => {
  const told: unknown[] = [];
  const first = await jobs.enter(asked());
  const second = await jobs.enter(asked());
  work(({ id }) => (id === first ? Promise.reject(new Error('ours')) : Promise.resolve('credentials')), {
    running: 1,
    lookMs: 100,
    onBug: (error, id) => {
      told.push([id, error]);
    },
  });
  await reaches(() => {
    expect(begun.length).toBeGreaterThanOrEqual(3);
  });
  expect(begun.slice(0, 3)).toEqual([first, second, first]);
  expect(told[0]).toEqual([first, new Error('ours')]);
});

/** The third of five jobs, of which the others find that SciCat is away. */
const third: readonly (readonly [string, (file: string) => Promise<unknown>, object])[] = [
  [
    'waits for another process that is at its file',
    (file) => jobs.journal.lockDataFile(file, nowhere),
    { status: 'deposited', hold: { for: 'retry' }, statusDetail: [{ code: 'journal-busy' }] },
  ],
  [
    'has lost its file',
    (file) => {
      rmSync(file);
      return Promise.resolve();
    },
    { status: 'rejected', statusDetail: [{ code: 'data-file' }] },
  ],
  [
    'has no token',
    () => Promise.resolve('credentials'),
    { status: 'deposited', hold: { for: 'credentials' }, statusDetail: [] },
  ],
];

it.each(third)('what %s says nothing of whether SciCat is away', async (_, prepare, comesTo) => {
  const folder = mkdtempSync(path.join(root, 'runs-'));
  const files = [1, 2, 3, 4, 5].map((number) => writeRun(folder, number));
  const ids: string[] = [];
  for (const dataFile of files) ids.push(await jobs.enter(asked({ dataFile })));
  const prepared = await prepare(files[2] ?? '');
  work(
    ({ id }) => {
      if (id === ids[2] && prepared === 'credentials') return Promise.resolve('credentials');
      const { config } = loadConfig({
        file: path.join(samples, 'config.yml'),
        overrides: { 'scicat.host': nowhere },
        env: { SCICAT_TOKEN: 'token' },
      });
      const retry = { tries: 1, firstDelaySeconds: 0.001, maxDelaySeconds: 1 };
      return Promise.resolve({ config, client: createScicatClient({ baseUrl: nowhere, token: 'token', retry }) });
    },
    { running: 1 },
  );
  const held = async (): Promise<boolean[]> =>
    Promise.all(ids.map(async (id) => ((await jobs.show(id))?.statusDetail.length ?? 0) > 0));
  await vi.waitFor(
    async () => {
      expect((await held())[3]).toBe(true);
    },
    { timeout: 15_000, interval: 50 },
  );
  // The fourth is the third that SciCat has not answered: one at a time asks from now on, after a pause of seconds.
  const looks = vi.spyOn(jobs.journal.store, 'free');
  await reaches(() => {
    expect(looks.mock.calls.length).toBeGreaterThan(5);
  });
  expect(begun).toEqual(ids.slice(0, 4));
  expect(await jobs.show(ids[2] ?? '')).toMatchObject(comesTo);
});
