import { draftEnd, newsOfList } from '../../../core/jobs/jobs.ts';
import type { Job, Refused, StandingNews } from '../../../core/jobs/jobs.ts';
import { endStates, jobStatuses } from '../../../core/jobs/lifecycle.ts';
import { isJsonObject, textAt } from '../../../core/scicat/json.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { eventStream } from '../../http/eventStream.ts';
import type { StreamEvent } from '../../http/eventStream.ts';
import { jsonBody } from '../../http/jsonBody.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import { amendDone } from '../../jobs.ts';
import { json } from '../../protocol.ts';
import { createJob, givenIn, newJobMembers } from './create.ts';
import type { Described, Member, OneJob, Serving } from './described.ts';
import { changed, deleteFile, putFile } from './files.ts';
import { jobBody, wholeJobBody } from './jobBody.ts';
import { filterOf, jobOf, seenBy } from './list.ts';
import { listFiles } from './locations.ts';
import { withMembers } from './members.ts';

const streamType = 'text/event-stream';
const noSuchJob = { 404: 'there is no such job' } as const;

const one =
  (handler: OneJob): Described['handler'] =>
  async (serving, context) =>
    handler(serving, await jobOf(serving, context), context);

const patchMembers: readonly Member[] = [
  ['metadata', 'object', 'fields of the dataset, in the place of those that were given before'],
];

const amendMembers: readonly Member[] = [
  ['pid', 'string', 'of the dataset, which whoever changes it must know'],
  ['metadata', 'object', 'the fields to change; of scientificMetadata as `scientificMetadata.NAME`'],
];

/** Something that is done with a job, and needs to know nothing else. */
function verb(name: string, summary: string, act: (serving: Serving, id: string) => Promise<Job | Refused>): Described {
  return {
    path: `/api/v1/jobs/:id/${name}`,
    method: 'POST',
    summary,
    gives: 'Job',
    answers: { 200: 'the job as it is now', ...noSuchJob, 409: 'it cannot be done with this job' },
    handler: one(async (serving, { id }) => json(200, jobBody(serving, orRefuse(await act(serving, id))))),
  };
}

/** The API: what it can do and its description are made from this table. */
export const apiRoutes: readonly Described[] = [
  {
    path: '/api/v1',
    method: 'GET',
    summary: 'What this service is: its version, locations and protocols',
    gives: 'About',
    answers: { 200: 'about the service' },
    handler: (serving, context) => json(200, aboutService(serving, context)),
  },
  {
    path: '/api/v1/locations/:name/files',
    method: 'GET',
    summary: 'What lies in a folder of a location: folders first, then files',
    query: [
      ['path', 'folder below the location; the location itself if absent'],
      ['page', 'from 1 on; a page has 1000'],
    ],
    gives: 'Listing',
    answers: { 200: 'one level of it', 400: 'what is wrong with the path', 404: 'there is no such location or folder' },
    handler: listFiles,
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
    gives: 'Jobs',
    answers: { 200: 'jobs and their number', 400: 'what is wrong with the request' },
    handler: async (serving, context) => {
      const found = await serving.jobs.list({ ...seenBy(serving, context), ...filterOf(context) });
      return json(200, { jobs: found.jobs.map((job) => jobBody(serving, job)), total: found.total });
    },
  },
  {
    path: '/api/v1/jobs',
    method: 'POST',
    summary: 'Ingest what lies in a location, or files that are uploaded',
    body: newJobMembers,
    takes: 'form',
    gives: 'Job',
    answers: {
      201: 'the job',
      400: 'what is wrong with the request',
      403: 'the service takes no uploads',
      404: 'nothing is there',
      413: 'it is more than an upload may be',
      429: 'too many wait',
      507: 'the disk is full',
    },
    handler: createJob,
  },
  {
    path: '/api/v1/jobs/:id',
    method: 'GET',
    summary: 'One job, with its steps, findings and where each field comes from',
    gives: 'WholeJob',
    answers: { 200: 'the job', ...noSuchJob },
    handler: one((serving, job) => json(200, wholeJobBody(serving, job))),
  },
  {
    path: '/api/v1/jobs/:id',
    method: 'PATCH',
    summary: 'Change what is given with a draft',
    body: patchMembers,
    required: ['metadata'],
    gives: 'Job',
    answers: { 200: 'the job as it is now', 400: 'what is wrong with it', ...noSuchJob, 409: 'it is no draft' },
    handler: one(async (serving, job, context) =>
      json(200, await changed(serving, job, { user: await metadataIn(context) })),
    ),
  },
  {
    path: '/api/v1/jobs/:id',
    method: 'DELETE',
    summary: 'Drop the record of a job that has ended, or a draft; SciCat is not touched',
    answers: { 204: 'it is gone', ...noSuchJob, 409: 'it has not ended' },
    handler: one(async (serving, job) => {
      orRefuse(await dropJob(serving, job));
      return new Response(null, { status: 204 });
    }),
  },
  {
    path: '/api/v1/jobs/:id/files/:name',
    method: 'PUT',
    summary: 'Add a file to a draft, in the place of one that is called so',
    takes: 'bytes',
    gives: 'Job',
    answers: {
      200: 'the job as it is now',
      400: 'no file can be called so',
      ...noSuchJob,
      409: 'it is no draft',
      413: 'it is more than an upload may be',
      507: 'the disk is full',
    },
    handler: one(putFile),
  },
  {
    path: '/api/v1/jobs/:id/files/:name',
    method: 'DELETE',
    summary: 'Take a file of a draft away',
    gives: 'Job',
    answers: { 200: 'the job as it is now', 404: 'there is no such job or file', 409: 'it is no draft' },
    handler: one(deleteFile),
  },
  {
    path: '/api/v1/jobs/:id/events',
    method: 'GET',
    summary: 'News of one job, until it has ended',
    gives: 'Job',
    answersIn: streamType,
    answers: { 200: 'an event `job` for each change', ...noSuchJob },
    handler: one((serving, { id }, context) =>
      eventStream(context, serving.ending, async function* (signal) {
        for await (const news of serving.jobs.watch(id, signal)) yield* streamed(serving, news);
      }),
    ),
  },
  {
    path: '/api/v1/events',
    method: 'GET',
    summary: 'News of the newest hundred jobs',
    gives: 'Job',
    answersIn: streamType,
    answers: {
      200: 'an event `job` for each change, and `dropped` with the `id` of one that is none of them any more',
    },
    handler: (serving, context) =>
      eventStream(context, serving.ending, async function* (signal) {
        const { owner } = seenBy(serving, context);
        for await (const news of newsOfList(() => serving.newest.look(owner), signal)) yield* streamed(serving, news);
      }),
  },
  verb('submit', 'Complete a draft', ({ jobs }, id) => jobs.submit(id)),
  verb('cancel', 'Call a job off; nothing is deleted in SciCat', ({ jobs }, id) => jobs.cancel(id)),
  verb('resume', 'Go on with a job that has failed or was called off', ({ jobs }, id) => jobs.requeue(id)),
  verb('approve', 'Let a job go on that waits', ({ jobs }, id) => jobs.approve(id)),
  verb('reopen', 'A new draft in the place of a job that was rejected or has expired', (serving, id) =>
    serving.jobs.reopen(id, draftEnd(serving.settings.expiry.draft_days)),
  ),
  {
    path: '/api/v1/jobs/:id/amend',
    method: 'POST',
    summary: 'Change the dataset of a job that is done',
    body: amendMembers,
    required: ['pid', 'metadata'],
    gives: 'WholeJob',
    answers: {
      200: 'the job, with what was changed',
      400: 'what is wrong with the request',
      ...noSuchJob,
      409: 'it is another dataset, or SciCat does not take the change',
      503: 'SciCat does not answer',
    },
    handler: one(async (serving, job, context) => {
      const body = withMembers(await jsonBody(context), amendMembers);
      const pid = textAt(body, 'pid');
      if (pid === undefined) throw new HttpRefusal(400, 'pid must be that of the dataset.');
      const given = fieldsIn(body['metadata']);
      return json(200, wholeJobBody(serving, await amendDone(serving, job, given, { pid }, 409)));
    }),
  },
];

function orRefuse(done: Job | Refused): Job {
  if ('refused' in done) throw new HttpRefusal(409, done.refused);
  return done;
}

async function metadataIn(context: GatewayContext): Promise<ReturnType<typeof givenIn>> {
  return fieldsIn(withMembers(await jsonBody(context), patchMembers)['metadata']);
}

function fieldsIn(metadata: unknown): ReturnType<typeof givenIn> {
  if (!isJsonObject(metadata)) throw new HttpRefusal(400, 'metadata must be an object of fields.');
  return givenIn(metadata);
}

async function dropJob({ jobs }: Serving, { id, status }: Job): Promise<Job | Refused> {
  if (status === 'draft') return jobs.remove(id);
  // What has failed or was called off is kept to be resumed, until it is given up.
  if (endStates.has(status)) await jobs.cancel(id);
  return jobs.drop(id);
}

/** News of a job as events of the stream: how each stands that has changed. */
function streamed(serving: Serving, news: StandingNews): readonly StreamEvent[] {
  const body = news.kind === 'job' ? jobBody(serving, news.job) : { id: news.id };
  return [{ event: news.kind, data: JSON.stringify(body) }];
}

function aboutService({ settings, version, address, signIn }: Serving, context: GatewayContext): object {
  return {
    version,
    address: address(),
    protocols: settings.spoken,
    locations: settings.locations.map(({ name }) => ({ name })),
    deposits: settings.storage !== '',
    signedInAs: signIn?.account(context)?.name ?? null,
  };
}
