import { setTimeout as wait } from 'node:timers/promises';
import type { StandingNews } from './events.ts';
import type { Job } from './job.ts';
import type { JobPlace, JobStore } from './store/jobStore.ts';

/** How often it is looked, in milliseconds. */
const lookMs = 500;

/**
 * The jobs of a list as they stand, oldest first, and then each one that comes, changes or goes, until the signal is
 * given. Other processes are at most of them, so the list is looked at again and again.
 * @param look gives the list, newest first
 */
export async function* newsOfList(
  look: () => Promise<readonly Job[]>,
  signal: AbortSignal,
): AsyncGenerator<StandingNews, void> {
  let seen = new Map<string, string>();
  while (!signal.aborted) {
    const now = new Map<string, string>();
    for (const job of (await look()).toReversed()) {
      const standing = standingOf(job);
      now.set(job.id, standing);
      if (seen.get(job.id) !== standing) yield { kind: 'job', job };
    }
    for (const id of seen.keys()) if (!now.has(id)) yield { kind: 'dropped', id };
    seen = now;
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What tells whether a job has changed since. */
export function standingOf({ revision, changed, steps, progress, isRunning }: Job): string {
  return JSON.stringify([revision, changed, steps, progress, isRunning]);
}

/**
 * Looks at the newest jobs of a store; what has ended stays as it is, and is read once.
 * @param read reads jobs of a store, in the order in which they are named
 */
export function newestIn(
  store: Pick<JobStore, 'places'>,
  most: number,
  read: (places: readonly JobPlace[]) => Promise<readonly Job[]>,
): () => Promise<readonly Job[]> {
  let ended = new Map<string, Job>();
  return async () => {
    const there = await store.places(most);
    const open = new Map((await read(there.filter(({ id }) => !ended.has(id)))).map((job) => [job.id, job]));
    const jobs = there.flatMap(({ id }) => ended.get(id) ?? open.get(id) ?? []);
    const hasEnded = new Set(there.flatMap(({ id, isEnded }) => (isEnded ? [id] : [])));
    ended = new Map(jobs.filter(({ id }) => hasEnded.has(id)).map((job) => [job.id, job]));
    return jobs;
  };
}
