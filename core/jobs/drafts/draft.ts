import type { Given, GivenField } from '../../ingest/dataset/given.ts';
import type { Findings, JobPart } from '../job.ts';
import { transition } from '../lifecycle.ts';
import type { Refused } from '../lifecycle.ts';
import type { JobRequest } from '../request.ts';
import type { NewJob } from '../store/journal.ts';
import type { OpenJob } from '../store/openJob.ts';
import { removeOtherParts, takePart } from '../store/parts.ts';
import type { ArrivedPart as NewPart } from '../store/parts.ts';

export type { ArrivedPart as NewPart } from '../store/parts.ts';

/** What is asked to be done, from its first moment. */
export interface JobDraft extends Omit<NewJob, 'parts' | 'parent'> {
  readonly request: JobRequest;
  readonly parts?: readonly NewPart[] | undefined;
}

/** How a draft is changed, all at once or not at all. */
export interface JobChange {
  readonly add?: readonly NewPart[] | undefined;
  /** Takes away the parts that it has, of the kinds that are named, before others are added. */
  readonly remove?: readonly JobPart['kind'][] | undefined;
  /** Takes away the parts of this name, too. */
  readonly removeNamed?: string | undefined;
  /** Bytes of all parts together; others may have added some in the meantime. */
  readonly most?: number | undefined;
  readonly given?: readonly GivenField[] | undefined;
  /** Whether what is given takes the place of what was given before; default: it is added. */
  readonly replacesGiven?: boolean | undefined;
  /** What the person who asks has typed; it takes the place of what was typed before. */
  readonly user?: readonly GivenField[] | undefined;
  readonly slug?: string | undefined;
  readonly submit?: boolean | undefined;
  /** The change was thought of for this revision, and no other. */
  readonly revision?: number | undefined;
  readonly expiresAt?: string | undefined;
}

/** Changes a draft that this process holds. @returns why it cannot be; @throws FileError `journal-unwritable` */
export async function changeDraft(job: OpenJob, change: JobChange): Promise<Refused | undefined> {
  const { add = [], remove = [], removeNamed, slug, submit = false } = change;
  const { revision, expiresAt, most = Infinity } = change;
  const { record } = job;
  if (revision !== undefined && revision !== record.revision)
    return { refused: 'This job was changed in the meantime.' };
  const next = transition(record, { kind: 'change' });
  if ('refused' in next) return next;
  const kept = record.parts.filter(({ kind, name }) => !remove.includes(kind) && name !== removeNamed);
  const size = [...kept, ...add.map(({ incoming }) => incoming)].reduce((sum, part) => sum + part.size, 0);
  if (size > most) return { refused: `All files of a job together may have ${most} bytes.` };
  const taken = await Promise.all(add.map(({ incoming, about }) => takePart(job.folder, incoming, about)));
  const findings: Findings = {
    parts: [...kept, ...taken],
    given: givenAfter(record.given, change),
    ...(slug !== undefined && { slug }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  await job.happens([{ kind: 'change' }, ...(submit ? [{ kind: 'submit' } as const] : [])], findings);
  await removeOtherParts(job.folder, job.record.parts);
  return undefined;
}

/** What is given with a draft when it was changed. */
function givenAfter(before: Given, { given, replacesGiven = false, user = before.user }: JobChange): Given {
  const deposited = given ? [...(replacesGiven ? [] : (before.deposited ?? [])), ...given] : before.deposited;
  return { deposited, user };
}
