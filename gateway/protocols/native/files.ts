import { draftEnd } from '../../../core/jobs/jobs.ts';
import type { Job, JobPart, NewPart } from '../../../core/jobs/jobs.ts';
import { budget } from '../../../core/limits/budget.ts';
import { memberPathMistake } from '../../../core/packages/paths.ts';
import { bodyOf } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import { json } from '../../protocol.ts';
import type { Serving } from './described.ts';
import { jobBody } from './jobBody.ts';

/**
 * Takes a file of an upload to the disk as it comes.
 * @param others the files that the job has besides: all together must not be more than an upload may be
 * @throws HttpRefusal 400 for a name that no file can have, 413; TooLarge; nothing stays then
 */
export async function receiveFile(
  { jobs, settings }: Serving,
  body: AsyncIterable<Uint8Array>,
  name: string,
  others: readonly Pick<JobPart, 'name' | 'size'>[],
): Promise<NewPart> {
  const mistake = memberPathMistake(name) ?? (/[/\\\p{Cc}]/u.test(name) ? 'it is more than a name' : undefined);
  if (mistake !== undefined) throw new HttpRefusal(400, `A file of an upload cannot be called so: ${mistake}.`);
  if (others.length >= budget.packages.uploadedFiles)
    throw new HttpRefusal(
      413,
      `An upload has at most ${budget.packages.uploadedFiles} files; send more in an archive, with isArchive.`,
    );
  const most = settings.limits.upload - others.reduce((sum, { size }) => sum + size, 0);
  const incoming = await jobs.receive(body, { most, isLetGo: true });
  return { incoming, about: { kind: 'file', name: name.normalize('NFC') } };
}

/** Adds a file to a draft, in the place of one that is called so. */
export async function putFile(serving: Serving, job: Job, context: GatewayContext): Promise<Response> {
  requireDraft(job);
  const name = (context.req.param('name') ?? '').normalize('NFC');
  const others = job.parts.filter((part) => part.name !== name);
  const part = await receiveFile(serving, bodyOf(context), name, others);
  try {
    return json(200, await changed(serving, job, { add: [part], removeNamed: name }));
  } finally {
    await part.incoming.discard();
  }
}

/** Takes a file of a draft away. */
export async function deleteFile(serving: Serving, job: Job, context: GatewayContext): Promise<Response> {
  requireDraft(job);
  const name = context.req.param('name') ?? '';
  if (!job.parts.some((part) => part.name === name)) throw new HttpRefusal(404, 'There is no file of that name.');
  return json(200, await changed(serving, job, { removeNamed: name }));
}

/** Changes a draft. @throws HttpRefusal 409 */
export async function changed(
  serving: Serving,
  { id }: Job,
  change: Parameters<Serving['jobs']['change']>[1],
): Promise<object> {
  const most = serving.settings.limits.upload;
  const done = await serving.jobs.change(id, {
    ...change,
    most,
    expiresAt: draftEnd(serving.settings.expiry.draft_days),
  });
  if ('refused' in done) throw new HttpRefusal(409, done.refused);
  return jobBody(serving, done);
}

/** Before all of a body is read for nothing. @throws HttpRefusal 409 */
function requireDraft({ id, status }: Job): void {
  if (status !== 'draft') throw new HttpRefusal(409, `Job ${id} is ${status}: only a draft can be changed.`);
}
