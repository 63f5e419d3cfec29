import type { Problem } from '../problems/problem.ts';
import type { JobDraft } from './drafts/draft.ts';
import { details } from './job.ts';
import type { Job } from './job.ts';
import type { Journal } from './store/journal.ts';
import { takePart } from './store/parts.ts';

/**
 * Keeps what can only be dealt with by a person as a job that is rejected from its beginning: with its parts, and why.
 * @throws FileError `journal-unwritable`
 */
export async function putAside(
  journal: Journal,
  { request, parts = [], ...about }: JobDraft,
  problems: readonly Problem[],
): Promise<Job['id']> {
  const job = await journal.createJob(request, { ...about, isComplete: false });
  try {
    const taken = await Promise.all(parts.map((part) => takePart(job.folder, part.incoming, part.about)));
    const found = { parts: taken, statusDetail: details(problems) };
    // Both at once: what a killed process leaves is a draft, and nothing that anybody would carry out.
    await job.happens([{ kind: 'submit' }, { kind: 'reject' }], found);
  } finally {
    await job.putAway();
  }
  return job.record.id;
}
