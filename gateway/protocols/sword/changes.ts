import { readFile } from 'node:fs/promises';
import { draftEnd } from '../../../core/jobs/jobs.ts';
import type { Job, JobChange } from '../../../core/jobs/jobs.ts';
import { readAtomEntry } from '../../../core/packages/metadata/atomEntry.ts';
import { mediaTypeOf } from '../../http/mediaTypes.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Services } from '../../protocol.ts';
import type { Deposited } from './body.ts';
import type { About } from './documents.ts';

/** The parts of what came with a request. */
export function partsOf({ media, metadata }: Deposited): NonNullable<JobChange['add']> {
  return [media, metadata?.part].filter((part) => part !== undefined);
}

/**
 * Changes a draft by what came with a request.
 * @throws HttpRefusal 400 if it is no draft any more, or somebody else has changed it; nothing stays then
 */
export async function changeDraft(
  services: Services,
  job: Job,
  deposited: Deposited | undefined,
  change: JobChange,
): Promise<Job> {
  const given = deposited?.metadata?.given;
  const changed = await services.jobs.change(job.id, {
    ...change,
    ...(deposited && { add: partsOf(deposited) }),
    ...(given && { given }),
    revision: job.revision,
    expiresAt: draftEnd(services.settings.expiry.draft_days),
  });
  if (!('refused' in changed)) return changed;
  await deposited?.discard();
  throw new HttpRefusal(400, changed.refused);
}

/** @throws HttpRefusal 400 for a deposit that is complete */
export function requireDraft(job: Job): void {
  if (job.status === 'draft') return;
  throw new HttpRefusal(400, `Deposit ${job.id} is ${job.status}: only a partial deposit can be changed.`);
}

/** What the entries of a deposit say besides fields of its dataset. */
export async function aboutOf({ jobs }: Services, job: Job): Promise<About> {
  const warnings: string[] = [];
  let origin: string | undefined;
  for (const part of job.parts.filter(({ kind }) => kind === 'metadata')) {
    const file = await jobs.partFile(job.id, part.id);
    const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (!bytes) continue;
    const { entry, problems } = readAtomEntry(bytes, { charset: mediaTypeOf(part.mediaType)?.parameters['charset'] });
    warnings.push(...problems.filter(({ severity }) => severity === 'warning').map(({ message }) => message));
    origin = entry?.deposit.createOrigin ?? entry?.deposit.addToOrigin ?? origin;
  }
  return { warnings, origin };
}
