import { setTimeout as wait } from 'node:timers/promises';
import type { StandingNews } from './events.ts';
import type { Job } from './job.ts';
import { endStates } from './lifecycle.ts';
import type { JobPlace, JobStore } from './store/jobStore.ts';

/** How often a list is looked at, in milliseconds. */
const lookMs = 500;
/** How often one job is. */
const watchMs = 300;

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

/** Looks at jobs for all who follow the same one: what one of them has just seen is not read again for the others. */
export class SharedLooks {
  readonly #show: (id: string) => Promise<Job | undefined>;
  readonly #freshMs: number;
  readonly #now: () => number;
  readonly #looks = new Map<string, { readonly at: number; readonly job: Promise<Job | undefined> }>();

  /** @param freshMs for so long a look is good for others, too */
  constructor(
    show: (id: string) => Promise<Job | undefined>,
    freshMs = watchMs / 2,
    now = (): number => performance.now(),
  ) {
    this.#show = show;
    this.#freshMs = freshMs;
    this.#now = now;
  }

  /** The job as it is now, for whoever begins to follow it: what came about before must not be missed. */
  begin(id: string): Promise<Job | undefined> {
    const job = this.#show(id);
    this.#looks.set(id, { at: this.#now(), job });
    return job;
  }

  /** The job as it was a moment ago, for whoever looks again. */
  again(id: string): Promise<Job | undefined> {
    const last = this.#looks.get(id);
    return last && this.#now() - last.at < this.#freshMs ? last.job : this.begin(id);
  }

  /** Somebody follows it no more; others look anew. */
  end(id: string): void {
    this.#looks.delete(id);
  }
}

/** A job as it stands, and again whenever it has changed, until it has ended or is gone. */
export async function* newsOfJob(
  looks: SharedLooks,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StandingNews & { kind: 'job' }, void> {
  let seen: string | undefined;
  try {
    while (signal?.aborted !== true) {
      const job = await (seen === undefined ? looks.begin(id) : looks.again(id));
      if (!job) return;
      const now = standingOf(job);
      if (now !== seen) yield { kind: 'job', job };
      seen = now;
      if (endStates.has(job.status) && !job.isRunning) return;
      await wait(watchMs, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  } finally {
    looks.end(id);
  }
}

/** What tells whether a job has changed since. */
function standingOf({ revision, changed, steps, progress, isRunning }: Job): string {
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
