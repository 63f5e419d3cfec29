import { draftEnd } from '../../../core/jobs/jobs.ts';
import type { GivenField, Job, NewPart } from '../../../core/jobs/jobs.ts';
import { boundedBody } from '../../../core/http/boundedBody.ts';
import { isJsonObject, textAt } from '../../../core/scicat/json.ts';
import type { JsonObject } from '../../../core/scicat/json.ts';
import { isJsonValue } from '../../../core/text/jsonValue.ts';
import { bodyOf, noteJob } from '../../http/environment.ts';
import type { GatewayContext } from '../../http/environment.ts';
import { jsonBody, jsonObject, mostJsonBytes } from '../../http/jsonBody.ts';
import { dispositionOf, mediaTypeOf } from '../../http/mediaTypes.ts';
import { contentOfPart, splitMultipart } from '../../http/multipart.ts';
import { HttpRefusal } from '../../http/refusal.ts';
import { requestFor, requireDepositing, requireRoom } from '../../jobs.ts';
import { findIn } from '../../locations.ts';
import type { Found } from '../../locations.ts';
import { json } from '../../protocol.ts';
import type { Member, Serving } from './described.ts';
import { receiveFile } from './files.ts';
import { jobBody } from './jobBody.ts';
import { withMembers } from './members.ts';

/** What a new job may be told in JSON. */
export const newJobMembers: readonly Member[] = [
  ['location', 'string', 'name of the location; the first if absent'],
  ['path', 'string', 'folder, data file or archive below the location; without it, files are uploaded'],
  ['metadata', 'object', 'fields of the dataset that stand above what the schema makes'],
  ['tag', 'string', 'a name by which to find it again'],
  ['isArchive', 'boolean', 'the path, or each of the files, is an archive'],
  ['unpack', 'boolean', 'archives among the files are unpacked'],
  ['dryRun', 'boolean', 'nothing is sent to SciCat'],
  ['upload', 'boolean', 'it stays a draft, to which files are added until it is submitted'],
];

/** Makes a job: of what lies in a location, of the files of a form, or a draft that waits for files. */
export async function createJob(serving: Serving, context: GatewayContext): Promise<Response> {
  const type = mediaTypeOf(context.req.header('content-type'));
  const job =
    type?.type === 'multipart/form-data'
      ? await createFromForm(serving, context, type.parameters['boundary'] ?? '')
      : await createFromJson(serving, context);
  noteJob(context, job.id);
  return json(201, jobBody(serving, job), { Location: `${serving.address()}/api/v1/jobs/${job.id}` });
}

async function createFromJson(serving: Serving, context: GatewayContext): Promise<Job> {
  const body = withMembers(await jsonBody(context), newJobMembers);
  const owner = context.get('account').name;
  if (!flag(body, 'upload')) {
    const found = await placeIn(serving, body);
    await requireRoom(serving);
    const { folder: named, ...about } = requestFor(serving, found);
    // A file is ingested where it lies; of an archive, what is in it.
    const isFile = !found.isFolder && !flag(body, 'isArchive');
    return serving.jobs.create(
      jobOf(serving, owner, body, { ...about, ...(isFile ? { dataFile: named } : { folder: named }) }),
    );
  }
  for (const name of ['path', 'location'])
    if (body[name] !== undefined) throw new HttpRefusal(400, `${name} and upload exclude each other.`);
  await requireDepositing(serving, 'native', owner);
  return serving.jobs.create({
    ...jobOf(serving, owner, body, uploadRequest(serving)),
    isComplete: false,
    expiresAt: draftEnd(serving.settings.expiry.draft_days),
  });
}

/** Takes the files of a form to the disk as they come. @throws HttpRefusal; nothing stays then */
async function createFromForm(serving: Serving, context: GatewayContext, boundary: string): Promise<Job> {
  const owner = context.get('account').name;
  if (boundary === '') throw new HttpRefusal(400, 'The form has no boundary.');
  await requireDepositing(serving, 'native', owner);
  const files: NewPart[] = [];
  let body: JsonObject = {};
  try {
    const events = splitMultipart(bodyOf(context), boundary);
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.kind !== 'part') continue;
      const { name, filename } = dispositionOf(next.value.headers.get('content-disposition')) ?? {};
      const content = contentOfPart(events);
      if (name === 'job') {
        const text = (await boundedBody(content, mostJsonBytes)).toString('utf8');
        body = withMembers(jsonObject(text, 'The part job'), newJobMembers);
      } else if (name === 'file') files.push(await receiveFile(serving, content, filename ?? '', files.map(partOf)));
      else throw new HttpRefusal(400, 'A form has parts called file, and one called job.');
    }
    if (files.length === 0) throw new HttpRefusal(400, 'The form has no part called file.');
    const twice = files.find(({ about }, index) => files.findIndex((other) => other.about.name === about.name) < index);
    if (twice) throw new HttpRefusal(400, `The file ${twice.about.name} was sent twice.`);
    for (const name of ['path', 'location', 'upload'])
      if (body[name] !== undefined) throw new HttpRefusal(400, `${name} does not go with files in a form.`);
    return await serving.jobs.create({ ...jobOf(serving, owner, body, uploadRequest(serving)), parts: files });
  } finally {
    // What the job has taken is not there any more.
    for (const { incoming } of files) await incoming.discard();
  }
}

const partOf = ({ incoming, about }: NewPart): { readonly name: string; readonly size: number } => ({
  name: about.name,
  size: incoming.size,
});

type Draft = Parameters<Serving['jobs']['create']>[0];

function jobOf(serving: Serving, owner: string, body: JsonObject, request: Omit<Draft['request'], 'options'>): Draft {
  return {
    protocol: 'native',
    owner,
    tag: textAt(body, 'tag'),
    given: { deposited: [], user: givenIn(body['metadata']) },
    request: {
      ...request,
      options: { dryRun: flag(body, 'dryRun'), isArchive: flag(body, 'isArchive'), unpack: flag(body, 'unpack') },
    },
  };
}

function uploadRequest({ config }: Serving): Omit<Draft['request'], 'options'> {
  return {
    include: [],
    configFile: config.config_file === '' ? undefined : config.config_file,
    host: config.scicat.host,
  };
}

/** What a body names in a location. @throws HttpRefusal 400, 404 */
async function placeIn({ settings }: Serving, body: JsonObject): Promise<Found> {
  const wanted = textAt(body, 'location');
  const location = settings.locations.find(({ name }) => wanted === undefined || name === wanted);
  if (!location) throw new HttpRefusal(400, `location: there is no ${wanted ?? 'location'} here.`);
  const found = await findIn(location, textAt(body, 'path') ?? '');
  if ('wrong' in found) throw new HttpRefusal(400, `path: ${found.wrong}.`);
  if ('missing' in found) throw new HttpRefusal(404, 'path: nothing is there.');
  return found;
}

function flag(body: JsonObject, name: string): boolean {
  const given = body[name] ?? false;
  if (typeof given !== 'boolean') throw new HttpRefusal(400, `${name} must be true or false.`);
  return given;
}

/** Fields of the dataset that a person gives. @throws HttpRefusal 400 */
export function givenIn(metadata: unknown): GivenField[] {
  if (metadata === undefined || metadata === null) return [];
  if (!isJsonObject(metadata)) throw new HttpRefusal(400, 'metadata must be an object of fields.');
  return Object.entries(metadata).flatMap(([field, value]) =>
    isJsonValue(value) ? [{ field, value, from: 'user' }] : [],
  );
}
