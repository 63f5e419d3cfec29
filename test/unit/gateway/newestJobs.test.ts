import { expect, it, vi } from 'vitest';
import { Jobs } from '../../../core/jobs/jobs.ts';
import { NewestJobs } from '../../../gateway/protocols/native/newestJobs.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();

it('many who follow the same jobs look them up once, and nobody sees those of somebody else', async () => {
  const jobs = new Jobs({ folder: await newFolder() });
  for (const owner of ['ada', 'ben'])
    await jobs.create({ owner, isComplete: false, request: { include: [], host: '', options: { dryRun: false } } });
  const looked = [vi.spyOn(jobs, 'list'), vi.spyOn(jobs, 'newest')];
  const newest = new NewestJobs(jobs);
  const looks = ['ada', 'ben', 'ada', undefined, 'ada', undefined];
  const seen = await Promise.all(looks.map(async (owner) => (await newest.look(owner)).map((job) => job.owner)));
  expect(seen).toEqual([['ada'], ['ben'], ['ada'], ['ben', 'ada'], ['ada'], ['ben', 'ada']]);
  expect(looked.map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
});
