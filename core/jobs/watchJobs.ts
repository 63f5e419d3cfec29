import { setTimeout as wait } from 'node:timers/promises';
import type { Job } from './job.ts';
import { Jobs } from './jobs.ts';
import type { JournalOptions } from './store/journal.ts';

/** What is told of a job: how it is now, or that its record is gone. */
export type JobNews = Job | { readonly id: string; readonly dropped: true };

export interface WatchOptions extends JournalOptions {
  readonly signal: AbortSignal;
  /** How many jobs are told at the beginning, and followed; the newest ones. */
  readonly most: number;
}

/** How often it is looked, in milliseconds. */
const lookMs = 500;

/** All jobs as they are now, oldest first, and then each one that comes, changes or goes, until the signal is given. */
export async function* watchJobs({ signal, most, ...options }: WatchOptions): AsyncGenerator<JobNews, void> {
  const jobs = new Jobs(options);
  const { store } = jobs.journal;
  const told = new Map<string, string>();
  /** What has ended stays as it is, and is looked at no more. */
  const ended = new Set<string>();
  while (!signal.aborted) {
    const there = (await store.places()).slice(0, most);
    const open = there.filter(({ id }) => !ended.has(id));
    const found = told.size === 0 ? (await jobs.list({ pageSize: most })).jobs : await shown(open.map(({ id }) => id));
    for (const job of found.toReversed()) {
      const now = JSON.stringify(job);
      if (told.get(job.id) !== now) yield job;
      told.set(job.id, now);
      if (there.some(({ id, isEnded }) => id === job.id && isEnded)) ended.add(job.id);
    }
    const present = new Set(there.map(({ id }) => id));
    for (const id of [...told.keys()].filter((each) => !present.has(each))) {
      told.delete(id);
      ended.delete(id);
      yield { id, dropped: true };
    }
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }

  async function shown(ids: readonly string[]): Promise<Job[]> {
    const found = await Promise.all(ids.map((id) => jobs.show(id)));
    return found.filter((job) => job !== undefined);
  }
}
