import { connect } from '../core/ingest/sources/connect.ts';
import type { GivenField, Job, JobRequest, Refused } from '../core/jobs/jobs.ts';
import { ScicatError } from '../core/scicat/errors.ts';
import { noteJob } from './http/environment.ts';
import type { GatewayContext } from './http/environment.ts';
import { HttpRefusal } from './http/refusal.ts';
import type { Found } from './locations.ts';
import type { Services } from './protocol.ts';

/** A job of a protocol if the one who asks may see it: its owner, or an account that sees all. */
export async function ownJob(
  { jobs }: Services,
  context: GatewayContext,
  id: string,
  protocol?: string,
): Promise<Job | undefined> {
  const job = await jobs.show(id);
  if (!job || (protocol !== undefined && job.protocol !== protocol) || !maySee(context, job)) return undefined;
  noteJob(context, job.id);
  return job;
}

function maySee(context: GatewayContext, { owner }: Pick<Job, 'owner'>): boolean {
  const { name, isAdmin } = context.get('account');
  return isAdmin || owner === name;
}

/** @throws HttpRefusal 429 where too many jobs wait already */
export async function requireRoom({ jobs, settings }: Services): Promise<void> {
  if ((await jobs.countOpen()) < settings.limits.waiting) return;
  throw new HttpRefusal(429, 'Too many ingestions wait already; try again later.', {
    headers: { 'Retry-After': '60' },
  });
}

/**
 * Whether somebody may send data for one more job.
 * @throws HttpRefusal 403 without a folder for them; 429 where too many jobs wait, or drafts of theirs are not complete
 */
export async function requireDepositing(services: Services, protocol: string, owner: string): Promise<void> {
  const { jobs, settings } = services;
  if (settings.storage === '')
    throw new HttpRefusal(403, 'Nothing can be deposited here: the service has no folder for it.', {
      details: ['Name one with “storage” in imsc-serve.yml.'],
    });
  await requireRoom(services);
  const drafts = await jobs.list({ protocol, owner, status: ['draft'], pageSize: 1 });
  if (drafts.total >= settings.limits.drafts)
    throw new HttpRefusal(429, 'Too many deposits of yours are not complete.', { headers: { 'Retry-After': '3600' } });
}

/**
 * Changes the dataset of a job that is done, which its sender must know by an identifier.
 * @throws HttpRefusal of this status if it cannot be done; 503 where SciCat cannot be asked
 */
export async function amendDone(
  { jobs, config }: Services,
  job: Job,
  given: readonly GivenField[],
  condition: { readonly swhid: string } | { readonly pid: string },
  refusedAs = 400,
): Promise<Job> {
  let amended: Job | Refused;
  try {
    amended = await jobs.amend(job.id, given, condition, connect(config.scicat));
  } catch (error) {
    if (!(error instanceof ScicatError)) throw error;
    throw new HttpRefusal(503, 'SciCat cannot be asked now; try again later.', { details: [error.message] });
  }
  if ('refused' in amended) throw new HttpRefusal(refusedAs, amended.refused);
  return amended;
}

/** What the request of a job says of data that lie in a location, whoever asks for them. */
export function requestFor({ config }: Services, { location, file }: Found): Omit<JobRequest, 'options'> {
  return {
    folder: file,
    within: location.path,
    publishedAs: location.published_as ?? undefined,
    dataFilePattern: location.data_file ?? undefined,
    include: [],
    configFile: config.config_file === '' ? undefined : config.config_file,
    host: config.scicat.host,
  };
}
