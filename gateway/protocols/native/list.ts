import type { Job, JobFilter } from '../../../core/jobs/jobs.ts';
import { jobStatuses } from '../../../core/jobs/lifecycle.ts';
import { noteJob } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Services } from '../../protocol.ts';

/** Where nobody signs in, whoever is at this computer sees everything. */
export function seenBy({ settings }: Services, context: GatewayContext): JobFilter {
  const { name, isAdmin } = context.get('account');
  return isAdmin || settings.authOf.native === 'none' ? {} : { owner: name };
}

/** The job that a request is about. @throws HttpRefusal 404, also for that of somebody else */
export async function jobOf(services: Services, context: GatewayContext): Promise<Job> {
  const id = context.req.param('id') ?? '';
  const job = await services.jobs.show(id);
  const { owner } = seenBy(services, context);
  if (!job || (owner !== undefined && job.owner !== owner)) throw new HttpRefusal(404, `There is no job ${id}.`);
  noteJob(context, id);
  return job;
}

/** Which jobs a request asks for. @throws HttpRefusal 400 */
export function filterOf({ req }: GatewayContext): JobFilter {
  const asked = req.queries('status') ?? [];
  const unknown = asked.find((each) => !jobStatuses.some((status) => status === each));
  if (unknown !== undefined)
    throw new HttpRefusal(400, `status: “${unknown}” is none; there are ${jobStatuses.join(', ')}.`);
  return {
    ...(asked.length > 0 && { status: jobStatuses.filter((status) => asked.includes(status)) }),
    page: numberIn(req, 'page', 1),
    pageSize: Math.min(100, numberIn(req, 'pageSize', 100)),
  };
}

/** A number of the query, from 1 on. @throws HttpRefusal 400 */
export function numberIn(req: GatewayContext['req'], name: string, usual: number): number {
  const given = req.query(name);
  if (given === undefined) return usual;
  if (!/^[1-9]\d{0,6}$/.test(given)) throw new HttpRefusal(400, `${name} must be a number from 1 on.`);
  return Number(given);
}
