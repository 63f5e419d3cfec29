import { expect, it, vi } from 'vitest';
import { Jobs } from '../../../core/jobs/jobs.ts';
import { SharedLooks } from '../../../core/jobs/watchJobs.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const draft = { isComplete: false, request: { include: [], host: '', options: { dryRun: false } } };

it('those who follow a job look at it together, and whoever begins looks by himself', async () => {
  const jobs = new Jobs({ folder: await newFolder() });
  const { id } = await jobs.create(draft);
  const other = await jobs.create(draft);
  const show = vi.fn((asked: string) => jobs.show(asked));
  let now = 0;
  const looks = new SharedLooks(show, 150, () => now);
  for (let follower = 0; follower < 3; follower += 1) expect((await looks.begin(id))?.status).toBe('draft');
  expect(show).toHaveBeenCalledTimes(3);
  now = 149;
  await Promise.all([looks.again(id), looks.again(id), looks.again(other.id)]);
  expect(show).toHaveBeenCalledTimes(4);
  now = 150;
  await jobs.cancel(id);
  const again = await Promise.all([looks.again(id), looks.again(id), looks.again(id)]);
  expect(again.map((job) => job?.status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(show).toHaveBeenCalledTimes(5);
  looks.end(id);
  await looks.again(id);
  expect(show).toHaveBeenCalledTimes(6);
});

it('each of many who follow a job is told how it stands and how it ends', async () => {
  const jobs = new Jobs({ folder: await newFolder() });
  const { id } = await jobs.create(draft);
  const watching = Array.from({ length: 20 }, () => jobs.watch(id));
  const first = await Promise.all(watching.map((each) => each.next()));
  await jobs.cancel(id);
  const last = await Promise.all(watching.map((each) => each.next()));
  const statuses = [...first, ...last].map(({ value }) => (value ? value.job.status : undefined));
  expect(statuses).toEqual([...Array<string>(20).fill('draft'), ...Array<string>(20).fill('cancelled')]);
  expect((await Promise.all(watching.map((each) => each.next()))).every(({ done }) => done)).toBe(true);
});
