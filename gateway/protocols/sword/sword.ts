import { draftEnd } from '../../../core/jobs/jobs.ts';
import type { Job } from '../../../core/jobs/jobs.ts';
import { noteJob } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import type { Handler, Route } from '../../http/routes.ts';
import { amendDone, ownJob, requireDepositing } from '../../jobs.ts';
import type { Protocol, Services } from '../../protocol.ts';
import { headerOf, isEmpty, isInProgress, receive, refuseMediation } from './body.ts';
import { aboutOf, changeDraft, partsOf, requireDraft } from './changes.ts';
import { sendContent } from './content.ts';
import { document, errorDocument, listFeed, receipt, serviceDocument, statement, statusEntry } from './documents.ts';
import { addressesOf, atomEntry, atomFeed, collectionsOf } from './names.ts';
import type { Collection } from './names.ts';

/** SWORD 2 with the profile of Software Heritage. */
export const sword: Protocol = {
  name: 'sword',
  title: 'SWORD 2 and deposits as Software Heritage takes them',
  prefixes: ['/1'],
  entry: '/1/servicedocument/',
  challenge: 'Basic realm="imsc"',
  wantsName: true,
  refuse: errorDocument,
  routes,
};

const media: readonly Job['parts'][number]['kind'][] = ['archive', 'file'];

function routes(services: Services): readonly Route[] {
  const { jobs } = services;
  const at = (path: string, on: Route['on']): Route => ({
    path,
    on: Object.fromEntries(
      Object.entries(on).map(([method, handler]): [string, Handler] => [
        method,
        (context) => {
          refuseMediation(context);
          return handler(context);
        },
      ]),
    ),
  });
  const entry = (job: Job, status = 200, location?: string): Response =>
    document(receipt(services, job), atomEntry, status, location === undefined ? {} : { Location: location });
  const deposit = async (context: GatewayContext): Promise<Job> => {
    const { name } = collectionOf(services, context);
    const id = context.req.param('id') ?? '';
    const job = await ownJob(services, context, id, 'sword');
    if (job?.collection !== name || job.hidden === true) throw new HttpRefusal(404, `There is no deposit ${id}.`);
    return job;
  };
  /** Adds what comes, or takes the place of what is there. */
  const change =
    (replaces: 'nothing' | 'media' | 'metadata' | 'what comes', answer: (job: Job, had: string) => Response): Handler =>
    async (context) => {
      const job = await deposit(context);
      if (job.status === 'done' && replaces !== 'nothing' && replaces !== 'media') return amend(services, context, job);
      requireDraft(job);
      const submit = !isInProgress(context);
      if (isEmpty(context)) {
        if (replaces !== 'nothing') throw new HttpRefusal(400, 'The request has no body.');
        return answer(await changeDraft(services, job, undefined, { submit }), 'nothing');
      }
      const deposited = await receive(services, context);
      if (replaces === 'media' && !deposited.media) {
        await deposited.discard();
        throw new HttpRefusal(415, 'A file is needed here; metadata go to another address.');
      }
      const remove =
        replaces === 'nothing'
          ? []
          : [...(deposited.media ? media : []), ...(deposited.metadata ? (['metadata'] as const) : [])];
      const changed = await changeDraft(services, job, deposited, {
        remove,
        replacesGiven: replaces !== 'nothing',
        submit,
      });
      return answer(changed, deposited.media ? 'media' : 'metadata');
    };
  const done = (): Response => new Response(null, { status: 204 });
  const added = (job: Job, had: string): Response =>
    had === 'media' ? entry(job, 201, addressesOf(services, job).media) : entry(job);
  const shown: Handler = async (context) => entry(await deposit(context));
  return [
    at('/1/servicedocument', {
      GET: () => document(serviceDocument(services), 'application/atomserv+xml;charset=utf-8'),
    }),
    at('/1/:collection', {
      GET: (context) => list(services, context),
      POST: (context) => create(services, context, (job) => entry(job, 201, addressesOf(services, job).edit)),
    }),
    at('/1/:collection/:id/atom', {
      GET: shown,
      PUT: change('what comes', done),
      DELETE: async (context) => {
        const job = await deposit(context);
        requireDraft(job);
        const removed = await jobs.remove(job.id);
        if ('refused' in removed) throw new HttpRefusal(400, removed.refused);
        return done();
      },
    }),
    at('/1/:collection/:id/media', {
      GET: async (context) => sendContent(services, context, await deposit(context)),
      POST: change('nothing', (job) => entry(job, 201, addressesOf(services, job).media)),
      PUT: change('media', done),
      DELETE: async (context) => {
        const job = await deposit(context);
        requireDraft(job);
        await changeDraft(services, job, undefined, { remove: media });
        return done();
      },
    }),
    at('/1/:collection/:id/metadata', { GET: shown, POST: change('nothing', added), PUT: change('what comes', done) }),
    at('/1/:collection/:id/status', {
      GET: async (context) => {
        const job = await deposit(context);
        return document(statusEntry(job, await aboutOf(services, job)), 'application/xml; charset=utf-8');
      },
    }),
    at('/1/:collection/:id/statement', {
      GET: async (context) => {
        const job = await deposit(context);
        return document(statement(services, job, await aboutOf(services, job)), atomFeed);
      },
    }),
    at('/1/:collection/:id/content', {
      GET: async (context) => sendContent(services, context, await deposit(context)),
    }),
  ];
}

function collectionOf(services: Services, context: GatewayContext): Collection {
  const name = context.req.param('collection') ?? '';
  const found = collectionsOf(services).find((each) => each.name === name);
  if (!found) throw new HttpRefusal(404, `There is no collection ${name}.`);
  return found;
}

/** Metadata for a deposit that is done: its sender must know what it is about. */
async function amend(services: Services, context: GatewayContext, job: Job): Promise<Response> {
  const swhid = headerOf(context, 'x-check-swhid')?.trim();
  if (swhid === undefined || swhid !== job.swhid)
    throw new HttpRefusal(
      400,
      `Deposit ${job.id} is done and has the SWHID ${job.swhid ?? 'unknown'}; X-Check-SWHID must name it.`,
    );
  const deposited = await receive(services, context);
  try {
    if (!deposited.metadata || deposited.media)
      throw new HttpRefusal(400, 'Only the metadata of a deposit that is done can be changed.');
    await amendDone(services, job, deposited.metadata.given, { swhid });
  } finally {
    await deposited.discard();
  }
  return new Response(null, { status: 204 });
}

async function create(services: Services, context: GatewayContext, answer: (job: Job) => Response): Promise<Response> {
  const { jobs, config } = services;
  const collection = collectionOf(services, context);
  const owner = context.get('account').name;
  await requireDepositing(services, 'sword', owner);
  if (isEmpty(context)) throw new HttpRefusal(400, 'The request has no body: send a file, an Atom entry, or both.');
  const deposited = await receive(services, context);
  const { metadata } = deposited;
  try {
    const { reference, createOrigin, addToOrigin } = metadata?.entry.deposit ?? {};
    if ([reference, createOrigin, addToOrigin].filter((each) => each !== undefined).length > 1)
      throw new HttpRefusal(400, 'create_origin, add_to_origin and reference exclude each other.');
    if (reference && metadata && !deposited.media) {
      const known = await referenced(services, context, reference);
      return answer(await amendDone(services, known.job, metadata.given, known.condition));
    }
    const job = await jobs.create({
      protocol: 'sword',
      owner,
      collection: collection.name,
      slug: headerOf(context, 'slug') ?? createOrigin ?? addToOrigin ?? metadata?.entry.id,
      expiresAt: draftEnd(services.settings.expiry.draft_days),
      parts: partsOf(deposited),
      isComplete: !isInProgress(context),
      given: { deposited: metadata?.given ?? [], user: [] },
      request: {
        include: [],
        configFile: [collection.config, config.config_file].find((file) => file !== ''),
        schemaFile: collection.schema === '' ? undefined : collection.schema,
        host: config.scicat.host,
        options: { dryRun: false, swhid: true, refusesNested: true, needsApproval: collection.approval },
      },
    });
    noteJob(context, job.id);
    return answer(job);
  } finally {
    // What a deposit has taken is not there any more.
    await deposited.discard();
  }
}

interface Known {
  readonly job: Job;
  readonly condition: { readonly swhid: string } | { readonly pid: string };
}

/** The deposit that a metadata-only one is about. @throws HttpRefusal 404 */
async function referenced(
  { jobs }: Services,
  context: GatewayContext,
  { swhid, origin }: { readonly swhid?: string; readonly origin?: string },
): Promise<Known> {
  const { name, isAdmin } = context.get('account');
  const content = swhid?.replace(/;.*/s, '');
  const { jobs: candidates } = await jobs.list({ status: ['done'], ...(!isAdmin && { owner: name }) });
  for (const job of candidates) {
    const { pid } = job.scicat;
    if (content !== undefined && job.swhid === content) return { job, condition: { swhid: content } };
    if (pid !== undefined && (pid === swhid || pid === origin)) return { job, condition: { pid } };
  }
  throw new HttpRefusal(404, 'What the metadata are about is not known here.');
}

async function list(services: Services, context: GatewayContext): Promise<Response> {
  const { name: collection } = collectionOf(services, context);
  const number = (key: string, usual: number): number => {
    const given = context.req.query(key);
    return given !== undefined && /^[1-9]\d{0,6}$/.test(given) ? Number(given) : usual;
  };
  const [page, size] = [number('page', 1), Math.min(100, number('page_size', 100))];
  const { name, isAdmin } = context.get('account');
  const found = await services.jobs.list({ protocol: 'sword', collection, ...(!isAdmin && { owner: name }) });
  const all = found.jobs.filter(({ hidden }) => hidden !== true).reverse();
  const address = (number_: number, rel: string): string =>
    `<${services.address()}/1/${collection}/?page=${number_}&page_size=${size}>; rel="${rel}"`;
  const links = [
    ...(page * size < all.length ? [address(page + 1, 'next')] : []),
    ...(page > 1 ? [address(page - 1, 'previous')] : []),
  ].join(', ');
  const body = listFeed(services, collection, { jobs: all.slice((page - 1) * size, page * size), total: all.length });
  const { outgoing } = context.env;
  // The swh-deposit command line looks it up as it is spelt here, and the names of a Response are in small letters.
  if (links !== '') outgoing?.setHeader('Link', links);
  return document(body, atomFeed, 200, links === '' || outgoing ? {} : { Link: links });
}
