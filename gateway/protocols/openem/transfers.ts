import { currentStep } from '../../../core/jobs/jobs.ts';
import type { Job } from '../../../core/jobs/jobs.ts';

/** How a job stands, as the page says it; undefined for what it does not list. */
export function transferStatus({ status, hold }: Job): string | undefined {
  switch (status) {
    case 'draft':
    case 'expired':
      return undefined;
    case 'deposited':
    case 'verified':
      return 'waiting';
    case 'loading':
      return hold ? 'waiting' : 'transferring';
    case 'done':
      return 'finished';
    case 'rejected':
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
  }
}

const holds = {
  approval: 'waits for approval',
  credentials:
    'waits for your SciCat session: it goes on when you start or delete another transfer while you are signed in',
  retry: 'waits: SciCat cannot be reached now',
} as const;

function messageOf(job: Job): string {
  const { status, hold, outcome, scicat, statusDetail } = job;
  if (hold) return holds[hold.for];
  if (status === 'done') {
    const pid = scicat.pid ?? '';
    if (outcome === 'already-present') return `already in SciCat: ${pid}`;
    const archiving = archivingOf(job);
    return archiving === undefined ? `dataset ${pid}` : `dataset ${pid}; ${archiving}`;
  }
  if (status === 'cancelled') return 'cancelled';
  const errors = statusDetail.filter(({ severity }) => severity === 'error');
  if (status === 'rejected' || status === 'failed') {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return `${errors[0]?.message ?? `It is ${status}.`}${more}`;
  }
  const { progress } = job;
  const counted = progress && progress.done > 0 ? `, ${progress.done} ${progress.unit}` : '';
  return `${currentStep(job) ?? 'waiting'}${counted}`;
}

/** What there is to say of the archiving that was asked for; nothing where SciCat has been asked for it. */
function archivingOf({ request, statusDetail }: Job): string | undefined {
  if (request.options.protocol?.['notArchived'] === true) return 'not archived: switched off here';
  return statusDetail.find(({ code }) => code === 'archive-job')?.message;
}

/** A transfer of the list. */
export function transferItem(job: Job): object {
  const { progress } = job;
  const isBytes = progress?.unit === 'bytes' && progress.total !== null && progress.total > 0;
  return {
    transferId: job.id,
    status: transferStatus(job) ?? 'cancelled',
    message: messageOf(job),
    ...(isBytes && { bytesTransferred: progress.done, bytesTotal: progress.total }),
  };
}
