import type { Job } from '../../../core/jobs/jobs.ts';

/** The names that this protocol has for the steps of a job. */
export const stepNames: Readonly<Record<string, string>> = {
  stage: 'UNPACKING',
  verify: 'FIXITY',
  extract: 'METADATA_EXTRACTION',
  merge: 'METADATA_PROCESSING',
  check: 'METADATA_VALIDATION',
  load: 'INDEXING',
};

/** How a job stands, as this protocol says it. */
export function statusOf({ status, hold, isRunning, steps }: Job): string {
  if (hold?.for === 'approval') return 'AWAITING_APPROVAL';
  if (hold) return 'SCHEDULED';
  switch (status) {
    case 'done':
      return 'SUCCEEDED';
    case 'rejected':
    case 'failed':
    case 'expired':
    case 'cancelled':
      return 'FAILED';
    case 'draft':
    case 'deposited':
      return isRunning || steps.some(({ state }) => state !== 'planned') ? 'IN_PROGRESS' : 'PENDING';
    case 'verified':
    case 'loading':
      return 'IN_PROGRESS';
  }
}

/** What a job ended with, where it did not end well: all that was found. */
function errorsOf(job: Job): readonly string[] {
  if (statusOf(job) !== 'FAILED') return [];
  if (job.status === 'cancelled') return ['cancelled'];
  const errors = job.statusDetail.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  return errors.length === 0 ? [`It is ${job.status}.`] : errors;
}

/** The step that found why a job did not end well: the last one that it came to, of those that a report has. */
function failedAt({ steps, request }: Job): string {
  const at = steps.findLast(({ state }) => state !== 'planned')?.name ?? 'check';
  // Only archives are unpacked; that other data are not what was announced is found at the same time.
  const isLeftOut = at === 'stage' && request.options.isArchive !== true;
  return isLeftOut ? 'FIXITY' : (stepNames[at] ?? 'INDEXING');
}

/** The errors, by the step in which they were found. */
export function errorMessages(job: Job): Readonly<Record<string, string>> {
  const errors = errorsOf(job);
  if (errors.length === 0) return {};
  return { [failedAt(job)]: errors.join('\n') };
}

/** What was asked for, as it was given. */
function asked(job: Job, name: string): string | null {
  const given = job.request.options.protocol?.[name];
  return typeof given === 'string' ? given : null;
}

/** The body that tells of a job. */
export function ingestBody(job: Job): object {
  const { unpack = false, isArchive = false } = job.request.options;
  return {
    ingestId: job.id,
    datapool: asked(job, 'datapool'),
    ingestPath: asked(job, 'ingestPath'),
    metadataPath: asked(job, 'metadataPath'),
    folderPath: asked(job, 'folderPath') ?? '',
    locationId: asked(job, 'locationId'),
    jobTag: job.tag ?? null,
    unpack,
    isArchive,
    status: statusOf(job),
    errorMessage: errorsOf(job)[0] ?? null,
    errorMessages: errorMessages(job),
    collectionId: job.scicat.pid ?? null,
  };
}

export function jobBody(job: Job): object {
  return {
    jobId: job.id,
    status: statusOf(job),
    errorMessages: errorMessages(job),
    jobTag: job.tag ?? null,
    type: job.request.options.isArchive === true ? 'ArchiveIngest' : 'Ingest',
  };
}

/** What tells a file of this job from those of others: pool, folder and path, its case as it is. */
export function idOf(job: Job, pool: string, relativePath: string): string {
  return [pool, asked(job, 'folderPath') ?? '', relativePath]
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/');
}
