import { setTimeout as wait } from 'node:timers/promises';
import type { Job, JobFilter } from '../../../core/jobs/jobs.ts';
import type { Services } from '../../protocol.ts';

/** How often is looked, for each who follows: the records of the jobs that are followed. */
const lookMs = 500;
/** So many of the newest jobs are followed. */
const most = 100;

/** The newest jobs as they are, and each again when it has changed, until the signal. */
export async function* jobChanges(
  { jobs }: Services,
  filter: JobFilter,
  signal: AbortSignal,
): AsyncGenerator<Job, void> {
  let seen = new Map<string, string>();
  while (!signal.aborted) {
    const page = await jobs.list({ ...filter, page: 1, pageSize: most });
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
