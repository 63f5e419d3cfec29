import { problem } from '../../problems/problem.ts';
import { details } from '../job.ts';
import type { JobRecord } from '../job.ts';
import type { OpenJob } from '../store/openJob.ts';
import { removeParts } from '../store/parts.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Milliseconds before its time is over in which a draft says so. */
const warnedMs = dayMs;
const code = 'draft-expires';

/** ISO time at which a draft goes that nobody changes from now on. @param days default 7 */
export function draftEnd(days = 7): string {
  return new Date(Date.now() + days * dayMs).toISOString();
}

/** Whether something is to be done about a draft because of the time. @param now milliseconds since 1970 */
export function isDraftDue(record: JobRecord, now: number): boolean {
  const { status, expiresAt, statusDetail } = record;
  if (status !== 'draft' || expiresAt === undefined) return false;
  const left = Date.parse(expiresAt) - now;
  return left <= 0 || (left <= warnedMs && !statusDetail.some((found) => found.code === code));
}

/**
 * Ends a draft whose time is over, with all that was sent for it; warns of it a day before, once.
 * @param now milliseconds since 1970
 * @throws FileError `journal-unwritable`
 */
export async function tellDraft(job: OpenJob, now: number): Promise<void> {
  const { id, expiresAt = '' } = job.record;
  // Somebody may have changed it in the meantime.
  if (!isDraftDue(job.record, now)) return;
  if (Date.parse(expiresAt) <= now) {
    await job.happens([{ kind: 'expire' }], { parts: [] });
    await removeParts(job.folder);
    await job.putAway();
    return;
  }
  const message =
    `Job ${id} is a draft that nobody has changed for long. It expires at ${expiresAt}, and what was sent for it is ` +
    `removed then. Complete or change it before; “imsc jobs submit ${id}” completes it as it is.`;
  for (const warning of details([problem(code, message, undefined, { severity: 'warning' })]))
    await job.warns('expires-soon', warning);
}
