import { boundedBody } from '../../../core/http/boundedBody.ts';
import type { Job, JobStatus } from '../../../core/jobs/jobs.ts';
import { tokenSeconds } from '../../accounts/tokens.ts';
import { everybody, ofBasic } from '../../accounts/gatekeeper.ts';
import { addressOf, bodyOf } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { asAttachment } from '../../http/mediaTypes.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Route } from '../../http/routes.ts';
import { ownJob, requestFor, requireRoom } from '../../jobs.ts';
import { InOrder } from '../../inOrder.ts';
import { findIn } from '../../locations.ts';
import { json } from '../../protocol.ts';
import type { Protocol, Services } from '../../protocol.ts';
import { ingestBody, jobBody } from './ingest.ts';
import { datapoolsOf, readParameters } from './parameters.ts';
import type { IngestParameters } from './parameters.ts';
import { reportPage, reportSummary, reportTable } from './report.ts';

const api = '/api/arksys';

/** The ingest API of Arkivum 6, as its documentation and the plugin for EPrints use it. */
export const arkivum: Protocol = {
  name: 'arkivum',
  title: 'Ingest API of Arkivum',
  prefixes: [api, '/oauth'],
  entry: `${api}/ingest`,
  challenge: 'Bearer realm="imsc"',
  refuse: ({ status, message, details, headers }) =>
    json(status, { errorMessage: message, errorDetails: details }, headers),
  routes,
};

function routes(services: Services): readonly Route[] {
  const { settings, jobs } = services;
  const asking = new InOrder();
  const poolOf = ({ request }: Job): string =>
    datapoolsOf(settings).find(({ name }) => name === request.options.protocol?.['datapool'])?.path ?? '';
  const ingest = async (context: GatewayContext): Promise<Job> => {
    const id = context.req.param('id') ?? '';
    return (await ownJob(services, context, id, 'arkivum')) ?? notThere(`There is no ingest ${id}.`);
  };
  return [
    { path: '/oauth/token', on: { POST: (context) => giveToken(services, context) }, isOpen: true },
    { path: `${api}/ingest`, on: { POST: (context) => startIngest(services, context, asking) } },
    { path: `${api}/ingest/splitter/default`, on: { GET: () => json(200, 10_000) } },
    {
      path: `${api}/ingest/download/:id`,
      on: {
        GET: async (context) => {
          const job = await ingest(context);
          const headers = {
            'Content-Type': 'text/csv; charset=utf-8',
            'Content-Disposition': asAttachment(`ingest-${job.id}.csv`),
          };
          return new Response(await reportTable(job), { headers });
        },
      },
    },
    { path: `${api}/ingest/:id`, on: { GET: async (context) => json(200, ingestBody(await ingest(context))) } },
    {
      path: `${api}/ingest/:id/report`,
      on: {
        GET: async (context) => {
          const job = await ingest(context);
          const page = number(context, 'page', 0, 0);
          const pageSize = Math.min(1000, number(context, 'pageSize', 100, 1));
          return json(200, await reportPage(job, poolOf(job), page, pageSize));
        },
      },
    },
    {
      path: `${api}/ingest/:id/report/summary`,
      on: {
        GET: async (context) => {
          const job = await ingest(context);
          return json(200, await reportSummary(job, poolOf(job)));
        },
      },
    },
    {
      path: `${api}/job/id`,
      on: {
        GET: async (context) => {
          const id = context.req.query('jobId') ?? '';
          const job = await ownJob(services, context, id, 'arkivum');
          return json(200, jobBody(job ?? notThere(`There is no job ${id}.`)));
        },
      },
    },
    {
      path: `${api}/job/tag`,
      on: {
        GET: async (context) => {
          const tag = context.req.query('jobTag');
          if (tag === undefined) throw new HttpRefusal(400, 'jobTag is missing.', { details: ['jobTag: required'] });
          const { name, isAdmin } = context.get('account');
          const found = await jobs.list({ protocol: 'arkivum', tag, ...(!isAdmin && { owner: name }) });
          return json(200, found.jobs.map(jobBody));
        },
      },
    },
    {
      path: `${api}/locations`,
      on: {
        GET: () =>
          json(
            200,
            settings.locations.map(({ name }) => ({ id: name, type: 'INGEST', name })),
          ),
      },
    },
    {
      path: `${api}/datapool`,
      on: {
        GET: () =>
          json(
            200,
            datapoolsOf(settings).map(({ name }) => ({ id: name, name })),
          ),
      },
    },
  ];
}

function notThere(message: string): never {
  throw new HttpRefusal(404, message);
}

function number(context: GatewayContext, name: string, usual: number, least: number): number {
  const given = context.req.query(name);
  if (given === undefined) return usual;
  if (!/^\d{1,9}$/.test(given) || Number(given) < least)
    throw new HttpRefusal(400, 'The request cannot be carried out.', {
      details: [`${name}: must be a number from ${least} on, not ${given}`],
    });
  return Number(given);
}

/** A token by client credentials (RFC 6749, 4.4), as the plugin asks for one before each of its requests. */
async function giveToken({ gatekeeper, tokens, settings }: Services, context: GatewayContext): Promise<Response> {
  const form = new URLSearchParams((await boundedBody(bodyOf(context), 16_384)).toString('utf8'));
  const grant = form.get('grant_type');
  if (grant !== 'client_credentials')
    return json(400, { error: grant === null ? 'invalid_request' : 'unsupported_grant_type' });
  const account = await clientOf(form, context);
  if (!account)
    return json(
      401,
      { error: 'invalid_client', error_description: 'The client or its secret is wrong.' },
      { 'WWW-Authenticate': 'Basic realm="imsc"' },
    );
  return json(200, { access_token: tokens.give(account), token_type: 'Bearer', expires_in: tokenSeconds, scope: '' });

  async function clientOf(sent: URLSearchParams, { req }: GatewayContext): Promise<typeof everybody | undefined> {
    if (settings.authOf.arkivum === 'none') return everybody;
    const basic = /^ *basic +(\S+) *$/i.exec(req.header('authorization') ?? '')?.[1];
    const own = basic === undefined ? undefined : ofBasic(basic);
    const name = own?.name ?? sent.get('client_id');
    const secret = own?.secret ?? sent.get('client_secret');
    return name === null || secret === null ? undefined : gatekeeper.find(name, secret, addressOf(context));
  }
}

const openStates: readonly JobStatus[] = ['deposited', 'verified', 'loading'];

/** @param asking what is equal is looked for and made by one request after the other */
async function startIngest(services: Services, context: GatewayContext, asking: InOrder): Promise<Response> {
  const { settings, jobs } = services;
  const given = readParameters(new URL(context.req.url).searchParams, settings);
  const location = settings.locations.find(({ name }) => name === given.locationId);
  if (!location) throw new HttpRefusal(400, 'This service has no ingest location.');
  const [data, metadata] = await Promise.all([
    findIn(location, given.ingestPath),
    given.metadataPath === null ? undefined : findIn(location, given.metadataPath),
  ]);
  for (const [name, found] of [
    ['ingestPath', data],
    ['metadataPath', metadata],
  ] as const) {
    if (found === undefined || 'file' in found) continue;
    const named = given[name] ?? '';
    if ('wrong' in found)
      throw new HttpRefusal(400, 'The request cannot be carried out.', { details: [`${name}: ${found.wrong}`] });
    throw new HttpRefusal(404, `${name} does not exist in the ingest location.`, { details: [`${name}: ${named}`] });
  }
  if (!('file' in data)) throw new Error('A path that is not there was not refused.');
  const owner = context.get('account').name;
  const asked = protocolOptions(given);
  const place = asking.join();
  await place.before;
  try {
    const active = await jobs.list({ protocol: 'arkivum', owner, status: openStates });
    const same = active.jobs.find(
      ({ request, tag }) => isSame(request.options.protocol, asked) && tag === (given.jobTag ?? undefined),
    );
    if (same) return json(202, ingestBody(same));
    await requireRoom(services);
    const job = await jobs.create({
      protocol: 'arkivum',
      owner,
      tag: given.jobTag ?? undefined,
      request: {
        ...requestFor(services, data),
        metadataFile: metadata && 'file' in metadata ? metadata.file : undefined,
        options: { dryRun: false, isArchive: given.isArchive, unpack: given.unpack, protocol: asked },
      },
    });
    // Nothing has run yet, whatever happened since.
    return json(202, {
      ...ingestBody(job),
      status: 'PENDING',
      errorMessage: null,
      errorMessages: {},
      collectionId: null,
    });
  } finally {
    place.pass();
  }
}

/** What the job has to remember of the request; its tag has a place of its own. */
function protocolOptions(given: IngestParameters): Readonly<Record<string, string | boolean | null>> {
  const { ingestPath, metadataPath, datapool, folderPath, unpack, isArchive, locationId } = given;
  return { ingestPath, metadataPath, datapool, folderPath, unpack, isArchive, locationId };
}

function isSame(one: object | undefined, other: object): boolean {
  const text = (value: object): string => JSON.stringify(Object.entries(value).sort());
  return one !== undefined && text(one) === text(other);
}
