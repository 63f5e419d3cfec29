import type { Job, JobRequest } from '../core/jobs/jobs.ts';
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

export function maySee(context: GatewayContext, { owner }: Pick<Job, 'owner'>): boolean {
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
