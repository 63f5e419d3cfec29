import type { Job } from '../../../core/jobs/jobs.ts';
import { endStates } from '../../../core/jobs/lifecycle.ts';
import { isJsonObject, textAt } from '../../../core/scicat/json.ts';
import type { JsonObject } from '../../../core/scicat/json.ts';
import { addressOf, noteJob } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { jsonBody, jsonObject, textOf } from '../../http/jsonBody.ts';
import { HttpRefusal, plainRefusal } from '../../http/refusal.ts';
import { refusedAsText } from '../../http/routes.ts';
import type { Handler, Route } from '../../http/routes.ts';
import { ownJob } from '../../jobs.ts';
import { json } from '../../protocol.ts';
import type { Protocol, Services } from '../../protocol.ts';
import { givenBy, goOnWith, ingest, sessionExpired } from './dataset.ts';
import { extractionOf, Followers, notesOf, outcomeOf, percentOf } from './extractions.ts';
import { inSections } from './sections.ts';
import { foldersIn } from './folders.ts';
import { methodsOf } from './methods.ts';
import { streamExtraction } from './stream.ts';
import { transferItem, transferStatus } from './transfers.ts';

/** The API of OpenEM's ingestor, as the page “Ingestor” of the SciCat frontend uses it, and the routes that came before. */
export const openem: Protocol = {
  name: 'openem',
  title: 'For the page “Ingestor” of SciCat',
  prefixes: [''],
  entry: '',
  challenge: 'Bearer realm="imsc"',
  hasPage: true,
  refuse: (refusal) => {
    const { status, message, headers, code } = refusal;
    // The page shows the body of some refusals as it is, and the message of others.
    if (code === 'text' && status !== 401) return plainRefusal(refusal, message);
    const said = status === 401 ? sessionExpired : message;
    return json(status, { error: said, message: said }, headers);
  },
  routes,
};

const text = (message: string): HttpRefusal => new HttpRefusal(400, message, { code: 'text' });

function routes(services: Services): readonly Route[] {
  const { jobs, settings } = services;
  const followers = new Followers();
  const isOpen = async (id: string): Promise<boolean> => {
    const record = await jobs.record(id);
    return record !== undefined && !endStates.has(record.status);
  };
  const browse: Handler = async (context) => {
    const folders = await foldersIn(services, context.req.query('path') ?? '/');
    const { first, size } = pageOf(context);
    return json(200, { folders: folders.slice(first, first + size), total: folders.length });
  };
  const extraction = async (context: GatewayContext, id: string): Promise<Response> => {
    const job = await ownJob(services, context, id, 'openem');
    if (job?.kind !== 'extraction') throw new HttpRefusal(404, `There is no extraction ${id}.`);
    return json(200, await extractionBody(services, job));
  };
  return [
    { path: '/version', on: { GET: () => json(200, { version: `imsc ${services.version}` }) }, isOpen: true },
    { path: '/userinfo', on: { GET: (context) => userInfo(services, context) }, isOpen: true },
    {
      path: '/extractor',
      on: {
        GET: async (context) => {
          const id = context.req.query('extractionJobId');
          if (id !== undefined) return extraction(context, id);
          const methods = await methodsOf(services);
          const { first, size } = pageOf(context);
          const shown = methods.slice(first, first + size).map(({ name, id: schemaId, schema }) => ({
            name,
            schema: Buffer.from(JSON.stringify(schema)).toString('base64'),
            url: `${services.address()}/schemas/${schemaId}.schema.json`,
          }));
          return json(200, { methods: shown, total: methods.length });
        },
        POST: async (context) => {
          const body = await jsonBody(context);
          const job = await extractionOf(
            services,
            context.get('account').name,
            textOf(body, 'filePath') ?? '',
            textOf(body, 'extractorName', 'methodName') ?? '',
          );
          await followers.keep(job.id, isOpen);
          return json(202, { extractionJobId: job.id });
        },
      },
    },
    { path: '/extractor/:id', on: { GET: (context) => extraction(context, context.req.param('id') ?? '') } },
    {
      path: '/metadata',
      on: {
        GET: (context) => streamExtraction(services, followers, context),
        POST: (context) => merged(services, followers, context),
      },
    },
    { path: '/dataset/browse', on: { GET: browse } },
    {
      path: '/dataset',
      on: {
        GET: browse,
        POST: refusedAsText(async (context) => {
          const { job } = await started(services, context);
          return json(200, { datasetId: job.scicat.pid ?? '', transferId: job.id, status: 'waiting' });
        }),
      },
    },
    {
      path: '/transfer',
      on: {
        GET: (context) => transfers(services, context),
        POST: async (context) => {
          const { job } = await started(services, context);
          return json(202, { ingestionId: job.id, transferId: job.id });
        },
        DELETE: async (context) => {
          const body = await jsonBody(context);
          const id = textOf(body, 'transferId') ?? '';
          const job = await transferOf(services, context, id);
          const done =
            transferStatus(job) === 'waiting' || transferStatus(job) === 'transferring'
              ? await jobs.cancel(id)
              : await jobs.hide(id);
          if ('refused' in done) throw text(done.refused);
          const token = textAt(body, 'scicatToken') ?? '';
          if (token !== '') await goOnWith(services, context.get('account').name, bare(token));
          return json(200, { transferId: id, status: 'gone' });
        },
      },
    },
    {
      path: '/schemas/:file',
      on: {
        GET: async (context) => {
          const id = /^(.+)\.schema\.json$/.exec(context.req.param('file') ?? '')?.[1];
          const method = (await methodsOf(services)).find((each) => each.id === id);
          if (!method) throw new HttpRefusal(404, 'There is no such schema.');
          return json(200, method.schema, { 'Content-Type': 'application/schema+json; charset=utf-8' });
        },
      },
      isOpen: settings.authOf.openem === 'none',
    },
  ];
}

/** The page of a list; the first one is called 0 by some and 1 by others. */
function pageOf({ req }: GatewayContext): { readonly first: number; readonly size: number } {
  const number = (name: string, usual: number): number => {
    const given = req.query(name);
    return given !== undefined && /^\d{1,7}$/.test(given) && Number(given) > 0 ? Number(given) : usual;
  };
  const size = Math.min(100, number('pageSize', 10));
  return { first: (number('page', 1) - 1) * size, size };
}

async function userInfo({ settings, gatekeeper, signIn }: Services, context: GatewayContext): Promise<Response> {
  if (settings.authOf.openem === 'none') throw text('auth is disabled');
  const header = context.req.header('authorization');
  const account =
    header === undefined
      ? signIn?.account(context)
      : await gatekeeper.admit('accounts', header, addressOf(context), openem.challenge);
  if (!account) return json(200, { logged_in: false });
  const { name, isAdmin, person } = account;
  return json(200, {
    logged_in: true,
    name: person?.name ?? name,
    preferred_username: person?.username ?? name,
    email: person?.email ?? '',
    roles: isAdmin ? ['admin'] : [],
    ...(person?.expiresAt !== undefined && { expires_at: person.expiresAt }),
  });
}

async function extractionBody(services: Services, job: Job): Promise<object> {
  const states: Readonly<Partial<Record<Job['status'], string>>> = {
    done: 'done',
    rejected: 'failed',
    failed: 'failed',
    cancelled: 'failed',
  };
  const status = states[job.status] ?? (percentOf(job) > 0 ? 'running' : 'waiting');
  const base = { extractionJobId: job.id, progress: percentOf(job), status };
  if (status !== 'done' && status !== 'failed') return base;
  const outcome = await outcomeOf(services, job);
  return 'failed' in outcome
    ? { ...base, status: 'failed', message: outcome.failed }
    : { ...base, ...(outcome.notes !== '' && { message: outcome.notes }), metadata: outcome.result };
}

/** An extraction when it has ended. As long as somebody waits for it, nobody else calls it off. */
async function endOf({ jobs, ending }: Services, followers: Followers, extraction: Job): Promise<Job> {
  let last = extraction;
  followers.add(last.id);
  try {
    for await (const { job } of jobs.watch(last.id, ending)) last = job;
  } finally {
    followers.remove(last.id);
  }
  return last;
}

/** What the schema makes and what a person says, put together; nothing is kept of it. */
async function merged(services: Services, followers: Followers, context: GatewayContext): Promise<Response> {
  const { jobs, settings } = services;
  const body = await jsonBody(context);
  const user = body['userMetadata'];
  const metadata = typeof user === 'string' ? jsonObject(user, 'userMetadata') : isJsonObject(user) ? user : {};
  const owner = context.get('account').name;
  const id =
    textOf(body, 'extractionJobId') ??
    (
      await extractionOf(
        services,
        owner,
        textOf(body, 'filePath') ?? '',
        textOf(body, 'extractorName', 'methodName') ?? '',
      )
    ).id;
  const own = await ownJob(services, context, id, 'openem');
  if (own?.kind !== 'extraction') throw new HttpRefusal(404, `There is no extraction ${id}.`);
  const last = await endOf(services, followers, own);
  const found = await jobs.extraction(id);
  if (!found) throw new HttpRefusal(400, last.statusDetail[0]?.message ?? 'The extraction has failed.');
  const given = givenBy(metadata, last.request.folder ?? '', undefined);
  const header: Record<string, unknown> = { ...found.dataset };
  const items: Record<string, unknown> = isJsonObject(header['scientificMetadata'])
    ? { ...header['scientificMetadata'] }
    : {};
  const provenance: Record<string, string> = { ...found.provenance };
  for (const { field, value, from, yields } of given) {
    if (yields === true && field in header) continue;
    provenance[field] = from;
    const item = /^scientificMetadata\.(.*)$/s.exec(field)?.[1];
    if (item === undefined) header[field] = value;
    else items[item] = value;
  }
  const scientificMetadata = inSections(items, settings.protocols.openem.sections);
  return json(200, {
    metadata: { ...header, scientificMetadata },
    provenance,
    problems: found.problems,
    message: notesOf(found),
  });
}

/** An ingestion as the page asks for it, or a script by the older route. */
async function started(services: Services, context: GatewayContext): Promise<{ readonly job: Job }> {
  const body = await jsonBody(context);
  const given = body['metaData'] ?? body['metadata'];
  const metadata: JsonObject | undefined =
    typeof given === 'string' ? jsonObject(given, 'metaData') : isJsonObject(given) ? given : undefined;
  if (!metadata) throw new HttpRefusal(400, 'metaData is missing: the dataset as a JSON document.');
  const token = textAt(body, 'userToken') ?? services.config.scicat.token.reveal();
  const owner = context.get('account').name;
  // A text is taken for what it says: scripts send one now and then.
  const isToArchive = body['autoArchive'] !== false && body['autoArchive'] !== 'false';
  const job = await ingest(services, owner, metadata, { token: bare(token), isToArchive });
  noteJob(context, job.id);
  return { job };
}

/** A token of SciCat without the word before it. */
const bare = (token: string): string => token.replace(/^Bearer /i, '');

async function transferOf(services: Services, context: GatewayContext, id: string): Promise<Job> {
  const job = await ownJob(services, context, id, 'openem');
  if (job?.kind !== 'ingest' || transferStatus(job) === undefined) throw text(`There is no transfer ${id}.`);
  return job;
}

async function transfers(services: Services, context: GatewayContext): Promise<Response> {
  const { name, isAdmin } = context.get('account');
  const token = context.req.header('scicat-api-token');
  if (token !== undefined && token !== '') await goOnWith(services, name, bare(token));
  const id = context.req.query('transferId');
  if (id !== undefined && id !== '')
    return json(200, { transfers: [transferItem(await transferOf(services, context, id))], total: 1 });
  const found = await services.jobs.list({ protocol: 'openem', hidden: false, ...(!isAdmin && { owner: name }) });
  const all = found.jobs.filter((job) => job.kind === 'ingest' && transferStatus(job) !== undefined);
  const { first, size } = pageOf(context);
  return json(200, { transfers: all.slice(first, first + size).map(transferItem), total: all.length });
}
