import { jobJson } from '../../../core/jobs/jobs.ts';
import type { Job } from '../../../core/jobs/jobs.ts';
import { endStates, reopened, transition } from '../../../core/jobs/lifecycle.ts';
import type { JobEvent } from '../../../core/jobs/lifecycle.ts';
import type { Services } from '../../protocol.ts';

/** Whether the job can take an event as it is now. */
const takes = (event: JobEvent) => (job: Job) => !('refused' in transition(job, event));

/** What can be done with a job, and when. */
const verbs = {
  change: takes({ kind: 'change' }),
  submit: takes({ kind: 'submit' }),
  cancel: takes({ kind: 'cancel' }),
  resume: takes({ kind: 'resume' }),
  approve: takes({ kind: 'release' }),
  reopen: (job) => !('refused' in reopened(job)),
  amend: (job) => job.scicat.pid !== undefined && takes({ kind: 'amend' })(job),
  drop: (job) => endStates.has(job.status) && !job.isRunning,
} as const satisfies Record<string, (job: Job) => boolean>;

/** The names of what can be done with some job. */
export const verbNames = Object.keys(verbs);

/** A job as this API has it. @param settings with the address of SciCat's pages, for the link to the dataset */
export function jobBody({ settings }: Pick<Services, 'settings'>, job: Job): object {
  const can = Object.entries(verbs).flatMap(([name, isPossible]) => (isPossible(job) ? [name] : []));
  const files = job.parts
    .filter(({ kind }) => kind !== 'metadata')
    .map(({ name, size, digests }) => ({ name, size, sha256: digests['sha256'] ?? null }));
  const { pid } = job.scicat;
  const hasPage =
    settings.scicat_frontend !== '' && job.status === 'done' && pid !== undefined && !/\p{Surrogate}/u.test(pid);
  const page = hasPage ? `${settings.scicat_frontend}/datasets/${encodeURIComponent(pid)}` : null;
  return { ...jobJson(job), page, swhid: job.swhid ?? null, parent: job.parent ?? null, files, can };
}

/** The same with what is too much for a list. */
export function wholeJobBody(services: Pick<Services, 'settings'>, job: Job): object {
  return { ...jobBody(services, job), provenance: job.provenance ?? {}, amendments: job.amendments };
}
