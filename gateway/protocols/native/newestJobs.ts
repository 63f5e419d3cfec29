import type { Job, Jobs } from '../../../core/jobs/jobs.ts';

/** How often is looked, for all who follow the same as for one. */
const lookMs = 500;
const forgetMs = 10 * lookMs;
/** So many of the newest jobs are followed. */
const most = 100;

/** The newest jobs, which all who follow those of the same owner look up together. */
export class NewestJobs {
  readonly #jobs: Jobs;
  readonly #looks = new Map<string | undefined, { readonly at: number; readonly jobs: Promise<readonly Job[]> }>();

  constructor(jobs: Jobs) {
    this.#jobs = jobs;
  }

  look(owner: string | undefined): Promise<readonly Job[]> {
    const last = this.#looks.get(owner);
    if (last && Date.now() - last.at < lookMs) return last.jobs;
    // Those who do not look any more are forgotten.
    for (const [other, { at }] of this.#looks) if (Date.now() - at > forgetMs) this.#looks.delete(other);
    const jobs =
      owner === undefined
        ? this.#jobs.newest(most)
        : this.#jobs.list({ owner, page: 1, pageSize: most }).then((page) => page.jobs);
    this.#looks.set(owner, { at: Date.now(), jobs });
    return jobs;
  }
}
