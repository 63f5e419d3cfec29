import { boundedBody } from '../../../core/http/boundedBody.ts';
import { draftEnd, jobJson } from '../../../core/jobs/jobs.ts';
import type { GivenField, Job, JobFilter, Refused } from '../../../core/jobs/jobs.ts';
import { jobStatuses, transition } from '../../../core/jobs/lifecycle.ts';
import { isJsonObject, jsonIn, textAt } from '../../../core/scicat/json.ts';
import type { JsonObject } from '../../../core/scicat/json.ts';
import { isJsonValue } from '../../../core/text/jsonValue.ts';
import { bodyOf, noteJob } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { eventStream } from '../../http/eventStream.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Handler, Method } from '../../http/routes.ts';
import { requestFor, requireRoom } from '../../jobs.ts';
import { findIn } from '../../locations.ts';
import { json } from '../../protocol.ts';
import type { Services } from '../../protocol.ts';
import { jobChanges, NewestJobs } from './changes.ts';

/** A route of the API, with what its description says of it. */
export interface Described {
  readonly path: string;
  readonly method: Method;
  readonly summary: string;
  readonly query?: readonly (readonly [name: string, meaning: string])[];
  /** Members of its JSON body. */
  readonly body?: readonly (readonly [name: string, type: string, meaning: string])[];
  readonly answers: Readonly<Record<number, string>>;
  readonly handler: Handler;
}

const mostBytes = 1_000_000;

/** The API: what it can do and its description are made from this table. */
export function describedRoutes(services: Services): readonly Described[] {
  const { jobs } = services;
  const newest = new NewestJobs(jobs);
  const one = (handler: (job: Job, context: GatewayContext) => Promise<Response> | Response): Handler => {
    return async (context) => handler(await jobOf(services, context), context);
  };
  const verb = (name: string, summary: string, act: (id: string) => Promise<Job | Refused>): Described => ({
    path: `/api/v1/jobs/:id/${name}`,
    method: 'POST',
    summary,
    answers: { 200: 'the job as it is now', 404: 'there is no such job', 409: 'it cannot be done with this job' },
    handler: one(async ({ id }) => {
      const done = await act(id);
      if ('refused' in done) throw new HttpRefusal(409, done.refused);
      return json(200, jobBody(done));
    }),
  });
  return [
    {
      path: '/api/v1',
      method: 'GET',
      summary: 'What this service is: its version, locations and protocols',
      answers: { 200: 'about the service' },
      handler: () => json(200, aboutService(services)),
    },
    {
      path: '/api/v1/jobs',
      method: 'GET',
      summary: 'Jobs, newest first',
      query: [
        ['status', `one of ${jobStatuses.join(', ')}; may be given again`],
        ['page', 'from 1 on'],
        ['pageSize', 'at most 100'],
      ],
      answers: { 200: 'jobs and their number' },
      handler: async (context) => {
        const found = await jobs.list({ ...seenBy(services, context), ...filterOf(context) });
        return json(200, { jobs: found.jobs.map(jobBody), total: found.total });
      },
    },
    {
      path: '/api/v1/jobs',
      method: 'POST',
      summary: 'Ingest a folder or an archive of a location',
      body: [
        ['location', 'string', 'name of the location; the first if absent'],
        ['path', 'string', 'below the location'],
        ['metadata', 'object', 'fields of the dataset that stand above what the schema makes'],
        ['tag', 'string', 'a name by which to find it again'],
        ['isArchive', 'boolean', 'the path is an archive'],
        ['unpack', 'boolean', 'archives among the files are unpacked'],
        ['dryRun', 'boolean', 'nothing is sent to SciCat'],
      ],
      answers: { 201: 'the job', 400: 'what is wrong with the request', 404: 'nothing is there', 429: 'too many wait' },
      handler: (context) => create(services, context),
    },
    {
      path: '/api/v1/jobs/:id',
      method: 'GET',
      summary: 'One job, with its steps, findings and where each field comes from',
      answers: { 200: 'the job', 404: 'there is no such job' },
      handler: one((job) =>
        json(200, { ...jobBody(job), provenance: job.provenance ?? {}, amendments: job.amendments }),
      ),
    },
    {
      path: '/api/v1/jobs/:id/events',
      method: 'GET',
      summary: 'News of one job, until it has ended (text/event-stream)',
      answers: { 200: 'an event `job` for each change', 404: 'there is no such job' },
      handler: one(({ id }, context) =>
        eventStream(context, services.ending, async function* (signal) {
          for await (const job of jobs.watch(id, signal)) yield { event: 'job', data: JSON.stringify(jobBody(job)) };
        }),
      ),
    },
    {
      path: '/api/v1/events',
      method: 'GET',
      summary: 'News of the newest hundred jobs (text/event-stream)',
      answers: { 200: 'an event `job` for each change' },
      handler: (context) =>
        eventStream(context, services.ending, async function* (signal) {
          for await (const job of jobChanges(newest, seenBy(services, context), signal))
            yield { event: 'job', data: JSON.stringify(jobBody(job)) };
        }),
    },
    verb('cancel', 'Call a job off; nothing is deleted in SciCat', (id) => jobs.cancel(id)),
    verb('resume', 'Go on with a job that has failed or was called off', (id) => jobs.requeue(id)),
    verb('approve', 'Let a job go on that waits', (id) => jobs.approve(id)),
    verb('reopen', 'A new draft in the place of a job that was rejected or has expired', (id) =>
      jobs.reopen(id, draftEnd(services.settings.expiry.draft_days)),
    ),
  ];
}

/** Where nobody signs in, whoever is at this computer sees everything. */
function seenBy({ settings }: Services, context: GatewayContext): JobFilter {
  const { name, isAdmin } = context.get('account');
  return isAdmin || settings.authOf.native === 'none' ? {} : { owner: name };
}

async function jobOf(services: Services, context: GatewayContext): Promise<Job> {
  const id = context.req.param('id') ?? '';
  const job = await services.jobs.show(id);
  const { owner } = seenBy(services, context);
  if (!job || (owner !== undefined && job.owner !== owner)) throw new HttpRefusal(404, `There is no job ${id}.`);
  noteJob(context, id);
  return job;
}

/** What can be asked for as a job is now, and what happens to it then. */
const events = { cancel: 'cancel', resume: 'resume', approve: 'release' } as const;

/** A job as this API has it. */
function jobBody(job: Job): object {
  const can = Object.entries(events).flatMap(([name, kind]) => ('refused' in transition(job, { kind }) ? [] : [name]));
  return { ...jobJson(job), swhid: job.swhid ?? null, can };
}

function aboutService({ settings, version, address }: Services): object {
  return {
    version,
    address: address(),
    protocols: settings.spoken,
    locations: settings.locations.map(({ name }) => ({ name })),
    deposits: settings.storage !== '',
  };
}

function filterOf({ req }: GatewayContext): JobFilter {
  const asked = req.queries('status') ?? [];
  const unknown = asked.find((each) => !jobStatuses.some((status) => status === each));
  if (unknown !== undefined)
    throw new HttpRefusal(400, `status: “${unknown}” is none; there are ${jobStatuses.join(', ')}.`);
  const number = (name: string, usual: number): number => {
    const given = req.query(name);
    if (given === undefined) return usual;
    if (!/^[1-9]\d{0,6}$/.test(given)) throw new HttpRefusal(400, `${name} must be a number from 1 on.`);
    return Number(given);
  };
  return {
    ...(asked.length > 0 && { status: jobStatuses.filter((status) => asked.includes(status)) }),
    page: number('page', 1),
    pageSize: Math.min(100, number('pageSize', 100)),
  };
}

async function create(services: Services, context: GatewayContext): Promise<Response> {
  const { settings, jobs } = services;
  const body = jsonIn((await boundedBody(bodyOf(context), mostBytes)).toString('utf8'));
  if (!isJsonObject(body)) throw new HttpRefusal(400, 'The body must be a JSON object.');
  const wanted = textAt(body, 'location');
  const location = settings.locations.find(({ name }) => wanted === undefined || name === wanted);
  if (!location) throw new HttpRefusal(400, `location: there is no ${wanted ?? 'location'} here.`);
  const found = await findIn(location, textAt(body, 'path') ?? '');
  if ('wrong' in found) throw new HttpRefusal(400, `path: ${found.wrong}.`);
  if ('missing' in found) throw new HttpRefusal(404, 'path: nothing is there.');
  await requireRoom(services);
  const job = await jobs.create({
    protocol: 'native',
    owner: context.get('account').name,
    tag: textAt(body, 'tag'),
    given: { deposited: [], user: givenIn(body['metadata']) },
    request: {
      ...requestFor(services, found),
      options: { dryRun: flag(body, 'dryRun'), isArchive: flag(body, 'isArchive'), unpack: flag(body, 'unpack') },
    },
  });
  noteJob(context, job.id);
  return json(201, jobBody(job), { Location: `${services.address()}/api/v1/jobs/${job.id}` });
}

function flag(body: JsonObject, name: string): boolean {
  const given = body[name] ?? false;
  if (typeof given !== 'boolean') throw new HttpRefusal(400, `${name} must be true or false.`);
  return given;
}

function givenIn(metadata: unknown): GivenField[] {
  if (metadata === undefined || metadata === null) return [];
  if (!isJsonObject(metadata)) throw new HttpRefusal(400, 'metadata must be an object of fields.');
  return Object.entries(metadata).flatMap(([field, value]) =>
    isJsonValue(value) ? [{ field, value, from: 'user' }] : [],
  );
}
