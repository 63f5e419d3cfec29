import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobNews } from '../../../core/jobs/events.ts';
import { Jobs } from '../../../core/jobs/jobs.ts';
import { logFileOf, openFolder } from '../../../core/jobs/store/jobFolders.ts';
import { Journal } from '../../../core/jobs/store/journal.ts';
import { newestIn } from '../../../core/jobs/watchJobs.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const request = { folder: '/data', include: [], host: 'https://scicat.example', options: { dryRun: false } };
const newJob = { protocol: 'native', isComplete: false } as const;

describe('the stream of what happens', () => {
  it('tells what lasts when it stands in the log, in the same words', async () => {
    const journal = new Journal({ folder: await newFolder() });
    const told: JobNews[] = [];
    journal.stream.listen((news, id) => {
      if (news.kind !== 'event' && news.kind !== 'step') return;
      const lines = readFileSync(logFileOf(openFolder(journal.folder, id)), 'utf8')
        .trimEnd()
        .split('\n');
      told.push(news);
      expect(lines.map((line) => ({ kind: news.kind, ...(JSON.parse(line) as object) }))).toContainEqual(news);
    });
    const job = await journal.createJob(request, newJob);
    await job.happens([{ kind: 'change' }, { kind: 'submit' }]);
    await job.step('stage', 'started');
    await job.amends({
      at: '2026-01-01T00:00:00.000Z',
      given: [],
      changes: [{ field: 'title', before: 'a', after: 'b' }],
    });
    await job.close();
    expect(told).toMatchObject([
      { event: 'create', status: 'draft', revision: 1 },
      { event: 'change', status: 'draft', revision: 2 },
      { event: 'submit', status: 'deposited', revision: 3 },
      { step: 'stage', state: 'started' },
      { event: 'amending', status: 'deposited', changes: [{ field: 'title', before: 'a', after: 'b' }] },
    ]);
  });

  it('keeps nothing of what is told in passing', async () => {
    const journal = new Journal({ folder: await newFolder() });
    const told: string[] = [];
    const deaf = journal.stream.listen(({ kind }, id) => told.push(`${kind} ${id}`));
    const job = await journal.createJob(request, newJob);
    const log = logFileOf(path.join(job.folder));
    const before = await readFile(log, 'utf8');
    job.tell({ kind: 'request', line: 'GET /' });
    await job.close();
    expect(await readFile(log, 'utf8')).toBe(before);
    expect(told).toEqual(['event 1', 'request 1', 'left 1']);
    deaf();
    job.tell({ kind: 'request', line: 'GET /' });
    expect(told).toHaveLength(3);
  });
});

describe('the news of a list', () => {
  it('are each job as it stands, oldest first, then what changes, and what goes', { timeout: 20_000 }, async () => {
    const folder = await newFolder();
    const [jobs, others] = [new Jobs({ folder }), new Jobs({ folder })];
    for (let made = 0; made < 3; made += 1) await jobs.create({ ...newJob, request });
    await others.cancel('1');
    const stop = new AbortController();
    const told: string[] = [];
    for await (const news of jobs.watchNewest(10, stop.signal)) {
      told.push(news.kind === 'job' ? `${news.job.id} ${news.job.status}` : `${news.id} dropped`);
      if (told.length === 3) await others.submit('2');
      if (told.length === 4) await others.drop('1');
      if (told.length === 5) stop.abort();
    }
    expect(told).toEqual(['1 cancelled', '2 draft', '3 draft', '2 deposited', '1 dropped']);
  });

  it('are read of those jobs only that have changed', async () => {
    const jobs = new Jobs({ folder: await newFolder() });
    const made = [await jobs.create({ ...newJob, request }), await jobs.create({ ...newJob, request })];
    let marks = ['a', 'a'];
    let read: string[] = [];
    const look = newestIn(
      { newest: () => Promise.resolve(made.map(({ id }, at) => ({ id, isEnded: false, mark: marks[at] ?? '' }))) },
      10,
      (places) => {
        read.push(...places.map(({ id }) => id));
        return Promise.resolve(made.filter(({ id }) => places.some((place) => place.id === id)));
      },
    );
    const looks: string[][] = [];
    for (marks of [
      ['a', 'a'],
      ['a', 'a'],
      ['a', 'b'],
      ['b', 'b'],
      ['b', 'b'],
    ]) {
      read = [];
      expect((await look()).map(({ id }) => id)).toEqual(['1', '2']);
      looks.push(read);
    }
    expect(looks).toEqual([['1', '2'], [], ['2'], ['1'], []]);
  });

  it('are of the newest jobs only', async () => {
    const jobs = new Jobs({ folder: await newFolder() });
    for (let made = 0; made < 3; made += 1) await jobs.create({ ...newJob, request });
    const stop = new AbortController();
    const told: string[] = [];
    for await (const news of jobs.watchNewest(2, stop.signal)) {
      if (news.kind === 'job') told.push(news.job.id);
      if (told.length === 2) stop.abort();
    }
    expect(told).toEqual(['2', '3']);
  });
});
