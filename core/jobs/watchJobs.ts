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
 * Looks at the newest jobs of a store. What has not changed since the look before is not read again.
 * @param read reads jobs of a store, in the order in which they are named
 */
export function newestIn(
  store: Pick<JobStore, 'newest'>,
  most: number,
  read: (places: readonly JobPlace[]) => Promise<readonly Job[]>,
): () => Promise<readonly Job[]> {
  let known = new Map<string, { readonly mark: string; readonly job: Job }>();
  return async () => {
    // The marks come first: what changes while it is read has another one at the next look.
    const there = await store.newest(most);
    const changed = there.filter(({ id, mark }) => known.get(id)?.mark !== mark);
    const fresh = new Map((await read(changed)).map((job) => [job.id, job]));
    const now = there.flatMap(({ id, mark }) => {
      const before = known.get(id);
      const job = before?.mark === mark ? before.job : fresh.get(id);
      return job ? [{ mark, job }] : [];
    });
    known = new Map(now.map((each) => [each.job.id, each]));
    return now.map(({ job }) => job);
  };
}
