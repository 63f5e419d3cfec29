import { setTimeout as wait } from 'node:timers/promises';
import type { Job, JobFilter, JobPage, Jobs } from '../../../core/jobs/jobs.ts';

/** How often is looked, for all who follow the same as for one. */
const lookMs = 500;
/** So many of the newest jobs are followed. */
const most = 100;

/** The newest jobs, which all who follow those of the same owner look up together. */
export class NewestJobs {
  readonly #jobs: Jobs;
  readonly #looks = new Map<string | undefined, { readonly at: number; readonly page: Promise<JobPage> }>();

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  look(owner: string | undefined): Promise<JobPage> {
    const last = this.#looks.get(owner);
    if (last && Date.now() - last.at < lookMs) return last.page;
    const page = this.#jobs.list({ owner, page: 1, pageSize: most });
    this.#looks.set(owner, { at: Date.now(), page });
    return page;
  }
}

/** The newest jobs as they are, and each again when it has changed, until the signal. */
export async function* jobChanges(
  newest: NewestJobs,
  { owner }: JobFilter,
  signal: AbortSignal,
): AsyncGenerator<Job, void> {
  let seen = new Map<string, string>();
  while (!signal.aborted) {
    const page = await newest.look(owner);
    const now = new Map<string, string>();
    // The oldest first, as they would have come.
    for (const job of page.jobs.toReversed()) {
      const state = `${job.revision} ${job.changed} ${JSON.stringify(job.steps)} ${JSON.stringify(job.progress)} ${job.isRunning}`;
      now.set(job.id, state);
      if (seen.get(job.id) !== state) yield job;
    }
    seen = now;
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
